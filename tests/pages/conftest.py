"""People in front of the pages, one of each role."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.test import AsyncClient

from sessions_app.models import Role, User
from sessions_app.services import logins, sessions
from sessions_app.services.new_session import NewSession

if TYPE_CHECKING:
    from django.http import HttpResponse

    from sessions_app.models import Project
    from sessions_app.services.actors import Actor
    from tests.fakes import FakeEngine

PASSWORD = "a long enough password"
HTMX = {"HX-Request": "true"}
SCRIPT = "<img src=x onerror=alert(1)>"


class Person:
    """Somebody's browser: `await person.get("/")`; `fragment=True` asks as htmx does."""

    def __init__(self, *, csrf: bool = False) -> None:
        self.client = AsyncClient(enforce_csrf_checks=csrf, raise_request_exception=False)

    async def get(self, path: str, *, fragment: bool = False, **headers: str) -> HttpResponse:
        response: Any = await self.client.get(path, headers={**(HTMX if fragment else {}), **headers})
        return response  # type: ignore[no-any-return]

    async def post(
        self, path: str, data: dict[str, Any] | None = None, *, fragment: bool = False, **headers: str
    ) -> HttpResponse:
        response: Any = await self.client.post(
            path, data or {}, headers={**(HTMX if fragment else {}), **headers}
        )
        return response  # type: ignore[no-any-return]


class LogIn(Protocol):
    async def __call__(self, role: Role, name: str = "", *, csrf: bool = False) -> Person: ...


def text(response: HttpResponse) -> str:
    """What a person reads, in one line."""
    visible = re.sub(r"<(title|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", visible)).split())


@pytest.fixture
def log_in(project: Project) -> LogIn:
    async def log_in(role: Role, name: str = "", *, csrf: bool = False) -> Person:
        user = await User.objects.filter(username=name or role.value).afirst()
        if user is None:
            user = await logins.create_operator(username=name or role.value, password=PASSWORD, role=role)
        person = Person(csrf=csrf)
        await person.client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return person

    return log_in


@pytest.fixture
def visitor(project: Project) -> Person:
    """Nobody has logged in here."""
    return Person()


@pytest.fixture
async def watcher(log_in: LogIn) -> Person:
    return await log_in(Role.VIEWER)


@pytest.fixture
async def mate(log_in: LogIn) -> Person:
    """An operator."""
    return await log_in(Role.OPERATOR)


@pytest.fixture
async def boss(log_in: LogIn) -> Person:
    """An administrator."""
    return await log_in(Role.ADMIN)


@pytest.fixture
async def foreign_session(engine: FakeEngine, stranger: Actor) -> str:
    """The id of a running session of another project."""
    return (await sessions.create(stranger, NewSession(name="secret plan"))).id
