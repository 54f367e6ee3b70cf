"""Files of a session as a person has them: sent, taken home, given to a page that asks, downloaded by one."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.desk import Desk
from tests.site.server import Playground

if TYPE_CHECKING:
    import httpx

    from tests.e2e.server import Server

LARGE = 3_000_000
DROP = """([target, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  for (const type of ["dragover", "drop"])
    target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


async def opened(desk: Desk, api: httpx.Client, url: str) -> str:
    """A session whose page is open and live."""
    made = api.post("sessions", json={"url": url}).json()
    await desk.page.goto(f"/sessions/{made['id']}")
    await expect(desk.page.locator("canvas")).to_have_attribute("data-state", "connected")
    return str(made["id"])


def names(api: httpx.Client, session: str) -> list[str]:
    return [file["name"] for file in api.get(f"sessions/{session}/files").json()["items"]]


async def taken_home(download: Any) -> bytes:
    return await asyncio.to_thread(Path(await (await download.value).path()).read_bytes)


async def click_in_page(page: Page, at: dict[str, float]) -> None:
    """Where the remote page has it, in its own pixels of 1280 × 720."""
    box = await page.locator("canvas").bounding_box()
    assert box
    scale = box["width"] / 1280
    await page.mouse.click(box["x"] + at["x"] * scale, box["y"] + at["y"] * scale)


def middle_of(api: httpx.Client, session: str, selector: str) -> dict[str, float]:
    script = f"""(() => {{
      const box = document.querySelector({selector!r}).getBoundingClientRect();
      return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
    }})()"""
    answer = api.post(
        f"sessions/{session}/functions/execute", json={"code": script, "screenshot": False}
    ).json()
    at: dict[str, float] = answer["value"]
    return at


async def test_files_are_sent_and_taken_home(
    desk: Desk, api: httpx.Client, playground: Playground, tmp_path: Path
) -> None:
    page = desk.page
    session = await opened(desk, api, playground.url("/form"))
    await page.get_by_role("tab", name="Files").click()
    panel = page.get_by_role("tabpanel", name="Files")
    await expect(panel).to_contain_text("None yet")
    local = tmp_path / "notes.txt"
    local.write_bytes(b"n" * LARGE)
    for _ in range(2):
        async with page.expect_file_chooser() as chooser:
            await panel.get_by_role("button", name="Upload").click()
        await (await chooser.value).set_files(local)
        await expect(panel.get_by_role("list", name="Uploads").get_by_text("Sent")).to_be_visible()
        await expect(panel.get_by_text("Sent")).to_have_count(0)
    await page.evaluate(DROP, [await panel.element_handle(), "dropped.txt", "from a desk"])
    await expect(panel.get_by_role("link", name="dropped.txt")).to_be_visible()
    assert names(api, session) == ["dropped.txt", "notes (1).txt", "notes.txt"]

    async with page.expect_download() as download:
        await panel.get_by_role("link", name="dropped.txt").click()
    assert await taken_home(download) == b"from a desk"
    async with page.expect_download() as download:
        await panel.get_by_role("link", name="All as ZIP").click()
    with zipfile.ZipFile(io.BytesIO(await taken_home(download))) as archive:
        assert archive.testzip() is None
        assert len(archive.read("notes.txt")) == LARGE

    await panel.get_by_role("button", name="Delete notes.txt").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(panel.get_by_role("link", name="notes.txt")).to_have_count(0)
    assert names(api, session) == ["dropped.txt", "notes (1).txt"]


async def test_what_a_page_downloads_is_there(desk: Desk, api: httpx.Client, playground: Playground) -> None:
    session = await opened(desk, api, playground.url("/downloads"))
    page = desk.page
    await click_in_page(page, middle_of(api, session, "#plain"))
    await expect(page.locator(".viewer-notice")).to_have_text("report.txt: downloaded")
    await page.get_by_role("tab", name="Files").click()
    await expect(page.get_by_role("link", name="report.txt")).to_be_visible()
    assert names(api, session) == ["downloads/report.txt"]


async def test_a_page_that_asks_is_given_one_of_the_sessions(
    desk: Desk, api: httpx.Client, playground: Playground
) -> None:
    session = await opened(desk, api, playground.url("/upload"))
    page = desk.page
    for name in ("a.txt", "b.txt"):
        api.put(f"sessions/{session}/files/{name}", content=name.encode()).raise_for_status()
    await click_in_page(page, middle_of(api, session, "#some"))
    asks = page.get_by_role("dialog", name="The page asks for files")
    await expect(asks.get_by_role("button", name="Choose")).to_be_disabled()
    await asks.get_by_label("a.txt").check()
    await asks.get_by_label("b.txt").check()
    await asks.get_by_role("button", name="Choose").click()
    await expect(asks).to_be_hidden()
    await page.get_by_role("button", name="Give back").click()
    await expect(page.locator("[data-part=holder]")).to_have_text("Nobody has control")
    out = {"code": "document.getElementById('out').textContent", "screenshot": False}
    answer = api.post(f"sessions/{session}/functions/execute", json=out).json()
    assert sorted(answer["value"].splitlines()) == ["some: a.txt (5) a.txt", "some: b.txt (5) b.txt"]


async def test_a_guest_gives_one_of_the_own_computer(
    server: Server, people: Browser, api: httpx.Client, playground: Playground, tmp_path: Path
) -> None:
    """By the live link, without a login; larger than one message may be."""
    made = api.post("sessions", json={"url": playground.url("/upload")}).json()
    session = made["id"]
    local = tmp_path / "photo.png"
    local.write_bytes(b"p" * LARGE)
    window = await people.new_context(viewport={"width": 1280, "height": 800})
    page = await window.new_page()
    await page.goto(made["resource_url"])
    await expect(page.locator("canvas")).to_have_attribute("data-state", "connected")
    await click_in_page(page, middle_of(api, session, "#picture"))
    asks = page.get_by_role("dialog", name="The page asks for a file")
    await expect(asks).to_contain_text("This session has no files yet")
    async with page.expect_file_chooser() as chooser:
        await asks.get_by_role("button", name="From this computer").click()
    await (await chooser.value).set_files(local)
    await expect(asks).to_be_hidden(timeout=15_000)
    assert names(api, session) == ["uploads/photo.png"]
    await page.get_by_role("button", name="Give back").click()
    await expect(page.locator("[data-part=holder]")).to_have_text("Nobody has control")
    await window.close()
    out = {"code": "document.getElementById('out').textContent", "screenshot": False}
    answer = api.post(f"sessions/{session}/functions/execute", json=out).json()
    assert answer["value"].startswith(f"picture: photo.png ({LARGE})")


def test_neither_way_is_held_in_memory(server: Server, api: httpx.Client) -> None:
    """80 MiB up, and down to a reader that takes nothing."""
    session = api.post("sessions", json={}).json()["id"]
    large = b"x" * (80 << 20)
    api.get(f"sessions/{session}/files")
    before = server.process.memory_info().rss
    answer = api.put(f"sessions/{session}/files/large.bin", content=large, timeout=60)
    assert answer.json()["size"] == len(large)
    for address in ("files/large.bin", "files.zip"):
        with api.stream("GET", f"sessions/{session}/{address}") as response:
            assert response.status_code == 200
            next(response.iter_raw(1 << 16))
            assert api.get("sessions").status_code == 200
            assert server.process.memory_info().rss - before < 40 << 20
    with api.stream("GET", f"sessions/{session}/files/large.bin") as response:
        assert sum(map(len, response.iter_raw())) == len(large)
    refused = api.put(f"sessions/{session}/files/larger.bin", content=large + large[: 21 << 20], timeout=60)
    assert (refused.status_code, refused.json()["code"]) == (413, "file_too_large")
