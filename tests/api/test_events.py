"""The timeline by REST: a list with filters, and a stream that loses nothing and ends with its session."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import AsyncClient

from config.asgi import django_application
from sessions_app.models import Event, Session, SessionStatus, User
from sessions_app.services import keys, readers, sessions, streams, timeline
from sessions_app.services.timeline import Entry

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_waits():
    yield
    timeline.forget()
    assert not readers._readers


@pytest.fixture
async def session_id(start):
    return (await start()).id


async def happens(session_id: str, *numbers: int, kind: str = "console") -> None:
    for n in numbers:
        timeline.add(Entry(session_id, kind, {"n": n}, 1_800_000_000.0))
    await timeline.flush()


class Listener:
    """An EventSource: what it has heard, over the same ASGI messages that a server would carry."""

    def __init__(self, headers: dict[str, str], session_id: str, query: str = "", **more: str) -> None:
        raw = {"accept": "text/event-stream", "host": "localhost", **headers, **more}
        scope = {
            "type": "http", "method": "GET", "path": f"/api/v1/sessions/{session_id}/events", "http_version": "1.1",
            "query_string": query.encode(), "scheme": "http", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
            "headers": [(name.lower().encode(), value.encode()) for name, value in raw.items()],
        }  # fmt: skip
        self._asgi = ApplicationCommunicator(django_application, scope)
        self._text = ""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_over = False

    async def __aenter__(self) -> Listener:
        await self._asgi.send_input({"type": "http.request", "body": b"", "more_body": False})
        began = await self._asgi.receive_output(5)
        self.status = began["status"]
        self.headers = {name.decode().lower(): value.decode() for name, value in began["headers"]}
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self.is_over:
            await self._asgi.send_input({"type": "http.disconnect"})
        await self._asgi.wait(5)

    async def part(self) -> None:
        message = await self._asgi.receive_output(5)
        self._text += message.get("body", b"").decode()
        self.is_over = not message.get("more_body")

    @property
    def blocks(self) -> list[str]:
        return self._text.split("\n\n")[:-1]

    @property
    def entries(self) -> list[dict[str, Any]]:
        found = []
        for block in self.blocks:
            fields = dict(line.split(": ", 1) for line in block.splitlines())
            if "data" in fields:
                item = json.loads(fields["data"])
                assert (fields["id"], fields["event"]) == (str(item["id"]), item["kind"])
                found.append(item)
        return found

    @property
    def numbers(self) -> list[int]:
        return [item["data"]["n"] for item in self.entries if "n" in item["data"]]

    async def hears(self, count: int) -> None:
        while len(self.entries) < count:
            await self.part()

    async def to_the_end(self) -> None:
        while not self.is_over:
            await self.part()


class TestList:
    async def test_kinds_and_what_came_after(self, api, session_id):
        await happens(session_id, 1, kind="network")
        await happens(session_id, 2, 3)
        at = f"/sessions/{session_id}/events"
        found = (await api("GET", f"{at}?kind=network&kind=console")).json()
        assert [(item["kind"], item["data"]["n"]) for item in found["items"]] == [
            ("network", 1), ("console", 2), ("console", 3)
        ]  # fmt: skip
        assert found["total"] == 3
        after = found["items"][1]["id"]
        assert [item["data"]["n"] for item in (await api("GET", f"{at}?after={after}")).json()["items"]] == [
            3
        ]

    async def test_pages_of_one_kind(self, api, session_id):
        await happens(session_id, *range(5))
        at = f"/sessions/{session_id}/events?kind=console&limit=2"
        numbers, more = [], at
        while more:
            page = (await api("GET", more)).json()
            numbers += [item["data"]["n"] for item in page["items"]]
            more = page["next_cursor"] and f"{at}&cursor={page['next_cursor']}"
        assert numbers == [0, 1, 2, 3, 4]

    @pytest.mark.parametrize("query", ["kind=nonsense", "after=x", "after=-1", f"after={1 << 70}"])
    async def test_what_is_no_question(self, api, session_id, query):
        assert (await api("GET", f"/sessions/{session_id}/events?{query}")).status_code == 422


class TestStream:
    async def test_it_tells_what_was_and_what_comes_and_closes_with_the_session(
        self, api, session_id, operator
    ):
        await happens(session_id, 1)
        async with Listener(api.headers, session_id) as listener:
            assert (listener.status, listener.headers["content-type"]) == (200, "text/event-stream")
            assert listener.headers["cache-control"] == "no-store"
            await listener.hears(3)
            await happens(session_id, 2)
            await listener.hears(4)
            await sessions.release(operator, session_id)
            await listener.to_the_end()
        listed = (await api("GET", f"/sessions/{session_id}/events")).json()["items"]
        assert listener.entries == listed
        assert listener.blocks[0] == "retry: 1000"
        assert listener.entries[-1]["data"] == {"status": "released", "reason": "released"}

    async def test_an_ended_session_gives_what_there_is_and_closes(self, api, session_id, operator):
        await happens(session_id, *range(streams.BATCH + 5))
        await sessions.release(operator, session_id)
        async with Listener(api.headers, session_id) as listener:
            await listener.to_the_end()
        assert listener.numbers == list(range(streams.BATCH + 5))
        assert listener.entries[-1]["kind"] == "lifecycle"

    async def test_it_goes_on_where_the_last_one_broke_off(self, api, session_id):
        await happens(session_id, 1, 2)
        async with Listener(api.headers, session_id, "kind=console") as listener:
            await listener.hears(1)
        seen = listener.entries[0]["id"]
        await happens(session_id, 3)
        for more in ({"query": f"after={seen}"}, {"last-event-id": str(seen)}):
            async with Listener(api.headers, session_id, more.pop("query", "after=0"), **more) as listener:
                await listener.hears(2)
            assert listener.numbers == [2, 3]

    async def test_one_kind_alone_ends_too(self, api, session_id, operator):
        async with Listener(api.headers, session_id, "kind=network") as listener:
            await happens(session_id, 1)
            await happens(session_id, 2, kind="network")
            await listener.hears(1)
            await sessions.release(operator, session_id)
            await listener.to_the_end()
        assert listener.numbers == [2]

    async def test_another_process_ended_it(self, api, session_id):
        async with Listener(api.headers, session_id) as listener:
            await listener.hears(2)
            row = Session.objects.filter(pk=session_id)
            await row.aupdate(status=SessionStatus.LOST, ended_at=(await row.aget()).created_at)
            await listener.to_the_end()

    async def test_a_session_that_was_deleted(self, api, session_id):
        async with Listener(api.headers, session_id) as listener:
            await listener.hears(2)
            await Session.objects.filter(pk=session_id).adelete()
            await listener.to_the_end()

    async def test_nothing_is_lost_or_doubled_while_many_write(self, api, session_id, operator):
        async def write(first: int) -> None:
            for n in range(first, first + 60):
                timeline.add(Entry(session_id, "console", {"n": n}, 1_800_000_000.0))
                if n % 7 == 0:
                    await timeline.flush()
            await timeline.flush()

        one, two = (Listener(api.headers, session_id) for _ in range(2))
        async with one, two, asyncio.TaskGroup() as group:
            group.create_task(one.to_the_end())
            group.create_task(two.to_the_end())
            async with asyncio.TaskGroup() as writers:
                for first in (0, 100, 200):
                    writers.create_task(write(first))
            await sessions.release(operator, session_id)
        rows = [row.pk async for row in Event.objects.filter(session_id=session_id).order_by("pk")]
        for listener in (one, two):
            assert [item["id"] for item in listener.entries] == rows
            assert sorted(listener.numbers) == [*range(60), *range(100, 160), *range(200, 260)]

    async def test_silence_is_broken_by_a_comment(self, api, session_id, monkeypatch):
        monkeypatch.setattr(streams, "SILENCE", 0.0)
        async with Listener(api.headers, session_id, "kind=network") as listener:
            while len(listener.blocks) < 2:
                await listener.part()
        assert listener.blocks[1] == ": nothing new"

    async def test_a_revoked_key_hears_no_more(self, api_of, session_id, operator, admin):
        owned = await keys.create_key(admin, name="short", role=operator.role)
        api = {"Authorization": f"Bearer {owned[1]}"}
        async with Listener(api, session_id) as listener:
            await listener.hears(2)
            await keys.revoke_key(admin, owned[0].id)
            async with asyncio.timeout(5):
                await listener.to_the_end()

    async def test_whoever_logs_out_hears_no_more(self, session_id, person):
        client = AsyncClient()
        user = await User.objects.aget(pk=person.user_id)
        await client.aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        async with Listener({"cookie": cookies}, session_id) as listener:
            await listener.hears(2)
            await client.alogout()
            async with asyncio.timeout(5):
                await listener.to_the_end()

    async def test_a_reader_who_takes_much_is_sent_away_to_come_again(self, api, session_id, monkeypatch):
        monkeypatch.setattr("sessions_app.api.events.MAX_SENT", 10)
        async with Listener(api.headers, session_id) as listener:
            await listener.to_the_end()
        assert len(listener.entries) == 2

    async def test_no_more_than_may_read_and_places_become_free(self, api, session_id, monkeypatch):
        monkeypatch.setattr(readers, "MAX_READERS", 2)
        async with Listener(api.headers, session_id) as one, Listener(api.headers, session_id):
            await one.hears(2)
            async with Listener(api.headers, session_id) as third:
                await third.part()
            assert (third.status, third.headers["retry-after"]) == (429, "5")
            assert json.loads(third._text)["code"] == "too_many_streams"
        async with Listener(api.headers, session_id) as listener:
            assert listener.status == 200

    async def test_one_that_never_began_gives_its_place_back(self, session_id, operator):
        stream = await streams.follow(operator, session_id)
        assert "after 0" in repr(stream)
        stream.close()
        assert not readers._readers

    async def test_other_projects_and_wrong_positions(self, api_of, api, session_id, stranger):
        other = await api_of(stranger)
        async with Listener(other.headers, session_id) as listener:
            await listener.part()
        assert listener.status == 404
        async with Listener(api.headers, session_id, **{"last-event-id": "x"}) as listener:
            await listener.part()
        assert listener.status == 422

    async def test_who_takes_both_gets_the_list(self, api, session_id):
        async with Listener(
            api.headers, session_id, accept="application/json, text/event-stream;q=0.5"
        ) as listener:
            await listener.part()
        assert listener.headers["content-type"].startswith("application/json")
