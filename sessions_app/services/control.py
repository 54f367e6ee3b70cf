"""The control lease: who steers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions_app.engine.errors import ControlHeld
from sessions_app.services import audit, lookup
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder
    from sessions_app.services.actors import Actor


async def holder(actor: Actor, session_id: str) -> Holder | None:
    _, live = await lookup.running(actor, session_id)
    return live.controller


async def take(actor: Actor, session_id: str, *, force: bool = False) -> Holder:
    actor.require(Right.STEER)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    before = live.controller
    try:
        holder = live.take_control(actor.as_holder(), force=force)
    except ControlHeld as error:
        raise Conflict(str(error), code="control_held") from None
    if force and before and before != holder:
        await audit.record(actor, "control.forced", session_id, taken_from=before.name)
    return holder


async def give_back(actor: Actor, session_id: str) -> None:
    """Giving back a free lease is no mistake; somebody else's stays theirs."""
    actor.require(Right.STEER)
    _, live = await lookup.running(actor, session_id)
    live.touch()
    held_by = live.controller
    if not live.give_back_control(actor.as_holder().id) and held_by:
        raise Conflict(f"{held_by.name} holds control.", code="control_held")
