"""Between a page that asks for files and the person who steers: what there is, what they send, what they choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pybase64

from sessions_app.engine import notices, remarks
from sessions_app.engine.aside import Aside
from sessions_app.engine.errors import EngineError
from sessions_app.engine.file_names import is_good

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessions_app.engine.audience import Audience
    from sessions_app.engine.chooser import Asked
    from sessions_app.engine.files import Arrival, FileFacts, SessionFiles
    from sessions_app.engine.hub import Viewer
    from sessions_app.engine.messages import FileAnswer
    from sessions_app.engine.tab import Tab

UPLOADS = "uploads"
# More are not looked through by anybody; the newest are what is meant.
MAX_SHOWN = 200


class FileDesk:
    """Of one session. Only viewers who may steer are told which files it has."""

    def __init__(
        self, files: SessionFiles, audience: Audience, tabs: Iterable[Tab], active: Callable[[], Tab]
    ) -> None:
        self._files = files
        self._hub = audience.hub
        self._control = audience.control
        self._tabs = tabs
        self._active = active
        self._aside = Aside()
        self._arrivals: dict[str, Arrival] = {}
        # Which chooser each is for: what was begun for another one is not gone on with.
        self._meant: dict[str, int] = {}
        self._busy: set[str] = set()
        self._shown: Asked | None = None
        audience.on_attached = self._came
        audience.on_detached = self._left
        audience.on_control = self._control_changed
        audience.on_file = self._hear

    def __repr__(self) -> str:
        return f"<FileDesk arrivals={len(self._arrivals)}>"

    def watch(self, tab: Tab) -> None:
        """Its chooser is the viewers' while one of them may steer: the first click may be the one that opens it."""
        tab.chooser.intercept(on=any(viewer.role == "control" for viewer in self._hub.viewers.values()))

    def changed(self, tab: Tab, asked: Asked, *, is_open: bool) -> None:
        """A page asks for files, or does so no longer."""
        if not is_open:
            self._hide(asked)
        elif tab is self._active() and self._person_steers:
            self._show(asked)
        else:
            # A program's click, or a page in the background: nobody whom it would concern.
            tab.chooser.forget()

    def download_ended(self, end: dict[str, Any]) -> None:
        self._hub.say({"type": "download", **end})

    @property
    def _asked(self) -> Asked | None:
        return self._active().chooser.asked

    @property
    def _person_steers(self) -> bool:
        holder = self._control.holder
        return holder is not None and holder.kind == "person"

    def _came(self, viewer: Viewer) -> None:
        self._watch_all()
        if viewer.role == "control" and self._asked:
            self._show(self._asked)

    def _left(self, viewer: Viewer) -> None:
        self._watch_all()
        self._abandon(viewer)

    def _control_changed(self) -> None:
        if not self._person_steers:
            self._active().chooser.forget()

    def _watch_all(self) -> None:
        for tab in self._tabs:
            self.watch(tab)

    def _hide(self, asked: Asked) -> None:
        if asked is self._shown:
            self._shown = None
            for viewer in self._hub.viewers.values():
                self._abandon(viewer)
            self._say({"type": "filechooser", "id": asked.id, "open": False})

    def _show(self, asked: Asked) -> None:
        """To all who may steer, with the files that there are."""
        self._aside.do(self._files.list, lambda found: self._tell_of(asked, found))

    def _hear(self, viewer: Viewer, message: FileAnswer) -> None:
        asked = self._asked
        if asked is None or asked.id != message.id:
            self._abandon(viewer)
            viewer.say(notices.error("refused", "The page no longer asks for a file.", message.seq))
            return
        match message.action:
            case "cancel":
                self._active().chooser.forget()
            case "choose":
                self._choose(viewer, asked, message)
            case "upload":
                self._take(viewer, message)

    def _abandon(self, viewer: Viewer) -> None:
        """What this one was sending is not finished by anybody."""
        if viewer.id not in self._busy and (arrival := self._arrivals.pop(viewer.id, None)):
            del self._meant[viewer.id]
            self._aside.do(arrival.abandon)

    def _tell_of(self, asked: Asked, found: list[FileFacts]) -> None:
        if self._asked is not asked:
            return
        self._shown = asked
        newest = sorted(found, key=lambda facts: facts.modified_at, reverse=True)[:MAX_SHOWN]
        listed = [{"name": facts.name, "size": facts.size} for facts in newest]
        message = {"type": "filechooser", "id": asked.id, "open": True}
        self._say({**message, "multiple": asked.multiple, "accept": asked.accept, "files": listed})

    def _say(self, message: notices.Notice) -> None:
        for viewer in tuple(self._hub.viewers.values()):
            if viewer.role == "control":
                viewer.say(message)

    def _choose(self, viewer: Viewer, asked: Asked, message: FileAnswer) -> None:
        names = message.names if asked.multiple else message.names[:1]

        def found(paths: list[str]) -> None:
            if self._asked is asked:
                self._active().chooser.give(paths, given)

        def given(reply: Any) -> None:
            if reply and "error" in reply:
                viewer.say(notices.error("refused", "The page does not take the file any more.", message.seq))

        self._aside.do(
            lambda: [str(self._files.path_of(name)) for name in names], found, self._refusing(viewer, message)
        )

    def _take(self, viewer: Viewer, message: FileAnswer) -> None:
        if viewer.id in self._busy:
            viewer.say(
                notices.error("refused", "Send the next piece when this one is confirmed.", message.seq)
            )
            return
        self._busy.add(viewer.id)

        def stored(facts: FileFacts | None) -> None:
            received = facts.size if facts else self._arrivals[viewer.id].size
            progress = {"type": "filechooser", "id": message.id, "open": True, "received": received}
            viewer.say({**progress, "stored": facts.name if facts else None})
            self._settle(viewer)

        def failed(error: Exception) -> None:
            self._settle(viewer)
            self._abandon(viewer)
            self._refusing(viewer, message)(error)

        self._aside.do(lambda: self._store(viewer.id, message), stored, failed)

    def _settle(self, viewer: Viewer) -> None:
        self._busy.discard(viewer.id)
        if viewer.id not in self._hub.viewers:
            self._abandon(viewer)

    def _store(self, sender: str, message: FileAnswer) -> FileFacts | None:
        """In a thread; of each sender one piece at a time."""
        piece = pybase64.b64decode(message.data, validate=True)
        arrival = self._arrivals.get(sender)
        if arrival and self._meant[sender] != message.id:
            arrival.abandon()
            arrival = None
        if arrival is None:
            plain = remarks.file_name(message.name)
            name = f"{UPLOADS}/{plain if is_good(plain) else 'upload'}"
            arrival = self._arrivals[sender] = self._files.arrival(name, over=False)
            self._meant[sender] = message.id
        arrival.write(piece)
        if not message.last:
            return None
        facts = arrival.finish()
        self._arrivals.pop(sender).abandon()
        return facts

    @staticmethod
    def _refusing(viewer: Viewer, message: FileAnswer) -> Callable[[Exception], None]:
        def refuse(error: Exception) -> None:
            why = str(error) if isinstance(error, EngineError) else "The file could not be stored."
            viewer.say(notices.error("refused", why, message.seq))

        return refuse
