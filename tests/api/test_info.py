"""What `GET …/info` gives other systems, used as its documentation uses it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from sessions_app.engine.config import Viewport

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def info_of(api, start):
    """A running session and what its info says: `await info_of(key)`."""

    async def info_of(key=api) -> tuple[Any, dict[str, Any]]:
        session = await start()
        return session, (await key("GET", f"/sessions/{session.id}/info")).json()

    return info_of


def unwrapped(ticket: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4)))
    return fields


async def test_every_field_is_text(info_of):
    session, info = await info_of()
    assert set(info) == {
        "session_id", "resource_id", "resource_url", "app_id", "resource_type", "auth_code",
        "connection_properties", "ticket",
    }  # fmt: skip
    assert all(isinstance(value, str) and value for value in info.values())
    assert info["session_id"] == info["resource_id"] == session.id
    assert info["app_id"] == "quarterdeck-browser-cdp"
    assert "#" not in info["ticket"] + info["auth_code"]


async def test_it_configures_an_sdk(info_of, api):
    session, info = await info_of()
    properties = json.loads(info["connection_properties"])
    assert properties.get("authMode") == "Session"
    assert set(properties) == {"authMode", "role", "socket", "cdp", "viewport"}
    assert properties["role"] == "control"
    assert properties["socket"] == f"ws://127.0.0.1:8000/ws/live/{session.id}"
    assert properties["cdp"] == (await api("GET", f"/sessions/{session.id}")).json()["cdp_url"]
    assert properties["viewport"] == {"width": 1280, "height": 720, "device_scale_factor": 1, "mobile": False}


async def test_the_viewport_is_the_one_of_now(info_of, engine, api):
    session, _ = await info_of()
    engine.find(session.id).viewport = Viewport(width=640, height=480)
    info = (await api("GET", f"/sessions/{session.id}/info")).json()
    assert json.loads(info["connection_properties"])["viewport"]["width"] == 640


async def test_its_auth_code_opens_the_resource(info_of, api):
    session, info = await info_of()
    assert info["resource_url"] == f"http://127.0.0.1:8000/live/{session.id}#{info['auth_code']}"
    opened = await api.client.post(
        f"/live/{session.id}/ticket", {"token": info["auth_code"]}, content_type="application/json"
    )
    assert opened.status_code == 200
    assert opened.json()["url"].startswith(f"ws://testserver/ws/live/{session.id}?ticket=")


async def test_its_ticket_names_a_gateway_that_takes_its_token(info_of, api):
    session, info = await info_of()
    ticket = unwrapped(info["ticket"])
    assert set(ticket) == {"v", "gateway", "token"}
    assert ticket["v"] == 1
    assert ticket["gateway"] == f"http://127.0.0.1:8000/live/{session.id}/ticket"
    opened = await api.client.post(
        urlsplit(ticket["gateway"]).path, {"token": ticket["token"]}, content_type="application/json"
    )
    assert opened.json()["role"] == "control"


async def test_a_viewers_info_only_shows(info_of, api_of, viewer, api):
    session, info = await info_of(await api_of(viewer))
    properties = json.loads(info["connection_properties"])
    assert (properties["role"], properties["cdp"]) == ("view", None)
    token = unwrapped(info["ticket"])["token"]
    assert token == info["auth_code"]
    opened = await api.client.post(
        f"/live/{session.id}/ticket", {"token": token}, content_type="application/json"
    )
    assert opened.json()["role"] == "view"


async def test_it_tells_whether_a_session_found_by_its_id_still_lives(info_of, api):
    """The health check and the recovery of AgentBay's documentation: `info` works until the session has ended."""
    session, _ = await info_of()
    recovered = await api("GET", f"/sessions/{session.id}/info")
    assert recovered.status_code == 200
    await api("POST", f"/sessions/{session.id}/release")
    gone = await api("GET", f"/sessions/{session.id}/info")
    assert (gone.status_code, gone.json()["code"]) == (410, "session_ended")
    assert gone.json()["detail"] == f"session not found: {session.id} (released)"
