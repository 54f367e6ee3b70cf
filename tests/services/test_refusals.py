"""What services refuse by themselves, whoever calls them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app import runtime
from sessions_app.engine.config import Viewport
from sessions_app.engine.errors import BrowserClosed, NoPicture
from sessions_app.models import EndReason, Role, Session, SessionStatus
from sessions_app.services import ending, errors, keys, links, nodes, sessions, tabs, viewing
from sessions_app.services.actors import SYSTEM
from sessions_app.services.new_session import NewSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (NewSession(url="file:///etc/passwd"), "url"),
        (NewSession(name="x" * 201), "name"),
        (NewSession(image_id="windows"), "image_id"),
        (NewSession(viewport=Viewport(width=99)), "viewport.width"),
        (NewSession(viewport=Viewport(height=4097)), "viewport.height"),
        (NewSession(viewport=Viewport(device_scale_factor=0)), "viewport.device_scale_factor"),
        (NewSession(user_agent="x" * 1025), "user_agent"),
        (NewSession(locale="x"), "locale"),
        (NewSession(timezone="../../etc/passwd"), "timezone"),
        (NewSession(idle_timeout=0), "idle_timeout"),
        (NewSession(max_lifetime=86401), "max_lifetime"),
        (NewSession(on_crash="shrug"), "on_crash"),
        (NewSession(labels={"": "x"}), "labels"),
        (NewSession(labels={"k": "x" * 256}), "labels.k"),
    ],
)
async def test_a_session_that_cannot_be(engine, operator, asked, field):
    with pytest.raises(errors.Invalid) as refusal:
        await sessions.create(operator, asked)
    assert refusal.value.field == field
    assert not await Session.objects.aexists()


@pytest.mark.parametrize(("asked", "field"), [({"ttl": 0}, "ttl"), ({"max_viewers": 0}, "max_viewers")])
async def test_a_link_that_cannot_be(start, operator, asked, field):
    session = await start()
    with pytest.raises(errors.Invalid) as refusal:
        await links.create(operator, session.id, role="view", **asked)
    assert refusal.value.field == field


async def test_a_session_that_has_not_started_cannot_be_used_yet(start, operator):
    session = await start()
    await Session.objects.aupdate(status=SessionStatus.STARTING)
    with pytest.raises(errors.Conflict) as refusal:
        await tabs.list_tabs(operator, session.id)
    assert refusal.value.code == "session_starting"


async def test_a_browser_that_cannot_answer_is_a_conflict(start, engine, operator):
    session = await start()
    live = engine.find(session.id)
    live.failure = BrowserClosed("The browser is gone.")
    with pytest.raises(errors.Conflict) as refusal:
        await tabs.open_tab(operator, session.id)
    assert refusal.value.code == "browser_unavailable"
    live.failure = NoPicture("The tab gave no picture.")
    with pytest.raises(errors.Conflict) as refusal:
        await viewing.thumbnail(operator, session.id)
    assert refusal.value.code == "no_picture"


async def test_a_row_that_was_swept_while_it_ended_stays_swept(start, engine, operator):
    session = await start()
    rows = Session.objects.filter(pk=session.id)

    async def swept(**_: str) -> None:
        await rows.aupdate(
            status=SessionStatus.LOST, end_reason=EndReason.SERVER_LOST, ended_at=timezone.now()
        )

    engine.find(session.id).aclose = swept
    assert (await sessions.release(operator, session.id)).status == SessionStatus.LOST


async def test_without_a_server_there_are_no_browsers(project):
    key, _ = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER)
    assert (await keys.revoke_key(SYSTEM, key.id)).revoked_at
    with pytest.raises(RuntimeError, match="serve"):
        runtime.engine()


async def test_rows_can_be_read_and_ended_without_a_server(start, engine, operator):
    session = await start()
    runtime.uninstall()
    assert (await sessions.get(operator, session.id)).tabs == ()
    await ending.end(session.id, EndReason.RELEASED)
    assert (await sessions.get(operator, session.id)).status == SessionStatus.RELEASED


def test_a_process_that_has_not_registered_is_no_node():
    nodes.forget()
    with pytest.raises(RuntimeError, match="serve"):
        nodes.current()


async def test_the_clocks_never_run_backwards(start, operator):
    session = await start()
    await Session.objects.aupdate(started_at=timezone.now() + timedelta(hours=1))
    assert (await sessions.get(operator, session.id)).usage.seconds == 0
