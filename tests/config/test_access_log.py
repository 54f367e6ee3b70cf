"""Each request and each socket leaves one line, which says what was asked and never with which secret."""

from __future__ import annotations

import json
import logging

import pytest

from config.logs import JsonFormatter
from sessions_app.services import links, meters, trace
from tests.consumers.conftest import HOST, OURS, Socket

pytestmark = pytest.mark.django_db(transaction=True)


class Heard(logging.Handler):
    """The lines as they would be written; `all` are those of other loggers too."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.all = ""
        self.lines: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.all += line
        if record.name == "quarterdeck.access":
            self.lines.append(json.loads(line))

    @property
    def last(self) -> dict[str, object]:
        return self.lines[-1]


@pytest.fixture
def heard():
    handler, root = Heard(), logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


async def test_a_request(api, start, heard):
    session = await start()
    response = await api("GET", f"/sessions/{session.id}/live-links?limit=7")
    line = heard.last
    key = api.headers["Authorization"].split("_")[1]
    assert line["request"] == response["X-Request-Id"]
    assert line["session"] == session.id
    assert (line["method"], line["route"], line["status"]) == (
        "GET", "/api/v1/sessions/{session_id}/live-links", 200
    )  # fmt: skip
    assert (line["key"], line["peer"]) == (key, "127.0.0.1")
    assert float(str(line["ms"])) > 0
    assert len(heard.lines) == 1
    assert "limit" not in heard.all
    assert (trace.request_id.get(), trace.address.get()) == ("", "")


async def test_a_start_tells_which_session_it_made(api, engine, heard):
    made = (await api("POST", "/sessions", {})).json()["id"]
    assert (heard.last["route"], heard.last["session"]) == ("/api/v1/sessions", made)


async def test_what_nobody_serves(api, heard):
    await api("GET", "/nothing/hush-this")
    assert (heard.last["route"], heard.last["status"]) == ("-", 404)


async def test_odd_methods_are_one(api, heard):
    await api("BREW", "/sessions")
    assert (heard.last["method"], heard.last["status"]) == ("OTHER", 405)


async def test_static_files_leave_none(api, heard):
    assert (await api.client.get("/static/js/viewer/main.js")).status_code == 200
    assert heard.lines == []


async def test_a_refused_key_is_named_by_its_prefix(nobody, engine, heard):
    nobody.headers = {"X-API-Key": "qd_0123abcd_" + "x" * 43}
    await nobody("GET", "/sessions")
    assert (heard.last["key"], heard.last["status"]) == ("0123abcd", 401)
    assert "x" * 43 not in heard.all


async def test_what_is_logged_meanwhile_knows_its_request(api, start, engine, heard):
    session = await start()
    response = await api("POST", f"/sessions/{session.id}/release")
    ends = [
        line
        for line in map(json.loads, heard.all.replace("}{", "}\n{").splitlines())
        if "It ended" in line["msg"]
    ]
    assert [(line["request"], line["session"]) for line in ends] == [(response["X-Request-Id"], session.id)]


async def test_a_socket(start, operator, heard):
    session = await start()
    socket = Socket(f"/ws/live/{session.id}?ticket=hush", [HOST, OURS])
    await socket.open()
    assert await socket.closed() == 4401
    await socket.leave()
    assert (heard.last["msg"], heard.last["route"], heard.last["code"]) == (
        "socket",
        "/ws/live/{session_id}",
        4401,
    )
    assert heard.last["session"] == session.id
    assert "hush" not in heard.all


async def test_no_secret_is_ever_written(api, nobody, start, operator, heard):
    """Keys, tokens, tickets and passwords, right and wrong ones, wherever a client may put them."""
    session = await start()
    info = (await api("GET", f"/sessions/{session.id}/info")).json()
    link = await links.create(operator, session.id, role="view")
    ticket = (await api("POST", f"/sessions/{session.id}/viewer-tickets", {"role": "view"})).json()["url"]
    token, secret = info["auth_code"], link.url.partition("#")[2]
    cdp = json.loads(info["connection_properties"])["cdp"].partition("token=")[2]
    key = api.headers["Authorization"].removeprefix("Bearer ")
    for path in (f"/sessions?q={key}", f"/{token}", f"/sessions/{secret}", f"/keys/{key}?token={token}"):
        await api("GET", path)
        await nobody("GET", path)
    for address in (
        f"/cdp/{session.id}/json/version?token={cdp}",
        f"/cdp/{token}/json/version?token={secret}",
    ):
        await api.client.get(address)
    for body in ({"token": token}, {"token": secret}, {"token": "x" + secret}):
        for link_id in (session.id, link.link.id):
            await api.client.post(f"/live/{link_id}/ticket", body, content_type="application/json")
    await api.client.post("/login", {"username": "ada", "password": "correct-horse-battery"})
    elsewhere = ticket[ticket.index("/ws/") :].replace(session.id, "ses_other")
    for path in (elsewhere, f"/cdp/{session.id}?token=wrong{cdp}", f"/cdp/{cdp}?token={cdp}"):
        socket = Socket(path, [HOST, OURS])
        await socket.open()
        await socket.leave()
    assert len(heard.lines) > 15
    one_use = ticket.partition("ticket=")[2]
    for hush in (key, token, secret, cdp, one_use, info["ticket"], "correct-horse-battery"):
        assert hush not in heard.all, hush
        assert hush[-30:] not in heard.all, hush


def _count(route: str, status: int) -> float:
    return float(meters.requests.labels("GET", route, status)._value.get())


async def test_requests_are_counted_by_route(api, start):
    route = "/api/v1/sessions/{session_id}"
    before = _count(route, 200), _count(route, 404)
    session = await start()
    await api("GET", f"/sessions/{session.id}")
    await api("GET", "/sessions/ses_missing")
    assert (_count(route, 200), _count(route, 404)) == (before[0] + 1, before[1] + 1)


async def test_errors_are_counted_by_code(api, start):
    before = meters.problems.labels("session_not_found")._value.get()
    await api("GET", "/sessions/ses_missing")
    assert meters.problems.labels("session_not_found")._value.get() == before + 1
