"""A session's tabs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sessions_app.engine.errors import EngineError, NoSuchTab, TooManyTabs
from sessions_app.services import lookup
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, NotFound
from sessions_app.services.new_session import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions_app.engine.tab import TabFacts
    from sessions_app.services.actors import Actor


async def list_tabs(actor: Actor, session_id: str) -> tuple[TabFacts, ...]:
    _, live = await lookup.running(actor, session_id)
    return live.tabs


async def open_tab(actor: Actor, session_id: str, *, url: str = "") -> TabFacts:
    actor.require(Right.CHANGE)
    checked = address(url)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    with _translated():
        return await live.open_tab(checked)


async def activate(actor: Actor, session_id: str, tab: int) -> TabFacts:
    actor.require(Right.CHANGE)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    with _translated():
        return live.activate_tab(tab)


async def close(actor: Actor, session_id: str, tab: int) -> None:
    actor.require(Right.CHANGE)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    with _translated():
        await live.close_tab(tab)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except NoSuchTab as error:
        raise NotFound(str(error), code="tab_not_found") from None
    except TooManyTabs as error:
        raise Conflict(str(error), code="too_many_tabs") from None
    except EngineError as error:
        raise Conflict(str(error), code="browser_unavailable") from error
