"""Who is in a session now, by which way, and which keys would let others in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.models import ApiKey
from sessions_app.services import lookup, tokens
from sessions_app.services.actors import Actor, Right

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder
    from sessions_app.engine.hub import Viewer
    from sessions_app.engine.session import LiveSession

# Beyond so many nobody reads on.
MAX_KEYS = 50


@dataclass(frozen=True, kw_only=True)
class Watcher:
    id: str
    name: str
    role: str
    way: str
    steers: bool


@dataclass(frozen=True, kw_only=True)
class KeyRight:
    """A key that reaches the session, and how far."""

    name: str
    prefix: str
    reach: str


@dataclass(frozen=True, kw_only=True)
class Presence:
    """`programs` drive it by CDP; `keys` is None for those who may not see keys, `more_keys` counts those left out."""

    watchers: tuple[Watcher, ...]
    programs: tuple[str, ...]
    controller: Holder | None
    keys: tuple[KeyRight, ...] | None
    more_keys: int = 0


async def of_session(actor: Actor, session_id: str) -> Presence:
    _, live = await lookup.running(actor, session_id)
    holder = live.controller
    viewers = live.audience.hub.viewers.values()
    reaching = await _reaching(actor) if actor.can(Right.MANAGE_KEYS) else None
    return Presence(
        watchers=tuple(_watcher(live, viewer, holder) for viewer in viewers),
        programs=await _programs(live),
        controller=holder,
        keys=None if reaching is None else tuple(reaching[:MAX_KEYS]),
        more_keys=max(0, len(reaching or ()) - MAX_KEYS),
    )


def _watcher(live: LiveSession, viewer: Viewer, holder: Holder | None) -> Watcher:
    steers = holder is not None and holder.id == viewer.id
    return Watcher(id=viewer.id, name=viewer.name, role=viewer.role, way=_way(live.id, viewer), steers=steers)


def _way(session_id: str, viewer: Viewer) -> str:
    if viewer.link_id == session_id:
        return "the address to share"
    if viewer.link_id:
        return "a live link"
    return "a key" if viewer.key_id else "a login"


async def _programs(live: LiveSession) -> tuple[str, ...]:
    """One name a DevTools client: its key's, or none where it came by an address that a person was shown."""
    by_key = [client.key_id for client in live.cdp_clients]
    wanted = {key_id for key_id in by_key if key_id}
    rows = ApiKey.objects.filter(pk__in=wanted).values_list("pk", "name")
    names = {pk: name async for pk, name in rows} if wanted else {}
    return tuple(names.get(key_id or "", "") for key_id in by_key)


async def _reaching(actor: Actor) -> list[KeyRight]:
    rows = ApiKey.objects.filter(tokens.standing(), project_id=actor.project_id).order_by("name", "id")
    programs = [(key, Actor.of_key(key)) async for key in rows]
    return [
        KeyRight(name=key.name, prefix=key.prefix, reach=_reach(program))
        for key, program in programs
        if program.can(Right.SEE)
    ]


def _reach(program: Actor) -> str:
    if program.can(Right.STEER):
        return "may steer"
    return "may change" if program.can(Right.CHANGE) else "may look"
