"""The open tabs of one browser, followed from the moment they exist."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sessions_app.engine.config import Look
from sessions_app.engine.errors import BrowserClosed, NoSuchTab, TabNotOpened, TooManyTabs
from sessions_app.engine.gate import Gate
from sessions_app.engine.inspection import Inspector
from sessions_app.engine.tab import Tab, TabListener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sessions_app.engine.cdp import CdpConnection, Message
    from sessions_app.engine.config import LaunchSpec, Viewport

# A page that opens tabs without end must not take the machine with it.
MAX_TABS = 20
OPEN_LIMIT = 10.0
PAGES_ONLY = [{"type": "page"}, {"exclude": True}]


class TabsListener(TabListener):
    """A tab listener that hears of tabs coming and going as well."""

    def opened(self, tab: Tab) -> None:
        pass

    def closed(self, tab: Tab) -> None:
        pass


class Tabs:
    """Attaches to every page target, whoever opened it: a popup, a viewer, a program."""

    def __init__(self, connection: CdpConnection, *, emulated: Viewport | None) -> None:
        self.emulated = emulated
        self.listener = TabsListener()
        self.inspector = Inspector()
        self.on_download: Callable[[str, dict[str, Any], int | None], None] = lambda *_: None
        self._connection = connection
        self._gate = Gate(connection, lambda frame: frame in self._by_target)
        self._look = Look()
        self._numbers = itertools.count(1)
        self._by_target: dict[str, Tab] = {}
        self._arrival = asyncio.Event()
        self._refused: set[str] = set()

    def __repr__(self) -> str:
        return f"<Tabs {[tab.id for tab in self]}>"

    def __iter__(self) -> Iterator[Tab]:
        return iter(tuple(self._by_target.values()))

    def __len__(self) -> int:
        return len(self._by_target)

    def get(self, tab_id: int) -> Tab:
        """Raises NoSuchTab."""
        for tab in self:
            if tab.id == tab_id:
                return tab
        raise NoSuchTab(tab_id)

    async def follow(self) -> None:
        """Attach to what is open and to what will be; returns when there is a tab that answers.

        Raises CdpError, BrowserClosed.
        """
        self._connection.listen(None, self._receive)
        self._connection.post("Target.setDiscoverTargets", {"discover": True, "filter": PAGES_ONLY})
        await self._connection.call(
            "Target.setAutoAttach",
            {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True, "filter": PAGES_ONLY},
        )
        await self._arrival.wait()
        for tab in self:
            await tab.is_ready.wait()
        if self._connection.closed:
            raise BrowserClosed("The browser ended before its first tab answered.")

    def give(self, spec: LaunchSpec) -> None:
        """What this session's pages are given and refused, from now on and in every tab."""
        self._gate.open(spec.block, spec.proxy)
        phone = spec.user_agent if spec.viewport.mobile else None
        self._look = replace(spec.look, phone=phone) if phone else spec.look
        if spec.look.geolocation:
            allowed = {"permission": {"name": "geolocation"}, "setting": "granted"}
            self._connection.post("Browser.setPermission", allowed)
        for tab in self:
            tab.guise.put_on(self._look)

    def listen(self, listener: TabsListener) -> None:
        """Tell `listener` from now on, also of tabs that are open already."""
        self.listener = listener
        for tab in self:
            tab.listener = listener

    async def open(self, url: str) -> Tab:
        """Open a tab and wait until it is ours. Raises BrowserClosed, TooManyTabs, TabNotOpened."""
        self._check_room()
        try:
            async with asyncio.timeout(OPEN_LIMIT):
                return await self._open(url)
        except TimeoutError:
            raise TabNotOpened(OPEN_LIMIT) from None

    async def _open(self, url: str) -> Tab:
        result = await self._connection.call("Target.createTarget", {"url": url})
        while result["targetId"] not in self._by_target:
            if self._connection.closed:
                raise BrowserClosed("The browser ended before the tab was open.")
            if result["targetId"] in self._refused:
                raise TooManyTabs(MAX_TABS)
            self._arrival.clear()
            await self._arrival.wait()
        return self._by_target[result["targetId"]]

    def begin_open(self, url: str) -> None:
        """Raises TooManyTabs."""
        self._check_room()
        self._connection.post("Target.createTarget", {"url": url})

    async def silent(self, *, but: Tab) -> frozenset[str]:
        """The targets of those that do not answer: to attach to one would hold up whoever wants another."""
        async with asyncio.TaskGroup() as group:
            asked = [(tab, group.create_task(tab.answers())) for tab in self if tab is not but]
        return frozenset(tab.target_id for tab, answer in asked if not answer.result())

    async def close_tab(self, tab: Tab) -> None:
        await self._connection.call("Target.closeTarget", {"targetId": tab.target_id})

    def begin_close(self, tab: Tab) -> None:
        self._connection.post("Target.closeTarget", {"targetId": tab.target_id})

    def close(self) -> None:
        """The browser is gone; whoever waits for a tab waits no longer."""
        for tab in self:
            tab.close()
        self.inspector.close()
        self._arrival.set()

    def _receive(self, message: Message) -> None:
        params = message["params"]
        match message["method"]:
            case "Target.attachedToTarget":
                self._attached(params)
            case "Target.detachedFromTarget":
                self._gone(lambda tab: tab.cdp_session_id == params["sessionId"])
            case "Target.targetDestroyed":
                self._refused.discard(params["targetId"])
                self._gone(lambda tab: tab.target_id == params["targetId"])
            case "Target.targetInfoChanged":
                if tab := self._by_target.get(params["targetInfo"]["targetId"]):
                    tab.update(params["targetInfo"])
            case "Target.targetCrashed":
                if tab := self._by_target.get(params["targetId"]):
                    tab.crash()
            case method:
                self._heard(method, params)

    def _heard(self, method: str, params: dict[str, Any]) -> None:
        """What concerns no tab's life."""
        match method:
            case "Browser.downloadWillBegin" | "Browser.downloadProgress":
                tab = self._by_target.get(params.get("frameId", ""))
                self.on_download(method, params, tab.id if tab else None)
            case "Fetch.requestPaused" | "Fetch.authRequired":
                self._gate.receive(method, params)

    def _attached(self, params: dict[str, Any]) -> None:
        info = params["targetInfo"]
        # Outside clients and thumbnails attach by the same pipe; theirs are sessions, not tabs.
        if info["type"] != "page" or info["targetId"] in self._by_target:
            return
        if len(self) >= MAX_TABS:
            self._refuse(info["targetId"])
            return
        tab = Tab(
            next(self._numbers), info, params["sessionId"], self._connection, self.listener, self.inspector
        )
        self._by_target[tab.target_id] = tab
        tab.prepare(self.emulated, self._look)
        self._arrival.set()
        self.listener.opened(tab)

    def _check_room(self) -> None:
        if len(self) >= MAX_TABS:
            raise TooManyTabs(MAX_TABS)

    def _refuse(self, target_id: str) -> None:
        """One tab too many: closed before it shows anything."""
        self._connection.post("Target.closeTarget", {"targetId": target_id})
        self._refused.add(target_id)
        self._arrival.set()

    def _gone(self, is_it: Callable[[Tab], bool]) -> None:
        for tab in self:
            if is_it(tab):
                del self._by_target[tab.target_id]
                tab.close()
                self.listener.closed(tab)
