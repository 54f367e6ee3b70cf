"""What the tabs of a session tell: to its host as events, to its viewers as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions_app.engine import dialogs, events, notices
from sessions_app.engine.tabs import TabsListener

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.audience import Audience
    from sessions_app.engine.automation.answering import Answering
    from sessions_app.engine.browser import Browser
    from sessions_app.engine.chooser import Asked
    from sessions_app.engine.dialogs import Dialog
    from sessions_app.engine.file_desk import FileDesk
    from sessions_app.engine.front import Front
    from sessions_app.engine.natives import OpenList
    from sessions_app.engine.tab import Tab
    from sessions_app.engine.thumbnail import Thumbnails
    from sessions_app.engine.wire import Frame


class TabNews(TabsListener):
    """`is_over` once the session is closing: that its tabs close then is no news."""

    def __init__(
        self,
        session_id: str,
        browser: Browser,
        tell: Callable[[events.EngineEvent], object],
        *,
        audience: Audience,
        front: Front,
        desk: FileDesk,
        answering: Answering,
        thumbnails: Thumbnails,
    ) -> None:
        self.pages_visited = 0
        self.is_over = False
        self._id = session_id
        self._browser = browser
        self._tell = tell
        self._audience = audience
        self._front = front
        self._desk = desk
        self._answering = answering
        self._thumbnails = thumbnails

    def opened(self, tab: Tab) -> None:
        browser = self._browser
        if browser.viewport != browser.launch_viewport or browser.shape.emulates:
            browser.fit(tab)
        self._desk.watch(tab)
        self._tell(events.TabOpened(session_id=self._id, tab=tab.id, url=tab.url))
        self._front.show(tab)

    def closed(self, tab: Tab) -> None:
        self._thumbnails.forget(tab)
        if self.is_over:
            return
        self._tell(events.TabClosed(session_id=self._id, tab=tab.id))
        self._front.closed(tab)
        self._audience.state_changed()

    def changed(self, tab: Tab) -> None:
        self._audience.state_changed()

    def navigated(self, tab: Tab) -> None:
        self.pages_visited += 1
        self._tell(events.Navigated(session_id=self._id, tab=tab.id, url=tab.url))

    def crashed(self, tab: Tab) -> None:
        self._tell(events.TabCrashed(session_id=self._id, tab=tab.id, url=tab.url))
        self._audience.state_changed()

    def dialog(self, tab: Tab, dialog: Dialog, *, is_open: bool) -> None:
        self._tell(dialogs.told(self._id, tab.id, dialog, tab.answer))
        if is_open:
            self._answering.opened(tab, dialog)
        if tab is self._front.tab:
            self._audience.dialog_changed(dialog, is_open=is_open)

    def cursor(self, tab: Tab, shape: str) -> None:
        if tab is self._front.tab:
            self._audience.hub.say(notices.cursor(shape))

    def select(self, tab: Tab, open_list: OpenList, *, is_open: bool) -> None:
        if tab is self._front.tab:
            self._audience.hub.say(open_list.as_message(is_open=is_open))

    def chooser(self, tab: Tab, asked: Asked, *, is_open: bool) -> None:
        self._desk.changed(tab, asked, is_open=is_open)

    def publish(self, frame: Frame) -> bool:
        return self._audience.hub.publish(frame)
