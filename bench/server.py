"""The real server, as `make run` starts it, on a free port and with a data folder of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil

from bench.client import viewing
from sessions_app.engine.folders import BROWSER_PREFIX, sessions_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bench.client import Viewer

ROOT = Path(__file__).resolve().parent.parent
ATTEMPTS = 300
# How Linux names the clock of another process (clock_getcpuclockid(3), which Python does not have).
CPUCLOCK_SCHED = 2
STOP_LIMIT = 15


class Installation:
    """A data folder with a database and a key in it; servers are started on it one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "serve.log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._environment = {**os.environ, "QUARTERDECK_DATA": str(folder), "PORT": str(self.port)}
        self._manage("migrate", "--verbosity", "0")
        self.key = self._manage("apikey", "create", "bench", "--role", "admin").split()[-1]

    @property
    def sessions_folder(self) -> Path:
        return sessions_folder(self.folder)

    @asynccontextmanager
    async def server(self, *, warm: int = 1) -> AsyncIterator[Server]:
        """A server that answers, its warm browsers ready."""
        process = self._serve(warm)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}/api/v1",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=30,
        ) as api:
            server = Server(self, psutil.Process(process.pid), api)
            try:
                await server.is_up()
                await server.is_warm(warm)
                yield server
            finally:
                process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(process.wait, STOP_LIMIT)

    def _serve(self, warm: int) -> subprocess.Popen[bytes]:
        with self.log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env={**self._environment, "QUARTERDECK_WARM": str(warm)},
                stdout=log,
                stderr=log,
            )

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


class Server:
    """One run of the server, its REST API and what the kernel knows about it."""

    def __init__(self, installation: Installation, process: psutil.Process, api: httpx.AsyncClient) -> None:
        self.process = process
        self.api = api
        self._installation = installation

    async def is_up(self) -> None:
        for _ in range(ATTEMPTS):
            if self.process.status() == psutil.STATUS_ZOMBIE:
                break
            try:
                await self.api.get("/sessions")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
        raise RuntimeError(f"The server did not start:\n{self._installation.log.read_text()}")

    async def is_warm(self, browsers: int = 1) -> None:
        """Wait until this many browsers stand ready beside those in use, and have settled."""
        for _ in range(ATTEMPTS):
            if len(self.browser_folders()) >= browsers:
                await asyncio.sleep(1)
                return
            await asyncio.sleep(0.1)
        raise RuntimeError("No browser is warm.")

    def browser_folders(self) -> list[Path]:
        return list(self._installation.sessions_folder.glob(f"{BROWSER_PREFIX}*"))

    @asynccontextmanager
    async def session(self, url: str) -> AsyncIterator[dict[str, Any]]:
        """A session that shows `url`, released in the end."""
        session = await self.create(url)
        try:
            yield session
        finally:
            await self.release(session)

    async def create(self, url: str) -> dict[str, Any]:
        return await self._post("/sessions", {"url": url})

    async def release(self, session: dict[str, Any]) -> None:
        await self._post(f"/sessions/{session['id']}/release", {})

    @asynccontextmanager
    async def viewer(self, session: dict[str, Any]) -> AsyncIterator[Viewer]:
        ticket = await self._post(f"/sessions/{session['id']}/viewer-tickets", {"role": "control"})
        async with viewing(ticket["url"]) as viewer:
            yield viewer

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.api.post(path, json=body)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result

    def cpu_seconds(self) -> float:
        """Processor time of the server alone, without its browsers, finer than the ticks of /proc."""
        return time.clock_gettime((~self.process.pid << 3) | CPUCLOCK_SCHED)

    def memory(self) -> float:
        """MB of the server alone."""
        return _megabytes(self.process)

    def browsers_memory(self) -> list[float]:
        """MB of each browser with all its processes, the oldest browser first."""
        leaders = sorted(self.process.children(), key=lambda process: process.create_time())
        return [sum(map(_megabytes, (one, *one.children(recursive=True)))) for one in leaders]


def _megabytes(process: psutil.Process) -> float:
    """Proportional set size: what is shared counts in parts."""
    return float(process.memory_full_info().pss) / 2**20
