"""`cleanup` ends and removes what time left behind, and says so."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from sessions_app.models import Invitation, LiveLink, Node, Session
from sessions_app.services import access, cleanup, links, nodes, sessions

pytestmark = pytest.mark.django_db(transaction=True)


async def test_nothing_is_due(start, operator):
    session = await start()
    await links.create(operator, session.id, role="view")
    await access.create_setup_link()
    report = await cleanup.run()
    assert set(vars(report).values()) == {0}


@pytest.mark.parametrize(("age", "reason"), [(400, "idle_timeout"), (4000, "max_lifetime")])
async def test_sessions_over_time(start, operator, engine, age, reason):
    session = await start()
    then = timezone.now() - timedelta(seconds=age)
    await Session.objects.aupdate(started_at=then, expires_at=timezone.now() - timedelta(minutes=1))
    assert (await cleanup.run()).expired == 1
    facts = await sessions.get(operator, session.id)
    assert (facts.status, facts.end_reason) == ("expired", reason)
    await nodes.heartbeat()
    assert not engine.sessions


async def test_sessions_of_a_dead_server(start, operator):
    session = await start()
    await Node.objects.aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    assert (await cleanup.run()).lost == 1
    assert (await sessions.get(operator, session.id)).end_reason == "server_lost"


async def test_rights_that_ran_out(start, operator):
    session = await start()
    await links.create(operator, session.id, role="view")
    await access.create_setup_link()
    await LiveLink.objects.aupdate(expires_at=timezone.now() - timedelta(days=2))
    await Invitation.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    report = await cleanup.run()
    assert (report.live_links, report.invitations) == (1, 1)


def test_the_command_says_what_it_did(transactional_db):
    out = io.StringIO()
    call_command("cleanup", stdout=out)
    assert out.getvalue().splitlines() == [
        "sessions expired: 0",
        "sessions of lost servers: 0",
        "live links removed: 0",
        "invitations removed: 0",
        "expired logins removed: 0",
    ]
