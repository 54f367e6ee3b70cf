"""A server that is well says so; one that is not says what, in numbers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import Node, Session, SessionStatus
from sessions_app.services import nodes
from sessions_app.services.health import GRACE, SHARED, Doctor
from tests.engine.conftest import Clock
from tests.outage import no_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(engine, tmp_path):
    """Where the browsers' folders lie."""
    engine.config = type(engine.config)(chromium={}, sessions_dir=tmp_path)
    return tmp_path


@pytest.fixture
def doctor(folder, clock):
    return Doctor(clock)


@pytest.fixture
def running(start, engine, folder):
    """A session with a process and a folder: `await running()`."""

    async def running():
        live = engine.find((await start()).id)
        live.process.folder = folder / f"browser-{len(engine.live)}"
        live.process.folder.mkdir()
        return live

    return running


@pytest.fixture
def after_grace(doctor, clock):
    """What the doctor says of something that stays."""

    async def after_grace():
        first = await doctor.check()
        assert first.ok, first
        clock.now += GRACE
        return await doctor.check()

    return after_grace


def ill(report):
    return {name: dict(check.figures) for name, check in report.checks.items() if not check.ok}


async def test_a_server_that_is_well(running, after_grace):
    await running()
    await running()
    report = await after_grace()
    assert report.ok
    assert set(report.checks) == {"engine", "database", "lease", "rows", "processes", "folders"}
    assert report.checks["rows"].as_json() == {
        "ok": True, "rows": 2, "live": 2, "without_browser": 0, "without_row": 0
    }  # fmt: skip
    assert report.checks["folders"].figures == {"there": 2, "missing": 0, "without_browser": 0}


async def test_who_waits_in_the_queue_has_no_browser(running, after_grace):
    live = await running()
    await Session.objects.filter(pk=live.id).aupdate(status=SessionStatus.QUEUED)
    live.process.folder.rmdir()
    await live.aclose()
    assert (await after_grace()).ok


async def test_a_row_without_a_browser(running, engine, after_grace):
    live = await running()
    live.process.folder.rmdir()
    del engine.live[live.id]
    assert ill(await after_grace())["rows"] == {
        "rows": 1, "live": 0, "without_browser": 1, "without_row": 0
    }  # fmt: skip


async def test_a_browser_that_starts_is_no_illness(running, engine, after_grace):
    live = await running()
    live.process.folder.rmdir()
    del engine.live[live.id]
    engine.starting.add(live.id)
    assert (await after_grace()).ok


async def test_a_browser_without_a_row(running, after_grace):
    live = await running()
    await Session.objects.filter(pk=live.id).aupdate(status=SessionStatus.LOST, ended_at=timezone.now())
    assert ill(await after_grace())["rows"]["without_row"] == 1


async def test_a_browser_whose_process_is_gone(running, after_grace):
    live = await running()
    live.process.exited.set()
    assert ill(await after_grace()) == {"processes": {"live": 1, "dead": 1}}


async def test_a_browser_whose_folder_is_gone(running, after_grace):
    live = await running()
    live.process.folder.rmdir()
    assert ill(await after_grace()) == {"folders": {"there": 0, "missing": 1, "without_browser": 0}}


async def test_a_folder_of_nobody(folder: Path, after_grace):
    (folder / "browser-left").mkdir()
    (folder / "something-else").mkdir()
    assert ill(await after_grace()) == {"folders": {"there": 1, "missing": 0, "without_browser": 1}}


async def test_what_mends_itself_in_time_is_no_illness(folder: Path, doctor, clock):
    left = folder / "browser-left"
    left.mkdir()
    assert (await doctor.check()).ok
    clock.now += GRACE - 1
    left.rmdir()
    assert (await doctor.check()).ok
    clock.now += 2
    left.mkdir()
    assert (await doctor.check()).ok


async def test_a_lease_that_is_not_renewed(doctor, clock):
    stale = timezone.now() + nodes.LEASE - timedelta(seconds=11)
    await Node.objects.aupdate(lease_until=stale)
    assert list(ill(await doctor.check())) == ["lease"]


async def test_a_database_that_does_not_answer(doctor):
    async with no_database():
        sick = await doctor.check()
    assert set(ill(sick)) == {"database", "lease", "rows"}


async def test_a_server_that_stops_is_not_well(doctor, engine):
    engine.is_open = False
    assert ill(await doctor.check()) == {"engine": {}}


async def test_without_a_server():
    assert ill(await Doctor().check()) == {"engine": {}}


async def test_many_who_ask_share_one_look(running, doctor, clock):
    await running()
    reports = []

    async def ask():
        reports.append(await doctor.check())

    async with asyncio.TaskGroup() as group:
        for _ in range(20):
            group.create_task(ask())
    assert len({id(report) for report in reports}) == 1
    clock.now += SHARED - 0.1
    assert await doctor.check() is reports[0]
    clock.now += 0.2
    assert await doctor.check() is not reports[0]


async def test_another_engine_is_looked_at_anew(doctor, engine):
    assert (await doctor.check()).ok
    runtime.uninstall()
    assert not (await doctor.check()).ok
    runtime.install(engine)
    assert (await doctor.check()).ok
