"""Rate limits over REST: what a key has left stands in every answer."""

from __future__ import annotations

import time

import pytest
from django.test import AsyncClient

from sessions_app.models import Role
from sessions_app.services import keys, logins
from sessions_app.services.actors import SYSTEM
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


async def robot(rate_limit: int | None = None) -> Api:
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.VIEWER, rate_limit=rate_limit)
    return Api({"Authorization": f"Bearer {token}"})


async def test_every_answer_says_what_is_left(engine, settings):
    settings.QUARTERDECK_RATE_LIMIT = 10
    api = await robot()
    asked = [
        await api("GET", "/sessions"),
        await api("GET", "/sessions/ses_missing"),
        await api("POST", "/sessions", {}),
        await api("POST", "/sessions", b"{"),
        await api("GET", "/sessions?limit=0"),
    ]
    assert [answer.status_code for answer in asked] == [200, 404, 403, 400, 422]
    assert [answer["X-RateLimit-Remaining"] for answer in asked] == ["9", "8", "7", "6", "5"]
    assert {answer["X-RateLimit-Limit"] for answer in asked} == {"10"}
    assert all(time.time() - 1 <= int(answer["X-RateLimit-Reset"]) <= time.time() + 120 for answer in asked)


async def test_too_many(engine):
    api = await robot(rate_limit=2)
    answers = [await api("GET", "/sessions") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused["Retry-After"]) <= 120
    assert refused["X-RateLimit-Remaining"] == "0"
    assert (await (await robot(rate_limit=2))("GET", "/sessions")).status_code == 200


async def test_people_and_strangers_are_told_nothing(engine, nobody):
    user = await logins.create_operator(username="ada", password="correct horse battery", role=Role.ADMIN)
    client = AsyncClient()
    await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for answer in (await client.get("/api/v1/sessions"), await nobody("GET", "/sessions")):
        assert not any(name in answer for name in HEADERS)
