"""The control lease: who may take it from whom."""

from __future__ import annotations

import pytest

from sessions_app.engine.control import Control, Holder
from sessions_app.engine.errors import ControlHeld

ADA, BOB = Holder("person", "v1", "Ada"), Holder("person", "v2", "Bob")
ROBOT, OTHER = Holder("program", "key_1", "robot"), Holder("program", "key_2", "other robot")


@pytest.mark.parametrize(
    ("holds", "asks"), [(None, ADA), (None, ROBOT), (ADA, ADA), (ROBOT, ROBOT), (ROBOT, ADA)]
)
def test_it_is_given(holds: Holder | None, asks: Holder) -> None:
    control = Control()
    control.holder = holds
    assert control.take(asks) == holds
    assert control.holder == asks


@pytest.mark.parametrize(("holds", "asks"), [(ADA, BOB), (ADA, ROBOT), (ROBOT, OTHER)])
def test_it_is_held_but_for_force(holds: Holder, asks: Holder) -> None:
    control = Control()
    control.holder = holds
    with pytest.raises(ControlHeld, match=holds.name) as refusal:
        control.take(asks)
    assert refusal.value.holder == holds
    assert control.holder == holds
    assert control.take(asks, force=True) == holds
    assert control.holder == asks


def test_only_the_holder_gives_it_back() -> None:
    control = Control()
    assert not control.give_back("v1")
    control.take(ADA)
    assert not control.give_back("v2")
    assert repr(control) == "<Control holder=v1>"
    assert control.give_back("v1")
    assert repr(control) == "<Control holder=None>"
