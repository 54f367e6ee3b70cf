"""A real server in a subprocess, with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil

from tests.e2e.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 30.0
STOP_LIMIT = 12.0
# The one person who logs in, by the setup link or by password, whichever test comes first.
NAME, PASSWORD = "captain", "a long enough password"


class Server:
    """`start`, then `stop` or `kill`; may be started again on the same data."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_suffix(".log")
        self._database = Database()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
        self._environment = environment | {
            "QUARTERDECK_DATA": str(data),
            "PORT": str(self.port),
            "QUARTERDECK_WARM": "0",
            **self._database.settings,
            **settings,
        }
        self._keys: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, **settings: str) -> None:
        """For its next start."""
        self._environment |= settings

    def start(self) -> None:
        self.manage("migrate", "--verbosity=0")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self._wait_until_it_answers()

    def manage(self, *command: str) -> str:
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *command: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A `manage.py` command with this server's settings, whatever comes of it."""
        arguments = [sys.executable, "manage.py", *command]
        return subprocess.run(
            arguments,
            cwd=ROOT,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def setup_link(self) -> str:
        found = re.findall(r"http\S+/setup#\S+", self.log.read_text())
        return str(found[-1])

    def api(self, role: str = "admin") -> httpx.Client:
        """A client of the REST API with a key of this role."""
        if role not in self._keys:
            self._keys[role] = self.manage("apikey", "create", f"e2e {role}", "--role", role)
        bearer = {"Authorization": f"Bearer {self._keys[role]}"}
        return httpx.Client(base_url=f"{self.url}/api/v1/", headers=bearer, timeout=20)

    def stop(self) -> float:
        """SIGTERM; seconds until the process had ended, which must have been in order."""
        process, began = self._take(), time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_LIMIT)
        assert code == 0, self.log.read_text()
        return time.monotonic() - began

    def kill(self) -> None:
        process = self._take()
        process.kill()
        process.wait()

    def end(self) -> None:
        """Whatever state it is in."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.send_signal(signal.SIGTERM)
                self._process.wait(STOP_LIMIT)
            self._process.kill()
        self._database.drop()

    @property
    def process(self) -> psutil.Process:
        assert self._process
        return psutil.Process(self._process.pid)

    def browsers(self) -> list[psutil.Process]:
        """Every process of every browser of this server, also of one that has ended."""
        mine = f"--user-data-dir={self.data}"
        mains = [
            one
            for one in psutil.process_iter(["cmdline"])
            if any(mine in word for word in one.info["cmdline"] or ())
        ]
        found = {one.pid: one for one in mains}
        for main in mains:
            with contextlib.suppress(psutil.NoSuchProcess):
                found |= {child.pid: child for child in main.children(recursive=True)}
        return [one for one in found.values() if _lives(one)]

    def folders(self) -> list[Path]:
        return list((self.data / "sessions").iterdir())

    def _take(self) -> subprocess.Popen[bytes]:
        process, self._process = self._process, None
        assert process
        return process

    def _wait_until_it_answers(self) -> None:
        process, give_up = self._process, time.monotonic() + START_LIMIT
        while time.monotonic() < give_up and process and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")


@contextmanager
def fresh_server() -> Iterator[Server]:
    """In a folder that a session's user can pass to, and whose path is short: pytest's own are neither."""
    folder = Path(tempfile.mkdtemp(prefix="qd-", dir="/tmp"))
    folder.chmod(0o711)
    server = Server(folder / "data")
    yield server
    server.end()
    shutil.rmtree(folder)


def _lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(condition: Any, *, within: float = 10.0, what: str = "") -> Any:
    """The first true value of `condition()`; fails when there is none in time."""
    give_up = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < give_up, f"{what or condition} did not come true within {within} s"
        time.sleep(0.02)
