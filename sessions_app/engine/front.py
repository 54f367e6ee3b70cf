"""Which tab is in front: the one that is shown and steered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions_app.engine import notices

if TYPE_CHECKING:
    from sessions_app.engine.audience import Audience
    from sessions_app.engine.tab import Tab
    from sessions_app.engine.tabs import Tabs


class Front:
    """Holds `tab` and who was in front before it; a tab that leaves lets go of what was held down in it."""

    def __init__(self, tabs: Tabs, audience: Audience) -> None:
        self.tab = next(iter(tabs))
        self._tabs = tabs
        self._audience = audience
        # The latest last.
        self._earlier: list[Tab] = []

    def __repr__(self) -> str:
        return f"<Front {self.tab!r} before it {[tab.id for tab in self._earlier]}>"

    def show(self, tab: Tab) -> None:
        if tab is self.tab:
            return
        before, self.tab = self.tab, tab
        still_open = tuple(self._tabs)
        self._earlier = [one for one in (*self._earlier, before) if one is not tab and one in still_open]
        before.natives.forget()
        before.chooser.forget()
        before.steering.let_go()
        before.cast.stop()
        tab.post("Page.bringToFront")
        hub = self._audience.hub
        hub.forget_frame()
        hub.say(notices.cursor(tab.natives.shape))
        hub.on_demand()
        if tab.dialog:
            self._audience.dialog_changed(tab.dialog, is_open=True)
        self._audience.state_changed()

    def closed(self, tab: Tab) -> None:
        """Back to the one that was in front before it, or to an empty one."""
        if tab in self._earlier:
            self._earlier.remove(tab)
        if tab is not self.tab:
            return
        others = list(self._tabs)
        if others:
            self.show(self._earlier[-1] if self._earlier else others[-1])
        else:
            self._tabs.begin_open("about:blank")
