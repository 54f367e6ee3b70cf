"""When a tab has come to its next document."""

from __future__ import annotations

import asyncio

from sessions_app.engine.navigation import Navigation
from tests.waiting import turns


async def test_nobody_waits_while_none_is_under_way():
    await Navigation().arrival()


async def test_it_is_over_when_the_new_document_is_parsed():
    navigation = Navigation()
    navigation.began()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(navigation.arrival())
        # Of the document that is left.
        navigation.parsed()
        await turns()
        assert not waiting.done()
        assert repr(navigation) == "<Navigation under way>"
        navigation.committed()
        await turns()
        assert not waiting.done()
        navigation.parsed()
    assert repr(navigation) == "<Navigation over>"


async def test_one_that_leads_nowhere_is_over_too():
    navigation = Navigation()
    navigation.began()
    navigation.ended()
    assert navigation.is_over
