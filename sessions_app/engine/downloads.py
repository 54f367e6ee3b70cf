"""What pages download: it arrives under an id and gets its name when it is whole, so that no page ever names a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.engine import remarks
from sessions_app.engine.aside import Aside
from sessions_app.engine.files import MAX_ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import CdpConnection, Params
    from sessions_app.engine.files import FileFacts, SessionFiles
    from sessions_app.engine.inspection import Inspector

# A page may begin as many as it likes.
MAX_RUNNING = 100


@dataclass
class Download:
    name: str
    tab: int | None
    received: int = 0
    is_too_large: bool = False


class Downloads:
    """Of one browser, whoever drives it."""

    def __init__(self, connection: CdpConnection, files: SessionFiles, inspector: Inspector) -> None:
        self._connection = connection
        self._files = files
        self._inspector = inspector
        self._running: dict[str, Download] = {}
        self._room = MAX_ALL
        self._aside = Aside()
        self.on_end: Callable[[dict[str, Any]], None] = lambda _: None

    def __repr__(self) -> str:
        return f"<Downloads running={len(self._running)}>"

    def keep(self) -> None:
        """Have Chromium keep them; again after a client has left, whose leaving undoes it."""
        params = {
            "behavior": "allowAndName",
            "downloadPath": str(self._files.incoming),
            "eventsEnabled": True,
        }
        self._connection.post("Browser.setDownloadBehavior", params)

    def receive(self, method: str, params: Params, tab: int | None) -> None:
        """An event of the domain Browser; `tab` is the one that its frame is of."""
        match method:
            case "Browser.downloadWillBegin":
                self._begun(params, tab)
            case "Browser.downloadProgress":
                self._progressed(params)

    def _begun(self, params: Params, tab: int | None) -> None:
        guid, name = params["guid"], remarks.file_name(params["suggestedFilename"])
        url = remarks.clip_url(params["url"])
        self._inspector.note("download", {"what": "begun", "tab": tab, "name": name, "url": url})
        download = Download(name, tab)
        if len(self._running) >= MAX_RUNNING:
            self._cancel(guid)
            self._note_end(download, None, why="too_many")
            return
        self._running[guid] = download
        self._aside.do(self._files.room, self._measured)

    def _progressed(self, params: Params) -> None:
        guid, state = params["guid"], params["state"]
        download = self._running.get(guid)
        if download is None:
            return
        download.received = int(params["receivedBytes"])
        if state == "inProgress":
            self._measured(self._room)
            return
        del self._running[guid]
        if state == "completed" and not download.is_too_large:
            self._aside.do(
                lambda: self._files.take_download(guid, download.name),
                lambda facts: self._note_end(download, facts),
            )
        else:
            self._aside.do(lambda: self._files.drop_download(guid))
            self._note_end(download, None, why="too_large" if download.is_too_large else "")

    def _measured(self, room: int) -> None:
        """Cancel the newest, as long as all that run take more than there is room."""
        self._room = room
        received = sum(download.received for download in self._running.values())
        for guid, download in reversed(tuple(self._running.items())):
            if received <= room:
                return
            received -= download.received
            download.is_too_large = True
            self._cancel(guid)

    def _cancel(self, guid: str) -> None:
        self._connection.post("Browser.cancelDownload", {"guid": guid})

    def _note_end(self, download: Download, facts: FileFacts | None, *, why: str = "") -> None:
        end: dict[str, Any] = {
            "what": "canceled",
            "bytes": download.received,
            **({"why": why} if why else {}),
        }
        if facts:
            self._room -= facts.size
            end = {"what": "completed", "bytes": facts.size, "file": facts.name}
        self._inspector.note("download", {"tab": download.tab, "name": download.name, **end})
        self.on_end({"name": download.name, **end})
