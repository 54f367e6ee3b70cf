"""Many sessions at once: each with an outcome of its own."""

from __future__ import annotations

import pytest

from sessions_app.services import bulk, labels, sessions
from sessions_app.services.errors import Forbidden, Invalid
from sessions_app.services.new_session import NewSession

pytestmark = pytest.mark.django_db(transaction=True)


async def test_release_ends_all_that_there_are(engine, operator, start):
    ids = [(await start()).id for _ in range(3)]
    failures = await bulk.release(operator, [*ids, "ses_never", ids[0]])
    assert [(one.session_id, one.name) for one in failures] == [("ses_never", "ses_never")]
    for session_id in ids:
        assert (await sessions.get(operator, session_id)).status == "released"


async def test_labels_are_set_and_removed(operator, start):
    one, two = await start(labels={"team": "red"}), await start()
    assert await bulk.label(operator, [one.id, two.id], {"team": "blue"}) == []
    assert await labels.get(operator, one.id) == await labels.get(operator, two.id) == {"team": "blue"}
    assert await bulk.label(operator, [one.id, two.id], {"team": None}) == []
    assert await labels.get(operator, one.id) == {}


async def test_one_that_has_no_room_stops_no_other(operator, start):
    full = await start(name="Full", labels={f"k{n}": "" for n in range(50)})
    free = await start()
    (failure,) = await bulk.label(operator, [full.id, free.id], {"team": "red"})
    assert (failure.session_id, failure.name, failure.why) == (full.id, "Full", "more than 50 labels")
    assert await labels.get(operator, free.id) == {"team": "red"}


@pytest.mark.parametrize("changes", [{"not a key": "x"}, {"team": "x" * 256}, {"": None}])
async def test_what_no_session_could_have_is_refused_at_once(operator, start, changes):
    session = await start()
    with pytest.raises(Invalid):
        await bulk.label(operator, [session.id], changes)
    assert await labels.get(operator, session.id) == {}


async def test_another_projects_are_as_unknown_as_none(engine, operator, stranger, start):
    foreign = await sessions.create(stranger, NewSession(name="secret plan"))
    for failures in (
        await bulk.release(operator, [foreign.id]),
        await bulk.label(operator, [foreign.id], {"team": "red"}),
    ):
        assert [(one.session_id, one.name) for one in failures] == [(foreign.id, foreign.id)]
    assert engine.live[foreign.id].closed == 0
    assert await labels.get(stranger, foreign.id) == {}


async def test_who_may_only_look_changes_nothing(viewer, start):
    session = await start()
    with pytest.raises(Forbidden):
        await bulk.release(viewer, [session.id])
    with pytest.raises(Forbidden):
        await bulk.label(viewer, [session.id], {"team": "red"})
