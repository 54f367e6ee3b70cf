"""Who hears of tabs, and remembers."""

from __future__ import annotations

from typing import Any

from sessions_app.engine.dialogs import Dialog
from sessions_app.engine.tab import Tab
from sessions_app.engine.tabs import TabsListener


class Listener(TabsListener):
    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def opened(self, tab: Tab) -> None:
        self.heard.append(("opened", tab.id))

    def closed(self, tab: Tab) -> None:
        self.heard.append(("closed", tab.id))

    def changed(self, tab: Tab) -> None:
        self.heard.append(("changed", tab.id))

    def navigated(self, tab: Tab) -> None:
        self.heard.append(("navigated", tab.url))

    def crashed(self, tab: Tab) -> None:
        self.heard.append(("crashed", tab.id))

    def dialog(self, tab: Tab, dialog: Dialog, *, is_open: bool) -> None:
        self.heard.append(("dialog", dialog.message, is_open))
