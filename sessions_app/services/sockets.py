"""From a socket's credentials to a viewer or a DevTools client of the running browser, and out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.engine.errors import BrowserClosed, TooManyViewers
from sessions_app.models import ApiKey, LiveLink, Session
from sessions_app.services import errors, links, lookup, viewing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.audience import Audience
    from sessions_app.engine.hub import Viewer
    from sessions_app.engine.mux import CdpClient
    from sessions_app.engine.session import LiveSession


@dataclass(frozen=True)
class Seat:
    """A viewer and the audience that it sits in; `leave` when its socket closes."""

    audience: Audience
    viewer: Viewer

    def hear(self, message: str | bytes) -> None:
        self.audience.receive(self.viewer, message)

    def leave(self) -> None:
        self.audience.detach(self.viewer)


async def take_seat(session_id: str, ticket: str, *, has_origin: bool) -> Seat:
    """Attach the holder of a ticket.

    Raises NotFound, SessionEnded, Unauthenticated, Conflict (`too_many_viewers`).
    """
    row = await Session.objects.filter(pk=session_id).afirst()
    if row is None:
        raise errors.session_not_found(session_id)
    admission = await viewing.redeem(session_id, ticket, has_origin=has_origin)
    live = lookup.live(row)
    _check_link(live, admission)
    try:
        viewer = live.attach_viewer(
            role=admission.role,
            name=admission.name,
            operator=admission.operator,
            link_id=admission.link_id,
            key_id=admission.key_id,
            user_id=admission.user_id,
        )
    except TooManyViewers as error:
        raise errors.Conflict(str(error), code="too_many_viewers") from error
    return Seat(live.audience, viewer)


def _check_link(live: LiveSession, admission: viewing.Admission) -> None:
    if admission.max_viewers is None:
        return
    same = [viewer for viewer in live.audience.hub.viewers.values() if viewer.link_id == admission.link_id]
    if len(same) >= admission.max_viewers:
        why = f"This link admits {admission.max_viewers} at a time."
        raise errors.Conflict(why, code="too_many_viewers")


async def attach_cdp_client(
    session_id: str, token: str, *, send: Callable[[bytes], None], on_close: Callable[[], None]
) -> CdpClient:
    """Raises NotFound, SessionEnded, Unauthenticated."""
    row = await links.check_cdp_token(session_id, token)
    try:
        return await lookup.live(row).attach_cdp_client(send=send, on_close=on_close)
    except BrowserClosed as error:
        raise errors.SessionEnded(row.id, row.status) from error


async def cut_fallen() -> None:
    """Closes the sockets whose link or key was revoked, in whichever process, or has run out.

    A session's own addresses are no links with a clock: only the server itself revokes them.
    """
    seated = [(live, viewer) for live in lookup.all_live() for viewer in live.audience.hub.viewers.values()]
    by_link = {viewer.link_id for live, viewer in seated if viewer.link_id and viewer.link_id != live.id}
    by_key = {viewer.key_id for _, viewer in seated if viewer.key_id}
    links_gone, keys_gone = await _fallen(LiveLink, by_link), await _fallen(ApiKey, by_key)
    for live, viewer in seated:
        if viewer.link_id in links_gone:
            live.disconnect_viewers(link_id=viewer.link_id)
        if viewer.key_id in keys_gone:
            live.disconnect_viewers(key_id=viewer.key_id)


async def _fallen(model: type[LiveLink] | type[ApiKey], ids: set[str]) -> set[str]:
    if not ids:
        return set()
    rows = model._default_manager.filter(viewing.standing(), pk__in=ids)
    return ids - {key async for key in rows.values_list("pk", flat=True)}
