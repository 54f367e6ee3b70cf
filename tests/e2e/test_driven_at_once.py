"""Eight sessions are driven by function calls at once, while a ninth one hangs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.e2e.server import Server
    from tests.site.server import Playground

SESSIONS = 8
ROUNDS = 3
PATIENCE = 60


async def test_a_session_that_hangs_holds_up_nobody_elses_calls(
    server: Server, playground: Playground
) -> None:
    with server.api() as known:
        headers = dict(known.headers)
    base = f"{server.url}/api/v1/"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=PATIENCE) as api:
        sessions = [await _start(api, playground.url("/form")) for _ in range(SESSIONS)]
        stuck = await _start(api, playground.url("/form"))
        async with asyncio.TaskGroup() as group:
            hanging = group.create_task(_answer(api, stuck, "execute", code="for (;;);", timeout=PATIENCE))
            driven = [
                group.create_task(_drive(api, session, f"Captain {number}", playground))
                for number, session in enumerate(sessions)
            ]
            await asyncio.wait(driven)
            assert not hanging.done()
            overdue = await _answer(api, stuck, "execute", code="1", timeout=1)
            released = await api.post(f"sessions/{stuck}/release", json={})
        assert (overdue.status_code, overdue.json()["code"]) == (504, "deadline_exceeded")
        assert released.json()["status"] == "released"
        assert (hanging.result().status_code, hanging.result().json()["code"]) == (410, "session_ended")
        assert [task.result() for task in driven] == [f"Captain {number}" for number in range(SESSIONS)]
        await api.post("sessions/release", json={"all": True})


async def _drive(api: httpx.AsyncClient, session: str, name: str, playground: Playground) -> str:
    """Fills in and sends the form again and again; what the page showed of it in the end."""
    said = ""
    for _ in range(ROUNDS):
        opened = await _call(api, session, "open", url=playground.url("/form"))
        refs = {part["text"]: part["ref"] for part in opened["elements"]}
        await _call(api, session, "interact", action="fill", selector="#name", text=name)
        await _call(api, session, "interact", action="click", ref=refs["Send"])
        said = (await _call(api, session, "execute", code="document.querySelector('#name').textContent"))[
            "result"
        ]
    return said


async def _start(api: httpx.AsyncClient, url: str) -> str:
    answer = await api.post("sessions", json={"url": url})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _call(api: httpx.AsyncClient, session: str, function: str, **body: Any) -> dict[str, Any]:
    answer = await _answer(api, session, function, **body)
    found: dict[str, Any] = answer.json()
    return found


async def _answer(api: httpx.AsyncClient, session: str, function: str, **body: Any) -> httpx.Response:
    return await api.post(f"sessions/{session}/functions/{function}", json=body)
