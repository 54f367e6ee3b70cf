"""What tests stand on: the project, actors and keys of each role, an engine without browsers."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from sessions_app import runtime
from sessions_app.models import Membership, Project, Role, User
from sessions_app.services import keys, nodes, sessions, timeline
from sessions_app.services.actors import SYSTEM, Actor
from sessions_app.services.new_session import NewSession
from tests.fakes import FakeEngine
from tests.site.server import Playground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from sessions_app.services.facts import SessionFacts


@pytest.fixture(autouse=True)
async def no_loose_ends() -> AsyncIterator[None]:
    """A test that leaves a task behind, or breaks one unheard, fails."""
    unheard: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: unheard.append(context))
    yield
    loose = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not loose
    assert not unheard


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The thread that services ask the database in keeps its connection, and no PostgreSQL drops what is in use."""
    yield
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def long_steps(settings: Any) -> None:
    """An authenticator app's code changes every three years, not in the middle of a test."""
    settings.MFA_TOTP_PERIOD = 10**8


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    """A site with something of everything: `playground.url("/form")`; see tests/site/."""
    with Playground() as site:
        yield site


@pytest.fixture
async def project(transactional_db: None) -> Project:
    """The default project, which a flushed database has lost."""
    found, _ = await Project.objects.aget_or_create(pk=SYSTEM.project_id, defaults={"name": "Default"})
    return found


@pytest.fixture
async def engine(project: Project) -> AsyncIterator[FakeEngine]:
    """A running server, but for its browsers."""
    fake = FakeEngine()
    runtime.install(fake)  # type: ignore[arg-type]
    await nodes.register()
    yield fake
    runtime.uninstall()
    nodes.forget()
    timeline.forget()


def _actor(role: Role, project_id: str = SYSTEM.project_id) -> Actor:
    return Actor(kind="program", id=f"key_{role}", name=f"{role} program", role=role, project_id=project_id)


@pytest.fixture
def viewer() -> Actor:
    return _actor(Role.VIEWER)


@pytest.fixture
def operator() -> Actor:
    return _actor(Role.OPERATOR)


@pytest.fixture
def admin() -> Actor:
    return _actor(Role.ADMIN)


@pytest.fixture
async def person(project: Project) -> Actor:
    ada = await User.objects.acreate(username="Ada")
    member = Membership(user=ada, project=project, role=Role.OPERATOR, created_at=timezone.now())
    await member.asave()
    return Actor.of_member(member)


@pytest.fixture
async def stranger(project: Project) -> Actor:
    """An administrator of another project."""
    await Project.objects.aget_or_create(pk="other", defaults={"name": "Other"})
    return _actor(Role.ADMIN, "other")


@pytest.fixture
def start(engine: FakeEngine, operator: Actor) -> Callable[..., Any]:
    """Starts a session: `await start(url=…, labels=…)`."""

    async def start(**asked: Any) -> SessionFacts:
        return await sessions.create(operator, NewSession(**asked))

    return start


class Api:
    """A program: `await api("POST", "/sessions", {…})`; a body may also be raw bytes."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.client = AsyncClient(raise_request_exception=False)

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers=self.headers
        )


@pytest.fixture
def api_of(project: Project) -> Callable[[Actor], Awaitable[Api]]:
    """A program with a new key of the actor's role and project: `await api_of(operator)`."""

    async def api_of(actor: Actor) -> Api:
        owner = Actor(kind="system", id="test", name="test", role=Role.ADMIN, project_id=actor.project_id)
        _, token = await keys.create_key(owner, name=actor.name, role=actor.role)
        return Api({"Authorization": f"Bearer {token}"})

    return api_of


@pytest.fixture
async def api(engine: FakeEngine, api_of: Callable[[Actor], Awaitable[Api]], operator: Actor) -> Api:
    return await api_of(operator)


@pytest.fixture
def nobody() -> Api:
    """A program without a key."""
    return Api({})
