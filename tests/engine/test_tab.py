"""One tab: what its page tells, where it goes, its dialogs."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine import screencast
from sessions_app.engine.dialogs import Answer, Dialog
from sessions_app.engine.tab import Tab
from tests.engine.conftest import FakePipe, FakeTabs
from tests.engine.listener import Listener
from tests.waiting import until


@pytest.fixture
async def listener() -> Listener:
    return Listener()


@pytest.fixture
async def tab(pipe: FakePipe, listener: Listener) -> Tab:
    return FakeTabs(pipe).tab(listener=listener)


class TestTab:
    def send(self, pipe: FakePipe, method: str, **params: Any) -> None:
        pipe.event(method, params, "S1")

    async def test_loading(self, pipe: FakePipe, tab: Tab, listener: Listener) -> None:
        seen = []
        for method in ("Page.frameStartedLoading", "Page.frameStartedLoading", "Page.frameStoppedLoading"):
            self.send(pipe, method, frameId="an iframe")
            self.send(pipe, method, frameId="T1")
            seen.append((tab.loading, len(listener.heard)))
        assert seen == [(True, 1), (True, 1), (False, 2)]

    async def test_navigating(self, pipe: FakePipe, tab: Tab, listener: Listener) -> None:
        tab.is_crashed = tab.unresponsive = True
        self.send(
            pipe, "Page.frameNavigated", frame={"id": "x", "parentId": "T1", "url": "https://ads.example"}
        )
        assert tab.url == "about:blank"
        self.send(
            pipe, "Page.frameNavigated", frame={"id": "T1", "url": "https://a.example/", "urlFragment": "#b"}
        )
        assert (tab.url, tab.is_crashed, tab.unresponsive) == ("https://a.example/#b", False, False)
        self.send(
            pipe,
            "Page.frameNavigated",
            frame={
                "id": "T1",
                "url": "chrome-error://chromewebdata/",
                "unreachableUrl": "https://no.example/",
            },
        )
        assert tab.url == "https://no.example/"
        self.send(pipe, "Page.navigatedWithinDocument", frameId="an iframe", url="https://ads.example/#1")
        self.send(pipe, "Page.navigatedWithinDocument", frameId="T1", url="https://no.example/#1")
        assert tab.url == "https://no.example/#1"
        assert [event for event in listener.heard if event[0] == "navigated"] == [
            ("navigated", "https://a.example/#b"),
            ("navigated", "https://no.example/"),
        ]

    @pytest.mark.parametrize(
        ("urls", "at", "ways"),
        [
            (["about:blank", "https://a.example/"], 1, (False, False)),
            (["https://a.example/", "https://b.example/"], 1, (True, False)),
            (["https://a.example/", "https://b.example/"], 0, (False, True)),
            (["about:blank", "https://a.example/", "https://b.example/"], 2, (True, False)),
            ([], 0, (False, False)),
        ],
    )
    async def test_the_ways_back_and_forward(
        self, pipe: FakePipe, tab: Tab, urls: list[str], at: int, ways: tuple[bool, bool]
    ) -> None:
        self.send(pipe, "Page.frameNavigated", frame={"id": "T1", "url": "https://b.example/"})
        entries = [{"id": number, "url": url} for number, url in enumerate(urls)]
        pipe.answer(pipe.last("Page.getNavigationHistory"), {"entries": entries, "currentIndex": at})
        assert (tab.history.can_go_back, tab.history.can_go_forward) == ways

    @pytest.mark.parametrize(("action", "entry"), [("back", 10), ("forward", 12)])
    async def test_going(self, pipe: FakePipe, tab: Tab, action: Any, entry: int) -> None:
        entries = [{"id": number, "url": "x"} for number in (10, 11, 12)]
        tab.go(action)
        pipe.answer(pipe.sent[-1], {"entries": entries, "currentIndex": 1})
        assert pipe.last("Page.navigateToHistoryEntry")["params"] == {"entryId": entry}

    @pytest.mark.parametrize(("action", "at"), [("back", 0), ("forward", 2)])
    async def test_there_is_nothing_behind_the_ends(
        self, pipe: FakePipe, tab: Tab, action: Any, at: int
    ) -> None:
        tab.go(action)
        entries = [{"id": number, "url": "x"} for number in range(3)]
        pipe.answer(pipe.sent[-1], {"entries": entries, "currentIndex": at})
        tab.go(action)
        pipe.answer(pipe.sent[-1], error={"code": -32000, "message": "Not attached to an active page"})
        assert pipe.commands("Page.navigateToHistoryEntry") == []

    @pytest.mark.parametrize(
        ("method", "params"),
        [
            ("Page.frameResized", {}),
            ("Page.frameNavigated", {"frame": {"id": "T1", "url": "https://a.example/"}}),
        ],
    )
    async def test_another_page_or_size_must_bring_a_frame(
        self, pipe: FakePipe, tab: Tab, method: str, params: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(screencast, "FRAME_LIMIT", 0.02)
        tab.cast.start()
        tab.cast._frame_came()
        self.send(pipe, method, **params)
        await until(lambda: len(pipe.commands("Page.startScreencast")) == 2)
        tab.cast.stop()

    async def test_dialogs(self, pipe: FakePipe, tab: Tab, listener: Listener) -> None:
        self.send(pipe, "Page.javascriptDialogClosed", result=True, userInput="")
        for _ in range(2):
            self.send(
                pipe,
                "Page.javascriptDialogOpening",
                type="prompt",
                message="Who?",
                defaultPrompt="me",
                url="u",
            )
            self.send(pipe, "Page.javascriptDialogClosed", result=True, userInput="me")
            assert tab.answer == Answer(accepted=True, text="me")
        self.send(pipe, "Page.javascriptDialogOpening", type="alert", message="Hi", url="u")
        assert tab.dialog == Dialog(id=3, kind="alert", message="Hi", default="", url="u")
        assert tab.answer is None
        assert listener.heard == [
            ("dialog", "Who?", True),
            ("dialog", "Who?", False),
            ("dialog", "Who?", True),
            ("dialog", "Who?", False),
            ("dialog", "Hi", True),
        ]

    async def test_who_answered_a_dialog(self, pipe: FakePipe, tab: Tab) -> None:
        for by in ("Ada", ""):
            self.send(pipe, "Page.javascriptDialogOpening", type="prompt", message="Who?", url="u")
            assert tab.dialog
            tab.answer_dialog(tab.dialog.id + 1, accept=True, text="", by="Somebody too late")
            if by:
                tab.answer_dialog(tab.dialog.id, accept=False, text="secret", by=by)
            self.send(pipe, "Page.javascriptDialogClosed", result=False, userInput="secret")
            assert tab.answer == Answer(accepted=False, by=by)

    async def test_a_page_that_waits_for_an_answer_does_not_hang(
        self, pipe: FakePipe, tab: Tab, listener: Listener
    ) -> None:
        self.send(pipe, "Page.javascriptDialogOpening", type="alert", message="Hi", url="u")
        tab._hung(True)
        assert not tab.unresponsive
        self.send(pipe, "Page.javascriptDialogClosed", result=True)
        tab._hung(True)
        tab._hung(False)
        assert listener.heard[-2:] == [("changed", 1), ("changed", 1)]

    async def test_an_empty_page_has_no_title(self, tab: Tab, listener: Listener) -> None:
        tab.update({"url": "about:blank", "title": "about:blank"})
        assert tab.title == ""
        assert listener.heard == []

    async def test_a_closed_tab_hears_nothing(self, pipe: FakePipe, tab: Tab, listener: Listener) -> None:
        tab.cast.start()
        tab.close()
        self.send(pipe, "Page.frameStartedLoading", frameId="T1")
        assert listener.heard == []
        assert not tab.cast.wanted

    async def test_an_event_that_nobody_asked_for(self, pipe: FakePipe, listener: Listener, tab: Tab) -> None:
        self.send(pipe, "Page.somethingNew", frameId="T1")
        assert listener.heard == []
        assert repr(tab) == "<Tab 1 about:blank <Screencast tab=1 off held=0>>"
