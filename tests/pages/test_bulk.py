"""Many sessions labelled or released from the list: in parts, with progress and a summary of what failed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from sessions_app.services import labels, sessions
from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


def rest_of(response) -> dict[str, list[str]]:
    """What the answer's form would send by itself."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()
    ):
        fields.setdefault(name, []).append(unescape(value))
    return fields


async def test_releases_come_in_parts_and_say_how_far_they_are(engine, mate, operator, start, monkeypatch):
    monkeypatch.setattr("sessions_app.pages.bulk.RELEASED_AT_ONCE", 2)
    ids = [(await start()).id for _ in range(4)]
    asked = {"ids": [ids[0], "ses_never", *ids[1:]]}
    response = await mate.post("/sessions/bulk/release", asked, fragment=True)
    assert "2 of 5 released…" in text(response)
    assert '<progress max="5" value="2"' in response.content.decode()
    assert response["HX-Trigger"] == "sessions-changed"
    assert [engine.live.get(one) is None for one in ids] == [True, False, False, False]
    response = await mate.post("/sessions/bulk/release", rest_of(response), fragment=True)
    assert "4 of 5 released…" in text(response)
    response = await mate.post("/sessions/bulk/release", rest_of(response), fragment=True)
    assert "4 sessions released." in text(response)
    assert "1 failed ses_never" in text(response)
    assert 'data-failed="ses_never"' in response.content.decode()
    assert response["HX-Trigger"] == "sessions-changed, bulk-done"
    assert rest_of(response) == {}
    assert engine.live == {}
    for one in ids:
        assert (await sessions.get(operator, one)).end_reason == "released_by_operator"


async def test_labels_are_set_and_removed(mate, operator, start, monkeypatch):
    monkeypatch.setattr("sessions_app.pages.bulk.LABELLED_AT_ONCE", 1)
    ids = [(await start()).id for _ in range(2)]
    for do, expected in (("set", {"team": "red"}), ("remove", {})):
        fields = {"key": " team ", "value": "red", "do": do}
        response = await mate.post("/sessions/bulk/label", {**fields, "ids": ids}, fragment=True)
        assert "1 of 2 labelled…" in text(response)
        response = await mate.post("/sessions/bulk/label", rest_of(response), fragment=True)
        assert "2 sessions labelled." in text(response)
        assert "failed" not in text(response)
        for one in ids:
            assert await labels.get(operator, one) == expected


async def test_a_label_that_cannot_be_is_refused_where_it_was_typed(mate, operator, start):
    session = await start()
    asked = {"key": "not a key", "value": "", "do": "set", "ids": [session.id]}
    response = await mate.post("/sessions/bulk/label", asked, fragment=True)
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#bulk-refused"
    assert "A key is 1 to 63" in text(response)
    assert await labels.get(operator, session.id) == {}


async def test_nothing_chosen_is_nothing_done(engine, mate, start):
    session = await start()
    response = await mate.post("/sessions/bulk/release", fragment=True)
    assert "0 sessions released." in text(response)
    assert session.id in engine.live


async def test_another_projects_sessions_fail_as_unknown_ones(engine, boss, foreign_session):
    response = await boss.post("/sessions/bulk/release", {"ids": [foreign_session]}, fragment=True)
    assert f"1 failed {foreign_session}" in text(response)
    assert "secret plan" not in response.content.decode()
    assert foreign_session in engine.live


async def test_what_the_page_brings_back_is_shown_as_text(engine, mate):
    asked = {"done": "1", "failed": ["ses_1"], "failed_name": [SCRIPT], "failed_why": [SCRIPT * 20]}
    for done in ("1", "x", "-1", "9" * 30):
        response = await mate.post("/sessions/bulk/release", {**asked, "done": done}, fragment=True)
        assert response.status_code == 200
        assert SCRIPT not in response.content.decode()
        assert SCRIPT in text(response)


async def test_what_no_page_brings_back_is_left_out(engine, mate):
    asked = {"done": "2", "failed": ["../x", "ses_1"], "failed_name": ["A", "B"], "failed_why": ["a", "b"]}
    response = await mate.post("/sessions/bulk/release", asked, fragment=True)
    assert response.status_code == 200
    assert 'data-failed="ses_1"' in response.content.decode()
    assert "../x" not in response.content.decode()
