"""A session like another: what was secret in the other's launch is taken over, and shown to nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async

from sessions_app.engine.errors import EngineError
from sessions_app.services import lookup
from sessions_app.services.actors import Right
from sessions_app.services.errors import LaunchFailed
from sessions_app.services.stored_options import secrets_of

if TYPE_CHECKING:
    from sessions_app.models import Session
    from sessions_app.services.actors import Actor
    from sessions_app.services.new_session import NewSession
    from sessions_app.services.stored_options import Secrets

# Stands where a header's value is to be the other's; no header can have it.
KEPT = "\N{BULLET}\N{BULLET}\N{BULLET}"


async def with_secrets_of(actor: Actor, session_id: str, asked: NewSession, *, scripts: bool) -> NewSession:
    """Headers whose value is KEPT, a password that was left out, and with `scripts` the init scripts.

    Raises NotFound, LaunchFailed.
    """
    actor.require(Right.CHANGE)
    row = await lookup.whole(actor, session_id)
    try:
        secrets = await sync_to_async(secrets_of)(row)
    except EngineError as error:
        raise LaunchFailed(str(error)) from error
    headers = {
        name: secrets.headers.get(name, value) if value == KEPT else value
        for name, value in asked.headers.items()
    }
    asked = replace(asked, headers=headers, init_scripts=secrets.init_scripts if scripts else ())
    return _with_password(row, asked, secrets)


def _with_password(row: Session, asked: NewSession, secrets: Secrets) -> NewSession:
    """Only for the same user of the same proxy: another proxy would learn it."""
    proxy, other = asked.proxy, row.options.get("proxy")
    if not proxy or proxy.password or not other:
        return asked
    if (proxy.server, proxy.username) != (other["server"], other["username"]):
        return asked
    return replace(asked, proxy=replace(proxy, password=secrets.proxy_password))
