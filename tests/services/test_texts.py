"""What a page says of itself can always be kept, whatever the database."""

from __future__ import annotations

import pytest

from sessions_app.models import Session
from sessions_app.services import nodes, sessions

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_title_with_a_nul(engine, start, operator):
    session, other = await start(), await start()
    engine.find(session.id).show(title="a\0b")
    engine.find(other.id).show(title="next")
    await nodes.heartbeat()
    assert (await Session.objects.aget(pk=session.id)).title == "a\ufffdb"
    assert (await Session.objects.aget(pk=other.id)).title == "next"
    assert (await sessions.get(operator, session.id)).title == "a\ufffdb"
