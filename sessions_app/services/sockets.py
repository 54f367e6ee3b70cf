"""From a socket's credentials to a viewer or a DevTools client of the running browser, and out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async

from sessions_app.engine.errors import BrowserClosed, TooManyViewers
from sessions_app.models import ApiKey, LiveLink, Membership, Role, Session
from sessions_app.models.session import OnClientClose
from sessions_app.services import audit, errors, links, lookup, tokens, viewing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sessions_app.engine.audience import Audience
    from sessions_app.engine.control import Holder
    from sessions_app.engine.hub import Viewer
    from sessions_app.engine.messages import Size
    from sessions_app.engine.mux import CdpClient
    from sessions_app.engine.session import LiveSession


@dataclass(frozen=True)
class Seat:
    """A viewer and the audience that it sits in; `leave` when its socket closes."""

    audience: Audience
    viewer: Viewer
    session: Session
    # Whom control was taken from, until it is written down.
    forced: list[Holder] = field(default_factory=list)

    def hear(self, message: str | bytes) -> None:
        before = self.audience.control.holder
        self.audience.receive(self.viewer, message)
        after = self.audience.control.holder
        # From another person it comes by this one's own message only when it is taken by force.
        if before and before.kind == "person" and after != before and after and after.id == self.viewer.id:
            self.forced.append(before)

    async def write_down(self) -> None:
        """What this person did by force."""
        while self.forced:
            taken_from = self.forced.pop()
            await sync_to_async(audit.enter)(
                "control.forced",
                self.session.pk,
                project_id=self.session.project_id,
                actor_kind="person",
                actor_id=f"user_{self.viewer.user_id}",
                actor_name=self.viewer.name,
                detail={"taken_from": taken_from.name},
            )

    def leave(self) -> None:
        self.audience.detach(self.viewer)


async def take_seat(session_id: str, ticket: str, *, has_origin: bool, fit: Size | None = None) -> Seat:
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
            fit=fit,
            link_id=admission.link_id,
            key_id=admission.key_id,
            user_id=admission.user_id,
        )
    except TooManyViewers as error:
        raise errors.Conflict(str(error), code="too_many_viewers") from error
    return Seat(live.audience, viewer, row)


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
    row, key_id = await links.check_cdp_token(session_id, token)
    may_release = row.on_client_close == OnClientClose.RELEASE
    try:
        return await lookup.live(row).attach_cdp_client(
            send=send, on_close=on_close, key_id=key_id, may_release=may_release
        )
    except BrowserClosed as error:
        raise errors.SessionEnded(row.id, row.status) from error


async def cut_fallen() -> None:
    """Closes the sockets whose right is gone: a link or key that was revoked, in whichever process, or has run out,
    or a person who no longer belongs to the project.

    A session's own addresses are no links with a clock: only the server itself revokes them.
    """
    seated = [(live, viewer) for live in lookup.all_live() for viewer in live.audience.hub.viewers.values()]
    clients = [(live, client) for live in lookup.all_live() for client in live.cdp_clients]
    by_link = {viewer.link_id for live, viewer in seated if viewer.link_id and viewer.link_id != live.id}
    keys_used = {viewer.key_id for _, viewer in seated} | {client.key_id for _, client in clients}
    by_key = {key_id for key_id in keys_used if key_id}
    links_gone, keys_gone = await _fallen(LiveLink, by_link), await _fallen(ApiKey, by_key)
    for live, viewer in seated:
        if viewer.link_id in links_gone:
            live.disconnect_viewers(link_id=viewer.link_id)
        if viewer.key_id in keys_gone:
            live.disconnect_viewers(key_id=viewer.key_id)
    for live, client in clients:
        if client.key_id in keys_gone:
            live.detach_cdp_clients(key_id=client.key_id)
    await _cut_people([(live, viewer) for live, viewer in seated if viewer.user_id])


async def _cut_people(seated: Sequence[tuple[LiveSession, Viewer]]) -> None:
    if not seated:
        return
    members = Membership.objects.filter(
        user_id__in={viewer.user_id for _, viewer in seated},
        user__is_active=True,
        project__sessions__in={live.id for live, _ in seated},
    )
    standing = members.values_list("user_id", "project__sessions__id", "role")
    roles = {(str(user), session): Role(role) async for user, session, role in standing}
    for live, viewer in seated:
        role = roles.get((str(viewer.user_id), live.id))
        if role is None or (viewer.role == "control" and not role.includes(Role.OPERATOR)):
            live.disconnect_viewers(user_id=viewer.user_id)


async def _fallen(model: type[LiveLink] | type[ApiKey], ids: set[str]) -> set[str]:
    if not ids:
        return set()
    rows = model._default_manager.filter(tokens.standing(), pk__in=ids)
    return ids - {key async for key in rows.values_list("pk", flat=True)}
