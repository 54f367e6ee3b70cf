"""Whatever ends a session or the server: no process, no folder and no wrong row stays."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.e2e.live import RED, watching
from tests.e2e.server import until

if TYPE_CHECKING:
    import httpx

    from tests.e2e.server import Server
    from tests.e2e.site import Site

FD_SLACK = 2


def _start(api: httpx.Client, url: str = "about:blank") -> str:
    answer = api.post("sessions", json={"url": url})
    assert answer.status_code == 201, answer.text
    session_id: str = answer.json()["id"]
    return session_id


def test_twenty_sessions_leave_nothing_behind(own_server: Server, site: Site) -> None:
    own_server.start()
    with own_server.api() as api:
        api.post(f"sessions/{_start(api)}/release", json={})
        before = own_server.process.num_fds()
        for _ in range(20):
            api.post(f"sessions/{_start(api, f'{site.url}/colours')}/release", json={})
        assert own_server.browsers() == []
        assert own_server.folders() == []
        assert own_server.process.num_fds() <= before + FD_SLACK
        ended = api.get("sessions", params={"status": "released", "limit": 100}).json()
        assert ended["total"] == 21


async def test_sigterm_ends_every_session_and_tells_its_viewers(own_server: Server, site: Site) -> None:
    own_server.start()
    with own_server.api() as api:
        ids = [_start(api, f"{site.url}/colours") for _ in range(3)]
        async with watching(api, ids[0]) as watcher:
            await watcher.see(RED)
            own_server.process.send_signal(signal.SIGTERM)
            assert (await watcher.hear("ended"))["reason"] == "server_stopped"
            assert await watcher.closed() == 4410
    assert own_server.stop() < 10
    assert own_server.browsers() == []
    assert own_server.folders() == []
    own_server.start()
    with own_server.api() as api:
        for session_id in ids:
            session = api.get(f"sessions/{session_id}").json()
            assert (session["status"], session["end_reason"]) == ("released", "server_stopped")


def test_after_sigkill_no_browser_lives_and_the_next_start_tidies_up(own_server: Server, site: Site) -> None:
    own_server.start()
    with own_server.api() as api:
        session_id = _start(api, f"{site.url}/colours")
    assert own_server.browsers()
    own_server.kill()
    until(lambda: not own_server.browsers(), what="the end of every browser")
    assert own_server.folders()
    own_server.start()
    assert own_server.folders() == []
    with own_server.api() as api:
        session = api.get(f"sessions/{session_id}").json()
        assert (session["status"], session["end_reason"]) == ("lost", "server_lost")
        _start(api)


def test_a_second_server_on_the_same_data_is_refused(own_server: Server) -> None:
    own_server.start()
    second = own_server.run("serve")
    assert second.returncode == 1
    assert f"Another server uses the data folder {own_server.data}" in second.stderr
    assert own_server.process.is_running()


def test_a_killed_browser_ends_its_session_alone(server: Server, api: httpx.Client, site: Site) -> None:
    before = {process.pid for process in server.browsers()}
    doomed = _start(api, f"{site.url}/colours")
    mains = [one for one in server.browsers() if one.pid not in before and one.ppid() == server.process.pid]
    survivor = _start(api, f"{site.url}/colours")
    assert len(mains) == 1
    mains[0].kill()

    def failed() -> bool:
        return bool(api.get(f"sessions/{doomed}").json()["status"] == "failed")

    until(failed, within=5)
    assert api.get(f"sessions/{doomed}").json()["end_reason"] == "browser_crashed"
    assert api.get(f"sessions/{survivor}").json()["status"] == "running"


def test_idle_and_lifetime_run_out(api: httpx.Client) -> None:
    idle = api.post("sessions", json={"idle_timeout": 1}).json()["id"]
    aged = api.post("sessions", json={"max_lifetime": 2}).json()["id"]

    def ends() -> list[tuple[str, str]]:
        sessions = [api.get(f"sessions/{one}").json() for one in (idle, aged)]
        return [(session["status"], session["end_reason"]) for session in sessions]

    until(lambda: ends() == [("expired", "idle_timeout"), ("expired", "max_lifetime")])
    gone = api.post(f"sessions/{aged}/keepalive")
    assert gone.status_code == 410
    assert gone.json()["detail"] == f"session not found: {aged} (expired)"
