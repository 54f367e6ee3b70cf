"""What becomes of a page's downloads: kept under a name of ours, noted, and no more of them than there is room for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sessions_app.engine import downloads
from sessions_app.engine.downloads import Downloads
from sessions_app.engine.files import SessionFiles
from sessions_app.engine.inspection import Inspector
from tests.engine.conftest import FakePipe
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

BEGIN, PROGRESS = "Browser.downloadWillBegin", "Browser.downloadProgress"


class Harbour:
    """Downloads with their events sent by hand; `told` is what was noted."""

    def __init__(self, folder: Path) -> None:
        for part in ("tmp", "downloads", "files"):
            (folder / part).mkdir()
        self.folder = folder
        self.pipe = FakePipe()
        self.told: list[dict[str, Any]] = []
        inspector = Inspector()
        inspector.begin("ses_1", lambda note: self.told.append(note.data))  # type: ignore[attr-defined]
        self.files = SessionFiles(folder)
        self.downloads = Downloads(self.pipe.connection, self.files, inspector)

    def begin(self, guid: str = "g1", name: str = "cargo.bin", *, tab: int | None = 1) -> None:
        params = {"guid": guid, "url": "https://example.com/c", "suggestedFilename": name}
        self.downloads.receive(BEGIN, params, tab)

    def becomes(self, state: str, guid: str = "g1", *, received: float = 5.0) -> None:
        self.downloads.receive(PROGRESS, {"guid": guid, "state": state, "receivedBytes": received}, None)

    def arrive(self, guid: str = "g1", data: bytes = b"cargo") -> None:
        (self.folder / "downloads" / guid).write_bytes(data)
        self.becomes("completed", guid, received=len(data))

    @property
    def names(self) -> list[str]:
        return [facts.name for facts in self.files.list()]

    @property
    def cancelled(self) -> list[str]:
        return [command["params"]["guid"] for command in self.pipe.commands("Browser.cancelDownload")]


@pytest.fixture
async def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path)


def ends(harbour: Harbour, count: int = 1) -> Callable[[], bool]:
    return lambda: len([note for note in harbour.told if note["what"] != "begun"]) == count


async def test_chromium_is_told_to_keep_them_under_an_id(harbour: Harbour) -> None:
    harbour.downloads.keep()
    assert harbour.pipe.last("Browser.setDownloadBehavior")["params"] == {
        "behavior": "allowAndName",
        "downloadPath": str(harbour.folder / "downloads"),
        "eventsEnabled": True,
    }


async def test_a_whole_one_is_a_file_of_the_session(harbour: Harbour) -> None:
    harbour.begin()
    harbour.becomes("inProgress", received=3.0)
    assert harbour.names == []
    harbour.arrive()
    await until(ends(harbour))
    harbour.becomes("completed")
    assert harbour.told == [
        {"what": "begun", "tab": 1, "name": "cargo.bin", "url": "https://example.com/c"},
        {"what": "completed", "tab": 1, "name": "cargo.bin", "bytes": 5, "file": "downloads/cargo.bin"},
    ]
    assert harbour.files.read("downloads/cargo.bin") == b"cargo"
    assert list((harbour.folder / "downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("../../../etc/cron.d/evil", "evil"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        ("con.txt", "download"),
        ("a\u202egpj.exe\n", "a_gpj.exe_"),
        (".bashrc", "bashrc"),
        ("x" * 500 + ".pdf", "x" * 200),
        ("ж" * 300, "download"),
        ("trailing.", "download"),
        ("", "download"),
    ],
)
async def test_a_pages_name_is_never_a_path(harbour: Harbour, suggested: str, name: str) -> None:
    harbour.begin(name=suggested)
    harbour.arrive()
    await until(ends(harbour))
    assert harbour.names == [f"downloads/{name}"]


async def test_nothing_is_written_over(harbour: Harbour) -> None:
    for guid, data in (("g1", b"one"), ("g2", b"two"), ("g3", b"three")):
        harbour.begin(guid, "report.tar.gz")
        harbour.arrive(guid, data)
        await until(ends(harbour, int(guid[1])))
    assert harbour.names == [
        "downloads/report.tar (1).gz",
        "downloads/report.tar (2).gz",
        "downloads/report.tar.gz",
    ]
    assert harbour.files.read("downloads/report.tar.gz") == b"one"


async def test_one_that_broke_off_leaves_nothing(harbour: Harbour) -> None:
    harbour.begin()
    (harbour.folder / "downloads" / "g1").write_bytes(b"car")
    harbour.becomes("canceled", received=3.0)
    await until(lambda: not list((harbour.folder / "downloads").iterdir()))
    assert harbour.told[1:] == [{"what": "canceled", "tab": 1, "name": "cargo.bin", "bytes": 3}]
    assert harbour.names == []


async def test_a_link_in_its_place_is_not_followed(harbour: Harbour, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    harbour.begin()
    (harbour.folder / "downloads" / "g1").symlink_to(secret)
    harbour.becomes("completed")
    await until(ends(harbour))
    assert harbour.told[-1]["what"] == "canceled"
    assert harbour.names == []


async def test_one_that_nobody_saw_begin_is_left_alone(harbour: Harbour) -> None:
    harbour.arrive("g9")
    assert harbour.told == []
    assert harbour.names == []


async def test_the_newest_go_when_there_is_no_room(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harbour.files, "room", lambda: 100)
    harbour.begin("g1")
    harbour.begin("g2")
    await until(lambda: not harbour.downloads._aside.is_busy)
    harbour.becomes("inProgress", "g1", received=60)
    harbour.becomes("inProgress", "g2", received=40)
    assert harbour.cancelled == []
    harbour.becomes("inProgress", "g1", received=61)
    assert harbour.cancelled == ["g2"]
    harbour.becomes("canceled", "g2")
    assert harbour.told[-1]["why"] == "too_large"
    harbour.becomes("inProgress", "g1", received=100)
    assert harbour.cancelled == ["g2"]


async def test_one_that_was_whole_before_it_could_be_cancelled_is_not_kept(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harbour.files, "room", lambda: 3)
    harbour.begin()
    await until(lambda: not harbour.downloads._aside.is_busy)
    harbour.becomes("inProgress")
    harbour.arrive()
    await until(lambda: not list((harbour.folder / "downloads").iterdir()))
    assert harbour.names == []
    assert harbour.told[-1]["what"] == "canceled"


async def test_what_has_arrived_takes_room(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harbour.files, "room", lambda: 8)
    harbour.begin("g1")
    harbour.begin("g2")
    await until(lambda: not harbour.downloads._aside.is_busy)
    harbour.arrive("g1")
    await until(ends(harbour))
    harbour.becomes("inProgress", "g2", received=4)
    assert harbour.cancelled == ["g2"]


async def test_a_page_that_begins_without_end(harbour: Harbour) -> None:
    for number in range(downloads.MAX_RUNNING + 1):
        harbour.begin(f"g{number}")
    last = f"g{downloads.MAX_RUNNING}"
    assert harbour.cancelled == [last]
    assert harbour.told[-1]["why"] == "too_many"
    harbour.becomes("canceled", last)
    assert harbour.told[-1]["why"] == "too_many"
    harbour.becomes("canceled", "g0")
    assert "why" not in harbour.told[-1]
