"""Every call refuses the same things in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from sessions_app.api.router import api as ninja_api
from sessions_app.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
MISSING = "ses_missing"


@dataclass(frozen=True)
class Call:
    """`role` is the least that may; `ended` is what an ended session answers."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    role: Role = Role.VIEWER
    ended: int = 410

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def of(self, session_id: str) -> str:
        return self.path.format(id=session_id)


OPERATOR = Role.OPERATOR
CALLS = [
    Call("POST", "/sessions", {}, OPERATOR),
    Call("GET", "/sessions"),
    Call("POST", "/sessions/release", {"all": True}, OPERATOR),
    Call("GET", "/sessions/{id}", ended=200),
    Call("PATCH", "/sessions/{id}", {"idle_timeout": 60}, OPERATOR),
    Call("GET", "/sessions/{id}/labels", ended=200),
    Call("PUT", "/sessions/{id}/labels", {}, OPERATOR, ended=200),
    Call("PATCH", "/sessions/{id}/labels", {}, OPERATOR, ended=200),
    Call("GET", "/sessions/{id}/info"),
    Call("POST", "/sessions/{id}/keepalive", None, OPERATOR),
    Call("POST", "/sessions/{id}/release", None, OPERATOR, ended=200),
    Call("GET", "/sessions/{id}/tabs"),
    Call("POST", "/sessions/{id}/tabs", {}, OPERATOR),
    Call("POST", "/sessions/{id}/tabs/1/activate", None, OPERATOR),
    Call("DELETE", "/sessions/{id}/tabs/1", None, OPERATOR),
    Call("GET", "/sessions/{id}/events", ended=200),
    Call("POST", "/sessions/{id}/live-links", {"role": "view"}),
    Call("GET", "/sessions/{id}/live-links", ended=200),
    Call("DELETE", "/sessions/{id}/live-links", None, OPERATOR, ended=204),
    Call("DELETE", "/sessions/{id}/live-links/lnk_x", None, OPERATOR, ended=404),
    Call("GET", "/sessions/{id}/control"),
    Call("POST", "/sessions/{id}/control", None, OPERATOR),
    Call("DELETE", "/sessions/{id}/control", None, OPERATOR),
    Call("POST", "/sessions/{id}/viewer-tickets", {"role": "view"}),
    Call("GET", "/sessions/{id}/thumbnail"),
]
OF_A_SESSION = [call for call in CALLS if "{id}" in call.path]
TAKE_FIELDS = [
    call for call in CALLS if call.method != "GET" and call.method != "DELETE" and "/labels" not in call.path
]

each = pytest.mark.parametrize("call", CALLS, ids=str)
each_of_a_session = pytest.mark.parametrize("call", OF_A_SESSION, ids=str)
each_with_fields = pytest.mark.parametrize("call", TAKE_FIELDS, ids=str)


def problem(response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response["X-Request-Id"]
    assert body["title"]
    assert body["detail"]
    return body


def test_the_table_is_complete():
    paths = ninja_api.get_openapi_schema()["paths"]
    served = {
        (method.upper(), path.removeprefix("/api/v1")) for path, calls in paths.items() for method in calls
    }
    names = {"1": "{tab}", "lnk_x": "{link_id}", "{id}": "{session_id}"}
    tested = {
        (call.method, "/".join(names.get(part, part) for part in call.path.split("/"))) for call in CALLS
    }
    assert tested == served


@each
async def test_it_wants_a_key(call, nobody, start):
    session = await start()
    problem(await nobody(call.method, call.of(session.id), call.body), 401, "unauthenticated")


@each
async def test_it_wants_the_role(call, api_of, start, viewer, engine):
    session = await start()
    response = await (await api_of(viewer))(call.method, call.of(session.id), call.body)
    if call.role == Role.VIEWER:
        assert response.status_code < 300, response.content
    else:
        problem(response, 403, "forbidden")
        assert len(engine.launched) == 1
        assert engine.find(session.id).touched == 0


@each_of_a_session
async def test_another_projects_session_is_unknown(call, api_of, start, stranger):
    session = await start()
    response = await (await api_of(stranger))(call.method, call.of(session.id), call.body)
    body = problem(response, 404, "session_not_found")
    assert body["detail"] == f"session not found: {session.id}"


@each_of_a_session
async def test_a_missing_session_is_unknown(call, api):
    problem(await api(call.method, call.of(MISSING), call.body), 404, "session_not_found")


@each_of_a_session
async def test_an_ended_session(call, api, start):
    session = await start()
    await api("POST", f"/sessions/{session.id}/release")
    response = await api(call.method, call.of(session.id), call.body)
    if call.ended == 410:
        body = problem(response, 410, "session_ended")
        assert body["detail"] == f"session not found: {session.id} (released)"
    else:
        assert response.status_code == call.ended, response.content


@each_with_fields
async def test_malformed_json(call, api, start):
    session = await start()
    problem(await api(call.method, call.of(session.id), b'{"url": '), 400, "malformed_json")


@each_with_fields
async def test_an_unknown_field(call, api, start):
    session = await start()
    body = {**(call.body or {}), "surprise": 1}
    answer = problem(await api(call.method, call.of(session.id), body), 422, "invalid_request")
    assert [error["field"] for error in answer["errors"]] == ["surprise"]


@each_with_fields
async def test_a_body_over_the_limit(call, api, start):
    session = await start()
    large = b'{"url": "' + b"x" * 1024 * 1024 + b'"}'
    problem(await api(call.method, call.of(session.id), large), 413, "body_too_large")


@each
async def test_another_method(call, api, start):
    session = await start()
    response = await api("TRACE", call.of(session.id))
    problem(response, 405, "method_not_allowed")
    assert call.method in response["Allow"]
