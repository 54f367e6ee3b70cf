"""From launch to nothing left: processes, folders and descriptors, also when Chromium breaks."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from sessions_app.engine import browser as browser_module
from sessions_app.engine.accounts import FIRST_UID, UIDS
from sessions_app.engine.config import EngineConfig, LaunchSpec, Viewport
from sessions_app.engine.engine import Engine
from sessions_app.engine.errors import AddressRefused, BrowserClosed, LaunchFailed
from sessions_app.engine.events import BrowserGone
from sessions_app.engine.flags import Shape
from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Client, Ear, Launch, Watcher, evaluate, with_warm
from tests.chromium.site import Site
from tests.colours import RED
from tests.processes import (
    command_of,
    descriptors,
    group,
    listening_sockets,
    naming,
    sockets_of,
    status_of,
    uids_of,
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


class TestNothingLeft:
    async def test_twenty_sessions(self, config: EngineConfig, engine: Engine, site: Site) -> None:
        """Watched, driven by a client and thumbnailed on the way."""
        fds = 0
        for number in range(20):
            spec = LaunchSpec(session_id=f"ses_{number}", url=site.url("/red"))
            session = await engine.launch(spec)
            watcher, client = Watcher(session), Client()
            await client.attach(session)
            await client.call("Browser.getVersion")
            await watcher.until_it_sees(RED)
            assert len(folders(config)) == 1
            await session.aclose()
            assert watcher.viewer.closed_with == 4410
            assert client.closed.is_set()
            watcher.leave()
            # The first session also opens what stays open, as the thread pool's.
            fds = fds or descriptors()
            assert descriptors() == fds
            assert folders(config) == []
            assert engine.sessions == ()
        await until(lambda: not naming(str(config.sessions_dir)))

    async def test_the_engines_end_ends_everything(self, config: EngineConfig, site: Site) -> None:
        async with Engine(with_warm(config, 1)) as engine:
            sessions = [
                await engine.launch(LaunchSpec(session_id=f"ses_{n}", url=site.url("/red"))) for n in range(2)
            ]
            watcher = Watcher(sessions[0])
            await engine.pool.is_full.wait()
            assert len(folders(config)) == 3
        assert watcher.last("ended")["reason"] == "server_stopped"
        assert folders(config) == []
        await until(lambda: not naming(str(config.sessions_dir)))

    @pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError])
    async def test_an_end_by_an_error_ends_everything_too(
        self, config: EngineConfig, site: Site, error: type[BaseException]
    ) -> None:
        async def host() -> None:
            async with Engine(with_warm(config, 1)) as engine:
                await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
                raise error

        with pytest.raises(error):
            await host()
        assert folders(config) == []
        await until(lambda: not naming(str(config.sessions_dir)))

    async def test_a_launch_that_the_end_overtakes_fails(self, config: EngineConfig) -> None:
        async def launch() -> None:
            with pytest.raises(LaunchFailed, match="stopping"):
                await engine.launch(LaunchSpec(session_id="ses_1"))

        async with asyncio.TaskGroup() as group, Engine(config) as engine:
            group.create_task(launch())
            await until(lambda: folders(config))
        assert folders(config) == []

    async def test_an_earlier_servers_folders_are_swept(self, config: EngineConfig) -> None:
        (config.sessions_dir / "browser-0123456789abcdef" / "profile").mkdir(parents=True)
        async with Engine(config):
            assert folders(config) == []

    @pytest.mark.parametrize("after", [0.01, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45])
    async def test_a_chromium_that_dies_at_any_moment_of_its_start(
        self, config: EngineConfig, site: Site, tmp_path_factory: pytest.TempPathFactory, after: float
    ) -> None:
        real = config.chromium["headless-shell"]
        mortal = config.sessions_dir / "mortal.sh"
        mortal.write_text(f'#!/bin/sh\n(/bin/sleep {after}; kill -9 $$) &\nexec {real} "$@"\n')
        mortal.chmod(0o755)
        async with Engine(replace(config, chromium={"headless-shell": mortal})) as engine:
            ear = Ear()
            listening = engine._tasks.create_task(ear.listen(engine))
            try:
                session = await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
            except LaunchFailed:
                assert engine.sessions == ()
            else:
                await until(lambda: ear.has(BrowserGone))
                with pytest.raises(BrowserClosed):
                    await session.open_tab()
                await session.aclose()
            listening.cancel()
        mortal.unlink()
        assert folders(config) == []
        await until(lambda: not naming(str(config.sessions_dir)))

    async def test_a_cancelled_launch(self, config: EngineConfig, engine: Engine, site: Site) -> None:
        fds = descriptors()
        for wait in (0.0, 0.03, 0.06):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(wait):
                    await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
        assert folders(config) == []
        assert engine.sessions == ()
        await until(lambda: not naming(str(config.sessions_dir)))
        await until(lambda: descriptors() <= fds + 1)


class TestFailedLaunch:
    async def test_one_that_says_why(self, config: EngineConfig) -> None:
        script = config.sessions_dir / "broken.sh"
        script.write_text(
            "#!/bin/sh\necho 'error while loading shared libraries: libnss3.so' >&2\nexit 127\n"
        )
        script.chmod(0o755)
        async with Engine(replace(config, chromium={"headless-shell": script})) as engine:
            with within(2), pytest.raises(LaunchFailed, match=r"ended while starting.*libnss3\.so"):
                await engine.launch(LaunchSpec(session_id="ses_1"))
        script.unlink()
        assert folders(config) == []

    async def test_one_that_never_answers(
        self, config: EngineConfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(browser_module, "LAUNCH_LIMIT", 0.2)
        script = config.sessions_dir / "mute.sh"
        script.write_text("#!/bin/sh\ntrap '' TERM\nwhile :; do /bin/sleep 1000; done\n")
        script.chmod(0o755)
        async with Engine(replace(config, chromium={"headless-shell": script})) as engine:
            with pytest.raises(LaunchFailed, match="did not answer in time"):
                await engine.launch(LaunchSpec(session_id="ses_1"))
        script.unlink()
        assert folders(config) == []
        await until(lambda: not naming("mute.sh"))

    async def test_a_sandbox_that_cannot_start_is_named(self, config: EngineConfig) -> None:
        script = config.sessions_dir / "boxed.sh"
        script.write_text("#!/bin/sh\necho 'No usable sandbox!' >&2\nexit 1\n")
        script.chmod(0o755)
        async with Engine(replace(config, chromium={"headless-shell": script})) as engine:
            with pytest.raises(LaunchFailed, match="QUARTERDECK_NO_SANDBOX"):
                await engine.launch(LaunchSpec(session_id="ses_1"))
        script.unlink()

    async def test_an_address_that_is_refused_starts_nothing(
        self, config: EngineConfig, engine: Engine
    ) -> None:
        with pytest.raises(AddressRefused):
            await engine.launch(LaunchSpec(session_id="ses_1", url="file:///etc/passwd"))
        assert folders(config) == []


class TestIsolation:
    async def test_it_runs_in_the_sandbox_as_a_user_of_its_own(self, launch: Launch) -> None:
        one, two = await launch("/red"), await launch("/blue")
        users = []
        for session in (one, two):
            pids = processes(session)
            assert len(pids) > 2
            assert not any("--no-sandbox" in command_of(pid) for pid in pids)
            users.append({uid for pid in pids for uid in uids_of(pid)})
        if os.getuid() == 0:
            assert all(len(uids) == 1 and FIRST_UID <= min(uids) < FIRST_UID + UIDS for uids in users)
            assert users[0] != users[1]
        renderers = [pid for pid in processes(one) if "--type=renderer" in command_of(pid)]
        assert renderers
        for pid in renderers:
            assert {"Seccomp:\t2", "NoNewPrivs:\t1"} <= set(status_of(pid).splitlines())

    async def test_it_listens_on_no_port(self, launch: Launch) -> None:
        session = await launch("/red")
        assert any(sockets_of(pid) for pid in processes(session))
        for pid in processes(session):
            assert not sockets_of(pid) & listening_sockets()

    async def test_the_sandbox_is_given_up_only_when_asked(self, config: EngineConfig, site: Site) -> None:
        async with Engine(replace(config, sandbox=False)) as engine:
            session = await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
            assert any("--no-sandbox" in command_of(pid) for pid in processes(session))


class TestPool:
    async def test_a_session_takes_the_warm_browser_and_another_follows(
        self, config: EngineConfig, site: Site
    ) -> None:
        async with Engine(with_warm(config, 1)) as engine:
            await engine.pool.is_full.wait()
            assert repr(engine.pool) == "<Pool ready=1/1>"
            [warm] = folders(config)
            session = await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
            assert session._browser.process.folder.name == warm
            await Watcher(session).until_it_sees(RED)
            await until(engine.pool.is_full.is_set)
            assert len(folders(config)) == 2

    @pytest.mark.parametrize("stands_in", [False, True], ids=["shell", "full-chromium"])
    async def test_a_warm_browser_takes_the_viewport_that_is_asked_for(
        self, config: EngineConfig, site: Site, *, stands_in: bool
    ) -> None:
        if stands_in:
            full = config.chromium["chromium"]
            config = replace(config, chromium={"headless-shell": full, "chromium": full})
        async with Engine(with_warm(config, 1)) as engine:
            await engine.pool.is_full.wait()
            spec = LaunchSpec(
                session_id="ses_1", url=site.url("/red"), viewport=Viewport(width=640, height=480)
            )
            session = await engine.launch(spec)
            assert repr(engine.pool) == "<Pool ready=0/1>"
            watcher = Watcher(session)
            await until(lambda: watcher.sees(RED) and watcher.size == (640, 480))
            assert await evaluate(session, "[innerWidth, innerHeight]") == [640, 480]

    async def test_another_shape_is_started_cold(self, config: EngineConfig) -> None:
        async with Engine(with_warm(config, 1)) as engine:
            await engine.pool.is_full.wait()
            spec = LaunchSpec(
                session_id="ses_1", user_agent="Quarterdeck", locale="de-AT", timezone="Asia/Tokyo"
            )
            session = await engine.launch(spec)
            assert repr(engine.pool) == "<Pool ready=1/1>"
            told = (
                "[navigator.userAgent, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]"
            )
            assert await evaluate(session, told) == ["Quarterdeck", "de-AT", "Asia/Tokyo"]

    async def test_a_warm_browser_that_died_is_not_given_away(self, config: EngineConfig, site: Site) -> None:
        async with Engine(with_warm(config, 1)) as engine:
            await engine.pool.is_full.wait()
            browser = engine.pool.take(engine.pool._shape)
            assert browser
            engine.pool._ready.append(browser)
            os.kill(browser.process.pid, signal.SIGKILL)
            await until(lambda: not browser.is_alive)
            assert engine.pool.take(engine.pool._shape) is None
            session = await engine.launch(LaunchSpec(session_id="ses_1", url=site.url("/red")))
            await Watcher(session).until_it_sees(RED)

    async def test_a_warm_browser_that_died_is_replaced(self, config: EngineConfig) -> None:
        async with Engine(with_warm(config, 1)) as engine:
            await engine.pool.is_full.wait()
            [warm] = folders(config)
            os.kill(engine.pool._ready[0].process.pid, signal.SIGKILL)
            await until(lambda: folders(config) and warm not in folders(config))

    async def test_an_unknown_kind_of_browser(self, config: EngineConfig) -> None:
        with pytest.raises(LaunchFailed, match="No Chromium of the kind 'other'"):
            await browser_module.Browser.launch(config, Shape(binary="other"), Viewport())
