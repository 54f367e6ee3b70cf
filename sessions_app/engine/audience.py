"""The viewers of a session: who may steer, what their messages do, what they are told."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Protocol

from sessions_app.engine import events, notices
from sessions_app.engine.control import Control, Holder
from sessions_app.engine.errors import ControlHeld, EngineError
from sessions_app.engine.hub import Hub, Viewer
from sessions_app.engine.messages import (
    Ack,
    ControlRequest,
    DialogAnswer,
    FileAnswer,
    FromViewer,
    Input,
    Key,
    Mouse,
    Navigate,
    Resize,
    SelectAnswer,
    Settings,
    Size,
    TabRequest,
    Text,
)
from sessions_app.engine.wire import CLOSE_ENDED, CLOSE_FORBIDDEN, CLOSE_RESTARTING, WireError, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sessions_app.engine.config import Viewport
    from sessions_app.engine.dialogs import Dialog
    from sessions_app.engine.tab import Tab
    from sessions_app.engine.wire import Role

# Titles and addresses may change a thousand times a second; viewers hear of it this often.
TELL_EVERY = 0.05
STRIKES = 3
STATS_EVERY = 64


class Stage(Protocol):
    """What the audience looks at and steers: the live session."""

    id: str
    name: str
    viewport: Viewport

    @property
    def active(self) -> Tab: ...
    @property
    def open_tabs(self) -> Iterable[Tab]: ...
    def touch(self) -> None: ...
    def navigate(self, url: str) -> None: ...
    def resize(self, width: int, height: int) -> None: ...
    def begin_open_tab(self, url: str) -> None: ...
    def begin_close_tab(self, tab_id: int) -> None: ...
    def activate_tab(self, tab_id: int) -> object: ...


class Audience:
    """Hub, control lease and input of one session; ends with it by `dismiss`."""

    def __init__(self, stage: Stage, *, limit: int, tell: Callable[[events.EngineEvent], object]) -> None:
        self.hub = Hub(limit)
        self.control = Control()
        self.actions = 0
        self._stage = stage
        self._tell = tell
        self._numbers = itertools.count(1)
        self._requests: dict[str, str] = {}
        self._strikes: dict[str, int] = {}
        self._telling: asyncio.TimerHandle | None = None
        self._send_off: Callable[[Viewer], None] | None = None
        self.on_attached: Callable[[Viewer], None] = lambda _: None
        self.on_detached: Callable[[Viewer], None] = lambda _: None
        self.on_control: Callable[[], None] = lambda: None
        self.on_file: Callable[[Viewer, FileAnswer], None] = lambda *_: None

    def __repr__(self) -> str:
        return f"<Audience {self.hub!r} {self.control!r}>"

    @property
    def asked_by(self) -> tuple[str, ...]:
        return tuple(self._requests.values())

    def attach(
        self,
        *,
        role: Role,
        name: str,
        operator: bool = False,
        fit: Size | None = None,
        link_id: str | None = None,
        key_id: str | None = None,
        user_id: str | None = None,
    ) -> Viewer:
        """A new viewer, already greeted. Raises TooManyViewers."""
        viewer = Viewer(f"v{next(self._numbers)}", role=role, name=name)
        viewer.operator, viewer.fit = operator, fit
        viewer.link_id, viewer.key_id, viewer.user_id = link_id, key_id, user_id
        stage, tab = self._stage, self._stage.active
        viewer.say(
            notices.hello(viewer, session_id=stage.id, name=stage.name, viewport=stage.viewport, tab=tab)
        )
        viewer.say(notices.state(tab, stage.viewport))
        viewer.say(notices.tabs(stage.open_tabs, tab))
        viewer.say(notices.control(viewer, self.control.holder, self._requests))
        if tab.dialog:
            viewer.say(tab.dialog.as_message(is_open=True))
        if tab.natives.open_list:
            viewer.say(tab.natives.open_list.as_message(is_open=True))
        self.hub.attach(viewer)
        stage.touch()
        self._say_stats()
        self._tell(events.ViewerJoined(session_id=stage.id, viewer_id=viewer.id, name=name, role=role))
        self.on_attached(viewer)
        if self._send_off:  # it came while the browser was closing
            self._send_off(viewer)
        return viewer

    def detach(self, viewer: Viewer) -> None:
        """Idempotent; control and whatever the viewer held down are let go."""
        if viewer.id not in self.hub.viewers:
            return
        self.hub.detach(viewer)
        self.on_detached(viewer)
        self._strikes.pop(viewer.id, None)
        if self._requests.pop(viewer.id, None) is not None:
            self._say_control()
        self.give_back(viewer.id)
        self._stage.touch()
        self._say_stats()
        left = events.ViewerLeft(
            session_id=self._stage.id, viewer_id=viewer.id, name=viewer.name, role=viewer.role
        )
        self._tell(left)

    def disconnect(self, chosen: Callable[[Viewer], bool]) -> int:
        """Close the sockets of some viewers as forbidden; how many."""
        viewers = [viewer for viewer in self.hub.viewers.values() if chosen(viewer)]
        for viewer in viewers:
            viewer.close(CLOSE_FORBIDDEN)
        return len(viewers)

    def dismiss(self, status: str, reason: str, message: str) -> None:
        """The session ends: tell everybody and close their sockets."""
        ended = notices.ended(status, reason, message)

        def send_off(viewer: Viewer) -> None:
            viewer.say(ended)
            viewer.close(CLOSE_ENDED)

        self._close_with(send_off)

    def ask_back(self) -> None:
        """The session goes on with another browser: close the sockets so that their viewers come again."""
        self._close_with(lambda viewer: viewer.close(CLOSE_RESTARTING))

    def _close_with(self, send_off: Callable[[Viewer], None]) -> None:
        if self._telling:
            self._telling.cancel()
            self._telling = None
        self._send_off = send_off
        for viewer in self.hub.viewers.values():
            send_off(viewer)

    # Control

    def take(self, holder: Holder, *, force: bool = False) -> None:
        """Raises ControlHeld."""
        previous = self.control.take(holder, force=force)
        if previous == holder:
            return
        if previous is not None:
            self._stage.active.steering.let_go()
        self._requests.pop(holder.id, None)
        self._control_changed(previous)

    def give_back(self, holder_id: str) -> bool:
        previous = self.control.holder
        if not self.control.give_back(holder_id):
            return False
        self._stage.active.steering.let_go()
        self._control_changed(previous)
        return True

    # What viewers send

    def receive(self, viewer: Viewer, data: str | bytes) -> None:
        """One text message of a viewer; a wrong one is answered with an error and changes nothing."""
        try:
            message = parse(data)
        except WireError as error:
            viewer.say(notices.error("invalid_message", f"{error}."))
            return
        try:
            self._handle(viewer, message)
        except EngineError as error:
            viewer.say(notices.error("refused", str(error), getattr(message, "seq", 0)))

    def _handle(self, viewer: Viewer, message: FromViewer) -> None:
        match message:
            case Ack():
                viewer.ack(message.seq)
                if message.seq % STATS_EVERY == 0:
                    viewer.say(notices.stats(viewer, len(self.hub.viewers)))
            case Settings():
                self._settle(viewer, message)
            case ControlRequest():
                self._control_request(viewer, message)
            case _:
                if self._may_steer(viewer, message):
                    self._steer(viewer, message)

    def _settle(self, viewer: Viewer, message: Settings) -> None:
        paused = message.paused if "paused" in message.given else viewer.paused
        max_fps = message.max_fps if "max_fps" in message.given else viewer.max_fps
        fit = message.fit if "fit" in message.given else viewer.fit
        self.hub.settle(viewer, paused=paused, max_fps=max_fps, fit=fit)

    def _may_steer(self, viewer: Viewer, message: Input) -> bool:
        if viewer.role != "control":
            self._strike(viewer, message.seq)
            return False
        if self.control.holder is None:
            # Who only answers a dialog for a program leaves it at its work.
            if isinstance(message, DialogAnswer):
                return True
            self.take(_person(viewer))
        return self.control.holder is not None and self.control.holder.id == viewer.id

    def _strike(self, viewer: Viewer, seq: int) -> None:
        viewer.say(notices.error("forbidden", "This link only views; it cannot control the session.", seq))
        self._strikes[viewer.id] = self._strikes.get(viewer.id, 0) + 1
        if self._strikes[viewer.id] >= STRIKES:
            viewer.close(CLOSE_FORBIDDEN)

    def _steer(self, viewer: Viewer, event: Input) -> None:
        stage = self._stage
        stage.touch()
        self.actions += _is_action(event)
        match event:
            case Navigate(url="", action=action) if action:
                stage.active.go(action)
            case Navigate():
                stage.navigate(event.url)
            case Resize():
                stage.resize(event.width, event.height)
            case TabRequest():
                self._tab_request(event)
            case DialogAnswer():
                stage.active.answer_dialog(event.id, accept=event.accept, text=event.text, by=viewer.name)
            case FileAnswer():
                self.on_file(viewer, event)
            case SelectAnswer():
                stage.active.natives.choose(event.id, event.index)
            case _:
                stage.active.steering.send(event, self.hub.accepting(viewer))

    def _tab_request(self, event: TabRequest) -> None:
        match event.action:
            case "new":
                self._stage.begin_open_tab(event.url)
            case "activate":
                self._stage.activate_tab(event.tab)
            case "close":
                self._stage.begin_close_tab(event.tab)

    def _control_request(self, viewer: Viewer, message: ControlRequest) -> None:
        if viewer.role != "control":
            self._strike(viewer, 0)
            return
        match message.action:
            case "take":
                self._take(viewer, force=message.force)
            case "release":
                self.give_back(viewer.id)
            case "request":
                self._request(viewer)
            case "grant" | "deny":
                self._decide(viewer, message)

    def _take(self, viewer: Viewer, *, force: bool) -> None:
        if force and not viewer.operator:
            viewer.say(
                notices.error("forbidden", "Only an operator may take control by force; ask for it instead.")
            )
            return
        try:
            self.take(_person(viewer), force=force)
        except ControlHeld as error:
            viewer.say(notices.error("control_held", f"{error} Ask for it."))

    def _request(self, viewer: Viewer) -> None:
        holder = self.control.holder
        if holder is None or holder.kind == "program":
            self.take(_person(viewer))
        elif holder.id != viewer.id:
            self._requests[viewer.id] = viewer.name
            self._say_control()

    def _decide(self, viewer: Viewer, message: ControlRequest) -> None:
        holds = self.control.holder is not None and self.control.holder.id == viewer.id
        asking = self.hub.viewers.get(message.viewer)
        if not (holds or viewer.operator):
            viewer.say(notices.error("forbidden", "Only who holds control, or an operator, may decide."))
            return
        if asking is None or self._requests.pop(message.viewer, None) is None:
            viewer.say(notices.error("no_such_request", f"{message.viewer} does not ask for control."))
            return
        if message.action == "grant":
            self.take(_person(asking), force=True)
        else:
            asking.say(notices.error("control_denied", f"{viewer.name} keeps control for now."))
            self._say_control()

    # What viewers hear

    def state_changed(self) -> None:
        """Tell the viewers of the active tab and of the tabs soon; calls in between count as one."""
        if self._telling is None and self.hub.viewers and not self._send_off:
            self._telling = asyncio.get_running_loop().call_later(TELL_EVERY, self._say_state)

    def dialog_changed(self, dialog: Dialog, *, is_open: bool) -> None:
        self.hub.say(dialog.as_message(is_open=is_open))

    def _say_state(self) -> None:
        self._telling = None
        self.hub.say(notices.state(self._stage.active, self._stage.viewport))
        self.hub.say(notices.tabs(self._stage.open_tabs, self._stage.active))

    def _say_stats(self) -> None:
        for viewer in self.hub.viewers.values():
            viewer.say(notices.stats(viewer, len(self.hub.viewers)))

    def _control_changed(self, previous: Holder | None) -> None:
        self.on_control()
        self._say_control()
        holder = self.control.holder
        self._tell(events.ControlChanged(session_id=self._stage.id, holder=holder, previous=previous))

    def _say_control(self) -> None:
        for viewer in tuple(self.hub.viewers.values()):
            viewer.say(notices.control(viewer, self.control.holder, self._requests))


def _person(viewer: Viewer) -> Holder:
    return Holder("person", viewer.id, viewer.name)


def _is_action(event: Input) -> bool:
    """Whether a person would call it doing something: not a mere movement, not letting go."""
    match event:
        case Mouse() | Key():
            return event.action == "down"
        case FileAnswer():
            return event.action == "choose"
        case Text() | Navigate() | TabRequest() | DialogAnswer() | SelectAnswer():
            return True
        case _:
            return False
