"""Addresses that a key is shown are worth what the key is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import ApiKey, Role
from sessions_app.services import errors, info, keys, links, nodes, sessions, tokens, viewing
from sessions_app.services.actors import SYSTEM, Actor, Scope
from sessions_app.services.new_session import NewSession

pytestmark = pytest.mark.django_db(transaction=True)


def token_of(url: str | None) -> str:
    return (url or "").partition("#")[2] or (url or "").partition("token=")[2]


@pytest.fixture
async def robot(engine) -> Actor:
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)
    actor = await keys.authenticate_key(token)
    assert actor
    return actor


@pytest.fixture
async def session(robot):
    return await sessions.create(robot, NewSession())


async def opens(session_id: str, *, resource: str, cdp: str) -> tuple[bool, bool]:
    """Whether the live view's and the CDP token still open anything."""
    try:
        await links.exchange(session_id, resource)
        live = True
    except errors.LinkGone:
        live = False
    try:
        await links.check_cdp_token(session_id, cdp)
    except errors.Unauthenticated:
        return live, False
    return live, True


@pytest.mark.parametrize(
    "fallen",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
async def test_they_fall_with_it(session, robot, fallen):
    shown = {"resource": token_of(session.resource_url), "cdp": token_of(session.cdp_url)}
    assert await opens(session.id, **shown) == (True, True)
    await ApiKey.objects.aupdate(**fallen)
    assert await opens(session.id, **shown) == (False, False)


async def test_the_informations_code_is_one_of_them(session, robot):
    told = await info.get(robot, session.id)
    assert told.auth_code == token_of(session.resource_url)
    assert tokens.key_prefix(told.auth_code) == robot.key_prefix
    await keys.revoke_key(SYSTEM, str(robot.key_id))
    with pytest.raises(errors.LinkGone) as refusal:
        await links.exchange(session.id, told.auth_code)
    assert refusal.value.code == "link_revoked"


async def test_other_keys_addresses_stay(session, robot):
    _, token = await keys.create_key(SYSTEM, name="another", role=Role.OPERATOR)
    another = await keys.authenticate_key(token)
    assert another
    shown = await sessions.get(another, session.id)
    assert shown.cdp_url != session.cdp_url
    await keys.revoke_key(SYSTEM, str(robot.key_id))
    assert await opens(session.id, resource=token_of(shown.resource_url), cdp=token_of(shown.cdp_url)) == (
        True,
        True,
    )


async def test_a_persons_are_bound_to_none(session, robot, person):
    shown = await sessions.get(person, session.id)
    await ApiKey.objects.aupdate(revoked_at=timezone.now())
    assert "." not in token_of(shown.resource_url)
    assert await opens(session.id, resource=token_of(shown.resource_url), cdp=token_of(shown.cdp_url)) == (
        True,
        True,
    )


async def test_the_name_of_a_standing_key_does_not_help(session, robot):
    _, token = await keys.create_key(SYSTEM, name="another", role=Role.OPERATOR)
    shown = token_of(session.cdp_url)
    mac = shown.partition(".")[2]
    for wrong in (mac, f".{mac}", f"{token[3:11]}.{mac}", f"{robot.key_prefix}..{mac}", f"{shown}A"):
        with pytest.raises(errors.Unauthenticated):
            await links.check_cdp_token(session.id, wrong)


async def test_what_is_no_token_is_not_remembered(session):
    tokens._session_token.cache_clear()
    for wrong in ("x" * 1000, f"{'x' * 1000}.{'A' * 43}"):
        with pytest.raises(errors.Unauthenticated):
            await links.check_cdp_token(session.id, wrong)
    assert tokens._session_token.cache_info().currsize == 0


async def test_a_ticket_made_of_one_dies_with_the_key(session, robot):
    ticket = await links.exchange(session.id, token_of(session.resource_url))
    await keys.revoke_key(SYSTEM, str(robot.key_id))
    with pytest.raises(errors.Unauthenticated):
        await viewing.redeem(session.id, ticket.url.partition("ticket=")[2], has_origin=True)


async def test_a_viewer_that_came_by_one_is_known_by_its_key(session, robot):
    ticket = await links.exchange(session.id, token_of(session.resource_url))
    admission = await viewing.redeem(session.id, ticket.url.partition("ticket=")[2], has_origin=True)
    assert (admission.key_id, admission.link_id) == (robot.key_id, session.id)
    _, key_id = await links.check_cdp_token(session.id, token_of(session.cdp_url))
    assert key_id == robot.key_id


async def test_revoking_closes_the_devtools_clients_that_came_by_it(session, robot, engine):
    live = engine.find(session.id)
    for key_id in (robot.key_id, None, "key_other"):
        live.plug_in(key_id=key_id)
    await keys.revoke_key(SYSTEM, str(robot.key_id))
    assert [client.key_id for client in live.cdp_clients] == [None, "key_other"]


async def test_a_heartbeat_closes_those_of_a_key_that_fell_elsewhere(session, robot, engine):
    live = engine.find(session.id)
    for key_id in (robot.key_id, None):
        live.plug_in(key_id=key_id)
    await nodes.heartbeat()
    assert len(live.cdp_clients) == 2
    await ApiKey.objects.aupdate(expires_at=timezone.now())
    await nodes.heartbeat()
    assert [client.key_id for client in live.cdp_clients] == [None]


@pytest.mark.parametrize("scope", [Scope.SESSIONS_READ, Scope.SESSIONS_WRITE])
async def test_who_may_not_steer_is_shown_no_way_to(session, scope):
    _, token = await keys.create_key(SYSTEM, name="reader", role=Role.ADMIN, scopes=[scope])
    reader = await keys.authenticate_key(token)
    assert reader
    shown = await sessions.get(reader, session.id)
    assert shown.cdp_url is None
    assert (await links.exchange(session.id, token_of(shown.resource_url))).role == "view"
