"""A session's files: which names, what for whoever tampers with the folder, how much of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessions_app.engine import file_names, files
from sessions_app.engine.errors import FilesFull, FileTooLarge, NameRefused, NoSuchFile
from sessions_app.engine.file_names import parts_of
from sessions_app.engine.files import SessionFiles

BAD_NAMES = [
    "",
    "/etc/passwd",
    "../secret",
    "a/../../secret",
    "a/./b",
    "a//b",
    "a/",
    ".",
    "..",
    "a\0b",
    "a\nb",
    "a\\b",
    "a\u202eb",
    "half\ud800",
    "CON",
    "nul.txt",
    "a/Com1.log",
    " a",
    "a ",
    "a.",
    "x" * 241,
    "ж" * 121,
    "a/" * 8 + "b",
    "/".join(["x" * 200] * 6),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's own folder; a secret lies beside it."""
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "browser-1"
    for part in ("tmp", "downloads", "files"):
        (folder / part).mkdir(parents=True)
    return folder


@pytest.fixture
def own(folder: Path) -> SessionFiles:
    return SessionFiles(folder)


def give_away(folder: Path) -> int:
    """To a user of its own, if we can; whose it is then."""
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, 52_999, 52_999)
    return folder.stat().st_uid


def names(own: SessionFiles) -> list[str]:
    return [facts.name for facts in own.list()]


class TestNames:
    @pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
    def test_bad_ones(self, own: SessionFiles, name: str) -> None:
        for ask in (parts_of, own.open, own.read, own.facts, own.path_of, own.delete, own.arrival):
            with pytest.raises(NameRefused):
                ask(name)
        assert names(own) == []

    @pytest.mark.parametrize(
        "name",
        ["a", "a.txt", "a/b/c.txt", ".env", "a b.txt", "%2e%2e", "console.log", "résumé.pdf", "…", "💾"],
    )
    def test_good_ones(self, own: SessionFiles, name: str) -> None:
        assert own.write(name, b"x").name == name
        assert names(own) == [name]

    def test_the_longest(self) -> None:
        assert parts_of("x" * file_names.MAX_PART)
        assert len(parts_of("a/" * 7 + "b")) == file_names.MAX_DEPTH

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("a.png", "image/png"),
            ("a.html", "text/html"),
            ("a.tar.gz", "application/octet-stream"),
            ("a", "application/octet-stream"),
        ],
    )
    def test_their_types(self, own: SessionFiles, name: str, kind: str) -> None:
        assert own.write(name, b"").content_type == kind


class TestWriting:
    def test_what_is_written_is_read(self, own: SessionFiles, folder: Path) -> None:
        facts = own.write("notes/today.txt", b"hello")
        assert (facts.name, facts.size) == ("notes/today.txt", 5)
        assert own.facts("notes/today.txt") == facts
        assert own.read("notes/today.txt") == b"hello"
        path = own.path_of("notes/today.txt")
        assert path == folder / "files" / "notes" / "today.txt"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert own.list() == [facts]

    def test_it_takes_the_place_of_the_one_before(self, own: SessionFiles) -> None:
        own.write("a", b"longer")
        own.write("a", b"short")
        assert own.read("a") == b"short"

    def test_it_belongs_to_the_browsers_user(self, folder: Path) -> None:
        owner = give_away(folder)
        own = SessionFiles(folder)
        own.write("notes/today.txt", b"hello")
        assert own.path_of("notes/today.txt").stat().st_uid == owner
        assert (folder / "files" / "notes").stat().st_uid == owner
        assert own.read("notes/today.txt") == b"hello"

    def test_one_that_comes_in_pieces(self, own: SessionFiles) -> None:
        with own.arrival("big") as arrival:
            arrival.write(b"one ")
            assert names(own) == []
            arrival.write(b"two")
            assert arrival.finish().size == 7
        assert own.read("big") == b"one two"

    def test_one_that_breaks_off_leaves_nothing(self, own: SessionFiles, folder: Path) -> None:
        own.write("big", b"before")
        with own.arrival("big") as arrival:
            arrival.write(b"one ")
        assert own.read("big") == b"before"
        assert list((folder / "tmp").iterdir()) == []

    @pytest.mark.parametrize("name", ["a/b", "c"])
    def test_not_below_a_file_nor_in_place_of_a_folder(
        self, own: SessionFiles, folder: Path, name: str
    ) -> None:
        own.write("a", b"a")
        own.write("c/d", b"d")
        with pytest.raises(NameRefused, match="a part of it"):
            own.write(name, b"x")
        assert names(own) == ["a", "c/d"]
        assert list((folder / "tmp").iterdir()) == []


class TestDeleting:
    def test_the_folders_that_held_nothing_else_go_too(self, own: SessionFiles, folder: Path) -> None:
        own.write("a/b/one", b"")
        own.write("a/two", b"")
        own.delete("a/b/one")
        assert [path.name for path in (folder / "files" / "a").iterdir()] == ["two"]
        own.delete("a/two")
        assert list((folder / "files").iterdir()) == []

    @pytest.mark.parametrize("name", ["missing", "a", "a/missing", "a/one/below"])
    def test_what_is_not_there(self, own: SessionFiles, name: str) -> None:
        own.write("a/one", b"")
        for ask in (own.delete, own.open, own.facts, own.path_of):
            with pytest.raises(NoSuchFile):
                ask(name)
        assert names(own) == ["a/one"]


class TestTampering:
    """The browser's user may put anything into the folder."""

    def test_a_link_is_no_file(self, own: SessionFiles, folder: Path) -> None:
        (folder / "files" / "link").symlink_to(folder.parent / "secret")
        assert names(own) == []
        for ask in (own.open, own.facts, own.path_of, own.delete):
            with pytest.raises(NoSuchFile):
                ask("link")
        own.write("link", b"mine")
        assert own.read("link") == b"mine"
        assert (folder.parent / "secret").read_text() == "secret"

    @pytest.mark.parametrize("linked", ["files", "files/sub", "files/sub/below"])
    def test_a_folder_that_is_a_link_leads_nowhere(
        self, own: SessionFiles, folder: Path, linked: str
    ) -> None:
        elsewhere = folder.parent / "elsewhere"
        (elsewhere / "sub" / "below").mkdir(parents=True)
        (elsewhere / "below").mkdir()
        for place in ("", "sub", "sub/below", "below"):
            (elsewhere / place / "secret").write_text("secret")
        before = sorted(path.name for path in elsewhere.rglob("*"))
        (folder / "files").rmdir()
        (folder / linked).parent.mkdir(parents=True, exist_ok=True)
        (folder / linked).symlink_to(elsewhere)
        assert names(own) == []
        for ask in (own.open, own.facts, own.delete):
            with pytest.raises(NoSuchFile):
                ask("sub/below/secret")
        with pytest.raises(NameRefused):
            own.write("sub/below/secret", b"mine")
        assert sorted(path.name for path in elsewhere.rglob("*")) == before

    def test_a_pipe_is_not_waited_for(self, own: SessionFiles, folder: Path) -> None:
        os.mkfifo(folder / "files" / "pipe")
        assert names(own) == []
        with pytest.raises(NoSuchFile):
            own.open("pipe")

    def test_a_second_name_of_somebody_elses_file_is_none_of_its(self, folder: Path) -> None:
        if give_away(folder) == os.geteuid():
            return  # nobody but root has a file that the browser's user has not
        own = SessionFiles(folder)
        os.link(folder.parent / "secret", folder / "files" / "mine")
        os.link(folder.parent / "secret", folder / "downloads" / "g1")
        assert names(own) == []
        assert own.take_download("g1", "mine") is None
        with pytest.raises(NoSuchFile):
            own.open("mine")

    def test_names_that_nobody_could_give_are_not_listed(self, own: SessionFiles, folder: Path) -> None:
        for name in ("bad\n", "back\\slash", os.fsdecode(b"\xff")):
            (folder / "files" / name).touch()
        own.write("good", b"")
        assert names(own) == ["good"]

    def test_a_folder_without_end(self, own: SessionFiles, folder: Path) -> None:
        deep = folder / "files" / Path(*["a"] * 30)
        deep.mkdir(parents=True)
        (deep / "file").touch()
        assert names(own) == []

    def test_the_folder_is_gone(self, own: SessionFiles, folder: Path) -> None:
        (folder / "files").rmdir()
        assert names(own) == []
        own.write("a", b"a")
        assert names(own) == ["a"]


class TestHowMuch:
    def test_one_file(self, own: SessionFiles, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_FILE", 10)
        own.write("a", b"x" * 10)
        with own.arrival("b") as arrival:
            arrival.write(b"x" * 10)
            with pytest.raises(FileTooLarge):
                arrival.write(b"x")
        assert names(own) == ["a"]
        assert list((folder / "tmp").iterdir()) == []

    def test_all_of_them(self, own: SessionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_ALL", 10)
        own.write("a", b"x" * 6)
        assert own.room() == 4
        with pytest.raises(FilesFull):
            own.write("b", b"x" * 5)
        own.write("a", b"x" * 10)
        assert own.room() == 0

    def test_those_that_arrive_together(self, own: SessionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_ALL", 10)
        with own.arrival("a") as one, own.arrival("b") as two:
            one.write(b"x" * 6)
            with pytest.raises(FilesFull):
                two.write(b"x" * 5)
            two.write(b"x" * 4)
        own.write("c", b"x" * 10)

    def test_how_many(self, own: SessionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "MAX_FILES", 2)
        own.write("a", b"")
        own.write("b", b"")
        with pytest.raises(FilesFull, match="2 files"):
            own.write("c", b"")
        own.write("b", b"again")


def test_folders_count_among_what_is_looked_at(own: SessionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_SEEN", 3)
    for name in "abcde":
        own.write(f"folder/{name}", b"")
    assert len(own.list()) == 2
