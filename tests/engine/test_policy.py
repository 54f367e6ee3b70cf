"""What a DevTools client may ask: every checked and every refused command, and the tricks around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine.judged import HARMLESS
from sessions_app.engine.policy import CHECKED, REFUSED, Answered, ClosesClient, Refused, judge
from tests.engine.test_address import FORBIDDEN

NAVIGATING = ["Page.navigate", "Target.createTarget", "Fetch.continueRequest", "Network.loadNetworkResource"]
DOWNLOADING = ["Browser.setDownloadBehavior", "Page.setDownloadBehavior"]
ATTACHING = ["Target.attachToTarget", "Target.setAutoAttach"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's own folder with a file in it; a secret lies beside it."""
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "browser-1"
    (folder / "profile").mkdir(parents=True)
    (folder / "profile" / "Cookies").write_text("secret")
    (folder / "files" / "downloads").mkdir(parents=True)
    (folder / "files" / "downloads" / "mine.txt").write_text("mine")
    return folder


def why(verdict: object) -> str:
    assert isinstance(verdict, Refused)
    return verdict.why


@pytest.mark.parametrize("method", sorted(REFUSED))
def test_it_refuses_and_says_why(folder: Path, method: str) -> None:
    assert why(judge(method, {}, folder)).startswith(f"{method} is refused: ")


@pytest.mark.parametrize("method", ["Page.madeUp", "Browser.Close", "page.navigate", "", "Tethering.newOne"])
def test_it_refuses_what_nobody_has_judged(folder: Path, method: str) -> None:
    assert "does not know" in why(judge(method, {}, folder))


def test_no_command_is_judged_twice() -> None:
    lists = [HARMLESS, REFUSED.keys(), CHECKED.keys()]
    assert len(HARMLESS | REFUSED.keys() | CHECKED.keys()) == sum(map(len, lists))


def test_what_is_harmless_passes_as_it_is(folder: Path) -> None:
    params = {"expression": "1"}
    assert judge("Runtime.evaluate", params, folder) is params


def test_browser_close_closes_the_client(folder: Path) -> None:
    assert judge("Browser.close", {}, folder) == ClosesClient()


class TestAddresses:
    @pytest.mark.parametrize("method", NAVIGATING)
    @pytest.mark.parametrize("url", FORBIDDEN)
    def test_forbidden_ones_are_refused(self, folder: Path, method: str, url: str) -> None:
        assert "is refused" in why(judge(method, {"url": url}, folder))

    @pytest.mark.parametrize("method", NAVIGATING)
    @pytest.mark.parametrize("url", [1, ["file:///etc/passwd"], {"a": "file:///"}, True])
    def test_what_is_no_text_is_refused(self, folder: Path, method: str, url: object) -> None:
        assert "is refused" in why(judge(method, {"url": url}, folder))

    @pytest.mark.parametrize("method", NAVIGATING)
    @pytest.mark.parametrize("params", [{"url": "https://example.com"}, {"url": ""}, {}, {"url": None}])
    def test_others_pass(self, folder: Path, method: str, params: dict[str, Any]) -> None:
        assert judge(method, params, folder) is params


class TestSessions:
    @pytest.mark.parametrize("method", ATTACHING)
    @pytest.mark.parametrize("params", [{}, {"flatten": False}, {"flatten": 1}, {"flatten": "true"}])
    def test_only_flat_ones(self, folder: Path, method: str, params: dict[str, Any]) -> None:
        assert "flatten" in why(judge(method, {"autoAttach": True, **params}, folder))

    @pytest.mark.parametrize("method", ATTACHING)
    @pytest.mark.parametrize("params", [{"flatten": True, "autoAttach": True}, {"autoAttach": False}])
    def test_flat_ones_and_an_end_of_attaching_pass(
        self, folder: Path, method: str, params: dict[str, Any]
    ) -> None:
        assert judge(method, params, folder) is params


class TestDownloads:
    @pytest.mark.parametrize(
        "params",
        [
            {"behavior": "allow", "downloadPath": "/etc"},
            {"behavior": "allow"},
            {"behavior": "allowAndName", "downloadPath": "../../.."},
            {"behavior": "default"},
            {"behavior": "somethingNew"},
            {},
        ],
    )
    def test_they_are_kept_whatever_a_client_asks(self, folder: Path, params: dict[str, Any]) -> None:
        kept = {"behavior": "allowAndName", "downloadPath": str(folder / "downloads"), "eventsEnabled": True}
        asked = {**params, "eventsEnabled": True}
        assert judge("Browser.setDownloadBehavior", asked, folder) == kept
        assert judge("Page.setDownloadBehavior", params, folder) == Answered()

    @pytest.mark.parametrize("method", DOWNLOADING)
    def test_a_client_may_deny_them(self, folder: Path, method: str) -> None:
        asked = {"behavior": "deny", "downloadPath": "/etc"}
        assert judge(method, asked, folder) == {"behavior": "deny"}


def given(files: object) -> list[tuple[str, dict[str, Any]]]:
    """The two commands that give files to a page."""
    return [
        ("DOM.setFileInputFiles", {"files": files, "nodeId": 1}),
        ("Input.dispatchDragEvent", {"type": "drop", "data": {"items": [], "files": files}}),
    ]


class TestFiles:
    def test_the_sessions_own_pass(self, folder: Path) -> None:
        own = str(folder / "files" / "downloads" / "mine.txt")
        named = [own, f"{folder}/files/downloads/../downloads/mine.txt", "downloads/mine.txt"]
        passed = [(method, judge(method, params, folder)) for method, params in given(named)]
        assert passed == given([own, own, own])

    @pytest.mark.parametrize(
        "name",
        [
            "/etc/hostname",
            "{folder}/../secret",
            "{folder}/files/../../secret",
            "{folder}/profile/Cookies",
            "{folder}-2/secret",
            "../profile/Cookies",
            "{folder}/files/downloads/mine.txt\0",
            "{folder}/files",
            "\0",
            "",
            ".",
        ],
    )
    def test_others_are_refused(self, folder: Path, name: str) -> None:
        own = "downloads/mine.txt"
        for method, params in given([own, name.format(folder=folder)]):
            assert "own folder" in why(judge(method, params, folder))

    @pytest.mark.parametrize("target", ["/etc/hostname", "../../secret"])
    def test_a_link_counts_as_where_it_leads(self, folder: Path, target: str) -> None:
        link = folder / "files" / "link"
        link.symlink_to(target)
        for method, params in given([str(link)]):
            assert "own folder" in why(judge(method, params, folder))

    def test_a_link_to_itself_is_refused(self, folder: Path) -> None:
        link = folder / "files" / "loop"
        link.symlink_to(link)
        for method, params in given([str(link)]):
            assert "own folder" in why(judge(method, params, folder))

    def test_a_folder_that_is_a_link_itself(self, folder: Path) -> None:
        other = folder.parent / "by-another-name"
        other.symlink_to(folder)
        own = [str(folder / "files" / "downloads" / "mine.txt")]
        for (method, params), (_, passed) in zip(given(["downloads/mine.txt"]), given(own), strict=True):
            assert judge(method, params, other) == passed

    @pytest.mark.parametrize("files", ["/etc/hostname", [1], [None], {"0": "/etc/hostname"}, 7])
    def test_what_is_no_list_of_names_is_refused(self, folder: Path, files: object) -> None:
        for method, params in given(files):
            assert "own folder" in why(judge(method, params, folder))

    def test_an_input_wants_its_list(self, folder: Path) -> None:
        assert "own folder" in why(judge("DOM.setFileInputFiles", {}, folder))

    @pytest.mark.parametrize("params", [{}, {"data": None}, {"data": {"items": []}}, {"data": {"files": []}}])
    def test_a_drag_without_files_passes(self, folder: Path, params: dict[str, Any]) -> None:
        assert judge("Input.dispatchDragEvent", params, folder) is params
