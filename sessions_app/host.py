"""The composition root: starts the engine, follows it, keeps the node's lease, and stops it all in order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

from sessions_app import runtime
from sessions_app.engine.chromium import find_images
from sessions_app.engine.config import EngineConfig
from sessions_app.engine.engine import Engine
from sessions_app.engine.events import BrowserGone, DeadlinePassed, ReleaseAsked
from sessions_app.engine.folders import sessions_folder
from sessions_app.services import (
    cleanup,
    following,
    nodes,
    performance,
    pulse,
    queue,
    reaping,
    samples,
    sessions,
    timeline,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sessions_app.engine.events import EngineEvent

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0
CLEANUP = 3600.0
# Not among the work of a start, but also on a machine that is never on for an hour.
CLEANUP_FIRST = 60.0
PUT_BACK_LIMIT = 1.0
STOP_LIMIT = 9.0


class DataFolderInUse(Exception):
    pass


def engine_config() -> EngineConfig:
    """Raises ChromiumMissing."""
    return EngineConfig(
        chromium=find_images(),
        sessions_dir=sessions_folder(settings.QUARTERDECK_DATA),
        max_sessions=settings.QUARTERDECK_MAX_SESSIONS,
        max_viewers=settings.QUARTERDECK_MAX_VIEWERS,
        warm=settings.QUARTERDECK_WARM,
        sandbox=not settings.QUARTERDECK_NO_SANDBOX,
    )


class Host:
    """One engine's life inside this process: `run` until `stop`."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._stopping = asyncio.Event()
        self.started = asyncio.Event()
        self.stopped = asyncio.Event()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    async def run(self) -> None:
        try:
            async with Engine(self._config) as engine:
                runtime.install(engine)
                await nodes.register()
                lost = await sessions.sweep_lost()
                if lost:
                    logger.warning("%d sessions of an earlier server are marked lost.", lost)
                await self._serve(engine)
        finally:
            runtime.uninstall()
            # Whoever waits for the start must not wait for ever.
            self.started.set()
            self.stopped.set()

    async def stop(self) -> None:
        """End every session and the engine; returns when that is done."""
        self._stopping.set()
        await self.stopped.wait()

    async def _serve(self, engine: Engine) -> None:
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(queue.work())
            reaper = reaping.Reaper()
            samples.sampler.forget()
            tasks = [
                group.create_task(self._follow(engine, group)),
                group.create_task(pulse.run()),
                group.create_task(_again_and_again("The node's heartbeat", HEARTBEAT, nodes.heartbeat)),
                group.create_task(
                    _again_and_again("Measuring", samples.EVERY, samples.sampler.take, first=0)
                ),
                group.create_task(performance.run()),
                group.create_task(_again_and_again("Writing the timelines", timeline.EVERY, timeline.flush)),
                group.create_task(_again_and_again("Looking for dead servers", reaping.EVERY, reaper.look)),
                group.create_task(_again_and_again("The cleanup", CLEANUP, _clean, first=CLEANUP_FIRST)),
            ]
            self.started.set()
            await self._stopping.wait()
            # First of all: what the queue starts goes back into it, and no freed place is given away.
            waiting.cancel()
            await asyncio.wait([waiting], timeout=PUT_BACK_LIMIT)
            engine.refuse_launches()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_LIMIT):
                    await sessions.stop_all()
            for task in tasks:
                task.cancel()

    async def _follow(self, engine: Engine, group: asyncio.TaskGroup) -> None:
        async for event in engine.events():
            if isinstance(event, BrowserGone | DeadlinePassed | ReleaseAsked):
                # An end may take seconds, when its browser hangs; nobody else's news waits for it.
                group.create_task(self._record_end(event))
            else:
                await self._record(event)

    async def _record(self, event: EngineEvent) -> None:
        try:
            await following.follow(event)
        except Exception:
            logger.exception("What the engine reported could not be recorded: %r", event)

    async def _record_end(self, event: EngineEvent) -> None:
        await following.follow_surely(event, every=HEARTBEAT, is_pointless=lambda: self.is_stopping)


async def _again_and_again(
    what: str, every: float, act: Callable[[], Awaitable[object]], *, first: float | None = None
) -> None:
    await asyncio.sleep(every if first is None else first)
    while True:
        try:
            await act()
        except Exception:
            logger.exception("%s failed; the next try is due in %.0f s.", what, every)
            # A connection that broke is opened again; no request comes by here to see to it.
            await sync_to_async(close_old_connections)()
        await asyncio.sleep(every)


async def _clean() -> None:
    done = {what: count for what, count in asdict(await cleanup.run()).items() if count}
    if done:
        logger.info("Cleaned up: %s", ", ".join(f"{what} {count}" for what, count in done.items()))


def lock_data_folder(folder: Path) -> int:
    """Claim the data folder for this process, until it ends. Raises DataFolderInUse."""
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise DataFolderInUse(
            f"Another server uses the data folder {folder}; stop it, or set QUARTERDECK_DATA to another folder."
        ) from None
    return fd
