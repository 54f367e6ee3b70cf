"""A session's files by REST: what goes in comes out, as a file and nothing else."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from config.asgi import django_application
from sessions_app.engine import files as engine_files
from tests.engine.test_files import BAD_NAMES
from tests.fakes import FakeEngine, FakeLiveSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def live(start: Callable[[], Awaitable[Any]], engine: FakeEngine) -> FakeLiveSession:
    return engine.live[(await start()).id]


async def body(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join([part async for part in response])


async def test_a_file_goes_in_and_out(api, live):
    at = f"/sessions/{live.id}/files"
    data = bytes(range(256)) * 4096
    response = await api("PUT", f"{at}/reports/2026/a%20b.bin", data)
    assert response.status_code == 200
    facts = response.json()
    assert abs(datetime.fromisoformat(facts.pop("modified_at")) - datetime.now(UTC)) < timedelta(minutes=1)
    assert facts == {
        "name": "reports/2026/a b.bin",
        "size": len(data),
        "content_type": "application/octet-stream",
    }
    assert await body(await api("GET", f"{at}/reports/2026/a%20b.bin")) == data
    assert (await api("DELETE", f"{at}/reports/2026/a%20b.bin")).status_code == 204
    assert (await api("GET", at)).json() == {"items": [], "next_cursor": None, "total": 0}


async def test_the_last_one_put_there_counts(api, live):
    at = f"/sessions/{live.id}/files/notes.txt"
    await api("PUT", at, b"a longer one")
    await api("PUT", at, b"")
    assert await body(await api("GET", at)) == b""


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("page.html", "application/octet-stream"),
        ("picture.svg", "application/octet-stream"),
        ("script.js", "application/octet-stream"),
        ("archive.tar.gz", "application/octet-stream"),
        ("shot.png", "image/png"),
        ("notes.txt", "text/plain"),
    ],
)
async def test_it_is_a_file_and_no_page(api, live, name, content_type):
    live.files.write(f"downloads/{name}", b"<script>alert(1)</script>")
    response = await api("GET", f"/sessions/{live.id}/files/downloads/{name}")
    assert await body(response) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Length"] == "25"
    assert response["Cache-Control"] == "no-store"


async def test_a_name_in_another_language(api, live):
    """By a client that writes addresses as browsers do; Django's own reads them as Latin-1."""
    name = 'downloads/Отчёт "final".pdf'
    live.files.write(name, b"%PDF")
    url = f"http://127.0.0.1/api/v1/sessions/{live.id}/files/{quote(name)}"
    transport = httpx.ASGITransport(django_application)
    async with httpx.AsyncClient(transport=transport, headers=api.headers) as client:
        response = await client.get(url)
    assert response.content == b"%PDF"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9E")


@pytest.mark.parametrize("name", [name for name in BAD_NAMES if name.isprintable() and name], ids=ascii)
async def test_names_that_may_not_be(api, live, name, tmp_path: Path):
    at = f"/sessions/{live.id}/files/{name.replace('/', '%2f').replace('..', '%2e%2e')}"
    refused = (await api("PUT", at, b"x")).json()
    assert (refused["status"], refused["code"]) == (422, "invalid_request")
    assert [error["field"] for error in refused["errors"]] == ["path"]
    for method in ("GET", "DELETE"):
        assert (await api(method, at)).json()["code"] == "file_not_found"
    assert live.files.list() == []


async def test_a_link_out_of_the_folder_is_not_followed(api, live, tmp_path: Path):
    (tmp_path / "secret").write_text("secret")
    (live.files.folder / "link").symlink_to(tmp_path / "secret")
    (live.files.folder / "folder").symlink_to(tmp_path)
    for name in ("link", "folder/secret"):
        assert (await api("GET", f"/sessions/{live.id}/files/{name}")).status_code == 404
    assert (await api("PUT", f"/sessions/{live.id}/files/folder/secret", b"x")).status_code == 422
    assert (await api("GET", f"/sessions/{live.id}/files")).json()["total"] == 0
    assert (tmp_path / "secret").read_text() == "secret"


async def test_the_list_comes_in_pages(api, live):
    for name in ("c", "a", "b/2", "b/1", "d"):
        live.files.write(name, name.encode())
    found: list[str] = []
    query = "?limit=2"
    while query:
        page = (await api("GET", f"/sessions/{live.id}/files{query}")).json()
        assert page["total"] == 5
        found += [file["name"] for file in page["items"]]
        query = f"?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert found == ["a", "b/1", "b/2", "c", "d"]
    for wrong in ("WzFd", "nonsense"):
        response = await api("GET", f"/sessions/{live.id}/files?cursor={wrong}")
        assert response.json()["code"] == "invalid_cursor"


async def test_all_of_them_as_an_archive(api, live):
    big = bytes(range(256)) * 5000
    live.files.write("downloads/big.bin", big)
    live.files.write("Отчёт.txt", b"hello")
    response = await api("GET", f"/sessions/{live.id}/files.zip")
    with zipfile.ZipFile(io.BytesIO(await body(response))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "downloads/big.bin": big,
            "Отчёт.txt": b"hello",
        }
        assert archive.getinfo("downloads/big.bin").date_time[0] >= 2026
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{live.id}.zip"'


async def test_an_archive_of_nothing_and_of_what_went_meanwhile(api, live):
    response = await api("GET", f"/sessions/{live.id}/files.zip")
    assert zipfile.ZipFile(io.BytesIO(await body(response))).namelist() == []
    live.files.write("a", b"a")
    live.files.write("b", b"b")
    response = await api("GET", f"/sessions/{live.id}/files.zip")
    live.files.delete("b")
    assert zipfile.ZipFile(io.BytesIO(await body(response))).namelist() == ["a"]


async def test_one_that_is_too_large(api, live, monkeypatch):
    monkeypatch.setattr(engine_files, "MAX_FILE", 10)
    answer = (await api("PUT", f"/sessions/{live.id}/files/a", b"x" * 11)).json()
    assert (answer["status"], answer["code"]) == (413, "file_too_large")
    assert live.files.list() == []


async def test_more_than_there_may_be(api, live, monkeypatch):
    monkeypatch.setattr(engine_files, "MAX_ALL", 10)
    await api("PUT", f"/sessions/{live.id}/files/a", b"x" * 10)
    answer = (await api("PUT", f"/sessions/{live.id}/files/b", b"x")).json()
    assert (answer["status"], answer["code"]) == (409, "files_full")


async def test_a_full_disk(api, live, monkeypatch):
    def full(*_: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(live.files, "settle", full)
    answer = (await api("PUT", f"/sessions/{live.id}/files/a", b"x")).json()
    assert (answer["status"], answer["code"]) == (507, "disk_full")


async def test_a_session_that_ends_meanwhile(api, live, engine, monkeypatch):
    begin = live.files.begin

    def ended() -> Any:
        shutil.rmtree(live.files.folder.parent)
        engine.live.clear()
        return begin()

    monkeypatch.setattr(live.files, "begin", ended)
    answer = (await api("PUT", f"/sessions/{live.id}/files/a", b"x")).json()
    assert answer["code"] == "session_ended"


async def test_writing_is_activity_and_reading_is_none(api, live):
    at = f"/sessions/{live.id}/files/a"
    await api("PUT", at, b"x")
    await api("DELETE", at)
    assert live.touched == 2
    await api("GET", f"/sessions/{live.id}/files")
    await api("GET", at)
    await api("GET", f"/sessions/{live.id}/files.zip")
    assert live.touched == 2


async def test_they_go_with_the_session(api, live):
    live.files.write("a", b"a")
    folder = live.files.folder
    await api("POST", f"/sessions/{live.id}/release")
    assert not folder.exists()
    assert (await api("GET", f"/sessions/{live.id}/files/a")).json()["code"] == "session_ended"
