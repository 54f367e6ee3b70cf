"""`cleanup` ends and removes what time left behind, and says so."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import AuditEntry, Event, Invitation, Label, LiveLink, Node, Session
from sessions_app.services import audit, cleanup, links, logins, nodes, sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def beside_a_server(engine):
    """As the command runs: in a process that has no browsers."""

    @contextmanager
    def beside() -> Iterator[None]:
        node = nodes.current()
        runtime.uninstall()
        nodes.forget()
        yield
        runtime.install(engine)
        nodes._registered.append(node)

    return beside


async def test_nothing_is_due(start, operator):
    session = await start()
    await links.create(operator, session.id, role="view")
    await logins.create_setup_link()
    report = await cleanup.run()
    assert set(vars(report).values()) == {0}


@pytest.mark.parametrize(("age", "reason"), [(400, "idle_timeout"), (4000, "max_lifetime")])
async def test_sessions_over_time(start, operator, engine, beside_a_server, age, reason):
    session = await start()
    then = timezone.now() - timedelta(seconds=age)
    await Session.objects.aupdate(started_at=then, expires_at=timezone.now() - timedelta(minutes=1))
    with beside_a_server():
        assert (await cleanup.run()).expired == 1
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == ("expired", reason)
    await nodes.heartbeat()
    assert not engine.sessions


async def test_a_server_lives_by_its_own_clock_even_when_the_machines_jumps(start, operator):
    session = await start()
    long_ago = timezone.now() - timedelta(hours=1)
    await Session.objects.aupdate(expires_at=long_ago)
    await Node.objects.aupdate(lease_until=long_ago)
    report = await cleanup.run()
    assert (report.expired, report.lost) == (0, 0)
    assert (await sessions.get(operator, session.id)).status == "running"


async def test_sessions_of_a_dead_server(start, operator, engine, beside_a_server):
    object.__setattr__(engine.config, "max_sessions", 1)
    session, waiting = await start(), await start()
    await Node.objects.aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    with beside_a_server():
        assert (await cleanup.run()).lost == 1
    assert (await sessions.get(operator, session.id)).end_reason == "server_lost"
    assert (await sessions.get(operator, waiting.id)).status == "queued"


async def test_sessions_whose_time_in_the_queue_ran_out(start, operator, engine, settings):
    object.__setattr__(engine.config, "max_sessions", 1)
    await start()
    waiting = await start()
    settings.QUARTERDECK_QUEUE_TIMEOUT = 0
    assert (await cleanup.run()).gave_up == 1
    assert (await sessions.get(operator, waiting.id)).end_reason == "launch_failed"


async def test_sessions_that_ended_long_ago_are_forgotten_with_all_that_is_theirs(start, operator):
    old = [await start(labels={"a": "1"}) for _ in range(25)]
    recent, running = await start(), await start()
    for session in (*old, recent):
        await links.create(operator, session.id, role="view")
        await sessions.release(operator, session.id)
    ids = [session.id for session in old]
    now = timezone.now()
    await Session.objects.filter(pk__in=ids).aupdate(ended_at=now - timedelta(days=30, seconds=1))
    await Session.objects.filter(pk=recent.id).aupdate(ended_at=now - timedelta(days=29))
    assert (await cleanup.run()).forgotten == 25
    assert {pk async for pk in Session.objects.values_list("pk", flat=True)} == {recent.id, running.id}
    for model in (Label, Event, LiveLink):
        assert not await model.objects.filter(session_id__in=ids).aexists()


async def test_nothing_is_forgotten_when_all_is_kept(start, operator, settings):
    settings.QUARTERDECK_RETENTION_DAYS = 0
    session = await start()
    await sessions.release(operator, session.id)
    await Session.objects.aupdate(ended_at=timezone.now() - timedelta(days=4000))
    assert (await cleanup.run()).forgotten == 0


async def test_audit_entries_are_forgotten_too(project, operator):
    await audit.record(operator, "key.created", "key_1")
    await AuditEntry.objects.aupdate(at=timezone.now() - timedelta(days=31))
    await audit.record(operator, "key.created", "key_2")
    assert (await cleanup.run()).audit_entries == 1


async def test_rights_that_ran_out(start, operator):
    session = await start()
    await links.create(operator, session.id, role="view")
    await logins.create_setup_link()
    await LiveLink.objects.aupdate(expires_at=timezone.now() - timedelta(days=2))
    await Invitation.objects.aupdate(expires_at=timezone.now() - timedelta(days=2))
    report = await cleanup.run()
    assert (report.live_links, report.invitations) == (1, 1)


def test_the_command_says_what_it_did(transactional_db):
    out = io.StringIO()
    call_command("cleanup", stdout=out)
    assert out.getvalue().splitlines() == [
        "sessions expired: 0",
        "sessions of lost servers: 0",
        "queued sessions whose time ran out: 0",
        "ended sessions forgotten: 0",
        "live links removed: 0",
        "idempotency keys removed: 0",
        "invitations removed: 0",
        "expired logins removed: 0",
        "audit entries removed: 0",
        "measurements removed: 0",
    ]
