"""The programs that a session's page offers, run as they stand there."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import playwright
import pytest
from playwright.async_api import Browser

from tests.e2e.desk import Desk
from tests.e2e.server import NAME, PASSWORD

if TYPE_CHECKING:
    import httpx

    from tests.e2e.server import Server
    from tests.e2e.site import Site

LIMIT = 60
# Playwright's Python package brings the Node one along.
PLAYWRIGHT_CORE = Path(playwright.__file__).parent / "driver" / "package"


@pytest.fixture
async def snippets(server: Server, people: Browser, api: httpx.Client, site: Site) -> dict[str, str]:
    """Of a session whose page is called Colours."""
    server.run("createoperator", NAME, "--password-stdin", typed=f"{PASSWORD}\n")
    session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()["id"]
    window = await people.new_context(base_url=server.url)
    desk = Desk(await window.new_page())
    await desk.log_in(NAME)
    await desk.page.goto(f"/sessions/{session}")
    blocks = await desk.page.locator("[data-snippet]").all()
    found = {str(await one.get_attribute("data-snippet")): str(await one.text_content()) for one in blocks}
    await window.close()
    return found


async def run(*command: str, folder: Path, **environment: str) -> str:
    async with asyncio.timeout(LIMIT):
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=os.environ | environment, stdout=-1, stderr=-1
        )
        out, trouble = await process.communicate()
    assert process.returncode == 0, trouble.decode()
    return out.decode()


async def test_curl(server: Server, api: httpx.Client, snippets: dict[str, str], tmp_path: Path) -> None:
    key = api.headers["Authorization"].removeprefix("Bearer ")
    out = await run("bash", "-ec", snippets["curl"], folder=tmp_path, QUARTERDECK_KEY=key)
    version, end = json.JSONDecoder().raw_decode(out)
    assert version["webSocketDebuggerUrl"].startswith("ws://")
    assert json.loads(out[end:])["status"] == "running"


async def test_playwright_for_python(snippets: dict[str, str], tmp_path: Path, api: httpx.Client) -> None:
    (tmp_path / "session.py").write_text(snippets["python"])
    out = await run(sys.executable, "session.py", folder=tmp_path)
    assert out.startswith("Colours http://127.0.0.1:")
    assert api.get("sessions?status=running").json()["total"] == 1


async def test_playwright_for_node(snippets: dict[str, str], tmp_path: Path, api: httpx.Client) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/playwright-core").symlink_to(PLAYWRIGHT_CORE)
    (tmp_path / "session.mjs").write_text(snippets["node"])
    out = await run("node", "session.mjs", folder=tmp_path)
    assert out.startswith("Colours http://127.0.0.1:")
    assert api.get("sessions?status=running").json()["total"] == 1


async def test_puppeteer_is_well_formed(snippets: dict[str, str], tmp_path: Path) -> None:
    """Puppeteer itself is none of the packages that the tests install."""
    (tmp_path / "session.mjs").write_text(snippets["puppeteer"])
    await run("node", "--check", "session.mjs", folder=tmp_path)
