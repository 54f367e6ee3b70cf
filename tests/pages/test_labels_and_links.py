"""What is edited in a session's panel: its labels and its live links."""

from __future__ import annotations

import re

import pytest

from sessions_app.models import LiveLink
from sessions_app.services import labels, links, sessions
from tests.pages.conftest import SCRIPT, Person, text

pytestmark = pytest.mark.django_db(transaction=True)


async def put(person, session, key, value):
    return await person.post(f"/sessions/{session.id}/labels", {"key": key, "value": value}, fragment=True)


async def test_labels_are_added_changed_and_removed(mate, operator, start):
    session = await start(labels={"team": "red"})
    assert "env" in text(await put(mate, session, " env ", "prod"))
    assert 'value="blue"' in (await put(mate, session, "team", "blue")).content.decode()
    assert await labels.get(operator, session.id) == {"env": "prod", "team": "blue"}
    response = await mate.post(f"/sessions/{session.id}/labels/remove", {"key": "team"}, fragment=True)
    assert "team" not in response.content.decode()
    assert await labels.get(operator, session.id) == {"env": "prod"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("", "x", "A key is 1 to 63"), ("a b", "x", "A key is 1 to 63"), (SCRIPT, "x", "A key is 1 to 63"), ("new", "v" * 256, "Longer than 255"), ("team", "v" * 256, "Longer than 255")],
)  # fmt: skip
async def test_a_wrong_label_is_said_beside_it(mate, operator, start, key, value, words):
    session = await start(labels={"team": "red"})
    response = await put(mate, session, key, value)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page.partition('id="label-error">')[2]
    assert page.count('aria-describedby="label-error"') == 1
    assert SCRIPT not in page
    assert await labels.get(operator, session.id) == {"team": "red"}


async def test_the_labels_of_an_ended_session_can_still_be_edited(mate, operator, start):
    session = await start()
    await sessions.release(operator, session.id)
    assert "result" in (await put(mate, session, "result", "good")).content.decode()


async def make(person, session, **asked):
    asked = {"role": "view", "ttl": "900", **asked}
    return await person.post(f"/sessions/{session.id}/links", asked, fragment=True)


def address(response) -> str:
    found = re.search(r'value="(http://[^"]+/live/lnk_[^"]+)"', response.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("role", ["view", "control"])
async def test_a_link_is_shown_once_and_works(mate, start, role):
    session = await start()
    made = await make(mate, session, role=role)
    path, _, token = address(made).partition("#")
    link_id = path.rpartition("/")[2]
    assert (await links.exchange(link_id, token)).role == role
    listed = await mate.get(f"/sessions/{session.id}/links", fragment=True)
    assert f"{role.capitalize()} for 14:59 , by operator" in text(listed)
    assert token not in listed.content.decode()


async def test_a_link_for_one_use_leaves_the_list_when_used(mate, start):
    session = await start()
    made = await make(mate, session, one_time="on")
    assert "View , once" in text(made)
    path, _, token = address(made).partition("#")
    await links.exchange(path.rpartition("/")[2], token)
    assert "once" not in text(await mate.get(f"/sessions/{session.id}/links")).replace("Once", "")


async def test_revoking_a_link(engine, mate, start):
    session = await start()
    await make(mate, session)
    link = await LiveLink.objects.aget()
    response = await mate.post(f"/sessions/{session.id}/links/{link.id}/revoke", fragment=True)
    assert link.id not in response.content.decode()
    assert engine.live[session.id].disconnected == [{"link_id": link.id}]


async def test_revoking_every_way_in_shows_new_addresses(mate, start):
    session = await start()
    await make(mate, session)
    response = await mate.post(f"/sessions/{session.id}/links/revoke", fragment=True)
    page = response.content.decode()
    assert session.resource_url not in page
    assert session.cdp_url not in page
    assert f"/live/{session.id}#" in page
    assert "/revoke" in page
    assert "lnk_" not in page


@pytest.mark.parametrize(("field", "value"), [("role", "own"), ("ttl", "1"), ("ttl", "forever")])
async def test_a_link_that_cannot_be(mate, start, field, value):
    session = await start()
    response = await make(mate, session, **{field: value})
    assert response.status_code == 422
    assert response.content.decode().startswith("Choose ")
    assert not await LiveLink.objects.aexists()


async def test_no_link_to_an_ended_session(mate, operator, start):
    session = await start()
    await sessions.release(operator, session.id)
    response = await make(mate, session)
    assert response.status_code == 410


async def test_an_unknown_link(mate, start):
    session = await start()
    response = await mate.post(f"/sessions/{session.id}/links/lnk_x/revoke", fragment=True)
    assert (response.status_code, response.content) == (404, b"live link not found: lnk_x")


async def test_a_lapsed_login_makes_no_link(start, project):
    session = await start()
    response = await make(Person(), session)
    assert response["HX-Redirect"].startswith("/login")
    assert not await LiveLink.objects.aexists()
