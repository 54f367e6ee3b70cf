"""What an administrator sees of a running server: its health, its metrics, its log."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.live import GREEN, RED, watching
from tests.e2e.server import until
from tests.e2e.viewer_page import ViewerPage

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.e2e.server import Server
    from tests.e2e.site import Site

Samples = dict[tuple[str, ...], float]


def _metrics(server: Server) -> Samples:
    answer = httpx.get(f"{server.url}/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def _health(server: Server) -> dict[str, Any]:
    body: dict[str, Any] = httpx.get(f"{server.url}/healthz").json()
    return body


async def test_what_was_seen_stays_counted(server: Server, api: httpx.Client, site: Site) -> None:
    before = _metrics(server)
    session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
    async with watching(api, session["id"]) as watcher:
        await watcher.see(RED)
        await watcher.click(640, 360)
        await watcher.see(GREEN)
        live = _metrics(server)
    assert live["quarterdeck_sessions", "", "running"] >= 1
    assert live["quarterdeck_session_memory_bytes", session["id"]] > 10 << 20
    assert live["quarterdeck_viewers",] >= 1
    api.post(f"sessions/{session['id']}/release")
    after = _metrics(server)
    for name in ("frames", "frames_sent", "frames_acked", "bytes_sent", "viewers_joined"):
        counter = (f"quarterdeck_{name}_total",)
        assert after[counter] >= live[counter] > before[counter], counter
    for histogram in ("viewer_round_trip_seconds", "input_latency_seconds"):
        count = (f"quarterdeck_{histogram}_count",)
        assert after[count] >= live[count] > before[count], count
    assert ("quarterdeck_session_memory_bytes", session["id"]) not in after
    assert after["quarterdeck_event_loop_lag_seconds_count",] > 0


def test_health_notices_what_a_browser_lost(own_server: Server) -> None:
    own_server.start()
    with own_server.api() as api:
        session = api.post("sessions", json={}).json()
        assert _health(own_server)["status"] == "ok"
        [folder] = own_server.folders()
        stray = folder.with_name("browser-stray")
        stray.mkdir()

        def failing() -> list[str]:
            return [name for name, check in _health(own_server)["checks"].items() if not check["ok"]]

        until(lambda: failing() == ["folders"], within=15, what="word of the stray folder")
        shutil.rmtree(stray)
        until(lambda: not failing(), what="health")
        pressure = api.get("pressure").json()
        assert (pressure["running"], pressure["accepting"]) == (1, True)
        assert pressure["memory"]["used_by_sessions"] > 10 << 20
        api.post(f"sessions/{session['id']}/release")
        assert api.get("pressure").json()["running"] == 0


async def test_a_ticket_opens_the_live_page_like_its_token(
    api: httpx.Client, site: Site, people: Browser
) -> None:
    session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
    info = api.get(f"sessions/{session['id']}/info").json()
    viewer = ViewerPage(await (await people.new_context()).new_page())
    await viewer.page.goto(f"{info['resource_url'].partition('#')[0]}#{info['ticket']}")
    await viewer.is_live()
    await viewer.shows(RED)
    await viewer.click(640, 360)
    await viewer.shows(GREEN)


async def test_the_log_of_a_day_holds_no_secret(own_server: Server, site: Site) -> None:
    """As JSON, with whatever Daphne says too."""
    own_server._environment["QUARTERDECK_LOG"] = "json"
    own_server.start()
    setup = own_server.setup_link().partition("#")[2]
    with own_server.api() as api:
        session = api.post("sessions", json={"url": f"{site.url}/colours"}).json()
        info = api.get(f"sessions/{session['id']}/info").json()
        async with watching(api, session["id"]) as watcher:
            await watcher.see(RED)
        api.get(session["cdp_url"].replace("ws://", "http://").replace("?", "/json/version?"))
        api.get(f"sessions?q={info['auth_code']}")
        api.post(f"{own_server.url}/live/{session['id']}/ticket", json={"token": "x" + info["auth_code"]})
        key = api.headers["Authorization"].removeprefix("Bearer ")
        api.post(f"sessions/{session['id']}/release")
    own_server.stop()
    lines = [line for line in own_server.log.read_text().splitlines() if line.startswith("{")]
    told = [json.loads(line) for line in lines]
    routes = {line.get("route") for line in told}
    assert {"/api/v1/sessions/{session_id}/info", "/ws/live/{session_id}"} <= routes
    assert {"request", "session", "ms", "key"} <= next(
        line.keys() for line in told if line.get("route") == "/api/v1/sessions/{session_id}/info"
    )
    assert [line["session"] for line in told if line["msg"] == "It ended: released"] == [session["id"]]
    cdp = session["cdp_url"].partition("token=")[2]
    for secret in (setup, key, cdp, info["auth_code"], info["ticket"]):
        assert secret not in "\n".join(lines)
