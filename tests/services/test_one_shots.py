"""One-shot calls: whatever happens, no session stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sessions_app.models import Session, SessionStatus
from sessions_app.services import errors, one_shots, sessions
from sessions_app.services.new_session import NewSession
from sessions_app.services.one_shots import Visit
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def visit(url: str = "https://example.com/", seconds: float = 5, **more) -> Visit:
    return Visit(session=NewSession(url=url, **more), seconds=seconds)


async def only_session() -> Session:
    return await Session.objects.prefetch_related("labels").aget()


async def test_it_leaves_a_released_session(operator, engine):
    assert await one_shots.content(operator, visit(labels={"a": "b"})) == "<html></html>"
    row = await only_session()
    assert row.status == SessionStatus.RELEASED
    assert {label.key: label.value for label in row.labels.all()} == {"a": "b", "one-shot": "content"}
    assert engine.launched[0].pilot.fake.url == "https://example.com/"
    assert engine.live == {}


async def test_a_page_that_fails(operator, engine):
    engine.page_failure = "net::ERR_NAME_NOT_RESOLVED"
    with pytest.raises(errors.PageRefused) as caught:
        await one_shots.content(operator, visit())
    assert (caught.value.detail, caught.value.status) == ("net::ERR_NAME_NOT_RESOLVED", 502)
    assert (await only_session()).status == SessionStatus.RELEASED


async def test_nothing_is_started_for_what_cannot_be(operator, viewer, engine):
    for actor, asked, error in (
        (operator, visit(""), errors.Invalid),
        (operator, visit("file:///etc/passwd"), errors.Invalid),
        (viewer, visit(), errors.Forbidden),
    ):
        with pytest.raises(error):
            await one_shots.screenshot(actor, asked)
    assert not await Session.objects.aexists()


async def test_who_hangs_up_leaves_nothing(operator, engine):
    engine.paints = False
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one_shots.screenshot(operator, visit()))
        await until(lambda: engine.launched and engine.launched[0].pilot.fake.url != "about:blank")
        task.cancel()
    assert (await only_session()).status == SessionStatus.RELEASED
    assert engine.live == {}


async def test_it_waits_for_its_place_no_longer_than_it_may(operator, engine):
    engine.config = replace(engine.config, max_sessions=1)
    first = await sessions.create(operator, NewSession())
    with pytest.raises(errors.DeadlineExceeded):
        await one_shots.content(operator, visit(seconds=0.1))
    rows = Session.objects.exclude(pk=first.id)
    assert [row.status async for row in rows] == [SessionStatus.RELEASED]
