"""One tab: what it shows, its screencast, its input, its dialogs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sessions_app.engine.chooser import Asked, Chooser
from sessions_app.engine.dialogs import Answer, Dialog
from sessions_app.engine.errors import EngineError
from sessions_app.engine.guise import Guise
from sessions_app.engine.history import EMPTY, History
from sessions_app.engine.inspection import Inspection, Inspector
from sessions_app.engine.natives import Natives, OpenList
from sessions_app.engine.navigation import Navigation
from sessions_app.engine.screencast import Screencast
from sessions_app.engine.steering import Steering

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import CdpConnection, Message, Params
    from sessions_app.engine.config import Look, Viewport
    from sessions_app.engine.wire import Frame

# A page may call itself anything; viewers are told of it again and again.
MAX_ADDRESS = 4096
MAX_TITLE = 512
# How often a page that moves is asked for its title, in seconds.
TITLE_EVERY = 1.0
# One that answers at all does so in milliseconds.
ANSWER_LIMIT = 1.0


@dataclass(frozen=True, kw_only=True)
class TabFacts:
    """A tab as others see it."""

    id: int
    url: str
    title: str
    loading: bool
    crashed: bool
    unresponsive: bool
    active: bool
    can_go_back: bool
    can_go_forward: bool


class TabListener:
    """What a tab tells its session; each method does nothing here."""

    def changed(self, tab: Tab) -> None:
        pass

    def navigated(self, tab: Tab) -> None:
        pass

    def crashed(self, tab: Tab) -> None:
        pass

    def dialog(self, tab: Tab, dialog: Dialog, *, is_open: bool) -> None:
        pass

    def cursor(self, tab: Tab, shape: str) -> None:
        pass

    def select(self, tab: Tab, open_list: OpenList, *, is_open: bool) -> None:
        pass

    def chooser(self, tab: Tab, asked: Asked, *, is_open: bool) -> None:
        pass

    def publish(self, frame: Frame) -> bool:
        """Take a frame of a cast; True when the next may come at once."""
        return True


class Tab:
    """A page target that we are attached to; lives until the target does."""

    def __init__(
        self,
        tab_id: int,
        info: dict[str, Any],
        cdp_session_id: str,
        connection: CdpConnection,
        listener: TabListener,
        inspector: Inspector | None = None,
    ) -> None:
        self.id = tab_id
        self.target_id: str = info["targetId"]
        self.url: str = info["url"][:MAX_ADDRESS]
        self.title: str = info.get("title", "")[:MAX_TITLE]
        self.loading = False
        self.is_crashed = False
        self.unresponsive = False
        self.size: tuple[int, int] | None = None
        self.dialog: Dialog | None = None
        # To the dialog that was closed last; None while one is open.
        self.answer: Answer | None = None
        self.navigation = Navigation()
        self.listener = listener
        self.history = History(self.post, lambda: self.listener.changed(self))
        self.is_ready = asyncio.Event()
        self.cast = Screencast(tab_id, self.post, self._publish)
        self.natives = Natives(self.post, on_shape=self._shape_changed, on_list=self._list_changed)
        self.chooser = Chooser(self.post, self._chooser_changed)
        self.steering = Steering(self.post, self._hung, self.natives.look_after)
        self.inspection = Inspection(tab_id, self.target_id, self.post, inspector or Inspector())
        self.guise = Guise(connection, cdp_session_id)
        self.cdp_session_id = cdp_session_id
        self._connection = connection
        self._dialogs = 0
        self._answered_by = ""
        self._title_asked = 0.0
        connection.listen(cdp_session_id, self._receive, wants=self.inspection.wants)

    def __repr__(self) -> str:
        return f"<Tab {self.id} {self.url[:60]} {self.cast!r}>"

    def facts(self, *, active: bool) -> TabFacts:
        return TabFacts(
            id=self.id,
            url=self.url,
            title=self.title,
            loading=self.loading,
            crashed=self.is_crashed,
            unresponsive=self.unresponsive,
            active=active,
            can_go_back=self.history.can_go_back,
            can_go_forward=self.history.can_go_forward,
        )

    def post(
        self, method: str, params: Params | None = None, reply: Callable[[Message | None], None] | None = None
    ) -> None:
        self._connection.post(method, params, self.cdp_session_id, reply)

    async def call(self, method: str, params: Params | None = None) -> Params:
        return await self._connection.call(method, params, self.cdp_session_id)

    async def answers(self) -> bool:
        """Whether it runs scripts: no dialog is open, and it does not hang."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT):
                await self.call("Runtime.evaluate", {"expression": "0"})
        except (TimeoutError, EngineError):
            return False
        return True

    async def feel_pulse(self) -> None:
        """Find out whether it hangs; otherwise only a viewer's input does."""
        self._hung(not await self.answers())

    def prepare(self, viewport: Viewport | None, look: Look | None = None) -> None:
        """Enable what we listen to and, with `viewport`, emulate it; then let a waiting page run."""
        self.post("Page.enable")
        self.inspection.start()
        if look:
            self.guise.put_on(look)
        if viewport:
            self.emulate(viewport)
        self.post("Runtime.runIfWaitingForDebugger")
        # Chromium 156 kills a renderer whose focus is emulated before its first document is there (4 of 10 launches).
        self.post("Runtime.evaluate", {"expression": "0"}, self._answered_first)

    def _answered_first(self, _reply: Message | None) -> None:
        # Without it a page in an unfocused window draws no caret and says that it has no focus.
        self.post("Emulation.setFocusEmulationEnabled", {"enabled": True})
        self.is_ready.set()

    def emulate(self, viewport: Viewport) -> None:
        self.post(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": viewport.width,
                "height": viewport.height,
                "deviceScaleFactor": viewport.device_scale_factor,
                "mobile": viewport.mobile,
            },
        )
        if viewport.mobile:
            self.post("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})

    def navigate(self, url: str) -> None:
        """Begin to open `url`, which `check_address` has passed."""
        self.post("Page.navigate", {"url": url})

    def go(self, action: Literal["back", "forward", "reload", "stop"]) -> None:
        match action:
            case "reload":
                self.post("Page.reload")
            case "stop":
                self.post("Page.stopLoading")
            case _:
                self.history.go(-1 if action == "back" else 1)

    def answer_dialog(self, dialog_id: int, *, accept: bool, text: str, by: str = "") -> None:
        """Answer the open dialog; one that is gone already is left alone."""
        if self.dialog and self.dialog.id == dialog_id:
            self._answered_by = by
            self.post("Page.handleJavaScriptDialog", {"accept": accept, "promptText": text})

    def update(self, info: dict[str, Any]) -> None:
        """Target.targetInfoChanged."""
        title = "" if info["title"] == EMPTY else info["title"]
        told = (info["url"][:MAX_ADDRESS], title[:MAX_TITLE])
        if (self.url, self.title) != told:
            self.url, self.title = told
            self.listener.changed(self)

    def crash(self) -> None:
        self.is_crashed, self.loading, self.unresponsive = True, False, False
        self.navigation.ended()
        self.natives.forget()
        self.chooser.forget()
        self.steering.close()
        self.listener.crashed(self)

    def close(self) -> None:
        """The target is gone."""
        self._connection.forget(self.cdp_session_id)
        self.navigation.ended()
        self.cast.stop()
        self.steering.close()
        self.natives.close()
        self.chooser.forget()
        self.guise.close()

    def _receive(self, message: Message) -> None:
        if handle := self._HANDLERS.get(message["method"]):
            handle(self, message["params"])
        elif message["method"].startswith("Target."):
            self.guise.receive(message)
        else:
            self.inspection.receive(message)

    def _on_frame(self, params: Params) -> None:
        meta = params["metadata"]
        size = (round(meta["deviceWidth"]), round(meta["deviceHeight"]))
        if size != self.size:
            self.size = size
            self.listener.changed(self)
        self.cast.on_frame(params)
        if time.monotonic() - self._title_asked > TITLE_EVERY:
            self._ask_title()

    def _on_loading(self, params: Params) -> None:
        self._set_loading(params, now=True)

    def _on_loaded(self, params: Params) -> None:
        self._set_loading(params, now=False)
        self._ask_title()
        self.history.look()

    def _on_parsed(self, params: Params) -> None:
        self.navigation.parsed()
        self._ask_title()
        self.inspection.mark("onContentLoad", params)

    def _set_loading(self, params: Params, *, now: bool) -> None:
        if params["frameId"] != self.target_id:
            return
        if now:
            self.navigation.began()
        else:
            self.navigation.ended()
        if self.loading != now:
            self.loading = now
            self.listener.changed(self)

    def _on_navigated(self, params: Params) -> None:
        frame = params["frame"]
        if "parentId" in frame:
            return
        self.is_crashed = self.unresponsive = False
        self.navigation.committed()
        self.natives.forget()
        self.chooser.forget()
        url: str = frame.get("unreachableUrl") or frame["url"] + frame.get("urlFragment", "")
        self.url = url[:MAX_ADDRESS]
        self.history.look()
        self.cast.expect_frame()
        self.listener.navigated(self)
        self.listener.changed(self)

    def _on_moved_within(self, params: Params) -> None:
        if params["frameId"] == self.target_id:
            self.url = params["url"][:MAX_ADDRESS]
            self.history.look()
            self.listener.changed(self)

    def _on_dialog(self, params: Params) -> None:
        self._dialogs += 1
        self.answer, self._answered_by = None, ""
        self.dialog = Dialog(
            id=self._dialogs,
            kind=params["type"],
            message=params["message"],
            default=params.get("defaultPrompt", ""),
            url=params["url"],
        )
        self.listener.dialog(self, self.dialog, is_open=True)

    def _on_dialog_closed(self, params: Params) -> None:
        dialog, self.dialog = self.dialog, None
        accepted, text = params["result"], params.get("userInput", "")
        self.answer = Answer(accepted=accepted, text=text if accepted else "", by=self._answered_by)
        if dialog:
            self.listener.dialog(self, dialog, is_open=False)

    def _on_resized(self, _params: Params) -> None:
        self.cast.expect_frame()

    def _on_chooser(self, params: Params) -> None:
        self.chooser.opened(params)

    def _on_drag(self, params: Params) -> None:
        self.steering.on_drag_intercepted(params)

    _HANDLERS: dict[str, Callable[[Tab, Params], None]] = {
        "Page.screencastFrame": _on_frame,
        "Page.frameStartedLoading": _on_loading,
        "Page.frameStoppedLoading": _on_loaded,
        "Page.domContentEventFired": _on_parsed,
        "Page.frameNavigated": _on_navigated,
        "Page.frameResized": _on_resized,
        "Page.navigatedWithinDocument": _on_moved_within,
        "Page.javascriptDialogOpening": _on_dialog,
        "Page.javascriptDialogClosed": _on_dialog_closed,
        "Page.fileChooserOpened": _on_chooser,
        "Input.dragIntercepted": _on_drag,
    }

    def _publish(self, frame: Frame) -> bool:
        return self.listener.publish(frame)

    def _shape_changed(self, shape: str) -> None:
        self.listener.cursor(self, shape)

    def _list_changed(self, open_list: OpenList, is_open: bool) -> None:
        self.listener.select(self, open_list, is_open=is_open)

    def _chooser_changed(self, asked: Asked, is_open: bool) -> None:
        self.listener.chooser(self, asked, is_open=is_open)

    def _hung(self, hung: bool) -> None:
        # A page whose dialog is open answers no input either, and is well.
        unresponsive = hung and self.dialog is None
        if unresponsive != self.unresponsive:
            self.unresponsive = unresponsive
            self.listener.changed(self)

    def _ask_title(self) -> None:
        """Chromium does not tell when a script changes the title; it is asked when something happens."""
        self._title_asked = time.monotonic()

        def answered(reply: Message | None) -> None:
            if reply and "result" in reply:
                self.update(reply["result"]["targetInfo"])

        self._connection.post("Target.getTargetInfo", {"targetId": self.target_id}, reply=answered)
