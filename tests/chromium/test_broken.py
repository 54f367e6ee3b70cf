"""When Chromium or a page breaks: reported, contained, cleaned up."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sessions_app.engine import measure, steering
from sessions_app.engine.config import EngineConfig
from sessions_app.engine.errors import BrowserClosed
from sessions_app.engine.events import BrowserGone, TabCrashed
from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Client, Ear, Launch, Watcher, evaluate
from tests.chromium.site import Site
from tests.colours import BLUE, LIME, RED
from tests.processes import (
    group,
)
from tests.waiting import until


def folders(config: EngineConfig) -> list[str]:
    return [path.name for path in config.sessions_dir.iterdir()]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def processes(session: LiveSession) -> list[int]:
    return group(session._browser.process.pid)


class TestBroken:
    async def test_a_killed_browser_is_reported_and_leaves_nothing(
        self, config: EngineConfig, launch: Launch, ear: Ear
    ) -> None:
        session, other = await launch("/red"), await launch("/blue")
        client = Client()
        await client.attach(session)
        with within(2):
            os.kill(session._browser.process.pid, signal.SIGKILL)
            await until(lambda: ear.has(BrowserGone))
        gone = ear.last(BrowserGone)
        assert (gone.session_id, gone.reason) == (session.id, "browser_crashed")
        assert "-9" in gone.detail
        assert client.closed.is_set()
        with pytest.raises(BrowserClosed):
            await session.open_tab()
        await session.aclose(status="failed", reason="browser_crashed", message="Chromium is gone.")
        assert len(folders(config)) == 1
        await until(lambda: not processes(session))
        watcher = Watcher(other)
        await watcher.until_it_sees(BLUE)

    async def test_a_browser_that_the_kernel_killed_for_its_memory_is_said_to_be_so(
        self, launch: Launch, ear: Ear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session = await launch("/red")
        kills = measure.oom_kills()
        monkeypatch.setattr("sessions_app.engine.session.oom_kills", lambda: kills + 1)
        os.kill(session._browser.process.pid, signal.SIGKILL)
        await until(lambda: ear.has(BrowserGone))
        assert ear.last(BrowserGone).reason == "out_of_memory"

    async def test_viewers_come_back_to_a_browser_started_again(self, launch: Launch) -> None:
        session = await launch("/red")
        watcher = Watcher(session)
        await watcher.until_it_sees(RED)
        await session.aclose(restarting=True)
        assert watcher.viewer.closed_with == 1012

    async def test_a_revoked_key_takes_its_own_clients_along(self, launch: Launch) -> None:
        session = await launch("/red")
        mine, other = Client(), Client()
        await mine.attach(session, key_id="key_1")
        await other.attach(session, key_id="key_2")
        session.detach_cdp_clients(key_id="key_1")
        assert mine.closed.is_set()
        assert not other.closed.is_set()

    async def test_a_frozen_browser_is_closed_by_force(self, config: EngineConfig, launch: Launch) -> None:
        session = await launch("/red")
        pids = processes(session)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        with within(8):
            await session.aclose()
        await until(lambda: not processes(session))
        assert folders(config) == []

    async def test_a_crashed_page_is_reported_and_comes_back(self, launch: Launch, ear: Ear) -> None:
        session = await launch("/click")
        watcher = Watcher(session)
        await watcher.until_it_sees(RED)
        with within(1):
            session.active.post("Page.crash")
            await until(lambda: ear.has(TabCrashed))
        assert ear.last(TabCrashed).url == session.active_tab.url
        assert session.active_tab.crashed
        await until(lambda: watcher.last("state").get("crashed"))
        frames = len(watcher.frames)
        watcher.say("navigate", action="reload")
        await until(lambda: not session.active_tab.crashed)
        await until(lambda: len(watcher.frames) > frames and watcher.sees(RED))
        watcher.mouse("move", 10, 10)
        watcher.click()
        await watcher.until_it_sees(LIME)
        await until(lambda: watcher.last("state")["crashed"] is False)

    async def test_a_page_that_crashed_may_be_left_for_another(self, launch: Launch, site: Site) -> None:
        session = await launch("/red")
        watcher = Watcher(session)
        session.active.post("Page.crash")
        await until(lambda: session.active_tab.crashed)
        watcher.say("navigate", url=site.url("/blue"))
        await watcher.until_it_sees(BLUE)
        assert not session.active_tab.crashed

    @pytest.fixture
    async def hung(self, launch: Launch, monkeypatch: pytest.MonkeyPatch) -> LiveSession:
        """A session whose page is in an endless loop and known to be."""
        monkeypatch.setattr(steering, "HUNG_AFTER", 0.3)
        session = await launch("/hang")
        watcher = Watcher(session)
        await watcher.until_it_sees(RED)
        watcher.click()
        await until(lambda: session.active_tab.unresponsive)
        await until(lambda: watcher.last("state")["unresponsive"])
        return session

    async def test_a_session_with_a_hung_page_still_ends_soon(
        self, config: EngineConfig, hung: LiveSession
    ) -> None:
        with within(3.5):
            await hung.aclose()
        assert folders(config) == []

    async def test_another_tab_works_beside_a_hung_page(self, hung: LiveSession, site: Site) -> None:
        bad = hung.active_tab.id
        with within(2):
            await hung.open_tab(site.url("/click"))
            watcher = Watcher(hung, "view")
            await watcher.until_it_sees(RED)
        assert not hung.active_tab.unresponsive
        with within(2):
            await hung.close_tab(bad)
            await until(lambda: [tab.id for tab in hung.tabs] != [bad] and len(hung.tabs) == 1)
        assert await evaluate(hung, "1 + 1") == 2

    async def test_a_hung_page_may_be_left_for_another_site(self, hung: LiveSession, site: Site) -> None:
        """Also after a lot of input that it never took. (Within a site Chromium stays in the renderer that hangs.)"""
        watcher = Watcher(hung)
        hung.audience.detach(next(iter(hung.audience.hub.viewers.values())))
        for number in range(300):
            watcher.say("wheel", x=300, y=300, dx=0, dy=10, seq=number)
        hung.navigate(site.url("/input").replace("127.0.0.1", "localhost"))
        await until(lambda: hung.active_tab.url.endswith("/input") and not hung.active_tab.unresponsive)

        async def scrolled() -> bool:
            watcher.say("wheel", x=300, y=300, dx=0, dy=120)
            return bool(await evaluate(hung, "scrollY"))

        async with asyncio.timeout(5):
            while not await scrolled():
                pass
