"""Tickets and live links: who gets in, once, and who no longer does."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from sessions_app.engine.config import Viewport
from sessions_app.models import ApiKey, LiveLink, Role
from sessions_app.services import control, errors, info, keys, labels, links, nodes, sessions, viewing
from sessions_app.services.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def ticket_of(ticket: viewing.Ticket) -> str:
    return parse_qs(urlsplit(ticket.url).query)["ticket"][0]


def token_of(url: str | None) -> str:
    return (url or "").partition("#")[2]


async def enter(session_id: str, ticket: viewing.Ticket) -> viewing.Admission:
    return await viewing.redeem(session_id, ticket_of(ticket), has_origin=True)


async def test_a_ticket_says_who_comes(start, person):
    session = await start()
    ticket = await viewing.make_ticket(person, session.id, "control", origin_required=True)
    admission = await enter(session.id, ticket)
    assert (admission.role, admission.name, admission.kind, admission.operator) == (
        "control",
        "Ada",
        "person",
        True,
    )
    assert admission.user_id == person.user_id


async def test_a_page_connects_to_where_it_came_from(start, person):
    session = await start()
    ticket = await viewing.make_ticket(
        person, session.id, "view", origin_required=True, base_url="https://deck.example"
    )
    assert ticket.url.startswith(f"wss://deck.example/ws/live/{session.id}?ticket=")


async def test_a_ticket_opens_once(start, operator):
    session = await start()
    ticket = ticket_of(await viewing.make_ticket(operator, session.id, "view", origin_required=False))

    async def attempt() -> bool:
        try:
            await viewing.redeem(session.id, ticket, has_origin=False)
        except errors.Unauthenticated:
            return False
        return True

    async with asyncio.TaskGroup() as group:
        attempts = [group.create_task(attempt()) for _ in range(5)]
    assert sum(attempt.result() for attempt in attempts) == 1


async def test_a_ticket_opens_its_own_session_only(start, operator):
    session, other = await start(), await start()
    ticket = ticket_of(await viewing.make_ticket(operator, session.id, "view", origin_required=False))
    with pytest.raises(errors.Unauthenticated):
        await viewing.redeem(other.id, ticket, has_origin=False)


async def test_a_pages_ticket_needs_an_origin(start, person):
    session = await start()
    ticket = ticket_of(await viewing.make_ticket(person, session.id, "view", origin_required=True))
    with pytest.raises(errors.Unauthenticated):
        await viewing.redeem(session.id, ticket, has_origin=False)


async def test_an_unknown_ticket(start):
    session = await start()
    with pytest.raises(errors.Unauthenticated):
        await viewing.redeem(session.id, "é" * 43, has_origin=True)


async def test_a_ticket_outlives_neither_its_minute_nor_its_key(start, engine):
    session = await start()
    key, token = await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)
    robot = await keys.authenticate_key(token)
    assert robot
    ticket = await viewing.make_ticket(robot, session.id, "view", origin_required=False)
    await keys.revoke_key(SYSTEM, key.id)
    assert engine.find(session.id).disconnected == [{"key_id": key.id}]
    with pytest.raises(errors.Unauthenticated):
        await enter(session.id, ticket)
    assert ticket.expires_in == 60
    cache.clear()


async def test_the_resource_url_steers(start):
    session = await start()
    ticket = await links.exchange(session.id, token_of(session.resource_url))
    admission = await enter(session.id, ticket)
    assert (ticket.role, admission.role, admission.operator, admission.link_id) == (
        "control", "control", False, session.id,
    )  # fmt: skip


async def test_a_viewers_resource_url_looks_only(start, viewer):
    session = await sessions.get(viewer, (await start()).id)
    assert (await links.exchange(session.id, token_of(session.resource_url))).role == "view"


async def test_tokens_open_nothing_but_their_own(start):
    one, two = await start(), await start()
    token = token_of(one.resource_url)
    cdp_token = one.cdp_url.partition("token=")[2]
    for link_id, wrong in (
        (one.id, token[:-1] + ("A" if token[-1] != "A" else "B")),
        (one.id, ""),
        (one.id, "é"),
        (one.id, cdp_token),
        (two.id, token),
        ("ses_missing", token),
        ("lnk_missing", token),
    ):
        with pytest.raises(errors.NotFound) as refusal:
            await links.exchange(link_id, wrong)
        assert refusal.value.code == "link_not_found"


async def test_a_made_link(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view", max_viewers=3)
    ticket = await links.exchange(made.link.id, token_of(made.url), base_url="http://localhost:8000")
    admission = await enter(session.id, ticket)
    assert ticket.url.startswith("ws://localhost:8000/")
    assert (admission.role, admission.link_id, admission.max_viewers) == ("view", made.link.id, 3)
    assert token_of(made.url) not in (await LiveLink.objects.aget()).digest


async def test_a_link_for_one_use(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view", one_time=True)
    await links.exchange(made.link.id, token_of(made.url))
    with pytest.raises(errors.LinkGone) as refusal:
        await links.exchange(made.link.id, token_of(made.url))
    assert refusal.value.code == "link_used"


async def test_a_revoked_link(start, operator, engine):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    ticket = await links.exchange(made.link.id, token_of(made.url))
    await links.revoke(operator, session.id, made.link.id)
    assert engine.find(session.id).disconnected == [{"link_id": made.link.id}]
    with pytest.raises(errors.Unauthenticated):
        await enter(session.id, ticket)
    with pytest.raises(errors.LinkGone) as refusal:
        await links.exchange(made.link.id, token_of(made.url))
    assert refusal.value.code == "link_revoked"


async def test_a_link_of_an_ended_session_can_be_revoked(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    await sessions.release(operator, session.id)
    await links.revoke(operator, session.id, made.link.id)
    assert (await LiveLink.objects.aget()).revoked_at


async def test_an_expired_link_is_cut(start, operator, engine):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    await LiveLink.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.LinkGone) as refusal:
        await links.exchange(made.link.id, token_of(made.url))
    assert refusal.value.code == "link_expired"
    live = engine.find(session.id)
    for link_id in (made.link.id, session.id, None):
        live.seat(link_id=link_id)
    await nodes.heartbeat()
    assert live.disconnected == [{"link_id": made.link.id}]
    assert len(live.audience.hub.viewers) == 2


@pytest.mark.parametrize(
    "fallen", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(hours=2)}]
)
async def test_what_another_process_revoked_is_cut(start, operator, engine, fallen):
    """A link and a key that fell, however long ago; those that stand stay."""
    session = await start()
    live = engine.find(session.id)
    link, kept_link = [(await links.create(operator, session.id, role="view")).link for _ in range(2)]
    key, kept_key = [(await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER))[0] for _ in range(2)]
    for link_id in (link.id, kept_link.id):
        live.seat(link_id=link_id)
    for key_id in (key.id, kept_key.id):
        live.seat(key_id=key_id)
    await LiveLink.objects.filter(pk=link.pk).aupdate(**fallen)
    await ApiKey.objects.filter(pk=key.pk).aupdate(**fallen)
    await nodes.heartbeat()
    assert live.disconnected == [{"link_id": link.id}, {"key_id": key.id}]
    assert len(live.audience.hub.viewers) == 2


async def test_a_ticket_outlives_neither_link_nor_key_that_expired(start, operator):
    session = await start()
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)
    robot = await keys.authenticate_key(token)
    assert robot
    made = await links.create(operator, session.id, role="view")
    tickets = [
        await viewing.make_ticket(robot, session.id, "view", origin_required=False),
        await links.exchange(made.link.id, token_of(made.url)),
    ]
    past = timezone.now() - timedelta(seconds=1)
    await LiveLink.objects.aupdate(expires_at=past)
    await ApiKey.objects.aupdate(expires_at=past)
    for ticket in tickets:
        with pytest.raises(errors.Unauthenticated):
            await enter(session.id, ticket)


async def test_what_changes_a_session_is_activity(start, operator, engine):
    session = await start()
    live = engine.find(session.id)
    made = await links.create(operator, session.id, role="view")
    changes = [
        lambda: sessions.update(operator, session.id, name="New"),
        lambda: labels.replace(operator, session.id, labels={"a": "b"}),
        lambda: labels.merge(operator, session.id, labels={"c": "d"}),
        lambda: links.create(operator, session.id, role="view"),
        lambda: links.revoke(operator, session.id, made.link.id),
        lambda: links.revoke_all(operator, session.id),
        lambda: viewing.make_ticket(operator, session.id, "view", origin_required=False),
        lambda: control.take(operator, session.id),
        lambda: control.give_back(operator, session.id),
    ]
    for change in changes:
        before = live.touched
        await change()
        assert live.touched > before
    touched = live.touched
    await sessions.get(operator, session.id)
    await viewing.thumbnail(operator, session.id)
    await labels.get(operator, session.id)
    assert live.touched == touched


async def test_the_screen_is_shown_as_it_is_now(start, operator, engine):
    session = await start()
    engine.find(session.id).viewport = Viewport(width=640, height=480)
    assert (await sessions.get(operator, session.id)).viewport["width"] == 640
    shown = json.loads((await info.get(operator, session.id)).connection_properties)["viewport"]
    assert (shown["width"], shown["height"]) == (640, 480)
    ended = await sessions.release(operator, session.id)
    assert ended.viewport["width"] == session.viewport["width"]


async def test_a_link_says_expired_only_to_who_has_its_token(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    await links.revoke(operator, session.id, made.link.id)
    with pytest.raises(errors.NotFound):
        await links.exchange(made.link.id, "wrong")


async def test_a_link_of_an_ended_session(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    await sessions.release(operator, session.id)
    for link_id, url in ((made.link.id, made.url), (session.id, session.resource_url)):
        with pytest.raises(errors.SessionEnded):
            await links.exchange(link_id, token_of(url))


async def test_revoking_all_cuts_every_way_in(start, operator, engine):
    session = await start()
    made = await links.create(operator, session.id, role="control")
    own = await links.exchange(session.id, token_of(session.resource_url))
    await links.revoke_all(operator, session.id)
    live = engine.find(session.id)
    assert live.disconnected == [{"link_id": session.id}, {"link_id": made.link.id}]
    assert live.detached == 1
    with pytest.raises(errors.Unauthenticated):
        await enter(session.id, own)
    with pytest.raises(errors.NotFound):
        await links.exchange(session.id, token_of(session.resource_url))
    with pytest.raises(errors.Unauthenticated):
        await links.check_cdp_token(session.id, session.cdp_url.partition("token=")[2])


async def test_a_new_secret_key_verifies_what_the_old_one_signed(start, settings):
    session = await start()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new" * 20
    assert (await links.exchange(session.id, token_of(session.resource_url))).role == "control"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(errors.NotFound):
        await links.exchange(session.id, token_of(session.resource_url))


async def test_control_passes_from_a_program_to_a_person(start, operator, person):
    session = await start()
    await control.take(operator, session.id)
    assert (await control.take(person, session.id)).name == "Ada"
    with pytest.raises(errors.Conflict):
        await control.take(operator, session.id)


async def test_a_screenshot_of_a_page_that_does_not_paint(engine, viewer, start):
    session = await start()
    engine.live[session.id].painting.clear()
    with pytest.raises(errors.Conflict, match=r"no picture within 0\.01 seconds"):
        await viewing.screenshot(viewer, session.id, limit=0.01)


async def test_no_screenshot_of_a_crashed_tab(engine, viewer, start):
    session = await start()
    engine.live[session.id].show(crashed=True)
    with pytest.raises(errors.Conflict, match="The tab has crashed"):
        await viewing.screenshot(viewer, session.id)
