"""A browser's process, from start to nothing left, with small scripts in the place of Chromium."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions_app.engine import process as process_module
from sessions_app.engine.accounts import FIRST_UID, UIDS
from sessions_app.engine.errors import LaunchFailed
from sessions_app.engine.process import ChromiumProcess, start_chromium
from tests.processes import descriptors, group, uids_of
from tests.waiting import turns, until

# Answers with one message when it stands, ignores every polite signal, and has children that do so too.
STUBBORN = """
trap '' TERM INT HUP
(trap '' TERM; while :; do /bin/sleep 1000; done) &
(trap '' TERM; while :; do /bin/sleep 1000; done) &
printf 'ready\\0' >&4
wait
"""
# Ends when it reads a message.
OBEDIENT = """
printf 'ready\\0' >&4
read -r line <&3
touch "$HOME/asked"
exit 7
"""

Start = Callable[..., ChromiumProcess]


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that every user may pass, unlike tmp_path."""
    root = Path(tempfile.mkdtemp(prefix="quarterdeck-test-", dir="/var/tmp"))
    root.chmod(0o755)
    yield root
    shutil.rmtree(root)


@pytest.fixture
async def start(root: Path) -> Iterator[Start]:  # type: ignore[misc]
    """Starts a script as a browser: `start(SCRIPT)`; whatever is left of it at the end is killed."""
    started: list[ChromiumProcess] = []

    def start(script: str, *flags: str, name: str = "browser-1", **env: str) -> ChromiumProcess:
        binary = root / f"{name}.sh"
        binary.write_text(f"#!/bin/sh\n{script}")
        binary.chmod(0o755)
        process = start_chromium(binary, list(flags), root / name, env=env)
        started.append(process)
        return process

    yield start
    for process in started:
        await process.aclose(ask=lambda: None, grace=0)
        for fd in (process.pipe.read, process.pipe.write):
            os.close(fd)


async def ready(process: ChromiumProcess) -> None:
    """The script stands, and so do its children."""
    os.set_blocking(process.pipe.read, False)
    heard = b""

    def hear() -> bool:
        nonlocal heard
        try:
            heard += os.read(process.pipe.read, 100)
        except BlockingIOError:
            pass
        return heard == b"ready\0"

    await until(hear)


def nothing() -> None:
    pass


async def test_it_runs_in_a_group_and_a_folder_of_its_own(start: Start, root: Path) -> None:
    process = start(STUBBORN)
    await ready(process)
    assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
    assert len(group(process.pid)) >= 3
    folder = root / "browser-1"
    assert sorted(path.name for path in folder.iterdir()) == ["downloads", "files", "tmp"]
    assert all((path.stat().st_mode & 0o077) == 0 for path in [folder, *folder.iterdir()])
    assert repr(process) == f"<ChromiumProcess pid={process.pid} running>"


async def test_it_runs_as_a_user_of_its_own_when_there_is_one_to_give(start: Start, root: Path) -> None:
    one, two = start(STUBBORN), start(STUBBORN, name="browser-2")
    await ready(one)
    await ready(two)
    users = [uids_of(process.pid) for process in (one, two)]
    assert {(root / "browser-1").stat().st_uid} == users[0]
    if os.getuid() == 0:
        assert all(len(uids) == 1 and FIRST_UID <= min(uids) < FIRST_UID + UIDS for uids in users)
        assert users[0] != users[1]
    else:
        assert users == [{os.getuid()}] * 2


async def test_it_sees_no_more_of_us_than_it_must(
    start: Start, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    script = (
        'env > "$HOME/env"; pwd > "$HOME/pwd"; ls -l /proc/self/fd > "$HOME/fds"; echo "$@" > "$HOME/args"\n'
    )
    process = start(script + STUBBORN, "--flag=a b", "about:blank", TZ="Europe/Vienna")
    await ready(process)
    folder = root / "browser-1"
    names = {line.partition("=")[0] for line in (folder / "env").read_text().splitlines()}
    assert names <= {"HOME", "TMPDIR", "PATH", "LANG", "TZ", "PWD", "OLDPWD", "_", "SHLVL"}
    assert (folder / "pwd").read_text().strip() == str(folder)
    assert (folder / "args").read_text().strip() == f"--user-data-dir={folder}/profile --flag=a b about:blank"
    # 0, 1, 2, the pipe, and what the shell and ls need for themselves.
    assert len((folder / "fds").read_text().splitlines()) <= 1 + 5 + 3


async def test_it_is_asked_before_it_is_killed(start: Start) -> None:
    process = start(OBEDIENT)
    await ready(process)
    exits: list[int | None] = []
    process.on_exit = lambda: exits.append(process.returncode)

    def ask() -> None:
        os.write(process.pipe.write, b"close\n")

    await process.aclose(ask=ask, grace=5)
    assert exits == [7]
    assert not process.folder.exists()
    assert repr(process) == f"<ChromiumProcess pid={process.pid} exited>"


async def test_what_does_not_listen_is_killed_with_all_its_children(start: Start) -> None:
    process = start(STUBBORN)
    await ready(process)
    asked: list[bool] = []
    await process.aclose(ask=lambda: asked.append(True), grace=0.05)
    assert asked == [True]
    assert process.returncode == -signal.SIGKILL
    await until(lambda: not group(process.pid))
    assert not process.folder.exists()


async def test_children_of_one_that_ended_by_itself_are_killed_too(start: Start) -> None:
    process = start("(trap '' TERM; while :; do /bin/sleep 1000; done) &\nexit 3")
    await until(process.exited.is_set)
    assert process.returncode == 3
    assert group(process.pid)
    asked: list[bool] = []
    await process.aclose(ask=lambda: asked.append(True), grace=5)
    await until(lambda: not group(process.pid))
    assert asked == []
    assert not process.folder.exists()


async def test_a_second_caller_waits_for_the_first(start: Start) -> None:
    process = start(STUBBORN)
    await ready(process)
    left: list[bool] = []

    async def close(grace: float) -> None:
        await process.aclose(ask=nothing, grace=grace)
        left.append(process.folder.exists())

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(close(0.05))
        await turns(1)
        tasks.create_task(close(0))
    assert left == [False, False]


async def test_a_second_caller_that_gives_up_stops_nothing(start: Start) -> None:
    process = start(STUBBORN)
    await ready(process)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(process.aclose(ask=nothing, grace=0.05))
        await turns(1)
        second = tasks.create_task(process.aclose(ask=nothing, grace=0))
        await turns(1)
        second.cancel()
    assert second.cancelled()
    assert not first.cancelled()
    assert not process.folder.exists()


async def test_a_cancelled_close_leaves_nothing(start: Start) -> None:
    process = start(STUBBORN)
    await ready(process)
    async with asyncio.TaskGroup() as tasks:
        closing = tasks.create_task(process.aclose(ask=nothing, grace=60))
        await turns()
        closing.cancel()
    assert closing.cancelled()
    await until(lambda: not group(process.pid))
    assert not process.folder.exists()
    await process.aclose(ask=nothing, grace=60)
    await until(process.exited.is_set)


async def test_a_question_that_fails_leaves_nothing(start: Start) -> None:
    process = start(STUBBORN)
    await ready(process)

    def ask() -> None:
        raise OSError("the pipe broke")

    with pytest.raises(OSError, match="the pipe broke"):
        await process.aclose(ask=ask, grace=60)
    await until(lambda: not group(process.pid))
    assert not process.folder.exists()
    await until(process.exited.is_set)


async def test_it_keeps_what_the_browser_complained_of(start: Start) -> None:
    process = start('i=0; while [ $i -lt 500 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 1')
    await until(process.exited.is_set)
    assert process.log_tail().endswith("line 499")
    assert len(process.log_tail()) <= process_module.LOG_TAIL
    await process.aclose(ask=nothing, grace=0)
    assert process.log_tail() == ""


async def test_a_binary_that_is_not_there_ends_at_once_and_says_so(root: Path) -> None:
    process = start_chromium(root / "missing", [], root / "browser-1")
    await until(process.exited.is_set)
    assert "missing" in process.log_tail()
    await process.aclose(ask=nothing, grace=0)
    os.close(process.pipe.read)
    os.close(process.pipe.write)


class TestFailure:
    """A launch that fails leaves no descriptor, no folder, no process and no lock."""

    @pytest.fixture
    def before(self, root: Path) -> Iterator[None]:
        fds = descriptors()
        yield
        assert descriptors() == fds
        assert list(root.glob("browser-*")) == []

    async def test_a_folder_that_cannot_be_made(self, before: None, root: Path) -> None:
        with pytest.raises(LaunchFailed, match="could not be started"):
            start_chromium(Path("/bin/true"), [], root / "no" / "browser-1")

    async def test_a_folder_that_is_there_already_is_left_alone(self, root: Path) -> None:
        (root / "browser-1").mkdir()
        (root / "browser-1" / "file").write_text("somebody's")
        with pytest.raises(LaunchFailed, match="exists"):
            start_chromium(Path("/bin/true"), [], root / "browser-1")
        assert (root / "browser-1" / "file").read_text() == "somebody's"

    async def test_no_descriptors_left_at_any_point(self, before: None, root: Path) -> None:
        """The limit is raised one by one, so that each of the calls that need one fails in turn."""
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        highest = max(map(int, os.listdir("/proc/self/fd")))
        failures = 0
        for allowed in range(3, highest + 40):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, limit[1]))
            try:
                process = start_chromium(Path("/bin/true"), [], root / "browser-1")
            except LaunchFailed:
                failures += 1
                continue
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limit)
            await until(process.exited.is_set)
            await process.aclose(ask=nothing, grace=0)
            os.close(process.pipe.read)
            os.close(process.pipe.write)
            break
        assert failures > 5
        assert process.returncode is not None
