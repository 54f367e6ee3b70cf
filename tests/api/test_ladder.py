"""Every operation refuses the same things in the same way, and answers nothing that its description does not name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from sessions_app.api.router import api as ninja_api
from sessions_app.models import Membership, Project, Role, Session, SessionStatus, User
from sessions_app.services import control, keys, links
from sessions_app.services.actors import Scope
from tests.api.calls import CALLS, Call
from tests.conftest import Api

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.django_db(transaction=True)

SPARE = "spare"
MISSING = {
    "session_id": ("ses_missing", "session_not_found"),
    "tab": ("99", "tab_not_found"),
    "path": ("missing.txt", "file_not_found"),
    "link_id": ("lnk_missing", "link_not_found"),
    "key_id": ("key_missing", "key_not_found"),
    "project_id": ("missing", "project_not_found"),
    "username": ("missing", ""),
}
# They say what they found, and find nothing of another project.
OPEN_TO_ALL = [call for call in CALLS if not call.parameters and call.stranger != "forbidden"]

each = pytest.mark.parametrize("call", CALLS, ids=str)


def each_that(condition: Callable[[Call], object]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("call", [call for call in CALLS if condition(call)], ids=str)


def operation(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = ninja_api.get_openapi_schema()["paths"][f"/api/v1{call.path}"]
    return found[call.method.lower()]  # type: ignore[no-any-return]


def problem(response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response["X-Request-Id"]
    assert body["title"]
    assert body["detail"]
    return body


@dataclass
class World:
    """One of each thing that an address may name."""

    names: dict[str, str]
    api_of: Callable[..., Awaitable[Api]]

    async def ask(self, actor: Any, call: Call, body: Any = None, *, query: str = "", **names: str) -> Any:
        """With `body` instead of the call's own; what is answered must be described."""
        program = actor if isinstance(actor, Api) else await self.api_of(actor)
        path = call.path.format(**{**self.names, **names}) + query
        response = await program(call.method, path, call.body if body is None else body)
        assert response.status_code in operation(call)["responses"], response.content
        if response.streaming:
            # What is never read is never closed either.
            assert all([isinstance(part, bytes) async for part in response])
        return response


@pytest.fixture
async def world(start, api_of, admin, engine) -> World:
    session = await start()
    link = await links.create(admin, session.id, role="view")
    engine.live[session.id].files.write("notes.txt", b"notes")
    key, _ = await keys.create_key(admin, name="spare", role=Role.VIEWER)
    await Project.objects.acreate(pk=SPARE, name="Spare")
    for username, role in (("ada", Role.OPERATOR), ("boss", Role.ADMIN)):
        user = await User.objects.acreate(username=username)
        await Membership.objects.acreate(user=user, project_id=SPARE, role=role, created_at=timezone.now())
    names = {
        "session_id": session.id,
        "link_id": link.link.id,
        "tab": "1",
        "path": "notes.txt",
        "key_id": key.id,
        "project_id": SPARE,
        "username": "ada",
    }
    return World(names, api_of)


@pytest.fixture
def actor_with(viewer, operator, admin):
    """The least that may: `actor_with(role)`."""
    return {Role.VIEWER: viewer, Role.OPERATOR: operator, Role.ADMIN: admin}.__getitem__


def test_the_table_is_complete():
    paths = ninja_api.get_openapi_schema()["paths"]
    served = {
        (method.upper(), path.removeprefix("/api/v1")) for path, calls in paths.items() for method in calls
    }
    assert {(call.method, call.path) for call in CALLS} == served


@each
def test_its_description_names_its_refusals(call):
    declared = operation(call)["responses"].keys()
    assert bool(call.conflict) == (409 in declared)
    assert not call.is_of_a_session or (call.ended == 410) == (410 in declared)
    assert (call.method in ("POST", "PUT", "PATCH")) == (413 in declared)
    assert "default" not in declared


@each
async def test_it_works_for_the_least_that_may(call, world, actor_with):
    response = await world.ask(actor_with(call.role), call)
    assert response.status_code == call.works, response.content


@each
async def test_it_wants_a_key(call, world, nobody):
    response = await world.ask(nobody, call)
    problem(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@each_that(lambda call: call.role != Role.VIEWER)
async def test_it_wants_the_role(call, world, actor_with, engine):
    roles = list(Role)
    lesser = actor_with(roles[roles.index(call.role) - 1])
    live = engine.find(world.names["session_id"])
    touched = live.touched
    body = problem(await world.ask(lesser, call), 403, "forbidden")
    assert f"the role {call.role.value}" in body["detail"]
    assert len(engine.launched) == 1
    assert live.touched == touched


@each
async def test_it_wants_the_scope(call, world, admin, api_of):
    other = next(scope for scope in Scope if scope not in call.right.scopes)
    program = await scoped(api_of, admin, other)
    body = problem(await world.ask(program, call), 403, "forbidden")
    assert f"the scope {call.right.scope.value}" in body["detail"]


@each
async def test_the_scope_is_enough(call, world, admin, api_of):
    also = [call.also.scope] if call.also else []
    program = await scoped(api_of, admin, call.right.scope, Scope.SESSIONS_READ, *also)
    response = await world.ask(program, call)
    if call.path == "/keys" and call.method == "POST":
        # What is not asked for is all that this one has.
        assert response.json()["scopes"] == sorted({call.right.scope.value, Scope.SESSIONS_READ.value})
    assert response.status_code == call.works, response.content


@each_that(lambda call: call.also)
async def test_one_scope_of_two_is_not(call, world, admin, api_of):
    program = await scoped(api_of, admin, call.right.scope, Scope.SESSIONS_READ)
    assert (
        f"the scope {call.also.scope.value}"
        in problem(await world.ask(program, call), 403, "forbidden")["detail"]
    )


async def scoped(api_of, actor, *scopes: Scope) -> Api:
    _, token = await keys.create_key(actor, name="scoped", role=actor.role, scopes=list(scopes))
    return Api({"Authorization": f"Bearer {token}"})


@each_that(lambda call: call not in OPEN_TO_ALL)
async def test_another_project_is_none_of_its_business(call, world, stranger):
    problem(await world.ask(stranger, call), 403 if call.stranger == "forbidden" else 404, call.stranger)


@pytest.mark.parametrize("call", OPEN_TO_ALL, ids=str)
async def test_another_project_sees_only_its_own(call, world, stranger, engine):
    response = await world.ask(stranger, call)
    assert response.status_code == call.works
    told = response.content.decode(errors="replace")
    assert not [name for name in world.names.values() if len(name) > 10 and name in told]
    assert world.names["session_id"] in engine.live


@each_that(lambda call: call.parameters)
async def test_what_is_missing(call, world, admin):
    for name in call.parameters:
        value, code = MISSING[name]
        if name == call.parameters[-1] and not call.missing:
            continue
        response = await world.ask(admin, call, **{name: value})
        problem(response, 404, call.missing if name == call.parameters[-1] else code)


@each_that(lambda call: call.is_of_a_session)
async def test_an_ended_session(call, world, operator, api_of):
    program = await api_of(operator)
    await program("POST", f"/sessions/{world.names['session_id']}/release")
    response = await world.ask(program, call)
    if call.ended == 410:
        body = problem(response, 410, "session_ended")
        assert body["detail"] == f"session not found: {world.names['session_id']} (released)"
    else:
        assert response.status_code == call.ended, response.content


@each_that(lambda call: call.conflict)
async def test_a_conflict(call, world, admin, operator, start):
    names: dict[str, str] = {}
    body = call.body
    if call.conflict == "session_queued":
        rows = Session.objects.filter(pk=world.names["session_id"])
        await rows.aupdate(status=SessionStatus.QUEUED, started_at=None)
    elif call.conflict == "project_exists":
        body = {"id": SPARE}
    elif call.conflict == "project_not_empty":
        await Session.objects.filter(pk=world.names["session_id"]).aupdate(project_id=SPARE)
    else:
        names |= {"project_id": "default", "username": "boss"}
        boss = await User.objects.aget(username="boss")
        await Membership.objects.filter(user=boss).aupdate(project_id="default")
    problem(await world.ask(admin, call, body, **names), 409, call.conflict)


async def test_control_that_somebody_else_holds(world, admin, operator):
    await control.take(replace(admin, id="somebody", name="Somebody"), world.names["session_id"])
    call = next(call for call in CALLS if call.path.endswith("/control") and call.method == "POST")
    problem(await world.ask(operator, call), 409, "control_held")


@each_that(lambda call: call.method in ("POST", "PUT", "PATCH") and call.takes_json)
async def test_malformed_json(call, world, admin):
    problem(await world.ask(admin, call, b'{"url": '), 400, "malformed_json")


@each_that(lambda call: call.has_fields)
async def test_an_unknown_field(call, world, admin):
    answer = problem(
        await world.ask(admin, call, {**(call.body or {}), "surprise": 1}), 422, "invalid_request"
    )
    assert [error["field"] for error in answer["errors"]] == ["surprise"]


@each
async def test_an_unknown_parameter(call, world, admin):
    answer = problem(await world.ask(admin, call, query="?surprise=1"), 422, "invalid_request")
    assert [error["field"] for error in answer["errors"]] == ["surprise"]


@each_that(lambda call: call.method in ("POST", "PUT", "PATCH") and call.takes_json)
async def test_a_body_over_the_limit(call, world, admin):
    large = b'{"url": "' + b"x" * 1024 * 1024 + b'"}'
    problem(await world.ask(admin, call, large), 413, "body_too_large")


@each
async def test_another_method(call, world, api_of, admin):
    response = await (await api_of(admin))("TRACE", call.path.format(**world.names))
    problem(response, 405, "method_not_allowed")
    assert call.method in response["Allow"]
