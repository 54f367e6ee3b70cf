"""What belongs to another project is as unknown as what never was: by REST, pages, sockets and CDP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import AsyncClient

from sessions_app.api.router import api as ninja_api
from sessions_app.models import Membership, Role, SignIn, User
from sessions_app.pages import urls as page_urls
from sessions_app.services import invitations, keys, links, sessions, viewing
from sessions_app.services.actors import Actor
from sessions_app.services.new_session import NewSession
from tests.consumers.conftest import Socket, Stage, path_of

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., Socket]
# Enough of a body for any call to get as far as the object it names.
BODIES: dict[str, Any] = {
    "LinkCreate": {"role": "view"},
    "TicketAsk": {"role": "view"},
    "MemberPut": {"role": "viewer"},
    "ProjectPatch": {"name": "x"},
    "OpenIn": {"url": "example.com"},
    "InteractIn": {"action": "back"},
    "ExecuteIn": {"code": "1"},
    "ScrapeIn": {"elements": [{"selector": "a"}]},
    "StepsRun": {"steps": [{"action": "reload"}]},
}


def calls() -> list[tuple[str, str, Any]]:
    """Every operation on a session or a key that the API has."""
    found = []
    for path, operations in ninja_api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            if "{session_id}" in path or "{key_id}" in path:
                content = operation.get("requestBody", {}).get("content", {})
                shape = str(content.get("application/json", {}).get("schema", ""))
                body: Any = next((body for name, body in BODIES.items() if name in shape), {})
                found.append((method.upper(), path, body))
    return found


def pages() -> list[str]:
    """The address of every page about something of a project or a person, but those that their own token opens.

    A project itself is for the server's administrators (tests/pages/test_projects.py).
    """
    routes = [str(one.pattern) for one in page_urls.urlpatterns]
    return [route for route in routes if "<" in route and not route.startswith(("live/", "access/projects/"))]


@pytest.fixture
async def stranger_client(stranger: Actor) -> AsyncClient:
    """An administrator of the other project, logged in."""
    user = await User.objects.acreate(username="stranger")
    await Membership.objects.acreate(
        user=user, project_id="other", role=Role.ADMIN, created_at=(await User.objects.aget()).date_joined
    )
    client = AsyncClient(raise_request_exception=False)
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


async def own_sign_in() -> int:
    """Of somebody who is not the stranger."""
    ada = await User.objects.acreate(username="insider")
    await AsyncClient().aforce_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return (await SignIn.objects.aget(user=ada)).pk


async def test_every_call_and_every_page(
    session: Stage, stranger_client: AsyncClient, stranger: Actor, admin: Actor, api_of: Any
) -> None:
    key, _ = await keys.create_key(admin, name="robot", role=Role.VIEWER)
    link = (await links.create(admin, session.id, role="view")).link
    invitation, _ = await invitations.create(admin, role=Role.VIEWER, days=1)
    ids = {"session_id": session.id, "key_id": key.id, "link_id": link.id, "tab": "1", "path": "a.txt"}
    ids |= {"invitation_id": str(invitation.pk), "sign_in": str(await own_sign_in())}
    api = await api_of(stranger)
    assert len(calls()) > 20
    for method, path, body in calls():
        response = await api(method, path.removeprefix("/api/v1").format(**ids), body)
        assert response.status_code == 404, (method, path, response.content)
        assert response.json()["code"] in ("session_not_found", "key_not_found")
    assert len(pages()) > 8
    for route in pages():
        path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).format(**ids)
        answers = [
            await stranger_client.get(path),
            await stranger_client.post(path, {"role": "view", "ttl": "900"}),
        ]
        codes = {answer.status_code for answer in answers}
        assert 404 in codes, path
        assert codes <= {404, 405}, path
    assert session.live.viewer_count == 0
    assert not session.live.is_closing
    assert (await keys.get_key(admin, key.id)).state == "active"
    assert (await invitations.page(admin)).items[0].state == "open"
    assert await SignIn.objects.filter(user__username="insider").aexists()
    assert (await links.list_links(admin, session.id)).items[0].revoked_at is None


async def test_lists_show_none_of_it(
    session: Stage, stranger_client: AsyncClient, stranger: Actor, admin: Actor, api_of: Any
) -> None:
    await keys.create_key(admin, name="secret robot", role=Role.VIEWER)
    api = await api_of(stranger)
    for path in ("/sessions", "/sessions?q=ses_", "/keys", "/audit", "/projects/other/members"):
        response = await api("GET", path)
        assert response.status_code == 200
        assert session.id not in response.content.decode()
        assert "secret robot" not in response.content.decode()
    for path in ("/", "/sessions/rows", "/access"):
        shown = (await stranger_client.get(path)).content.decode()
        assert session.id not in shown
        assert "secret robot" not in shown
    released = (await api("POST", "/sessions/release", {"ids": [session.id]})).json()["results"]
    assert [(one["released"], one["code"]) for one in released] == [(False, "session_not_found")]
    assert (await api("POST", "/sessions/release", {"all": True})).json()["results"] == []
    assert not session.live.is_closing


async def test_the_rights_to_one_session_open_no_other(
    session: Stage, connect: Connect, stranger: Actor
) -> None:
    theirs = await sessions.create(stranger, NewSession())
    ticket = await viewing.make_ticket(stranger, theirs.id, "view", origin_required=False)
    viewer = connect(path_of(ticket.url).replace(theirs.id, session.id), origin=None)
    assert await viewer.open()
    assert await viewer.closed() == 4401
    devtools = connect(path_of(theirs.cdp_url or "").replace(theirs.id, session.id), origin=None)
    assert await devtools.open()
    assert await devtools.closed() == 4401
    client = AsyncClient()
    response = await client.get(f"/cdp/{session.id}/json/version", {"token": (theirs.cdp_url or "")[-43:]})
    assert response.status_code == 401
    response = await client.post(
        f"/live/{session.id}/ticket",
        {"token": (theirs.resource_url or "").partition("#")[2]},
        content_type="application/json",
    )
    assert response.status_code == 404


async def test_a_moved_key_prefix_opens_no_other_project(
    session: Stage, connect: Connect, stranger: Actor
) -> None:
    """A standing key of another project cannot lend its name to an address."""
    key, _ = await keys.create_key(stranger, name="robot", role=Role.ADMIN)
    token = (session.facts.cdp_url or "").partition("token=")[2]
    socket = connect(f"/cdp/{session.id}?token={key.prefix}.{token}", origin=None)
    assert await socket.open()
    assert await socket.closed() == 4401
