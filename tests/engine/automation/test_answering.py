"""Dialogs during a call: answered, unless somebody else may, and told in any case."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sessions_app.engine.automation.answering import MOST_SEEN, Answering, SeenDialog
from sessions_app.engine.dialogs import Dialog


class FakeTab:
    def __init__(self) -> None:
        self.dialog: Dialog | None = None
        self.answers: list[tuple[int, bool]] = []

    def answer_dialog(self, number: int, *, accept: bool, text: str) -> None:
        self.answers.append((number, accept))


def dialog(kind: str) -> Dialog:
    return Dialog(id=7, kind=kind, message="Go on?", default="", url="")


@pytest.fixture
def hub() -> Any:
    return SimpleNamespace(viewers={})


@pytest.fixture
def tab() -> Any:
    return FakeTab()


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("alert", "dismissed"),
        ("confirm", "dismissed"),
        ("prompt", "dismissed"),
        ("beforeunload", "accepted"),
    ],
)
def test_it_is_answered_and_told(hub, tab, kind, outcome):
    answering = Answering(hub)
    with answering.on(tab):
        answering.opened(tab, dialog(kind))
    assert tab.answers == [(7, outcome == "accepted")]
    assert answering.seen == [SeenDialog(kind=kind, message="Go on?", answer=outcome)]


def test_one_that_is_open_when_the_call_begins_is_answered(hub, tab):
    tab.dialog = dialog("alert")
    with Answering(hub).on(tab):
        assert tab.answers == [(7, False)]


@pytest.mark.parametrize(("role", "answers"), [("control", []), ("view", [(7, False)])])
def test_it_is_left_to_a_viewer_who_may_answer(hub, tab, role, answers):
    hub.viewers["v1"] = SimpleNamespace(role=role)
    answering = Answering(hub)
    with answering.on(tab):
        answering.opened(tab, dialog("confirm"))
    assert tab.answers == answers
    assert [seen.answer for seen in answering.seen] == ["dismissed" if answers else "left"]


def test_between_calls_nothing_is_answered(hub, tab):
    answering = Answering(hub)
    with answering.on(tab):
        pass
    answering.opened(tab, dialog("alert"))
    assert (tab.answers, answering.seen) == ([], [])


def test_each_call_is_told_of_its_own(hub, tab):
    answering = Answering(hub)
    with answering.on(tab):
        answering.opened(tab, dialog("alert"))
    assert repr(answering) == "<Answering off seen=1>"
    with answering.on(tab):
        assert answering.seen == []
        assert repr(answering) == "<Answering on seen=0>"


def test_those_that_are_open_in_other_tabs_are_answered_too(hub):
    tabs: Any = [FakeTab(), FakeTab()]
    for tab in tabs:
        tab.dialog = dialog("alert")
    with Answering(hub).on(*tabs):
        assert [tab.answers for tab in tabs] == [[(7, False)], [(7, False)]]


def test_a_page_that_opens_one_after_the_other_is_told_of_only_so_often(hub, tab):
    answering = Answering(hub)
    with answering.on(tab):
        for _ in range(MOST_SEEN + 1):
            answering.opened(tab, dialog("alert"))
    assert len(tab.answers) == MOST_SEEN + 1
    assert len(answering.seen) == MOST_SEEN
