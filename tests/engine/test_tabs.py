"""The open tabs of one browser: followed, opened, closed, and what their pages tell."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sessions_app.engine import screencast
from sessions_app.engine import tabs as tabs_module
from sessions_app.engine.config import Viewport
from sessions_app.engine.errors import BrowserClosed, NoSuchTab, TabNotOpened, TooManyTabs
from sessions_app.engine.tab import Dialog, Tab
from sessions_app.engine.tabs import MAX_TABS, Tabs, TabsListener
from tests.engine.conftest import FakePipe, FakeTabs
from tests.waiting import turns, until


class Listener(TabsListener):
    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def opened(self, tab: Tab) -> None:
        self.heard.append(("opened", tab.id))

    def closed(self, tab: Tab) -> None:
        self.heard.append(("closed", tab.id))

    def changed(self, tab: Tab) -> None:
        self.heard.append(("changed", tab.id))

    def navigated(self, tab: Tab) -> None:
        self.heard.append(("navigated", tab.url))

    def crashed(self, tab: Tab) -> None:
        self.heard.append(("crashed", tab.id))

    def dialog(self, tab: Tab, dialog: Dialog, *, is_open: bool) -> None:
        self.heard.append(("dialog", dialog.message, is_open))


class Bench:
    """Tabs on a pipe that remembers, with the first tab attached on request."""

    def __init__(self, emulated: Viewport | None = None) -> None:
        self.pipe = FakePipe()
        self.tabs = Tabs(self.pipe.connection, emulated=emulated)
        self.listener = Listener()

    def attach(self, target: str, kind: str = "page", session: str = "") -> None:
        info = {"targetId": target, "type": kind, "url": "about:blank", "title": ""}
        self.pipe.event(
            "Target.attachedToTarget",
            {"sessionId": session or f"session of {target}", "targetInfo": info, "waitingForDebugger": True},
        )

    async def follow(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.tabs.follow())
            await turns(2)
            self.attach("T1")
            self.pipe.answer(self.pipe.last("Target.setAutoAttach"))
            await turns()
            self.pipe.answer(self.pipe.last("Runtime.evaluate"))
        self.tabs.listen(self.listener)

    async def follow_with(self, count: int) -> None:
        """As many tabs are open."""
        await self.follow()
        for number in range(2, count + 1):
            self.attach(f"T{number}")


@pytest.fixture
async def bench() -> Bench:
    bench = Bench()
    await bench.follow()
    return bench


@pytest.fixture
async def listener() -> Listener:
    return Listener()


@pytest.fixture
async def tab(pipe: FakePipe, listener: Listener) -> Tab:
    return FakeTabs(pipe).tab(listener=listener)


class TestFollowing:
    async def test_it_waits_for_a_tab_that_answers(self) -> None:
        bench = Bench()
        async with asyncio.TaskGroup() as group:
            following = group.create_task(bench.tabs.follow())
            await turns(2)
            bench.pipe.answer(bench.pipe.last("Target.setAutoAttach"))
            await turns()
            bench.attach("T1")
            await turns()
            assert not following.done()
            assert not bench.pipe.commands("Emulation.setFocusEmulationEnabled")
            bench.pipe.answer(bench.pipe.last("Runtime.evaluate"))
        assert bench.pipe.commands("Emulation.setFocusEmulationEnabled")
        assert [tab.id for tab in bench.tabs] == [1]

    @pytest.mark.parametrize("moment", ["before it attaches", "before a tab is there", "before it answers"])
    async def test_a_browser_that_ends_meanwhile(self, moment: str) -> None:
        bench = Bench()
        async with asyncio.TaskGroup() as group:
            following = group.create_task(ends(bench.tabs.follow()))
            await turns(2)
            if moment != "before it attaches":
                bench.pipe.answer(bench.pipe.last("Target.setAutoAttach"))
                await turns()
            if moment == "before it answers":
                bench.attach("T1")
                await turns()
            bench.pipe.connection.close()
            bench.tabs.close()
        assert following.result()

    async def test_a_page_is_made_ready_before_it_runs(self, bench: Bench) -> None:
        methods = [
            command["method"] for command in bench.pipe.sent if command.get("sessionId") == "session of T1"
        ]
        assert methods[0] == "Page.enable"

    async def test_an_emulated_viewport_is_set_before_the_page_runs(self) -> None:
        bench = Bench(Viewport(width=390, height=844, device_scale_factor=3, mobile=True))
        await bench.follow()
        methods = [command["method"] for command in bench.pipe.sent]
        emulated = methods.index("Emulation.setDeviceMetricsOverride")
        assert emulated < methods.index("Runtime.runIfWaitingForDebugger")
        assert bench.pipe.sent[emulated]["params"] == {
            "width": 390,
            "height": 844,
            "deviceScaleFactor": 3,
            "mobile": True,
        }
        assert bench.pipe.last("Emulation.setTouchEmulationEnabled")["params"]["enabled"]

    async def test_other_targets_and_second_attachments_are_no_tabs(self, bench: Bench) -> None:
        bench.attach("B1", kind="browser")
        bench.attach("T1", session="a client's")
        assert [tab.id for tab in bench.tabs] == [1]
        assert bench.listener.heard == []

    async def test_tabs_come_and_go_once(self, bench: Bench) -> None:
        bench.attach("T2")
        assert repr(bench.tabs) == "<Tabs [1, 2]>"
        bench.pipe.event("Target.detachedFromTarget", {"sessionId": "a client's of T2"})
        bench.pipe.event("Target.detachedFromTarget", {"sessionId": "session of T2"})
        bench.pipe.event("Target.targetDestroyed", {"targetId": "T2"})
        bench.attach("T3")
        assert bench.listener.heard == [("opened", 2), ("closed", 2), ("opened", 3)]
        assert len(bench.tabs) == 2

    async def test_a_destroyed_target_is_gone_also_without_a_detach(self, bench: Bench) -> None:
        bench.attach("T2")
        bench.pipe.event("Target.targetDestroyed", {"targetId": "T2"})
        assert bench.listener.heard == [("opened", 2), ("closed", 2)]

    async def test_news_of_a_target(self, bench: Bench) -> None:
        info = {"targetId": "T1", "url": "https://example.com/", "title": "Example"}
        for target in ("T1", "unknown"):
            bench.pipe.event("Target.targetInfoChanged", {"targetInfo": info | {"targetId": target}})
            bench.pipe.event("Target.targetCrashed", {"targetId": target})
        assert bench.listener.heard == [("changed", 1), ("crashed", 1)]
        facts = bench.tabs.get(1).facts(active=True)
        assert (facts.url, facts.title, facts.crashed) == ("https://example.com/", "Example", True)


class TestOpening:
    @pytest.mark.parametrize("first", ["event", "reply"])
    async def test_the_tab_is_ours_whichever_comes_first(self, bench: Bench, first: str) -> None:
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(bench.tabs.open("https://example.com"))
            await turns(2)
            command = bench.pipe.last("Target.createTarget")
            assert command["params"] == {"url": "https://example.com"}
            if first == "event":
                bench.attach("T2")
            bench.pipe.answer(command, {"targetId": "T2"})
            await turns()
            bench.attach("T3")
            bench.attach("T2")
        assert opening.result().target_id == "T2"

    async def test_a_browser_that_ends_meanwhile(self, bench: Bench) -> None:
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(ends(bench.tabs.open("about:blank")))
            await turns(2)
            bench.pipe.answer(bench.pipe.last("Target.createTarget"), {"targetId": "T2"})
            await turns()
            bench.pipe.connection.close()
            bench.tabs.close()
        assert opening.result()

    async def test_get(self, bench: Bench) -> None:
        assert bench.tabs.get(1).target_id == "T1"
        with pytest.raises(NoSuchTab, match="no open tab 2"):
            bench.tabs.get(2)


async def ends(call: Any) -> bool:
    with pytest.raises(BrowserClosed):
        await call
    return True


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
        assert (tab.can_go_back, tab.can_go_forward) == ways

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
        self.send(pipe, "Page.javascriptDialogClosed", result=True)
        for _ in range(2):
            self.send(
                pipe,
                "Page.javascriptDialogOpening",
                type="prompt",
                message="Who?",
                defaultPrompt="me",
                url="u",
            )
            self.send(pipe, "Page.javascriptDialogClosed", result=True)
        self.send(pipe, "Page.javascriptDialogOpening", type="alert", message="Hi", url="u")
        assert tab.dialog == Dialog(id=3, kind="alert", message="Hi", default="", url="u")
        assert listener.heard == [
            ("dialog", "Who?", True),
            ("dialog", "Who?", False),
            ("dialog", "Who?", True),
            ("dialog", "Who?", False),
            ("dialog", "Hi", True),
        ]

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


class TestTooMany:
    async def test_a_page_that_opens_tabs_without_end_is_stopped(self) -> None:
        bench = Bench()
        await bench.follow_with(MAX_TABS)
        bench.attach("one too many")
        assert len(bench.tabs) == MAX_TABS
        assert bench.pipe.last("Target.closeTarget")["params"] == {"targetId": "one too many"}
        assert ("opened", MAX_TABS + 1) not in bench.listener.heard

    async def test_nobody_may_open_another(self) -> None:
        bench = Bench()
        await bench.follow_with(MAX_TABS)
        with pytest.raises(TooManyTabs, match="has 20 tabs"):
            await bench.tabs.open("about:blank")
        with pytest.raises(TooManyTabs):
            bench.tabs.begin_open("about:blank")

    async def test_a_tab_that_lost_the_race_for_the_last_place(self) -> None:
        bench = Bench()
        await bench.follow_with(MAX_TABS - 1)
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(_refusal(bench.tabs))
            await turns(2)
            bench.pipe.answer(bench.pipe.last("Target.createTarget"), {"targetId": "mine"})
            bench.attach("the other's")
            bench.attach("mine")
        assert "20 tabs" in opening.result()


async def _refusal(tabs: Tabs) -> str:
    with pytest.raises(TooManyTabs) as refused:
        await tabs.open("about:blank")
    return str(refused.value)


async def test_a_tab_that_never_comes_is_not_waited_for_without_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs_module, "OPEN_LIMIT", 0.01)
    with pytest.raises(TabNotOpened):
        await bench.tabs.open("about:blank")


async def test_an_endless_address_and_title_are_cut(bench: Bench) -> None:
    info = {
        "targetId": "T1",
        "type": "page",
        "url": "https://a.example/" + "x" * 10_000,
        "title": "t" * 10_000,
    }
    bench.pipe.event("Target.targetInfoChanged", {"targetInfo": info})
    [tab] = bench.tabs
    assert (len(tab.url), len(tab.title)) == (4096, 512)
