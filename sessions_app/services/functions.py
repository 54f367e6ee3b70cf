"""Functions: what a program does with a page by one call each, and what it is told of it.

Each raises what `driving.turn` does; what the page does not allow is told by `success` and `message`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessions_app.engine.automation import settling
from sessions_app.engine.automation.hands import Refused
from sessions_app.engine.automation.plain import plain
from sessions_app.engine.automation.sight import NOTHING
from sessions_app.services import driving, function_calls, lookup, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid
from sessions_app.services.function_answers import Executed, Interacted, Look, Opening, Pictured, Seen
from sessions_app.services.new_session import address

if TYPE_CHECKING:
    from typing import Any

    from sessions_app.engine.automation.hands import Interaction
    from sessions_app.services.actors import Actor
    from sessions_app.services.function_calls import Call

# Of a value as text; a page can make one of any size.
LONGEST_RESULT = 1 << 20
# What is no expression may wait for one, or be the body of a function; nothing of it has run then.
_OTHER_FORM = "SyntaxError"
# What Chromium shows in place of a page that did not come.
ERROR_PAGE = "chrome-error://"
_UNLOADED = "The page could not be loaded; this is what the browser shows instead."
_FIXED = "this is fixed when a session starts; give it to POST /sessions"


async def open_page(actor: Actor, session_id: str, asked: Opening, seconds: float) -> Seen:
    """Raises Invalid (`address_refused`)."""
    url = address(asked.url)
    await _check_fixed(actor, session_id, asked)
    async with function_calls.begin(actor, session_id, seconds) as call:
        if asked.width or asked.height:
            size = call.live.viewport
            call.live.resize(asked.width or size.width, asked.height or size.height)
        success, message = await call.attempt(call.hands.open(url))
        await settling.drawn(call.live.active)
        return await _seen(call, Look(), success, message)


async def snapshot(actor: Actor, session_id: str, look: Look, seconds: float) -> Seen:
    async with function_calls.begin(actor, session_id, seconds) as call:
        await settling.arrived(call.live.active)
        unloaded = call.page.url.startswith(ERROR_PAGE)
        return await _seen(call, look, True, _UNLOADED if unloaded else "")


async def interact(
    actor: Actor, session_id: str, asked: Interaction, seconds: float, *, look: Look | None, picture: bool
) -> Interacted:
    """With what is to be seen afterwards. Raises Invalid (`address_refused`)."""
    if asked.action == "goto" and asked.url:
        asked = replace(asked, url=address(asked.url))
    async with function_calls.begin(actor, session_id, seconds) as call:
        success, message = await call.attempt(call.hands.do(asked))
        call.live.audience.actions += 1
        settle = settling.drawn if look or picture else settling.arrived
        await settle(call.live.active)
        await call.turn_to_active_tab()
        view, shot = await call.aside(look, picture=picture)
        return Interacted(
            success=success,
            message=message,
            dialogs=call.dialogs,
            action=asked.action,
            snapshot=view,
            screenshot=shot,
        )


async def screenshot(actor: Actor, session_id: str, seconds: float, *, full_page: bool = False) -> Pictured:
    async with function_calls.begin(actor, session_id, seconds) as call:
        size = call.live.viewport
        try:
            shot, message = await call.screenshot(full_page=full_page), ""
        except Refused as refusal:
            shot, message = None, str(refusal)
        return Pictured(
            success=shot is not None,
            message=message,
            dialogs=call.dialogs,
            screenshot=shot,
            width=size.width,
            height=size.height,
        )


async def execute(actor: Actor, session_id: str, code: str, seconds: float, *, picture: bool) -> Executed:
    """An expression, a function, or the body of one."""
    async with function_calls.begin(actor, session_id, seconds) as call:
        value: Any = None
        error: str | None = None
        # It would be lost with a document that is being left.
        await settling.arrived(call.live.active)
        try:
            value = _told(plain(await _evaluated(call, code)))
        except Refused as refusal:
            if driving.is_gone(call.live):
                raise
            error = str(refusal)
        await (settling.drawn if picture else settling.arrived)(call.live.active)
        _, shot = await call.aside(None, picture=picture)
        return Executed(
            success=error is None,
            message=error or "",
            dialogs=call.dialogs,
            result=None if value is None else str(value),
            value=value,
            error=error,
            screenshot=shot,
        )


async def close(actor: Actor, session_id: str) -> None:
    """Releases the session, whatever runs in it. Raises SessionEnded, Conflict."""
    actor.require(Right.CHANGE)
    await lookup.running(actor, session_id)
    await sessions.release(actor, session_id)


async def _check_fixed(actor: Actor, session_id: str, asked: Opening) -> None:
    """Raises Invalid when a running browser is asked to be launched otherwise."""
    if not (asked.user_agent or asked.show_cursor or any(asked.proxy)):
        return
    actor.require(Right.STEER)
    row = await lookup.row(actor, session_id)
    proxy = row.options.get("proxy") or {}
    if asked.user_agent and asked.user_agent != row.user_agent:
        raise Invalid(_FIXED, field="user_agent")
    if asked.show_cursor and not row.options.get("show_cursor"):
        raise Invalid(_FIXED, field="show_cursor")
    if any(asked.proxy) and asked.proxy[:2] != (proxy.get("server", ""), proxy.get("username", "")):
        raise Invalid(_FIXED, field="proxy_url")


async def _evaluated(call: Call, code: str) -> Any:
    *others, last = (code, f"async () => (\n{code}\n)", f"async () => {{\n{code}\n}}")
    for form in others:
        try:
            return await call.ask(call.page.evaluate(form))
        except Refused as refusal:
            if _OTHER_FORM not in str(refusal):
                raise
    return await call.ask(call.page.evaluate(last))


def _told(value: Any) -> Any:
    """Raises Refused."""
    length = len(str(value))
    if length > LONGEST_RESULT:
        raise Refused(f"The result has {length} characters, more than may be told.")
    return value


async def _seen(call: Call, look: Look, success: bool, message: str) -> Seen:
    try:
        view = await call.view(look)
    except Refused as refusal:
        if driving.is_gone(call.live):
            raise
        return _unseen(call, message or str(refusal))
    _, shot = await call.aside(None, picture=True)
    return Seen(**{**vars(view), "screenshot": shot}, success=success, message=message, dialogs=call.dialogs)


def _unseen(call: Call, message: str) -> Seen:
    return Seen(
        success=False,
        message=message,
        dialogs=call.dialogs,
        url=plain(call.page.url),
        title="",
        elements=[],
        elements_text=NOTHING,
        total=0,
    )
