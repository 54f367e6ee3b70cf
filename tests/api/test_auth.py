"""Keys, logins and what the API answers by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import AsyncClient
from django.utils import timezone

from sessions_app.models import ApiKey, Role, User
from sessions_app.services import keys, logins
from sessions_app.services.actors import SYSTEM
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/sessions"
WRONG = "qd_00000000_" + "x" * 43


@pytest.fixture
async def key(engine):
    return await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)


@pytest.fixture
async def browser(engine):
    """A logged-in operator's browser."""
    user = await logins.create_operator(username="ada", password="correct horse battery", role=Role.OPERATOR)
    client = AsyncClient(enforce_csrf_checks=True)
    await client.aforce_login(user)
    return client


async def test_a_key_in_either_header(key):
    for headers in ({"Authorization": f"Bearer {key[1]}"}, {"X-API-Key": key[1]}):
        assert (await Api(headers)("GET", "/sessions")).status_code == 200


async def test_every_wrong_key_gets_the_same_answer(key):
    _, token = key
    _, expired_token = await keys.create_key(
        SYSTEM, name="old", role=Role.ADMIN, expires_at=timezone.now() - timedelta(seconds=1)
    )
    revoked, revoked_token = await keys.create_key(SYSTEM, name="revoked", role=Role.ADMIN)
    await keys.revoke_key(SYSTEM, revoked.id)
    bodies = set()
    for wrong in (
        "",
        "x",
        WRONG,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        expired_token,
        revoked_token,
    ):
        response = await Api({"Authorization": f"Bearer {wrong}"})("GET", "/sessions")
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        body = response.json()
        del body["request_id"]
        bodies.add(str(body))
    assert len(bodies) == 1


async def test_who_keeps_trying_is_told_to_wait(key):
    answers = [await Api({"X-API-Key": WRONG})("GET", "/sessions") for _ in range(40)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429] * 10
    assert int(answers[-1]["Retry-After"]) > 0
    assert (await Api({"X-API-Key": key[1]})("GET", "/sessions")).status_code == 200


async def test_a_key_is_never_logged(key, caplog):
    row, token = key
    await keys.revoke_key(SYSTEM, row.id)
    await Api({"Authorization": f"Bearer {token}"})("GET", "/sessions")
    assert row.prefix in caplog.text
    assert token[12:] not in caplog.text


async def test_use_is_noted_once_a_minute(key):
    row, token = key
    api = Api({"X-API-Key": token})
    await api("GET", "/sessions")
    first = (await ApiKey.objects.aget(pk=row.pk)).last_used_at
    assert first
    await api("GET", "/sessions")
    assert (await ApiKey.objects.aget(pk=row.pk)).last_used_at == first


async def test_a_login_may_read(browser):
    assert (await browser.get(URL)).status_code == 200


async def test_a_login_changes_nothing_without_its_csrf_token(browser, engine):
    response = await browser.post(URL, "{}", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert not engine.launched


async def test_a_login_with_its_csrf_token(browser, engine):
    await browser.get("/api/v1/docs")
    token = browser.cookies["quarterdeck_csrf"].value
    response = await browser.post(URL, "{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert response.status_code == 201
    ended = await browser.post(
        f"{URL}/{response.json()['id']}/release",
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert ended.json()["end_reason"] == "released_by_operator"


async def test_an_inactive_login(browser):
    user = await User.objects.aget(username="ada")
    user.is_active = False
    await user.asave()
    assert (await browser.get(URL)).status_code == 401


async def test_a_foreign_host_name(nobody):
    nobody.headers = {"Host": "evil.test"}
    response = await nobody("GET", "/sessions")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


async def test_an_address_that_is_none(api):
    response = await api("GET", "/nowhere")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_a_crash_tells_nothing(api, engine):
    engine.find = None
    response = await api("POST", "/sessions", {})
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert b"NoneType" not in response.content
    assert response["X-Request-Id"] == response.json()["request_id"]


async def test_every_answer_has_the_headers_of_a_careful_server(api, nobody):
    for response in (
        await api("GET", "/sessions"),
        await nobody("GET", "/sessions"),
        await api("GET", "/nowhere"),
    ):
        assert response["X-Request-Id"].startswith("req_")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert "'unsafe" not in response["Content-Security-Policy"]


async def test_the_description_is_open_to_all(nobody):
    schema = (await nobody("GET", "/openapi.json")).json()
    assert "/api/v1/sessions/{session_id}/live-links" in schema["paths"]
    assert {"201", "422", "429", "503"} <= schema["paths"]["/api/v1/sessions"]["post"]["responses"].keys()
    page = await nobody("GET", "/docs")
    assert page.status_code == 200
    # Only scripts that the policy allows: files, or data.
    assert page.content.count(b"<script") == page.content.count(b"<script src=") + page.content.count(
        b'<script type="application/json"'
    )
