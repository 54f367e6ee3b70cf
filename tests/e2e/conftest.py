"""One server and one site for the group; a browser of their own for each test's people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import Browser, async_playwright

from sessions_app.engine.chromium import find_images
from tests.e2e.desk import WATCH_SHIFTS, Desk
from tests.e2e.driven import Driven
from tests.e2e.server import NAME, PASSWORD, Server, fresh_server
from tests.e2e.site import Site
from tests.e2e.world import PAGES, PEOPLE, World, seed
from tests.site.server import Playground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    import httpx
    from playwright.async_api import BrowserContext, StorageState

    from tests.e2e.desk import LogIn


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with fresh_server() as running:
        running.start()
        yield running


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Not started yet, and nobody else's."""
    with fresh_server() as mine:
        yield mine


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    pages = Site()
    yield pages
    pages.close()


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    with Playground() as site:
        yield site


@pytest.fixture
def drive(api: httpx.Client, playground: Playground) -> Callable[..., Driven]:
    """A session that a program drives: `drive(idle_timeout=…)`."""

    def drive(**asked: Any) -> Driven:
        answer = api.post("sessions", json=asked)
        assert answer.status_code == 201, answer.text
        return Driven(api, playground, answer.json())

    return drive


@pytest.fixture
def driven(drive: Callable[..., Driven]) -> Driven:
    return drive()


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


@pytest.fixture(scope="session")
def harbour() -> Iterator[Server]:
    """The server of the seeded world, which nobody changes."""
    with fresh_server() as running:
        running.start()
        yield running


@pytest.fixture(scope="session")
def world(harbour: Server) -> Iterator[World]:
    site = Site(PAGES)
    with harbour.api() as api:
        yield seed(harbour, api, site)
    site.close()


@pytest.fixture(scope="session")
def logins() -> dict[str, StorageState]:
    """Who has logged in once need not do so for each page."""
    return {}


@pytest.fixture
async def log_in(
    harbour: Server, world: World, people: Browser, logins: dict[str, StorageState]
) -> AsyncIterator[LogIn]:
    """Somebody of a role in the seeded world; without one, nobody whom the server knows."""
    windows: list[BrowserContext] = []

    async def log_in(role: str) -> Desk:
        window = await people.new_context(
            base_url=harbour.url, viewport={"width": 1280, "height": 800}, storage_state=logins.get(role)
        )
        windows.append(window)
        await window.add_init_script(WATCH_SHIFTS)
        desk = Desk(await window.new_page())
        if role and role not in logins:
            await desk.log_in(PEOPLE[role])
            logins[role] = await window.storage_state()
        return desk

    yield log_in
    for window in windows:
        await window.close()


@pytest.fixture
async def desk(server: Server, people: Browser) -> AsyncIterator[Desk]:
    """Somebody who has logged in by a window of 1280 × 800, and sees nothing go wrong."""
    server.run("createoperator", NAME, "--password-stdin", typed=f"{PASSWORD}\n")
    window = await people.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    desk = Desk(await window.new_page())
    await desk.log_in(NAME)
    yield desk
    assert desk.complaints == []
    await window.close()
