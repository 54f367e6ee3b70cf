"""A request that has a name makes one session, however often it is sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import IdempotencyKey, Session, SessionStatus
from sessions_app.services import cleanup, idempotency, nodes, sessions
from sessions_app.services.new_session import NewSession
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)


def named(api: Api, key: str) -> Api:
    return Api({**api.headers, "Idempotency-Key": key})


async def test_the_same_request_again_answers_the_same_session(api, engine):
    body = {"url": "https://example.com/", "labels": {"a": "1", "b": "2"}}
    first = await named(api, "one")("POST", "/sessions", body)
    again = await named(api, "one")("POST", "/sessions", {**body, "labels": {"b": "2", "a": "1"}})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again.json()["labels"] == body["labels"]
    assert len(engine.launched) == 1


async def test_another_name_is_another_session(api, engine):
    for key in ("one", "two"):
        assert (await named(api, key)("POST", "/sessions", {})).status_code == 201
    assert len(engine.launched) == 2


async def test_the_same_name_for_another_request_is_a_mistake(api, engine):
    await named(api, "one")("POST", "/sessions", {"name": "First"})
    other = await named(api, "one")("POST", "/sessions", {"name": "Second"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert [error["field"] for error in other.json()["errors"]] == ["Idempotency-Key"]
    assert await Session.objects.acount() == 1


async def test_of_two_at_once_the_second_waits_for_the_first(api, engine):
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(named(api, "one")("POST", "/sessions", {}))
        await engine.asked.wait()
        second = group.create_task(named(api, "one")("POST", "/sessions", {}))
        third = group.create_task(named(api, "one")("POST", "/sessions", {"name": "Other"}))
        assert (await third).status_code == 422
        assert not second.done()
        engine.launching.set()
    answers = [first.result(), second.result()]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert {answer.json()["status"] for answer in answers} == {"running"}
    assert len(engine.launched) == 1


async def test_twenty_at_once_make_one_browser(api, engine):
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(named(api, "one")("POST", "/sessions", {})) for _ in range(20)]
    assert {one.result().status_code for one in asked} == {201}
    assert len({one.result().json()["id"] for one in asked}) == 1
    assert await Session.objects.acount() == 1


async def test_a_launch_that_failed_frees_the_name(api, engine):
    engine.failure = "Chromium ended at once."
    assert (await named(api, "one")("POST", "/sessions", {})).status_code == 503
    engine.failure = ""
    again = await named(api, "one")("POST", "/sessions", {})
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again


async def test_who_waited_for_a_launch_that_failed_tries_itself(api, engine):
    engine.failure = "Chromium ended at once."
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(named(api, "one")("POST", "/sessions", {}))
        await engine.asked.wait()
        second = group.create_task(named(api, "one")("POST", "/sessions", {}))
        engine.launching.set()
    assert {first.result().status_code, second.result().status_code} == {503}
    assert await Session.objects.acount() == 2
    assert not await IdempotencyKey.objects.aexists()


async def test_a_client_that_hung_up_may_ask_again(api, operator, engine):
    request = idempotency.Request.of("one", {})
    engine.launching.clear()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(idempotency.create(operator, NewSession(), request))
        await engine.asked.wait()
        asking.cancel()
    engine.launching.set()
    session, replayed = await idempotency.create(operator, NewSession(), request)
    assert (session.status, replayed) == (SessionStatus.RUNNING, False)
    assert len(engine.sessions) == 1


async def test_a_full_server_still_answers_what_it_made_before(api, engine, settings):
    object.__setattr__(engine.config, "max_sessions", 1)
    settings.QUARTERDECK_QUEUE = 0
    first = await named(api, "one")("POST", "/sessions", {})
    assert (await named(api, "two")("POST", "/sessions", {})).status_code == 429
    again = await named(api, "one")("POST", "/sessions", {})
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    settings.QUARTERDECK_QUEUE = 1
    assert (await named(api, "two")("POST", "/sessions", {})).json()["status"] == "queued"
    assert (await named(api, "two")("POST", "/sessions", {})).json()["queue_position"] == 1


async def test_it_is_known_after_a_restart_and_after_the_session_ended(api, engine):
    first = await named(api, "one")("POST", "/sessions", {})
    engine.live.clear()
    await nodes.register()
    await sessions.sweep_lost()
    again = await named(api, "one")("POST", "/sessions", {})
    assert (again.json()["id"], again.json()["status"]) == (first.json()["id"], "lost")
    assert again["Idempotent-Replayed"] == "true"


async def test_names_are_a_projects_own(api, api_of, stranger, engine):
    await named(api, "one")("POST", "/sessions", {})
    other = await named(await api_of(stranger), "one")("POST", "/sessions", {"name": "Mine"})
    assert other.status_code == 201


async def test_after_a_day_it_is_forgotten(api, engine):
    first = await named(api, "one")("POST", "/sessions", {})
    await IdempotencyKey.objects.aupdate(created_at=timezone.now() - timedelta(hours=24))
    second = await named(api, "one")("POST", "/sessions", {"name": "Other"})
    assert second.json()["id"] != first.json()["id"]
    await IdempotencyKey.objects.aupdate(created_at=timezone.now() - timedelta(hours=25))
    assert (await cleanup.run()).idempotency_keys == 1


@pytest.mark.parametrize("key", ["x" * 256, "", "tab\there", "ключ".encode().decode("latin1")])
async def test_a_name_that_cannot_be(api, engine, key):
    response = await named(api, key)("POST", "/sessions", {})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    assert [error["field"] for error in response.json()["errors"]] == ["Idempotency-Key"]
    assert not engine.launched


async def test_the_longest_name(api, engine):
    assert (await named(api, "~" * 255)("POST", "/sessions", {})).status_code == 201
