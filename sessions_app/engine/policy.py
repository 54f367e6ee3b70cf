"""What an outside DevTools client may ask of a session's browser.

A command is allowed, rewritten or refused. Whatever stands in none of the lists is refused:
`tests/chromium/test_policy_is_complete.py` walks the installed Chromium's protocol and names what nobody has judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessions_app.engine.address import is_allowed
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


Verdict = Params | Refused | ClosesClient

_MACHINE = "it reaches the machine that the browser runs on."
_RAW = "it is a way around the one command stream that Quarterdeck watches; use flat sessions."
_CRASH = "it would end the session for everybody; release the session instead."
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
    if "downloadPath" not in params and params.get("behavior") in ("deny", "default"):
        return params
    return {**params, "downloadPath": str(folder / "downloads")}


def _inside(files: object, folder: Path) -> bool:
    if not isinstance(files, list):
        return False
    root = folder.resolve()
    try:
        return all(isinstance(name, str) and Path(name).resolve().is_relative_to(root) for name in files)
    except (ValueError, RuntimeError):  # a NUL in the name, a link to itself
        return False


def _file_input(params: Params, folder: Path) -> Verdict:
    if _inside(params.get("files"), folder):
        return params
    return Refused(
        "DOM.setFileInputFiles is refused: only files in the session's own folder may be given to a page."
    )


def _drag(params: Params, folder: Path) -> Verdict:
    data = params.get("data")
    files = data.get("files") if isinstance(data, dict) else None
    if not files or _inside(files, folder):
        return params
    return Refused(
        "Input.dispatchDragEvent is refused: only files in the session's own folder may be dropped on a page."
    )


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
    "Page.setDownloadBehavior": _download,
    "Target.attachToTarget": _flat,
    "Target.createTarget": _address,
    "Target.setAutoAttach": _flat,
}
