"""What the engine reports is kept as the session's events."""

from __future__ import annotations

import pytest

from sessions_app.engine import events as engine_events
from sessions_app.engine.control import Holder
from sessions_app.services import events, following, sessions, timeline

pytestmark = pytest.mark.django_db(transaction=True)


async def test_events_are_kept(start, operator):
    session = await start()
    sid = session.id
    ada = Holder("person", "v1", "Ada")
    for event in (
        engine_events.Navigated(session_id=sid, tab=1, url="https://example.com/"),
        engine_events.TabOpened(session_id=sid, tab=2, url="about:blank"),
        engine_events.TabCrashed(session_id=sid, tab=2, url="about:blank"),
        engine_events.TabClosed(session_id=sid, tab=2),
        engine_events.DialogOpened(session_id=sid, tab=1, kind="alert", message="Hi"),
        engine_events.DialogClosed(session_id=sid, tab=1, kind="prompt", accepted=True, text="me", by="Ada"),
        engine_events.ControlChanged(session_id=sid, holder=ada, previous=None),
        engine_events.ViewerJoined(session_id=sid, viewer_id="v1", name="Ada", role="control"),
        engine_events.ViewerLeft(session_id=sid, viewer_id="v1", name="Ada", role="control"),
    ):
        await following.follow(event)
    await timeline.flush()
    kept = [(event.kind, event.data) for event in (await events.list_events(operator, sid)).items][2:]
    assert kept == [
        ("navigation", {"tab": 1, "url": "https://example.com/"}),
        ("tab", {"what": "opened", "tab": 2, "url": "about:blank"}),
        ("tab", {"what": "crashed", "tab": 2, "url": "about:blank"}),
        ("tab", {"what": "closed", "tab": 2}),
        ("dialog", {"what": "opened", "tab": 1, "kind": "alert", "message": "Hi"}),
        (
            "dialog",
            {"what": "closed", "tab": 1, "kind": "prompt", "accepted": True, "text": "me", "by": "Ada"},
        ),
        ("control", {"holder": {"kind": "person", "id": "v1", "name": "Ada"}, "previous": None}),
        ("viewer", {"what": "joined", "viewer_id": "v1", "name": "Ada", "role": "control"}),
        ("viewer", {"what": "left", "viewer_id": "v1", "name": "Ada", "role": "control"}),
    ]


async def test_an_event_of_a_session_that_is_gone(engine):
    await following.follow(engine_events.TabClosed(session_id="ses_gone", tab=1))


async def test_a_client_that_may_releases_the_session(start, operator):
    session = await start()
    await following.follow(engine_events.ReleaseAsked(session_id=session.id))
    ended = await sessions.get(operator, session.id)
    assert (ended.status, ended.end_reason) == ("released", "released")
