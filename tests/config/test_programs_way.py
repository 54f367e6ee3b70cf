"""A program's request goes a shorter way through the server, and is guarded as well."""

from __future__ import annotations

import httpx
import pytest

from config.asgi import django_application

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def program(api):
    transport = httpx.ASGITransport(django_application)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost/api/v1", headers=api.headers
    ) as client:
        yield client


async def test_it_is_answered_with_all_that_a_program_needs(program):
    answer = await program.get("/sessions")
    assert answer.json()["items"] == []
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert int(answer.headers["x-ratelimit-remaining"]) > 0


async def test_another_host_is_refused(program):
    answer = await program.get("/sessions", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_nothing_is_at_an_unknown_address(program):
    answer = await program.get("/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("headers", [{}, {"Cookie": "quarterdeck_session=x"}])
async def test_a_wrong_key_is_refused_with_and_without_a_cookie(program, headers):
    answer = await program.get("/sessions", headers={"Authorization": "Bearer qd_wrong", **headers})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
