"""What an agent of browser-use does, but for its model: it looks, types and clicks. `python agent.py <address> <site>`"""

from __future__ import annotations

import asyncio
import json
import sys

from browser_use import BrowserSession
from browser_use.browser.events import ClickElementEvent, NavigateToUrlEvent, TypeTextEvent


async def main(address: str, site: str) -> None:
    session = BrowserSession(cdp_url=address)
    await session.start()
    await _do(session, NavigateToUrlEvent(url=f"{site}/form", new_tab=True))
    await _do(session, TypeTextEvent(node=await _part(session, "name"), text="Ada", clear=True))
    await _do(session, ClickElementEvent(node=await _part(session, "terms")))
    await _do(session, ClickElementEvent(node=await _part(session, "send")))
    state = await session.get_browser_state_summary()
    shown = state.dom_state.llm_representation()
    found = {"title": state.title, "shown": shown, "picture": bool(state.screenshot)}
    await session.stop()
    sys.stdout.write(json.dumps(found))


async def _do(session, event):
    dispatched = session.event_bus.dispatch(event)
    await dispatched
    await dispatched.event_result(raise_if_any=True, raise_if_none=False)


async def _part(session, name):
    """By its id, among those that an agent is shown."""
    state = await session.get_browser_state_summary()
    return next(node for node in state.dom_state.selector_map.values() if node.attributes.get("id") == name)


asyncio.run(main(*sys.argv[1:]))
