"""What DevTools clients ask by HTTP before they open the socket."""

from __future__ import annotations

from dataclasses import dataclass

from sessions_app.services import addresses, links, lookup


@dataclass(frozen=True, kw_only=True)
class Target:
    """A tab, by the id that `Target.attachToTarget` takes."""

    id: str
    url: str
    title: str


async def socket_address(session_id: str, token: str) -> str:
    """Raises NotFound, SessionEnded, Unauthenticated."""
    await links.check_cdp_token(session_id, token)
    return addresses.cdp_address(session_id, token)


async def targets(session_id: str, token: str) -> list[Target]:
    """The session's own tabs. Raises NotFound, SessionEnded, Unauthenticated."""
    row, _ = await links.check_cdp_token(session_id, token)
    return [Target(id=tab.target_id, url=tab.url, title=tab.title) for tab in lookup.live(row).open_tabs]
