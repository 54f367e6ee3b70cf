"""What an outside DevTools client may ask of a session's browser.

A command is allowed, rewritten or refused. Whatever stands in none of the lists is refused:
`tests/chromium/test_policy_is_complete.py` walks the installed Chromium's protocol and names what nobody has judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessions_app.engine.address import is_allowed
from sessions_app.engine.files import FILES, INCOMING
from sessions_app.engine.judged import HARMLESS

if TYPE_CHECKING:
    from collections.abc import Callable

Params = dict[str, Any]
# The code that Chromium itself uses for "not allowed".
REFUSED_CODE = -32000


@dataclass(frozen=True)
class Refused:
    """The command does not reach Chromium; `why` is for its author."""

    why: str


@dataclass(frozen=True)
class ClosesClient:
    """`Browser.close`: ends this client's attachment, not the session."""


@dataclass(frozen=True)
class Answered:
    """It need not reach Chromium, because it is so anyway."""


Verdict = Params | Refused | ClosesClient | Answered

_MACHINE = "it reaches the machine that the browser runs on."
_RAW = "it is a way around the one command stream that Quarterdeck watches; use flat sessions."
_CRASH = "it would end the session for everybody; release the session instead."
_ONLY_OWN = "only files in the session's own folder may be given to a page; upload them by REST first."
_EXTENSION = "installing code into the browser is not offered."

REFUSED: dict[str, str] = {
    "Browser.addMockCamera": _MACHINE,
    "Browser.crash": _CRASH,
    "Browser.crashGpuProcess": _CRASH,
    "Browser.executeBrowserCommand": _MACHINE,
    "Browser.getBrowserCommandLine": _MACHINE,
    "Cast.disable": _MACHINE,
    "Cast.enable": _MACHINE,
    "Cast.setSinkToUse": _MACHINE,
    "Cast.startDesktopMirroring": _MACHINE,
    "Cast.startTabMirroring": _MACHINE,
    "Cast.stopCasting": _MACHINE,
    "Extensions.clearStorageItems": _EXTENSION,
    "Extensions.getExtensions": _EXTENSION,
    "Extensions.getStorageItems": _EXTENSION,
    "Extensions.loadUnpacked": _EXTENSION,
    "Extensions.removeStorageItems": _EXTENSION,
    "Extensions.setStorageItems": _EXTENSION,
    "Extensions.triggerAction": _EXTENSION,
    "Extensions.uninstall": _EXTENSION,
    "FileSystem.getDirectory": _MACHINE,
    "PWA.changeAppUserSettings": _EXTENSION,
    "PWA.getOsAppState": _EXTENSION,
    "PWA.install": _EXTENSION,
    "PWA.launch": _EXTENSION,
    "PWA.launchFilesInApp": _EXTENSION,
    "PWA.openCurrentPageInApp": _EXTENSION,
    "PWA.uninstall": _EXTENSION,
    "SystemInfo.getFeatureState": _MACHINE,
    "SystemInfo.getInfo": _MACHINE,
    "SystemInfo.getProcessInfo": _MACHINE,
    "Target.exposeDevToolsProtocol": _RAW,
    "Target.getDevToolsTarget": _RAW,
    "Target.openDevTools": _RAW,
    "Target.sendMessageToTarget": _RAW,
    "Target.setRemoteLocations": _MACHINE,
    "Tethering.bind": _MACHINE,
    "Tethering.unbind": _MACHINE,
}


def judge(method: str, params: Params, folder: Path) -> Verdict:
    """What becomes of a client's command; `folder` is the session's own.

    Returns the parameters to pass on, or why not.
    """
    if check := CHECKED.get(method):
        return check(params, folder)
    if why := REFUSED.get(method):
        return Refused(f"{method} is refused: {why}")
    if method in HARMLESS:
        return params
    return Refused(f"{method} is refused: Quarterdeck does not know this command.")


def _address(params: Params, _: Path) -> Verdict:
    url = params.get("url")
    if url is None or (isinstance(url, str) and is_allowed(url)):
        return params
    return Refused(
        f"The address {str(url)[:200]!r} is refused: only http, https, about, data and blob may be opened."
    )


def _flat(params: Params, _: Path) -> Verdict:
    if params.get("flatten") is True or params.get("autoAttach") is False:
        return params
    return Refused("Only flat sessions are served; say flatten: true.")


def _download(params: Params, folder: Path) -> Verdict:
    """The engine keeps every download and names it itself (engine/downloads.py); a client may only deny them."""
    if params.get("behavior") == "deny":
        return {name: value for name, value in params.items() if name != "downloadPath"}
    return {**params, "behavior": "allowAndName", "downloadPath": str(folder / INCOMING)}


def _download_of_page(params: Params, folder: Path) -> Verdict:
    """The older command, which knows no `allowAndName` and would undo it."""
    return _download(params, folder) if params.get("behavior") == "deny" else Answered()


def _own_files(files: object, folder: Path) -> list[str] | None:
    """The paths of the session's files, which a client names from there on or in full; None if one is no such file."""
    if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
        return None
    try:
        root = (folder / FILES).resolve()
        paths = [(root / name).resolve() for name in files]
    except (OSError, ValueError, RuntimeError):  # a NUL in the name, a link to itself
        return None
    return [str(path) for path in paths] if all(root in path.parents for path in paths) else None


def _file_input(params: Params, folder: Path) -> Verdict:
    files = _own_files(params.get("files"), folder)
    if files is not None:
        return {**params, "files": files}
    return Refused(f"DOM.setFileInputFiles is refused: {_ONLY_OWN}")


def _drag(params: Params, folder: Path) -> Verdict:
    data = params.get("data")
    if not isinstance(data, dict) or not data.get("files"):
        return params
    files = _own_files(data["files"], folder)
    if files is not None:
        return {**params, "data": {**data, "files": files}}
    return Refused(f"Input.dispatchDragEvent is refused: {_ONLY_OWN}")


def _close(_params: Params, _folder: Path) -> Verdict:
    return ClosesClient()


CHECKED: dict[str, Callable[[Params, Path], Verdict]] = {
    "Browser.close": _close,
    "Browser.setDownloadBehavior": _download,
    "DOM.setFileInputFiles": _file_input,
    "Fetch.continueRequest": _address,
    "Input.dispatchDragEvent": _drag,
    "Network.loadNetworkResource": _address,
    "Page.navigate": _address,
    "Page.setDownloadBehavior": _download_of_page,
    "Target.attachToTarget": _flat,
    "Target.createTarget": _address,
    "Target.setAutoAttach": _flat,
}
