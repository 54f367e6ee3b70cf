"""Releasing sessions by REST."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


async def test_release_ends_the_session(api, start, engine):
    session = await start()
    response = await api("POST", f"/sessions/{session.id}/release", {})
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["end_reason"]) == ("released", "released")
    assert body["ended_at"]
    assert body["resource_url"] is None
    assert body["cdp_url"] is None
    assert body["tabs"] == []
    assert engine.launched[0].closed == 1


async def test_a_second_release_answers_the_same(api, start, engine):
    session = await start()
    first = await api("POST", f"/sessions/{session.id}/release")
    second = await api("POST", f"/sessions/{session.id}/release")
    assert second.status_code == 200
    assert second.json() == first.json()
    assert engine.launched[0].closed == 1


async def test_release_by_label(api, start, engine):
    red = await start(labels={"team": "red"})
    blue = await start(labels={"team": "blue"})
    body = (await api("POST", "/sessions/release", {"labels": {"team": "red"}})).json()
    assert [(result["id"], result["released"], result["status"]) for result in body["results"]] == [
        (red.id, True, "released")
    ]
    assert engine.find(blue.id)


async def test_release_by_id_answers_for_each(api, start, engine):
    session = await start()
    body = (await api("POST", "/sessions/release", {"ids": ["ses_missing", session.id]})).json()
    assert [(result["id"], result["released"], result["code"]) for result in body["results"]] == [
        ("ses_missing", False, "session_not_found"),
        (session.id, True, None),
    ]


async def test_release_all(api, start, engine):
    sessions = [await start() for _ in range(3)]
    body = (await api("POST", "/sessions/release", {"all": True})).json()
    assert {result["id"] for result in body["results"]} == {session.id for session in sessions}
    assert not engine.sessions


async def test_release_all_stays_in_the_project(api_of, stranger, start, engine):
    session = await start()
    api = await api_of(stranger)
    assert (await api("POST", "/sessions/release", {"all": True})).json() == {"results": []}
    [result] = (await api("POST", "/sessions/release", {"ids": [session.id]})).json()["results"]
    assert result["code"] == "session_not_found"
    assert engine.find(session.id)


@pytest.mark.parametrize("body", [{}, {"all": False}, {"labels": {}}, {"all": True, "ids": []}])
async def test_release_wants_exactly_one_choice(api, start, engine, body):
    await start()
    assert (await api("POST", "/sessions/release", body)).status_code == 422
    assert len(engine.sessions) == 1
