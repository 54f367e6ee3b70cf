"""The open tabs of one browser: followed, opened and closed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sessions_app.engine import tabs as tabs_module
from sessions_app.engine.config import Viewport
from sessions_app.engine.errors import BrowserClosed, NoSuchTab, TabNotOpened, TooManyTabs
from sessions_app.engine.tabs import MAX_TABS, Tabs
from tests.engine.conftest import FakePipe
from tests.engine.listener import Listener
from tests.waiting import turns


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
