"""Starting, finding and changing sessions by REST."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = {
    "id", "name", "status", "labels", "created_at", "started_at", "last_activity_at", "ended_at", "end_reason",
    "error", "url", "title", "viewport", "image_id", "app_id", "user_agent", "locale", "timezone", "idle_timeout",
    "max_lifetime", "watching_keeps_alive", "on_crash", "restarts", "queue_position", "expires_at", "viewers", "controller", "tabs", "contexts", "usage",
    "resource_url", "cdp_url", "node", "device", "geolocation", "color_scheme", "proxy", "header_names",
    "ignore_https_errors", "block", "init_scripts", "show_cursor", "on_client_close", "while_controlled",
}  # fmt: skip


async def test_create_answers_a_running_session(api, engine):
    response = await api(
        "POST", "/sessions", {"url": "example.com", "labels": {"team": "red"}, "name": "Shop"}
    )
    assert response.status_code == 201
    body = response.json()
    assert set(body) == FIELDS
    assert body["id"].startswith("ses_")
    assert (body["status"], body["url"], body["name"]) == ("running", "https://example.com", "Shop")
    assert body["labels"] == {"team": "red"}
    assert body["contexts"] == []
    assert [tab["url"] for tab in body["tabs"]] == ["https://example.com"]
    assert body["resource_url"].startswith(f"http://127.0.0.1:8000/live/{body['id']}#")
    assert body["cdp_url"].startswith(f"ws://127.0.0.1:8000/cdp/{body['id']}?token=")
    assert engine.find(body["id"])


async def test_create_passes_on_what_it_is_asked(api, engine):
    asked = {
        "viewport": {"width": 800, "height": 600, "device_scale_factor": 2, "mobile": True},
        "user_agent": "Robot/1",
        "locale": "de-DE",
        "timezone": "Europe/Berlin",
        "idle_timeout": 60,
        "max_lifetime": 120,
        "watching_keeps_alive": False,
        "on_crash": "restart",
        "image_id": "chromium",
    }
    body = (await api("POST", "/sessions", asked)).json()
    assert {name: body[name] for name in asked} == asked
    spec = engine.launched[0].spec
    assert (spec.viewport.width, spec.user_agent, spec.timezone) == (800, "Robot/1", "Europe/Berlin")
    assert (spec.idle_timeout, spec.max_lifetime, spec.watching_keeps_alive) == (60, 120, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "chrome://settings"}, "url"),
        ({"image_id": "windows"}, "image_id"),
        ({"viewport": {"width": 10}}, "viewport.width"),
        ({"viewport": {"depth": 10}}, "viewport.depth"),
        ({"viewport": {"width": "800"}}, "viewport.width"),
        ({"idle_timeout": 0}, "idle_timeout"),
        ({"max_lifetime": 86401}, "max_lifetime"),
        ({"labels": {"bad key": "x"}}, "labels"),
        ({"labels": {"key": 5}}, "labels.key"),
        ({"user_agent": "two\nlines"}, "user_agent"),
        ({"locale": "Klingon!"}, "locale"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"name": "x" * 201}, "name"),
        ({"on_crash": "shrug"}, "on_crash"),
        ({"args": ["--no-sandbox"]}, "args"),
        ([], "body"),
    ],
)
async def test_create_names_the_field_that_is_wrong(api, engine, body, field):
    response = await api("POST", "/sessions", body)
    assert response.status_code == 422, response.content
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not engine.launched


async def test_create_says_when_the_browser_does_not_start(api, engine):
    engine.failure = "Chromium ended at once."
    response = await api("POST", "/sessions", {})
    assert (response.status_code, response.json()["code"]) == (503, "launch_failed")
    [session] = (await api("GET", "/sessions")).json()["items"]
    assert (session["status"], session["end_reason"]) == ("failed", "launch_failed")
    assert session["error"] == "Chromium ended at once."


async def test_create_answers_a_queued_session_when_the_server_is_full(api, engine):
    object.__setattr__(engine.config, "max_sessions", 1)
    running = (await api("POST", "/sessions", {})).json()
    response = await api("POST", "/sessions", {"name": "Patient"})
    assert response.status_code == 201
    body = response.json()
    assert set(body) == FIELDS
    assert (body["status"], body["queue_position"], body["started_at"]) == ("queued", 1, None)
    assert (running["status"], running["queue_position"]) == ("running", None)
    [listed] = (await api("GET", "/sessions?status=queued")).json()["items"]
    assert (listed["id"], listed["queue_position"]) == (body["id"], 1)
    refused = await api("GET", f"/sessions/{body['id']}/info")
    assert (refused.status_code, refused.json()["code"]) == (409, "session_queued")
    released = (await api("POST", f"/sessions/{body['id']}/release")).json()
    assert (released["status"], released["queue_position"]) == ("released", None)


async def test_create_stops_when_the_queue_is_full_too(api, engine, settings):
    object.__setattr__(engine.config, "max_sessions", 1)
    settings.QUARTERDECK_QUEUE = 0
    await api("POST", "/sessions", {})
    response = await api("POST", "/sessions", {})
    assert (response.status_code, response.json()["code"]) == (429, "quota_exceeded")
    assert int(response["Retry-After"]) > 0
    assert len(engine.launched) == 1


async def test_a_viewers_key_gets_addresses_to_look_only(api_of, viewer, start, engine):
    session = await start()
    body = (await (await api_of(viewer))("GET", f"/sessions/{session.id}")).json()
    assert body["cdp_url"] is None
    assert body["resource_url"] != session.resource_url


async def test_patch_changes_name_and_clocks(api, start, engine):
    session = await start()
    response = await api("PATCH", f"/sessions/{session.id}", {"name": "New", "idle_timeout": 30})
    assert response.status_code == 200
    again = (await api("GET", f"/sessions/{session.id}")).json()
    assert (again["name"], again["idle_timeout"], again["max_lifetime"]) == ("New", 30, 3600)
    assert engine.find(session.id).idle_timeout == 30


async def test_an_empty_patch_changes_nothing(api, start):
    session = await start(name="Same")
    assert (await api("PATCH", f"/sessions/{session.id}", {})).json()["name"] == "Same"


async def test_an_ended_session_can_still_be_named(api, start):
    session = await start()
    await api("POST", f"/sessions/{session.id}/release")
    assert (await api("PATCH", f"/sessions/{session.id}", {"name": "Old"})).json()["name"] == "Old"


async def test_get_shows_what_the_browser_shows_now(api, start, engine):
    session = await start(url="example.com")
    engine.find(session.id).show(url="https://example.com/next", title="Next")
    body = (await api("GET", f"/sessions/{session.id}")).json()
    assert (body["url"], body["title"], body["tabs"][0]["title"]) == (
        "https://example.com/next",
        "Next",
        "Next",
    )


async def test_keepalive_restarts_the_idle_clock(api, start, engine):
    session = await start()
    engine.find(session.id).last_activity_at -= 100
    before = (await api("GET", f"/sessions/{session.id}")).json()["expires_at"]
    after = (await api("POST", f"/sessions/{session.id}/keepalive")).json()["expires_at"]
    assert after > before
