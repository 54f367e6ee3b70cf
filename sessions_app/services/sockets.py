"""From a socket's credentials to a viewer or a DevTools client of the running browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.engine.errors import BrowserClosed, TooManyViewers
from sessions_app.models import Session
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
