"""A session's files in its panel: listed, to be downloaded, deleted."""

from __future__ import annotations

import os

import pytest

from tests.pages.conftest import SCRIPT, text

pytestmark = pytest.mark.django_db(transaction=True)


async def test_they_are_listed_newest_first_and_lead_to_rest(engine, watcher, start):
    session = await start()
    live = engine.live[session.id]
    for age, name in ((100, "old.txt"), (0, "downloads/50% & more.pdf")):
        live.files.write(name, b"12345")
        path = live.files.path_of(name)
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    response = await watcher.get(f"/sessions/{session.id}/files", fragment=True)
    words = text(response)
    assert words.index("50% & more.pdf 5\xa0bytes".replace("\xa0", " ")) < words.index("old.txt")
    assert "2 files, 10 bytes" in words
    page = response.content.decode()
    address = f'href="/api/v1/sessions/{session.id}/files/downloads/50%25%20%26%20more.pdf"'
    assert address in page
    assert f'href="/api/v1/sessions/{session.id}/files.zip"' in page
    assert "Delete" not in page
    got = await watcher.get(f"/api/v1/sessions/{session.id}/files/downloads/50%25%20%26%20more.pdf")
    assert b"".join([part async for part in got]) == b"12345"


async def test_one_is_deleted(engine, mate, start):
    session = await start()
    live = engine.live[session.id]
    for name in ("a", "b\"'<"):
        live.files.write(name, b"")
    response = await mate.post(f"/sessions/{session.id}/files/delete", {"name": "b\"'<"}, fragment=True)
    assert [facts.name for facts in live.files.list()] == ["a"]
    assert "1 file, 0 bytes" in text(response)
    gone = await mate.post(f"/sessions/{session.id}/files/delete", {"name": "missing"}, fragment=True)
    assert gone.status_code == 404


async def test_a_viewer_may_not_delete(engine, watcher, start):
    session = await start()
    engine.live[session.id].files.write("a", b"")
    assert (await watcher.post(f"/sessions/{session.id}/files/delete", {"name": "a"})).status_code == 403
    assert engine.live[session.id].files.list()
    assert "Upload" not in text(await watcher.get(f"/sessions/{session.id}"))


async def test_names_are_no_markup(engine, mate, start):
    session = await start()
    engine.live[session.id].files.write(SCRIPT, b"")
    response = await mate.get(f"/sessions/{session.id}/files", fragment=True)
    assert SCRIPT not in response.content.decode()
    assert SCRIPT in text(response) or "onerror" in text(response)


async def test_there_are_none(mate, start):
    session = await start()
    assert "None yet" in text(await mate.get(f"/sessions/{session.id}/files", fragment=True))


async def test_of_many_the_newest_are_shown(engine, mate, start):
    session = await start()
    for number in range(203):
        engine.live[session.id].files.write(f"{number}.txt", b"")
    response = await mate.get(f"/sessions/{session.id}/files", fragment=True)
    assert "And 3 older." in text(response)
    assert response.content.decode().count('class="file-row"') == 200
