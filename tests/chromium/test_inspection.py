"""What a real Chromium tells of requests and of itself: a valid HAR, and figures that mean something."""

from __future__ import annotations

import asyncio
from typing import Any

from sessions_app.engine import har
from sessions_app.engine.events import DialogClosed, DialogOpened
from sessions_app.engine.ledger import Exchange
from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Client, Ear, Launch, evaluate
from tests.chromium.site import Site
from tests.chromium.test_timeline import notes
from tests.har import entries_of
from tests.waiting import until


async def entries(session: LiveSession, **how: Any) -> list[dict[str, Any]]:
    return entries_of(await asyncio.to_thread(har.written, session.ledger.read(), **how))


async def asked_for(session: LiveSession, url: str) -> dict[str, Any]:
    return next(entry for entry in await entries(session) if entry["request"]["url"] == url)


def newest(session: LiveSession) -> Exchange:
    return session.ledger.read().exchanges[-1]


def names(found: list[dict[str, str]]) -> set[str]:
    return {one["name"].lower() for one in found}


async def test_a_page_and_its_frame(launch: Launch, site: Site) -> None:
    session = await launch("/framed")
    await until(lambda: any(mark.name == "onLoad" for mark in session.ledger.read().marks))
    page = await asked_for(session, site.url("/framed"))
    # Host is told apart from the request, and that it was told of at all shows that it was matched.
    assert {"host", "user-agent", "accept"} <= names(page["request"]["headers"])
    assert (page["response"]["status"], page["response"]["content"]["mimeType"]) == (200, "text/html")
    size = next(one["value"] for one in page["response"]["headers"] if one["name"] == "Content-Length")
    assert (page["response"]["content"]["size"], page["response"]["bodySize"]) == (int(size), int(size))
    assert (page["timings"]["connect"] >= 0, page["time"] > 0) == (True, True)
    frame = await asked_for(session, site.url("/red"))
    assert page["pageref"] == frame["pageref"] == "page_1"


async def test_a_redirect_with_a_cookie(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    await evaluate(session, "document.cookie = 'sid=s3cret'")
    await evaluate(
        session, "fetch('/redirect?to=/blue', {headers: {'X-Token': 's3cret'}}).then((r) => r.text())"
    )
    last = site.url("/blue")
    await until(lambda: any(b"loadingFinished" in said for said in newest(session).messages))
    redirect, target = (await entries(session))[-2:]
    assert (redirect["response"]["status"], redirect["response"]["redirectURL"]) == (302, "/blue")
    assert (target["request"]["url"], target["response"]["status"]) == (last, 200)
    for step in (redirect, target):
        assert step["request"]["cookies"] == [{"name": "sid", "value": "[redacted]"}]
        assert {"cookie", "x-token"} <= names(step["request"]["headers"])
    assert b"s3cret" not in await asyncio.to_thread(har.written, session.ledger.read())
    assert b"s3cret" in await asyncio.to_thread(har.written, session.ledger.read(), secrets=True)


async def test_a_notes_request_is_found_in_the_har(launch: Launch, ear: Ear, site: Site) -> None:
    session = await launch("/red")
    await until(lambda: notes(ear, "network"))
    note = notes(ear, "network")[0]
    [entry] = await entries(session, name=note["request"])
    assert (entry["request"]["url"], entry["_tab"]) == (note["url"], note["tab"])


async def test_what_a_browser_uses(launch: Launch) -> None:
    session = await launch("/red")
    assert (await session.gauge.look()) is not None
    await evaluate(session, "for (let n = 0; n < 500; n++) document.body.append(document.createElement('p'))")
    reading = await session.gauge.read()
    assert reading.processes >= 3
    assert 20e6 < reading.memory.bytes < 2e9
    assert reading.active
    assert reading.active.metrics
    assert reading.active.metrics["dom_nodes"] > 500
    assert reading.active.metrics["js_heap_used"] > 100_000


async def test_a_dialog_that_a_program_answers(launch: Launch, ear: Ear) -> None:
    session = await launch("/red")
    client = Client()
    await client.attach(session)
    page = await client.page()
    await client.call("Page.enable", session=page)
    await client.call("Runtime.evaluate", {"expression": "setTimeout(() => confirm('Sure?'))"}, page)
    await until(lambda: ear.has(DialogOpened))
    await client.call("Page.handleJavaScriptDialog", {"accept": False}, page)
    await until(lambda: ear.has(DialogClosed))
    answered = ear.last(DialogClosed)
    assert (answered.kind, answered.accepted, answered.text, answered.by) == ("confirm", False, "", None)
    client.at.close()
