"""Which Chromium is chosen, which are passed over and why: with small scripts in the place of browsers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_app.engine import chromium
from sessions_app.engine.chromium import Finder, Found, ensure_chromium, find_chromium
from sessions_app.engine.errors import ChromiumMissing

SHELL = "chromium-headless-shell"


def fake(path: Path, says: str = "Chromium 150.0.1.2", *, code: int = 0) -> Path:
    """An executable that answers --version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    path.chmod(0o755)
    return path


def finder(root: Path, *, for_others: bool = False, **environ: str) -> Finder:
    home = {"PATH": str(root / "bin"), "HOME": str(root / "home")}
    return Finder(home | environ, for_others=for_others)


@pytest.fixture(autouse=True)
def no_shared_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "SHARED_DOWNLOADS", tmp_path / "shared")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="quarterdeck-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("present", "chosen"),
    [
        (["chromium-headless-shell", "chromium", "google-chrome"], "chromium-headless-shell"),
        (["chromium", "google-chrome"], "chromium"),
        (["google-chrome"], "google-chrome"),
    ],
)
def test_it_takes_the_first_of_the_documented_names(tmp_path: Path, present: list[str], chosen: str) -> None:
    for name in present:
        fake(tmp_path / "bin" / name)
    assert finder(tmp_path).first().path == tmp_path / "bin" / chosen


def test_it_reads_the_version_and_the_kind(tmp_path: Path) -> None:
    binary = fake(tmp_path / "bin" / SHELL, "Google Chrome for Testing 150.0.7871.100")
    assert finder(tmp_path).first() == Found(binary, "150.0.7871.100", "headless-shell")


def test_it_prefers_the_one_that_the_environment_names(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / SHELL)
    mine = fake(tmp_path / "mine" / "chrome")
    assert finder(tmp_path, QUARTERDECK_CHROMIUM=str(mine)).first() == Found(mine, "150.0.1.2", "chromium")


def test_it_looks_up_a_bare_name_in_the_environment_on_path(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / SHELL)
    other = fake(tmp_path / "bin" / "chromium-dev")
    assert finder(tmp_path, QUARTERDECK_CHROMIUM="chromium-dev").first().path == other


def test_it_never_replaces_the_one_that_the_environment_names(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / SHELL)
    with pytest.raises(
        ChromiumMissing, match=r"QUARTERDECK_CHROMIUM names /nowhere/chrome, which is missing"
    ):
        finder(tmp_path, QUARTERDECK_CHROMIUM="/nowhere/chrome").first()


@pytest.mark.parametrize(
    "place",
    [
        "chromium_headless_shell-{n}/chrome-linux/headless_shell",
        "chromium_headless_shell-{n}/chrome-headless-shell-linux64/chrome-headless-shell",
        "chromium-{n}/chrome-linux64/chrome",
    ],
)
def test_it_takes_the_newest_download_of_playwright(tmp_path: Path, place: str) -> None:
    for revision in (999, 1200, 1100):
        fake(tmp_path / "home" / ".cache" / "ms-playwright" / place.format(n=revision))
    assert "-1200/" in str(finder(tmp_path).first().path)


def test_it_prefers_a_downloaded_headless_shell_to_a_newer_full_chromium(tmp_path: Path) -> None:
    downloads = tmp_path / "elsewhere"
    fake(downloads / "chromium-1200" / "chrome-linux" / "chrome")
    fake(downloads / "chromium_headless_shell-1100" / "chrome-linux" / "headless_shell")
    assert finder(tmp_path, PLAYWRIGHT_BROWSERS_PATH=str(downloads)).first().kind == "headless-shell"


def test_it_looks_where_root_lets_playwright_download_to(tmp_path: Path) -> None:
    binary = fake(tmp_path / "shared" / "chromium_headless_shell-1100" / "chrome-linux" / "headless_shell")
    assert finder(tmp_path).first().path == binary


def test_it_runs_the_program_behind_debians_fake(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / "chromium")
    real = fake(tmp_path / "lib" / "chromium" / "chromium")
    assert finder(tmp_path).first().path == real


def test_it_runs_the_program_behind_googles_fake(tmp_path: Path) -> None:
    link = tmp_path / "bin" / "google-chrome"
    link.parent.mkdir()
    link.symlink_to(fake(tmp_path / "opt" / "google-chrome"))
    real = fake(tmp_path / "opt" / "chrome")
    assert finder(tmp_path).first().path == real


def test_it_keeps_a_wrapper_with_nothing_known_behind_it(tmp_path: Path) -> None:
    path = fake(tmp_path / "bin" / "chromium")
    assert finder(tmp_path).first() == Found(path, "150.0.1.2", "chromium")


def test_it_passes_over_a_snap(tmp_path: Path) -> None:
    link = tmp_path / "bin" / "chromium"
    link.parent.mkdir()
    link.symlink_to(fake(tmp_path / "usr" / "snap"))
    with pytest.raises(ChromiumMissing, match="chromium is a snap"):
        finder(tmp_path).first()


@pytest.mark.parametrize(
    ("says", "code", "why"),
    [
        ("hello", 0, "is not a Chromium"),
        ("", 0, "is not a Chromium"),
        ("Chromium 1.2", 127, r"does not start \(exit status 127\)"),
    ],
)
def test_it_passes_over_what_does_not_answer_as_chromium_does(
    tmp_path: Path, says: str, code: int, why: str
) -> None:
    fake(tmp_path / "bin" / SHELL, says, code=code)
    search = finder(tmp_path)
    with pytest.raises(ChromiumMissing, match=why):
        search.first()
    good = fake(tmp_path / "bin" / "chromium")
    assert finder(tmp_path).first().path == good


def test_it_says_which_library_a_broken_chromium_misses(tmp_path: Path) -> None:
    broken = fake(tmp_path / "bin" / SHELL)
    broken.write_text("#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2\nexit 127\n")
    with pytest.raises(ChromiumMissing, match=r"does not start \(libnss3.so: cannot open"):
        finder(tmp_path).first()


def test_it_gives_up_on_one_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "VERSION_SECONDS", 0.05)
    fake(tmp_path / "bin" / SHELL).write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    with pytest.raises(ChromiumMissing, match="does not start"):
        finder(tmp_path).first()


def test_without_any_it_says_exactly_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ChromiumMissing, match="apt-get install chromium-headless-shell") as caught:
        finder(tmp_path).first()
    assert "playwright install" in str(caught.value)
    assert "QUARTERDECK_CHROMIUM=" in str(caught.value)


def test_for_root_it_passes_over_a_folder_that_a_sessions_user_cannot_enter(open_folder: Path) -> None:
    fake(open_folder / "bin" / SHELL)
    assert finder(open_folder, for_others=True).first().path == open_folder / "bin" / SHELL
    (open_folder / "bin").chmod(0o700)
    with pytest.raises(ChromiumMissing, match=f"lies under {open_folder}/bin, which a session's own user"):
        finder(open_folder, for_others=True).first()


def test_for_root_it_passes_over_a_binary_that_others_cannot_run(open_folder: Path) -> None:
    fake(open_folder / "bin" / SHELL).chmod(0o750)
    with pytest.raises(ChromiumMissing, match="cannot enter"):
        finder(open_folder, for_others=True).first()


def test_images_name_both_when_both_are_there(tmp_path: Path) -> None:
    shell = fake(tmp_path / "bin" / SHELL)
    full = fake(tmp_path / "bin" / "chromium")
    assert finder(tmp_path).images() == {"headless-shell": shell, "chromium": full}


def test_images_have_no_full_chromium_when_there_is_none(tmp_path: Path) -> None:
    shell = fake(tmp_path / "bin" / SHELL)
    assert finder(tmp_path).images() == {"headless-shell": shell}


def test_a_full_chromium_serves_both_images_when_alone(tmp_path: Path) -> None:
    full = fake(tmp_path / "bin" / "chromium")
    assert finder(tmp_path).images() == {"headless-shell": full, "chromium": full}


def test_images_follow_the_environment_and_still_find_a_full_chromium(tmp_path: Path) -> None:
    mine = fake(tmp_path / "mine" / "headless_shell")
    full = fake(tmp_path / "bin" / "chromium")
    found = finder(tmp_path, QUARTERDECK_CHROMIUM=str(mine)).images()
    assert found == {"headless-shell": mine, "chromium": full}


class TestEnsure:
    """With installers of our own on PATH; the tests' process decides whether it counts as root."""

    @pytest.fixture
    def machine(self, open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("PATH", f"{open_folder / 'bin'}")
        monkeypatch.setenv("HOME", str(open_folder / "home"))
        monkeypatch.delenv("QUARTERDECK_CHROMIUM", raising=False)
        monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
        monkeypatch.setattr(chromium, "SHARED_DOWNLOADS", open_folder / "shared")
        monkeypatch.setattr("sys.executable", str(open_folder / "bin" / "python"))
        return open_folder

    def installer(self, path: Path, script: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/bash\necho "$@" >> {path.parent.parent}/asked\n{script}\n')
        path.chmod(0o755)

    def installs(self, binary: Path) -> str:
        return f"/bin/mkdir -p {binary.parent}; printf '#!/bin/sh\\necho Chromium 150.1' > {binary}; /bin/chmod 755 {binary}"

    def root(self, monkeypatch: pytest.MonkeyPatch, *, root: bool, debian: bool) -> None:
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(chromium, "_is_debian", lambda: debian)

    def asked(self, machine: Path) -> list[str]:
        return (machine / "asked").read_text().splitlines()

    def test_it_installs_nothing_when_one_is_there(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=True, debian=True)
        self.installer(machine / "bin" / "apt-get", "exit 1")
        there = fake(machine / "bin" / SHELL)
        log: list[str] = []
        assert ensure_chromium(log.append).path == there
        assert log == []
        assert not (machine / "asked").exists()

    def test_root_on_debian_installs_the_package(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=True, debian=True)
        self.installer(machine / "bin" / "apt-get", self.installs(machine / "bin" / SHELL))
        assert ensure_chromium(lambda line: None).kind == "headless-shell"
        update, install = self.asked(machine)
        assert update.startswith("update")
        assert "chromium-headless-shell" in install.split()

    def test_root_on_debian_falls_back_to_playwright(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=True, debian=True)
        self.installer(machine / "bin" / "apt-get", "exit 100")
        binary = machine / "shared" / "chromium_headless_shell-1" / "linux" / "headless_shell"
        self.installer(machine / "bin" / "python", self.installs(binary))
        log: list[str] = []
        assert ensure_chromium(log.append).path == binary
        assert "apt-get ended with 100." in log
        assert self.asked(machine)[-1] == "-m playwright install --with-deps --only-shell chromium"

    def test_root_elsewhere_downloads_to_where_sessions_can_reach(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=True, debian=False)
        self.installer(
            machine / "bin" / "python", f"echo $PLAYWRIGHT_BROWSERS_PATH >> {machine}/asked; exit 1"
        )
        with pytest.raises(ChromiumMissing):
            ensure_chromium(lambda line: None)
        assert self.asked(machine)[-1] == str(machine / "shared")

    def test_an_ordinary_user_is_never_asked_for_a_password(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=False, debian=True)
        binary = machine / "home/.cache/ms-playwright/chromium_headless_shell-1/linux/headless_shell"
        self.installer(machine / "bin" / "python", self.installs(binary))
        assert ensure_chromium(lambda line: None).path == binary
        assert self.asked(machine) == ["-m playwright install --only-shell chromium"]

    def test_when_all_fails_it_says_exactly_what_to_do(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=False, debian=False)
        self.installer(machine / "bin" / "python", "exit 1")
        with pytest.raises(ChromiumMissing, match=r"sudo .*playwright install-deps chromium"):
            ensure_chromium(lambda line: None)

    def test_it_installs_nothing_beside_a_wrong_choice_in_the_environment(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root(monkeypatch, root=False, debian=False)
        monkeypatch.setenv("QUARTERDECK_CHROMIUM", "/nowhere")
        with pytest.raises(ChromiumMissing, match="names /nowhere"):
            ensure_chromium(lambda line: None)
        assert not (machine / "asked").exists()


@pytest.mark.chromium
def test_it_finds_the_real_one() -> None:
    found = find_chromium()
    assert found.path.read_bytes()[:4] == b"\x7fELF"
    assert int(found.version.split(".")[0]) > 100
