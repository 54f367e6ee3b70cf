"""Who is in a session, and which keys would let others in."""

from __future__ import annotations

import pytest

from sessions_app.engine.control import Holder
from sessions_app.models import Role
from sessions_app.services import keys, presence
from sessions_app.services.actors import Scope
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


async def shown(person, session) -> str:
    return text(await person.get(f"/sessions/{session.id}/presence", fragment=True))


async def test_each_is_told_with_role_and_way(engine, watcher, start):
    session = await start()
    live = engine.live[session.id]
    live.seat(user_id="1", role="control", name="Ada")
    live.seat(link_id="lnk_x", name="Guest")
    live.seat(link_id=session.id, name="Passer-by")
    live.seat(key_id="key_x", name="Robot")
    words = await shown(watcher, session)
    assert "Ada by a login may control" in words
    assert "Guest by a live link watches" in words
    assert "Passer-by by the address to share watches" in words
    assert "Robot by a key watches" in words
    assert "In control Nobody" in words


async def test_who_steers(engine, watcher, start):
    session = await start()
    live = engine.live[session.id]
    viewer = live.seat(user_id="1", role="control", name="Ada")
    live.take_control(Holder(kind="person", id=viewer.id, name="Ada"))
    words = await shown(watcher, session)
    assert "Ada by a login in control" in words
    assert "In control Ada (person)" in words


async def test_programs_by_cdp_have_their_keys_names(engine, watcher, admin, start):
    session = await start()
    key, _ = await keys.create_key(admin, name="Crawler", role=Role.OPERATOR)
    engine.live[session.id].plug_in(key_id=key.id)
    engine.live[session.id].plug_in()
    words = await shown(watcher, session)
    assert "Crawler by CDP" in words
    assert "A program by CDP" in words
    assert "Nobody watches" not in words


async def test_nobody(watcher, start):
    words = await shown(watcher, await start())
    assert "Nobody watches" in words
    assert "Keys that may use it" not in words


async def test_an_administrator_sees_the_keys_that_reach_it(boss, admin, stranger, start):
    await keys.create_key(admin, name="Watcher", role=Role.VIEWER)
    await keys.create_key(admin, name=SCRIPT, role=Role.OPERATOR)
    changer = [Scope.SESSIONS_READ, Scope.SESSIONS_WRITE]
    await keys.create_key(admin, name="Changer", role=Role.OPERATOR, scopes=changer)
    await keys.create_key(admin, name="Clerk", role=Role.ADMIN, scopes=[Scope.KEYS])
    gone, _ = await keys.create_key(admin, name="Gone", role=Role.ADMIN)
    await keys.revoke_key(admin, gone.id)
    await keys.create_key(stranger, name="Elsewhere", role=Role.ADMIN)
    session = await start()
    response = await boss.get(f"/sessions/{session.id}/presence", fragment=True)
    words = text(response)
    assert "Keys that may use it (3)" in words
    for name, reach in (("Watcher", "may look"), ("Changer", "may change"), (SCRIPT, "may steer")):
        assert reach in words.partition(name)[2].partition("…")[2][:12]
    assert SCRIPT not in response.content.decode()
    for name in ("Clerk", "Gone", "Elsewhere"):
        assert name not in words


async def test_of_very_many_keys_not_all_are_listed(boss, admin, start):
    session = await start()
    for number in range(presence.MAX_KEYS + 1):
        await keys.create_key(admin, name=f"Key {number}", role=Role.VIEWER)
    words = await shown(boss, session)
    assert f"Keys that may use it ({presence.MAX_KEYS + 1})" in words
    assert words.count("may look") == presence.MAX_KEYS
    assert "All keys" in words


async def test_before_its_browser_runs_nobody_can_be_there(engine, watcher, start):
    object.__setattr__(engine.config, "max_sessions", 0)
    assert "Nobody can be" in await shown(watcher, await start())
