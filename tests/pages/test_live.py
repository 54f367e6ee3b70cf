"""The page behind a resource_url, which needs no login."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sessions_app.models import LiveLink
from sessions_app.services import links, sessions, viewing
from tests.pages.conftest import Person

pytestmark = pytest.mark.django_db(transaction=True)


async def ask(person, link_id, token, **options):
    return await person.client.post(
        f"/live/{link_id}/ticket", {"token": token}, **{"content_type": "application/json", **options}
    )


def parts(url: str) -> tuple[str, str]:
    path, _, token = url.partition("#")
    return path.rpartition("/")[2], token


@pytest.fixture
async def link(start, operator):
    session = await start()
    return await links.create(operator, session.id, role="control")


async def test_the_page_is_the_same_whether_there_is_a_session_or_not(visitor, start):
    session = await start(name="secret plan")
    real = await visitor.get(f"/live/{session.id}")
    unreal = await visitor.get("/live/ses_never")
    assert real.status_code == unreal.status_code == 200
    blank = unreal.content.decode().replace("ses_never", session.id)
    # The moment of rendering apart.
    assert real.content.decode().split("<head>")[1] == blank.split("<head>")[1]
    assert "secret plan" not in blank
    assert "<nav" not in blank.partition("data-viewer")[0]


async def test_it_lets_no_address_out(visitor, link):
    response = await visitor.get(f"/live/{link.link.id}")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert not response.cookies


async def test_a_resource_url_opens_its_session(visitor, start):
    session = await start()
    response = await ask(visitor, *parts(session.resource_url))
    body = response.json()
    assert response["Cache-Control"] == "no-store"
    assert (body["role"], body["expires_in"]) == ("control", 60)
    address, _, ticket = body["url"].partition("?ticket=")
    assert address == f"ws://testserver/ws/live/{session.id}"
    assert (await viewing.redeem(session.id, ticket, has_origin=True)).name == "Guest"


async def test_it_needs_no_cookie_and_no_csrf_token(link):
    assert (await ask(Person(csrf=True), *parts(link.url))).status_code == 200


@pytest.mark.parametrize("change", ["token", "id", "other session"])
async def test_a_wrong_link_tells_nothing(visitor, start, change):
    session, other = await start(), await start()
    link_id, token = parts(session.resource_url)
    if change == "token":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    else:
        link_id = "ses_never" if change == "id" else other.id
    response = await ask(visitor, link_id, token)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["code"], response.json()["title"]) == ("link_not_found", "Link not known")
    assert response["Cache-Control"] == "no-store"


async def test_an_expired_link(visitor, link):
    await LiveLink.objects.aupdate(expires_at=timezone.now())
    response = await ask(visitor, *parts(link.url))
    assert (response.status_code, response.json()["code"]) == (410, "link_expired")


async def test_a_revoked_link(visitor, operator, link):
    await links.revoke(operator, link.link.session_id, link.link.id)
    response = await ask(visitor, *parts(link.url))
    assert (response.status_code, response.json()["code"]) == (410, "link_revoked")
    assert response.json()["detail"] == "This link was revoked."


@pytest.mark.parametrize("own", [True, False])
async def test_a_link_to_an_ended_session(visitor, operator, start, link, own):
    session = await sessions.get(operator, link.link.session_id)
    await sessions.release(operator, session.id)
    response = await ask(visitor, *parts((own and session.resource_url) or link.url))
    assert (response.status_code, response.json()["code"]) == (410, "session_ended")
    assert response.json()["title"] == "Session ended"
    assert response.json()["detail"] == "This session was released."


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("token=x", "application/x-www-form-urlencoded", 415),
        ('{"token": "x"}', "text/plain", 415),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"token": 1}', "application/json", 400),
        ('{"token": "' + "x" * 5000 + '"}', "application/json", 413),
        ("[" * 4000, "application/json", 400),
    ],
)
async def test_what_is_no_token(visitor, link, body, content_type, status):
    response = await visitor.client.generic(
        "POST", f"/live/{link.link.id}/ticket", body, content_type=content_type
    )
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


async def test_a_ticket_is_not_got_by_looking(visitor, link):
    assert (await visitor.get(f"/live/{link.link.id}/ticket")).status_code == 405
