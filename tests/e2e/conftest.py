"""One server and one site for the group; a browser of their own for each test's people."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Browser, async_playwright

from sessions_app.engine.chromium import find_images
from tests.e2e.server import Server
from tests.e2e.site import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(120))


@contextmanager
def _server() -> Iterator[Server]:
    """In a folder that a session's user can pass to, and whose path is short: pytest's own are neither."""
    folder = Path(tempfile.mkdtemp(prefix="qd-", dir="/tmp"))
    folder.chmod(0o711)
    server = Server(folder / "data")
    yield server
    server.end()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with _server() as running:
        running.start()
        yield running


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Not started yet, and nobody else's."""
    with _server() as mine:
        yield mine


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    pages = Site()
    yield pages
    pages.close()


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    with server.api() as client:
        yield client
        client.post("sessions/release", json={"all": True})


@pytest.fixture
async def people() -> AsyncIterator[Browser]:
    """The browser in front of which people sit; each `new_context` is a private window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_images()["headless-shell"], args=["--no-sandbox"]
        )
        yield browser
        await browser.close()
