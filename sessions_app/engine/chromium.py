"""Find a Chromium on this machine, or install one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sessions_app.engine.config import FULL_CHROMIUM, HEADLESS_SHELL
from sessions_app.engine.errors import ChromiumMissing

NAMES_ON_PATH = ("chromium-headless-shell", "chromium", "google-chrome")
# Playwright's own layouts, before and after it took over Chrome for Testing.
PLAYWRIGHT_GLOBS = (
    "chromium_headless_shell-*/*/*headless*shell",
    "chromium-*/*/chrome",
)
# Where a server that is root lets Playwright download to: sessions run under uids that cannot enter /root.
SHARED_DOWNLOADS = Path("/usr/local/lib/quarterdeck/browsers")
# What the first recommends is a desktop; of that a browser needs letters, and a sandbox where user namespaces are off.
DEBIAN_PACKAGES = ("chromium-headless-shell", "chromium-sandbox", "fonts-liberation")
VERSION_SECONDS = 20


@dataclass(frozen=True)
class Found:
    """One Chromium that answered `--version`; kind is `headless-shell` or `chromium`."""

    path: Path
    version: str
    kind: str


class _Unusable(Exception):
    pass


class Finder:
    """Looks in the documented order, and remembers why it passed a candidate over.

    `for_others`: only what every uid can reach counts, because a server that is root
    starts each session under a uid of its own.
    """

    def __init__(self, environ: Mapping[str, str] | None = None, *, for_others: bool | None = None) -> None:
        self.environ = os.environ if environ is None else environ
        self.for_others = os.geteuid() == 0 if for_others is None else for_others
        self.passed_over: list[str] = []

    def first(self) -> Found:
        chosen = self.environ.get("QUARTERDECK_CHROMIUM")
        if chosen:
            return self._named(chosen)
        found = next(self._all(), None)
        if found is None:
            raise ChromiumMissing(
                "\n".join(["No usable Chromium was found.", *self.passed_over, *_what_to_do()])
            )
        return found

    def images(self) -> dict[str, Path]:
        """The default binary under `headless-shell`, whatever it is, and a full Chromium if there is one."""
        default = self.first()
        images = {HEADLESS_SHELL: default.path}
        full = default if default.kind == FULL_CHROMIUM else self._full()
        if full is not None:
            images[FULL_CHROMIUM] = full.path
        return images

    def _named(self, chosen: str) -> Found:
        """A Chromium that somebody asked for by name is used or refused, never silently replaced."""
        try:
            return self._usable(Path(shutil.which(chosen, path=self._path) or chosen))
        except _Unusable as error:
            raise ChromiumMissing(f"QUARTERDECK_CHROMIUM names {chosen}, which {error}.") from error

    def _full(self) -> Found | None:
        return next((found for found in self._all() if found.kind == FULL_CHROMIUM), None)

    def _all(self) -> Iterator[Found]:
        for candidate in (*self._on_path(), *self._downloads()):
            try:
                yield self._usable(candidate)
            except _Unusable as error:
                self.passed_over.append(f"{candidate} {error}.")

    @property
    def _path(self) -> str:
        return self.environ.get("PATH", os.defpath)

    def _on_path(self) -> Iterator[Path]:
        for name in NAMES_ON_PATH:
            path = shutil.which(name, path=self._path)
            if path:
                yield Path(path)

    def _downloads(self) -> Iterator[Path]:
        for pattern in PLAYWRIGHT_GLOBS:
            found = [path for folder in self._download_folders() for path in folder.glob(pattern)]
            yield from sorted(found, key=_revision, reverse=True)

    def _download_folders(self) -> Iterator[Path]:
        chosen = self.environ.get("PLAYWRIGHT_BROWSERS_PATH")
        if chosen:
            yield Path(chosen)
            return
        yield Path(self.environ.get("HOME", "/")) / ".cache" / "ms-playwright"
        yield SHARED_DOWNLOADS

    def _usable(self, candidate: Path) -> Found:
        binary = _real_binary(candidate)
        if not os.access(binary, os.X_OK) or binary.is_dir():
            raise _Unusable("is missing or cannot be executed")
        if binary.name == "snap":
            raise _Unusable("is a snap, whose confinement shuts out the session's folder")
        barrier = _barrier(binary) if self.for_others else None
        if barrier is not None:
            raise _Unusable(f"lies under {barrier}, which a session's own user cannot enter")
        kind = HEADLESS_SHELL if "headless" in binary.name else FULL_CHROMIUM
        return Found(binary, _version(binary), kind)


def find_chromium() -> Found:
    return Finder().first()


def find_images() -> dict[str, Path]:
    return Finder().images()


def ensure_chromium(log: Callable[[str], None]) -> Found:
    """Find a Chromium, else install one; `log` hears what is being tried."""
    finder = Finder()
    try:
        return finder.first()
    except ChromiumMissing:
        if finder.environ.get("QUARTERDECK_CHROMIUM"):
            raise
    log("\n".join(["No usable Chromium was found: installing one.", *finder.passed_over]))
    for commands, extra in _ways_to_install():
        if all(_ran(command, extra, log) for command in commands):
            try:
                return find_chromium()
            except ChromiumMissing as error:
                log(str(error).splitlines()[0])
    return find_chromium()


def _ways_to_install() -> Iterator[tuple[list[list[str]], dict[str, str]]]:
    root = os.geteuid() == 0
    if root and _is_debian():
        install = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES]
        yield [["apt-get", "update", "-qq"], install], {"DEBIAN_FRONTEND": "noninteractive"}
    # Its --with-deps asks for root's rights, and at a terminal for a password, so an ordinary user goes without.
    deps = ["--with-deps"] if root else []
    playwright = [sys.executable, "-m", "playwright", "install", *deps, "--only-shell", "chromium"]
    shared = root and "PLAYWRIGHT_BROWSERS_PATH" not in os.environ
    yield [playwright], {"PLAYWRIGHT_BROWSERS_PATH": str(SHARED_DOWNLOADS)} if shared else {}


def _ran(command: list[str], extra: Mapping[str, str], log: Callable[[str], None]) -> bool:
    log("$ " + " ".join(command))
    # An installer's own output is progress, not our result.
    code = subprocess.call(command, env={**os.environ, **extra}, stdout=sys.stderr)
    if code:
        log(f"{command[0]} ended with {code}.")
    return code == 0


def _is_debian() -> bool:
    """Debian itself: Ubuntu's package of this name is absent, and its `chromium` is a snap."""
    try:
        return re.search(r"^ID=\"?debian\b", Path("/etc/os-release").read_text(), re.MULTILINE) is not None
    except OSError:
        return False


def _what_to_do() -> list[str]:
    playwright = f"{sys.executable} -m playwright"
    if os.geteuid() == 0:
        package = f"apt-get install {' '.join(DEBIAN_PACKAGES)}"
        download = f"PLAYWRIGHT_BROWSERS_PATH={SHARED_DOWNLOADS} {playwright} install --with-deps --only-shell chromium"
    else:
        package = f"sudo apt-get install {' '.join(DEBIAN_PACKAGES)}"
        download = f"sudo {playwright} install-deps chromium && {playwright} install --only-shell chromium"
    return [
        "Do one of these, then start again:",
        f"  on Debian:            {package}",
        f"  on Ubuntu and others: {download}",
        "  with a Chromium of your own: export QUARTERDECK_CHROMIUM=/path/to/chromium",
    ]


def _real_binary(path: Path) -> Path:
    """The program behind a distribution's shell wrapper: our own flags are complete, and it saves a process."""
    path = path.resolve()
    if not _is_script(path):
        return path
    behind = (path.parent.parent / "lib" / "chromium" / path.name, path.parent / "chrome")
    return next((real for real in behind if os.path.isfile(real)), path)


def _is_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False


def _barrier(path: Path) -> Path | None:
    """The first folder on the way (or the file) that other users cannot pass."""
    for folder in reversed(path.parents):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None if path.stat().st_mode & 0o005 == 0o005 else path


def _version(binary: Path) -> str:
    try:
        answer = subprocess.run(
            [binary, "--version"], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _Unusable(f"does not start ({error})") from error
    if answer.returncode != 0:
        last = answer.stderr.strip().splitlines()[-1:] or [f"exit status {answer.returncode}"]
        raise _Unusable(f"does not start ({last[0]})")
    number = re.search(r"\d+(\.\d+)+", answer.stdout)
    if number is None:
        raise _Unusable(f"is not a Chromium (its --version says {answer.stdout.strip()[:80]!r})")
    return number.group()


def _revision(path: Path) -> int:
    """The number in Playwright's folder name: …/chromium-1200/chrome-linux/chrome."""
    number = path.parents[1].name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0
