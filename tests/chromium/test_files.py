"""Downloads, uploads and the file chooser of a real Chromium."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Client, Launch, Watcher, evaluate, until_it_says
from tests.site.server import Playground
from tests.waiting import until


@pytest.fixture
async def downloads(launch: Launch, playground: Playground) -> LiveSession:
    return await launch(playground.url("/downloads"))


@pytest.fixture
async def upload(launch: Launch, playground: Playground) -> LiveSession:
    return await launch(playground.url("/upload"))


def names(session: LiveSession) -> list[str]:
    return [facts.name for facts in session.files.list()]


async def attached(session: LiveSession) -> Client:
    client = Client()
    await client.attach(session)
    return client


async def click(session: LiveSession, watcher: Watcher, selector: str) -> None:
    """By the viewer's mouse, in the middle of the element."""
    box = await evaluate(session, f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
                         f"(document.querySelector({selector!r}).getBoundingClientRect())")  # fmt: skip
    watcher.click(*box)


async def asked(session: LiveSession, watcher: Watcher, selector: str) -> dict[str, Any]:
    await click(session, watcher, selector)
    await until(lambda: watcher.last("filechooser").get("open"))
    return watcher.last("filechooser")


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("plain", "report.txt"),
        ("spaced", "a long name, with a comma.txt"),
        ("foreign", "Übersicht – naïve 报告.txt"),
        ("made", "made.txt"),
    ],
)
async def test_a_download_keeps_its_name(downloads: LiveSession, link: str, name: str) -> None:
    await evaluate(downloads, f"document.getElementById('{link}').click()")
    await until(lambda: names(downloads) == [f"downloads/{name}"])
    assert downloads.files.read(f"downloads/{name}")


@pytest.mark.parametrize("link", ["upwards", "absolute", "hidden", "reserved", "endless"])
async def test_a_name_that_is_none_becomes_one(downloads: LiveSession, link: str) -> None:
    await evaluate(downloads, f"document.getElementById('{link}').click()")
    await until(lambda: len(names(downloads)) == 1)
    folder, _, name = names(downloads)[0].partition("/")
    assert folder == "downloads"
    assert "/" not in name
    assert not name.startswith(".")
    assert len(name) <= 200


async def test_a_context_of_a_client_downloads_to_the_same_place(
    downloads: LiveSession, playground: Playground
) -> None:
    client = await attached(downloads)
    context = (await client.call("Target.createBrowserContext"))["browserContextId"]
    await client.call("Browser.setDownloadBehavior", {"behavior": "allow", "browserContextId": context})
    url = playground.url("/download/plain")
    await client.call("Target.createTarget", {"url": url, "browserContextId": context})
    await until(lambda: names(downloads) == ["downloads/report.txt"])


async def test_a_client_that_wants_none_gets_none_while_it_is_there(
    downloads: LiveSession,
) -> None:
    client, watcher = await attached(downloads), Watcher(downloads)
    await client.call("Browser.setDownloadBehavior", {"behavior": "deny"})
    await evaluate(downloads, "document.getElementById('plain').click()")
    await until(lambda: watcher.last("download").get("what") == "canceled")
    client.at.close()
    await evaluate(downloads, "document.getElementById('plain').click()")
    await until(lambda: watcher.last("download").get("what") == "completed")
    assert names(downloads) == ["downloads/report.txt"]


class TestTheChooser:
    async def test_a_file_of_the_session(self, upload: LiveSession) -> None:
        upload.files.write("downloads/a.txt", b"hello")
        watcher = Watcher(upload)
        told = await asked(upload, watcher, "#one")
        assert told["files"] == [{"name": "downloads/a.txt", "size": 5}]
        assert (told["multiple"], told["accept"]) == (False, "")
        watcher.say("file", id=told["id"], action="choose", names=["downloads/a.txt"])
        await until_it_says(upload, "out.textContent", "one: a.txt (5) hello\n")
        assert watcher.last("filechooser") == {"type": "filechooser", "id": told["id"], "open": False}

    async def test_a_file_that_is_sent(self, upload: LiveSession) -> None:
        watcher = Watcher(upload)
        told = await asked(upload, watcher, "#picture")
        assert told["accept"] == "image/*"
        data = base64.b64encode(b"picture").decode()
        watcher.say("file", id=told["id"], action="upload", name="b.png", data=data, last=True)
        await until(lambda: watcher.last("filechooser").get("stored"))
        stored = watcher.last("filechooser")["stored"]
        watcher.say("file", id=told["id"], action="choose", names=[stored])
        await until_it_says(upload, "out.textContent", "picture: b.png (7) picture\n")

    async def test_several_for_an_input_that_takes_them(self, upload: LiveSession) -> None:
        for name in ("a", "b"):
            upload.files.write(name, name.encode())
        watcher = Watcher(upload)
        told = await asked(upload, watcher, "#some")
        assert told["multiple"] is True
        watcher.say("file", id=told["id"], action="choose", names=["a", "b"])
        await until_it_says(upload, "out.textContent", "some: a (1) a\nsome: b (1) b\n")

    async def test_an_input_that_nobody_sees(self, upload: LiveSession) -> None:
        upload.files.write("a", b"a")
        watcher = Watcher(upload)
        told = await asked(upload, watcher, "#chooser")
        watcher.say("file", id=told["id"], action="choose", names=["a"])
        await until_it_says(upload, "out.textContent", "unseen: a (1) a\n")

    async def test_nothing_and_then_again(self, upload: LiveSession) -> None:
        watcher = Watcher(upload)
        first = await asked(upload, watcher, "#one")
        watcher.say("file", id=first["id"], action="cancel")
        await until(lambda: not watcher.last("filechooser")["open"])
        assert (await asked(upload, watcher, "#one"))["id"] > first["id"]

    async def test_it_goes_with_its_page(self, upload: LiveSession, playground: Playground) -> None:
        watcher = Watcher(upload)
        await asked(upload, watcher, "#one")
        upload.navigate(playground.url("/form"))
        await until(lambda: not watcher.last("filechooser")["open"])

    async def test_it_is_the_programs_own_while_nobody_steers(self, upload: LiveSession) -> None:
        client, watcher = await attached(upload), Watcher(upload)
        page = await client.page()
        await client.call("Page.enable", {}, page)
        await client.call("Page.setInterceptFileChooserDialog", {"enabled": True}, page)
        press = {"type": "mousePressed", "x": 1, "y": 1, "button": "left", "clickCount": 1}
        script = "(({x, y}) => [x + 5, y + 5])(one.getBoundingClientRect())"
        press["x"], press["y"] = await evaluate(upload, script)
        for kind in ("mousePressed", "mouseReleased"):
            await client.call("Input.dispatchMouseEvent", {**press, "type": kind}, page)
        opened = "Page.fileChooserOpened"
        await until(lambda: any(event["method"] == opened for event in client.events))
        assert watcher.last("filechooser") == {}


async def test_files_are_dropped_on_a_page_by_their_names(upload: LiveSession) -> None:
    client = await attached(upload)
    upload.files.write("notes/a.txt", b"dropped")
    page = await client.page()
    x, y = await evaluate(upload, "(({x, y}) => [x + 20, y + 20])(drop.getBoundingClientRect())")
    data = {"items": [], "files": ["notes/a.txt"], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        await client.call("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data}, page)
    await until_it_says(upload, "out.textContent", "drop: a.txt (7) dropped\n")
