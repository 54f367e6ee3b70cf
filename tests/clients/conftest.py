"""One server, the playground, and a session of it for each test; the clients are what `scripts/setup clients` installed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.programs import Programs
from tests.e2e.server import Server, fresh_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tests.site.server import Playground


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.clients)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with fresh_server() as running:
        running.start()
        yield running


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    with server.api() as client:
        yield client
        client.post("sessions/release", json={"all": True})


@pytest.fixture
def start(api: httpx.Client, playground: Playground) -> Callable[..., dict[str, Any]]:
    """A session that shows a page of the playground: `start("/colours", …)`."""

    def start(page: str = "/index", **asked: Any) -> dict[str, Any]:
        answer = api.post("sessions", json={"url": playground.url(page), **asked})
        assert answer.status_code == 201, answer.text
        session: dict[str, Any] = answer.json()
        return session

    return start


@pytest.fixture
def programs(playground: Playground) -> Iterator[Programs]:
    """Their home's path is short: one of them makes a socket in it."""
    with tempfile.TemporaryDirectory(prefix="qd-", dir="/tmp") as home:
        yield Programs(playground.url(""), Path(home))
