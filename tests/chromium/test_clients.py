"""Outside DevTools clients on a real browser: side by side, each with its own, and none gets around the policy."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Client, Launch, Watcher, until_it_says
from tests.chromium.site import Site
from tests.colours import BLUE, RED
from tests.waiting import until


@pytest.fixture
async def session(launch: Launch) -> LiveSession:
    return await launch("/red")


@pytest.fixture
async def client(session: LiveSession) -> Client:
    return await another(session)


async def another(session: LiveSession) -> Client:
    client = Client()
    await client.attach(session)
    return client


async def value_of(client: Client, page: str, expression: str) -> Any:
    params = {"expression": expression, "returnByValue": True}
    return (await client.call("Runtime.evaluate", params, page))["result"].get("value")


async def test_two_clients_and_a_viewer_at_once(session: LiveSession, client: Client, site: Site) -> None:
    second, watcher = await another(session), Watcher(session)
    await watcher.until_it_sees(RED)
    pages = [await one.page() for one in (client, second)]
    assert pages[0] != pages[1]
    await client.call("Page.enable", session=pages[0])
    await second.call("Page.navigate", {"url": site.url("/blue")}, pages[1])
    await watcher.until_it_sees(BLUE)
    await until(lambda: any(event["method"] == "Page.frameNavigated" for event in client.events))
    assert {event.get("sessionId") for event in client.events} <= {None, pages[0]}
    # The second one never asked for a page's events.
    assert not any(event["method"].startswith("Page.") for event in second.events)
    for one, page in zip((client, second), pages, strict=True):
        assert await value_of(one, page, "location.pathname") == "/blue"


async def test_what_one_does_to_a_page_the_other_does_not_undo(session: LiveSession, client: Client) -> None:
    second = await another(session)
    page = await client.page()
    await second.page()
    await client.call("Runtime.addBinding", {"name": "mine"}, page)
    await second.call("Browser.close")
    assert second.closed.is_set()
    assert await value_of(client, page, "typeof mine") == "function"
    assert await value_of(client, page, "1 + 1") == 2
    assert not client.closed.is_set()
    assert not session.is_closing


async def test_the_pages_of_one_are_closed_to_the_other(session: LiveSession, client: Client) -> None:
    second = await another(session)
    page = await client.page()
    for method in ("Runtime.evaluate", "Page.close", "Page.enable"):
        assert "not found" in await second.refused(method, {"expression": "1"}, page)
    assert "No session" in await second.refused("Target.detachFromTarget", {"sessionId": page})
    own = session.active.cdp_session_id
    assert "not found" in await second.refused("Page.enable", {}, own)
    assert "No session" in await second.refused("Target.detachFromTarget", {"sessionId": own})
    assert await value_of(client, page, "1 + 1") == 2


async def test_auto_attachment_is_as_with_a_browser_of_ones_own(
    session: LiveSession, client: Client, site: Site
) -> None:
    """What Playwright does first: attach to what is there and to what comes, paused."""
    params = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
    await client.call("Target.setAutoAttach", params)
    await until(lambda: attached(client))
    await client.call("Runtime.runIfWaitingForDebugger", session=attached(client)[0]["sessionId"])
    created = await client.call("Target.createTarget", {"url": site.url("/blue")})
    await until(lambda: len(attached(client)) == 2)
    assert attached(client)[1]["targetInfo"]["targetId"] == created["targetId"]
    await client.call("Runtime.runIfWaitingForDebugger", session=attached(client)[1]["sessionId"])
    await until(lambda: session.active_tab.url == site.url("/blue"))
    assert len(session.tabs) == 2
    await client.call("Target.closeTarget", {"targetId": created["targetId"]})
    await until(lambda: len(session.tabs) == 1)
    await until(lambda: any(event["method"] == "Target.detachedFromTarget" for event in client.events))


def attached(client: Client) -> list[dict[str, Any]]:
    return [
        event["params"]
        for event in client.events
        if event["method"] == "Target.attachedToTarget" and event["params"]["targetInfo"]["type"] == "page"
    ]


async def test_a_client_that_goes_while_a_page_waits_for_it_leaves_the_page_running(
    session: LiveSession, client: Client, site: Site
) -> None:
    params = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
    await client.call("Target.setAutoAttach", params)
    await client.call("Target.createTarget", {"url": site.url("/blue")})
    await until(lambda: len(attached(client)) == 2)
    client.at.close()
    await until(lambda: session.active_tab.url == site.url("/blue"))
    await until_it_says(session, "document.title", "blue")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "view-source:file:///etc/passwd",
        " FILE:/etc/passwd",
        "fi\nle:///etc/passwd",
        "chrome://version",
        "chrome://crash",
        "devtools://devtools/bundled/inspector.html",
        "javascript:document.write(1)",
        "filesystem:http://127.0.0.1/temporary/x",
    ],
)
async def test_no_forbidden_address_is_opened(session: LiveSession, client: Client, address: str) -> None:
    page = await client.page()
    assert "is refused" in await client.refused("Page.navigate", {"url": address}, page)
    assert "is refused" in await client.refused("Target.createTarget", {"url": address})
    assert len(session.tabs) == 1
    assert await value_of(client, page, "location.pathname") == "/red"


async def test_no_script_opens_a_file_either(session: LiveSession, client: Client) -> None:
    page = await client.page()
    for script in (
        "location.href = 'file:///etc/passwd'",
        "window.open('file:///etc/passwd')",
        "window.open('chrome://version')",
        "document.body.innerHTML = '<iframe src=\"file:///etc/passwd\"></iframe>'",
        "document.body.innerHTML = '<a id=a href=\"file:///etc/passwd\">a</a>'; a.click()",
    ):
        await client.call("Runtime.evaluate", {"expression": script, "userGesture": True}, page)
    read = "fetch('file:///etc/passwd').then(() => 'read', () => 'refused')"
    params = {"expression": read, "awaitPromise": True, "returnByValue": True}
    assert (await client.call("Runtime.evaluate", params, page))["result"]["value"] == "refused"
    assert not any(tab.url.startswith(("file:", "chrome:")) for tab in session.tabs)
    assert await value_of(client, page, "location.pathname") == "/red"


async def test_a_file_of_the_machine_is_not_given_to_a_page(
    session: LiveSession, client: Client, site: Site
) -> None:
    page = await client.page()
    await client.call("Page.navigate", {"url": site.url("/file")}, page)
    await until(lambda: session.active_tab.title == "file")
    root = (await client.call("DOM.getDocument", {}, page))["root"]["nodeId"]
    node = (await client.call("DOM.querySelector", {"nodeId": root, "selector": "#file"}, page))["nodeId"]
    for name in ("/etc/hostname", "../../../etc/hostname", "\0"):
        why = await client.refused("DOM.setFileInputFiles", {"files": [name], "nodeId": node}, page)
        assert "own folder" in why
    session.files.write("own.txt", b"own")
    await client.call("DOM.setFileInputFiles", {"files": ["own.txt"], "nodeId": node}, page)
    assert await value_of(client, page, "file.files[0].name") == "own.txt"
    assert await value_of(client, page, "file.files.length") == 1
    params = {"expression": "file.files[0].text()", "awaitPromise": True}
    assert (await client.call("Runtime.evaluate", params, page))["result"]["value"] == "own"


@pytest.mark.parametrize("method", ["Browser.setDownloadBehavior", "Page.setDownloadBehavior"])
async def test_downloads_go_to_the_sessions_own_folder(
    session: LiveSession, client: Client, site: Site, method: str
) -> None:
    page = await client.page()
    params = {"behavior": "allow", "downloadPath": "/var/tmp/elsewhere"}
    await client.call(method, params, page if method.startswith("Page") else "")
    await client.call("Page.navigate", {"url": site.url("/download")}, page)
    await until(lambda: [facts.name for facts in session.files.list()] == ["downloads/cargo.bin"])
    client.at.close()
    session.navigate(site.url("/download"))
    await until(lambda: len(session.files.list()) == 2)
    assert session.files.read("downloads/cargo (1).bin") == b"cargo"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False}),
        ("Target.attachToTarget", {"targetId": "x"}),
        ("Target.sendMessageToTarget", {"message": "{}", "sessionId": "x"}),
        ("Target.exposeDevToolsProtocol", {"targetId": "x"}),
        ("Target.setRemoteLocations", {"locations": [{"host": "127.0.0.1", "port": 1}]}),
        ("Browser.crash", {}),
        ("Browser.crashGpuProcess", {}),
        ("Browser.getBrowserCommandLine", {}),
        ("SystemInfo.getProcessInfo", {}),
        ("SystemInfo.getInfo", {}),
        ("Tethering.bind", {"port": 1}),
        ("Extensions.loadUnpacked", {"path": "/"}),
        ("Made.up", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_ways_around_are_closed(
    session: LiveSession, client: Client, method: str, params: dict[str, Any]
) -> None:
    assert await client.refused(method, params)
    assert await client.refused(method, params, await client.page())
    assert session._browser.is_alive


async def test_no_other_sessions_page_is_reached(
    session: LiveSession, client: Client, launch: Launch
) -> None:
    other = await launch("/blue")
    target = other.active.target_id
    targets = (await client.call("Target.getTargets"))["targetInfos"]
    assert target not in [info["targetId"] for info in targets]
    assert await client.refused("Target.attachToTarget", {"targetId": target, "flatten": True})


async def test_commands_are_activity(session: LiveSession, client: Client) -> None:
    before = session.last_activity_at
    await client.call("Browser.getVersion")
    assert session.last_activity_at > before


async def test_a_crash_of_the_page_ends_neither_the_client_nor_the_session(
    session: LiveSession, client: Client
) -> None:
    page = await client.page()
    client.at.receive(f'{{"id": 9999, "method": "Page.crash", "sessionId": "{page}"}}')
    await until(lambda: session.active_tab.crashed)
    assert (await client.call("Browser.getVersion"))["product"]
    assert not client.closed.is_set()


async def test_the_browsers_own_windows_are_out_of_reach(launch: Launch) -> None:
    client = await another(await launch("/red", image_id="chromium"))

    async def windows() -> list[str]:
        infos = (await client.call("Target.getTargets", {"filter": [{}]}))["targetInfos"]
        return [info["targetId"] for info in infos if info["url"].startswith("chrome:")]

    async with asyncio.timeout(5):
        while not (found := await windows()):
            pass
    for target in found:
        assert "no page" in await client.refused(
            "Target.attachToTarget", {"targetId": target, "flatten": True}
        )
    assert client.events == []


async def test_frames_within_a_page_are_routed(launch: Launch, site: Site) -> None:
    """An iframe of another site is a target below the page's own session (in a full Chromium)."""
    session = await launch("/red", image_id="chromium")
    client = await another(session)
    page = await client.page()
    params = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
    await client.call("Target.setAutoAttach", params, page)
    foreign = site.url("/blue").replace("127.0.0.1", "localhost")
    script = f"document.body.innerHTML = '<iframe src=\"{foreign}\"></iframe>'"
    await client.call("Runtime.evaluate", {"expression": script}, page)

    def frames() -> list[dict[str, Any]]:
        return [
            event
            for event in client.events
            if event["method"] == "Target.attachedToTarget"
            and event["params"]["targetInfo"]["type"] == "iframe"
        ]

    await until(frames)
    [event] = frames()
    assert event["sessionId"] == page
    frame = event["params"]["sessionId"]

    async with asyncio.timeout(5):
        while await value_of(client, frame, "location.hostname") != "localhost":
            pass
    assert len(session.tabs) == 1


async def test_clients_can_be_cut_off_and_may_come_back(session: LiveSession, client: Client) -> None:
    session.detach_cdp_clients()
    assert client.closed.is_set()
    assert (await (await another(session)).call("Browser.getVersion"))["protocolVersion"]


@pytest.mark.parametrize("method", ["Tracing.start", "Network.enable", "Runtime.enable"])
async def test_what_a_client_floods_itself_with_ends_with_it(
    session: LiveSession, client: Client, method: str
) -> None:
    """A26: it may ask for it, it alone hears it, and the browser goes on."""
    second = await another(session)
    page = await client.page()
    await client.call(method, {}, page)
    await client.call(
        "Runtime.evaluate", {"expression": "for (let n = 0; n < 2000; n++) console.log(n)"}, page
    )
    assert second.events == []
    client.at.close()
    assert await value_of(second, await second.page(), "1 + 1") == 2


async def test_no_redirect_leads_to_a_file(session: LiveSession, client: Client, site: Site) -> None:
    page = await client.page()
    for target in ("file:///etc/passwd", "chrome://version", "view-source:file:///etc/passwd"):
        answered = await client.call("Page.navigate", {"url": site.url(f"/redirect?to={target}")}, page)
        assert answered["errorText"]
        assert await value_of(client, page, "location.protocol") in ("http:", "chrome-error:")
    assert not any(tab.url.startswith(("file:", "chrome:", "view-source:")) for tab in session.tabs)


async def test_no_request_is_led_to_a_file(session: LiveSession, client: Client, site: Site) -> None:
    """By a client that answers for the network."""
    page = await client.page()
    await client.call("Fetch.enable", {}, page)
    client.at.receive(
        json.dumps(
            {"id": 9000, "method": "Page.navigate", "params": {"url": site.url("/blue")}, "sessionId": page}
        )
    )
    await until(lambda: [event for event in client.events if event["method"] == "Fetch.requestPaused"])
    request = next(event for event in client.events if event["method"] == "Fetch.requestPaused")
    params = {"requestId": request["params"]["requestId"], "url": "file:///etc/passwd"}
    assert "is refused" in await client.refused("Fetch.continueRequest", params, page)
    client.at.close()
    await until_it_says(session, "location.protocol", "http:")


async def test_files_dropped_by_a_client_are_the_sessions_own(session: LiveSession, client: Client) -> None:
    data = {"items": [], "files": ["/etc/hostname"], "dragOperationsMask": 1}
    params = {"type": "drop", "x": 10, "y": 10, "data": data}
    assert "own" in await client.refused("Input.dispatchDragEvent", params, await client.page())
