"""The control lease among viewers: taken, asked for, granted, lost, and then everything held is let go."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine import events
from sessions_app.engine.control import Holder
from sessions_app.engine.errors import ControlHeld
from tests.engine.conftest import House, said

ROBOT = Holder("program", "key_1", "robot")
CLICK: dict[str, Any] = {"type": "mouse", "action": "down", "x": 1, "y": 2, "button": "left", "buttons": 1}
KEY: dict[str, Any] = {"type": "key", "action": "down", "key": "a", "code": "KeyA", "text": "a"}


def errors_of(viewer: Any) -> list[str]:
    return [message["code"] for message in said(viewer, "error")]


class TestControl:
    async def test_take_and_release(self, house: House) -> None:
        viewer = house.seat()
        house.hear(viewer, type="control", action="take")
        assert repr(house.audience.control) == "<Control holder=v1>"
        for _ in range(2):
            house.hear(viewer, type="control", action="release")
            assert repr(house.audience.control) == "<Control holder=None>"
        assert len([event for event in house.told if isinstance(event, events.ControlChanged)]) == 2

    async def test_a_person_takes_from_a_program(self, house: House) -> None:
        viewer = house.seat()
        house.audience.take(ROBOT)
        house.hear(viewer, type="control", action="take")
        assert house.told[-1] == events.ControlChanged(
            session_id="ses_1", holder=Holder("person", "v1", "Ada"), previous=ROBOT
        )

    async def test_from_a_person_only_an_operator_takes_and_only_by_force(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob", operator=True)
        house.hear(ada, type="control", action="take")
        said(bob)
        house.hear(bob, type="control", action="take")
        assert errors_of(bob) == ["control_held"]
        house.hear(bob, type="control", action="take", force=True)
        assert house.audience.control.holder == Holder("person", "v2", "Bob")
        said(ada)
        house.hear(ada, type="control", action="take", force=True)
        assert errors_of(ada) == ["forbidden"]
        assert house.audience.control.holder == Holder("person", "v2", "Bob")

    async def test_taking_twice_is_taking_once(self, house: House) -> None:
        house.audience.take(ROBOT)
        house.audience.take(ROBOT)
        assert len(house.told) == 1

    async def test_a_program_does_not_take_from_a_person(self, house: House) -> None:
        house.hear(house.seat(), type="control", action="take")
        with pytest.raises(ControlHeld):
            house.audience.take(ROBOT)

    async def test_asking_and_granting(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        watcher, operator = house.seat("view"), house.seat(name="Eve", operator=True)
        house.hear(ada, type="control", action="take")
        for viewer in (ada, bob, watcher, operator):
            said(viewer)
        house.hear(bob, type="control", action="request")
        asked = [{"viewer": "v2", "name": "Bob"}]
        seen = [said(viewer, "control")[-1]["requests"] for viewer in (ada, operator, bob, watcher)]
        assert seen == [asked, asked, [], []]
        house.hear(ada, type="control", action="grant", viewer="v2")
        assert house.audience.control.holder == Holder("person", "v2", "Bob")
        assert said(operator, "control")[-1]["requests"] == []

    async def test_asking_and_denying(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        house.hear(ada, type="control", action="take")
        house.hear(bob, type="control", action="request")
        said(bob)
        house.hear(ada, type="control", action="deny", viewer="v2")
        assert errors_of(bob) == ["control_denied"]
        assert said(ada, "control")[-1]["requests"] == []
        assert house.audience.control.holder == Holder("person", "v1", "Ada")

    async def test_an_operator_may_decide_for_the_holder(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        house.hear(ada, type="control", action="take")
        house.hear(bob, type="control", action="request")
        house.hear(house.seat(operator=True), type="control", action="grant", viewer="v2")
        assert house.audience.control.holder == Holder("person", "v2", "Bob")

    async def test_others_decide_nothing(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        house.hear(ada, type="control", action="take")
        house.hear(bob, type="control", action="request")
        said(bob)
        house.hear(bob, type="control", action="grant", viewer="v2")
        assert errors_of(bob) == ["forbidden"]
        assert house.audience.control.holder == Holder("person", "v1", "Ada")

    @pytest.mark.parametrize("action", ["grant", "deny"])
    async def test_what_nobody_asked_for_is_not_granted(self, house: House, action: str) -> None:
        ada = house.seat(name="Ada")
        house.seat("view", name="Bob")
        house.hear(ada, type="control", action="take")
        said(ada)
        for viewer in ("v2", "v99"):
            house.hear(ada, type="control", action=action, viewer=viewer)
        assert errors_of(ada) == ["no_such_request"] * 2
        assert house.audience.control.holder == Holder("person", "v1", "Ada")

    @pytest.mark.parametrize("held", [None, ROBOT])
    async def test_asking_for_what_is_to_be_had_takes_it(self, house: House, held: Holder | None) -> None:
        viewer = house.seat()
        if held:
            house.audience.take(held)
        house.hear(viewer, type="control", action="request")
        assert house.audience.control.holder == Holder("person", "v1", "Ada")
        told = len(house.told)
        house.hear(viewer, type="control", action="request")
        assert len(house.told) == told

    async def test_who_leaves_no_longer_asks(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        house.hear(ada, type="control", action="take")
        house.hear(bob, type="control", action="request")
        said(ada)
        house.audience.detach(bob)
        assert said(ada, "control")[-1]["requests"] == []

    async def test_who_takes_no_longer_asks(self, house: House) -> None:
        ada, bob = house.seat(name="Ada"), house.seat(name="Bob")
        house.hear(ada, type="control", action="take")
        house.hear(bob, type="control", action="request")
        house.hear(ada, type="control", action="release")
        house.hear(bob, **CLICK)
        assert said(bob, "control")[-1] == {
            "type": "control",
            "holder": {"kind": "person", "name": "Bob", "viewer": "v2", "you": True},
            "requests": [],
        }


class TestLettingGo:
    @pytest.fixture
    async def pressing(self, house: House) -> House:
        """v1 holds a key and the left button down."""
        viewer = house.seat()
        house.hear(viewer, **KEY)
        house.hear(viewer, **CLICK)
        house.stage.pipe.sent.clear()
        return house

    def assert_let_go(self, house: House) -> None:
        assert [params["type"] for _, params in house.input()] == ["keyUp", "mouseReleased"]

    async def test_when_the_viewer_leaves(self, pressing: House) -> None:
        pressing.audience.detach(pressing.audience.hub.viewers["v1"])
        self.assert_let_go(pressing)
        assert pressing.audience.control.holder is None
        assert pressing.told[-2] == events.ControlChanged(
            session_id="ses_1", holder=None, previous=Holder("person", "v1", "Ada")
        )

    async def test_when_it_gives_control_back(self, pressing: House) -> None:
        pressing.hear(pressing.audience.hub.viewers["v1"], type="control", action="release")
        self.assert_let_go(pressing)

    async def test_when_an_operator_takes_it(self, pressing: House) -> None:
        pressing.hear(pressing.seat(operator=True), type="control", action="take", force=True)
        self.assert_let_go(pressing)

    async def test_when_it_grants_a_request(self, pressing: House) -> None:
        pressing.hear(pressing.seat(), type="control", action="request")
        pressing.hear(pressing.audience.hub.viewers["v1"], type="control", action="grant", viewer="v2")
        self.assert_let_go(pressing)

    async def test_not_when_another_viewer_leaves(self, pressing: House) -> None:
        pressing.audience.detach(pressing.seat())
        assert pressing.input() == []
