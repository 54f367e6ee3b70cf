"""Where the browsers' folders lie, and what an earlier server left there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sessions_app.engine import folders
from sessions_app.engine.errors import LaunchFailed
from sessions_app.engine.folders import ELSEWHERE, prepare, sessions_folder


def test_it_is_made_private_and_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", os.getuid)
    folder = tmp_path / "data" / "sessions"
    assert prepare(folder) == 0
    assert (folder.stat().st_mode & 0o777) == (0o711 if os.getuid() == 0 else 0o700)


def test_what_is_left_of_browsers_goes_and_the_rest_stays(tmp_path: Path) -> None:
    for name in ("browser-1", "browser-2"):
        (tmp_path / name / "profile").mkdir(parents=True)
        (tmp_path / name / "profile" / "Cookies").write_text("secret")
    (tmp_path / "something-else").mkdir()
    assert prepare(tmp_path) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["something-else"]


def test_a_link_among_the_leftovers_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "REMOVE_LIMIT", 0)
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("stays")
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "browser-1").symlink_to(precious)
    prepare(folder)
    assert (precious / "file").read_text() == "stays"


def test_somebody_elses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(LaunchFailed, match="belongs to another user"):
        prepare(tmp_path / "sessions")


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "sessions").symlink_to(tmp_path / "real")
    with pytest.raises(LaunchFailed):
        prepare(tmp_path / "sessions")


def test_it_is_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert sessions_folder(Path("/srv/data")) == Path("/srv/data/sessions")


def test_for_root_it_is_where_other_users_may_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with tempfile.TemporaryDirectory() as name:
        closed = Path(name)
        (closed / "other").mkdir()
        assert sessions_folder(closed).parent == ELSEWHERE
        assert sessions_folder(closed) == sessions_folder(closed) != sessions_folder(closed / "other")
    assert sessions_folder(Path("/usr/share")) == Path("/usr/share/sessions")


def test_a_path_that_is_too_long_for_chromiums_socket_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    below = "/browser-12345678/tmp/org.chromium.Chromium.123456/SingletonSocket"
    data = Path("/srv")
    while sessions_folder(data) == data / "sessions":
        assert len(f"{data}/sessions{below}") <= 107
        data = data.with_name(data.name + "x")
    assert len(f"{data}/sessions{below}") == 108
    assert len(f"{sessions_folder(data)}{below}") <= 107
    assert sessions_folder(Path("/" + "ü" * 20)).parent == ELSEWHERE
