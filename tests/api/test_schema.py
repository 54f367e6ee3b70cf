"""What the OpenAPI document says is what the server does, whatever it is asked: right and wrong requests by the hundred."""

from __future__ import annotations

import json
import secrets
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.asgi import django_application
from sessions_app.api.router import api as ninja_api
from sessions_app.services import keys, links, logins, sessions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from schemathesis import Case
    from schemathesis.schemas import APIOperation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

HOST = "http://127.0.0.1:8000"
RIGHT, WRONG = 10, 6
NOT_SENT = {"content-length", "host", "authorization", "x-api-key", "cookie"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@cache
def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    load_all_checks()
    document = json.loads(json.dumps(ninja_api.get_openapi_schema()))
    results: Any = schemathesis.openapi.from_dict(document).get_all_operations()
    found = [result.ok() for result in results]
    return {f"{operation.method.upper()} {operation.path}": operation for operation in found}


def cases(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, count: int) -> list[Case[Any]]:
    """The same ones each time: a test that fails now and then would say nothing."""
    found: list[Case[Any]] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode))
    def collect(case: Case[Any]) -> None:
        found.append(case)

    collect()
    return found


@pytest.fixture
async def program(api_of, admin) -> AsyncIterator[httpx.AsyncClient]:
    headers = (await api_of(admin)).headers
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(django_application), headers=headers
    ) as client:
        yield client


@pytest.fixture
async def things(start, engine, admin, stranger, project) -> list[dict[str, Any]]:
    """What the parts of an address may name: something that lives, and something that has ended."""
    await logins.create_operator(username="ada", password=secrets.token_hex(), role=admin.role)
    live, ended = await start(labels={"a": "b"}), await start()
    found = []
    for session, project_id in ((live, project.pk), (ended, stranger.project_id)):
        link = await links.create(admin, session.id, role="view")
        key, _ = await keys.create_key(admin, name="spare", role=admin.role)
        found.append(
            {
                "session_id": session.id,
                "link_id": link.link.id,
                "key_id": key.id,
                "project_id": project_id,
                "tab": 1,
                "username": "ada",
                "path": "notes.txt",
            }
        )
        engine.live[session.id].files.write("notes.txt", b"notes")
    await sessions.release(admin, ended.id)
    return found


async def send(program: httpx.AsyncClient, case: Case[Any]) -> httpx.Response:
    """As `requests` would have it on the wire, but with a key that stands instead of those made up."""
    asked = requests.Request(**case.as_transport_kwargs(base_url=HOST)).prepare()
    headers = {name: str(value) for name, value in asked.headers.items() if name.lower() not in NOT_SENT}
    url, method, content = asked.url or "", asked.method or "", cast("bytes | None", asked.body)
    return await program.request(method, url, headers=headers, content=content)


@pytest.mark.parametrize(
    "name",
    [
        f"{method.upper()} {path}"
        for path, calls in ninja_api.get_openapi_schema()["paths"].items()
        for method in calls
    ],
)
async def test_it_answers_as_described(program, things, name):
    operation = operations()[name]
    known = cycle([*things, None])
    for case in cases(operation, GenerationMode.POSITIVE, RIGHT):
        named = next(known)
        if named:
            case.path_parameters = {part: named[part] for part in case.path_parameters}
        case.validate_response(await send(program, case), checks=CHECKS)
    for case in cases(operation, GenerationMode.NEGATIVE, WRONG):
        case.validate_response(await send(program, case), checks=[*CHECKS, negative_data_rejection])
