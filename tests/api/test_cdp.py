"""The page that CDP clients ask for the WebSocket's address."""

from __future__ import annotations

import pytest
from django.test import AsyncClient

from sessions_app.services import sessions
from sessions_app.services.facts import SessionFacts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def session(start):
    return await start()


def page(session, token: str, slash: str = "") -> str:
    return f"/cdp/{session.id}/json/version{slash}?token={token}"


def token_of(session: SessionFacts) -> str:
    return (session.cdp_url or "").partition("token=")[2]


@pytest.mark.parametrize("slash", ["", "/"])
async def test_it_names_the_socket(session, slash):
    response = await AsyncClient().get(page(session, token_of(session), slash))
    assert response.status_code == 200
    assert response.json()["webSocketDebuggerUrl"] == session.cdp_url


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("name", ["/list", ""])
async def test_the_tabs_are_listed_without_addresses(session, engine, name, slash):
    path = page(session, token_of(session), slash).replace("/version", name)
    tab = engine.live[session.id].active_tab
    response = await AsyncClient().get(path)
    listed = [{"id": "T1", "type": "page", "url": tab.url, "title": tab.title}]
    assert (response.status_code, response.json()) == (200, listed)
    assert (await AsyncClient().get(path.replace("token=", "token=x"))).status_code == 401


@pytest.mark.parametrize("name", ["new", "close/T1", "activate/T1", "protocol"])
async def test_nothing_else_is_done_by_http(session, name):
    path = page(session, token_of(session)).replace("version", name)
    for method in ("GET", "PUT"):
        assert (await AsyncClient().generic(method, path)).status_code == 404


@pytest.mark.parametrize(
    ("public", "socket"),
    [("https://desk.example", "wss://desk.example"), ("http://10.0.0.7:8000", "ws://10.0.0.7:8000")],
)
async def test_behind_a_proxy_it_names_the_public_socket(session, settings, public, socket):
    """Whatever a request says of itself."""
    settings.QUARTERDECK_PUBLIC_URL = public
    response = await AsyncClient().get(
        page(session, token_of(session)),
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
    )
    assert response.json()["webSocketDebuggerUrl"] == f"{socket}/cdp/{session.id}?token={token_of(session)}"


async def test_it_wants_the_sessions_own_token(session, start):
    other = await start()
    live_token = session.resource_url.partition("#")[2]
    for wrong in ("", "x", "é", token_of(other), live_token, token_of(session)[:-1]):
        response = await AsyncClient().get(page(session, wrong))
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"


async def test_a_missing_session(engine):
    response = await AsyncClient().get("/cdp/ses_missing/json/version?token=x")
    assert (response.status_code, response.json()["code"]) == (404, "session_not_found")


async def test_an_ended_session(session, operator):
    await sessions.release(operator, session.id)
    response = await AsyncClient().get(page(session, token_of(session)))
    assert (response.status_code, response.json()["code"]) == (410, "session_ended")


async def test_another_method(session):
    response = await AsyncClient().post(page(session, token_of(session)))
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
