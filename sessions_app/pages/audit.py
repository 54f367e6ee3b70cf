"""The audit: who did what, searched and filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import audit
from sessions_app.services.actors import Right

if TYPE_CHECKING:
    from django.http import HttpResponse

ACTIONS = {
    "login.succeeded": "logged in",
    "login.failed": "failed to log in",
    "login.locked_out": "was locked out",
    "login.created": "made a login",
    "login.ended": "ended own logins",
    "setup.done": "made the first login",
    "password.changed": "changed the password",
    "second_factor.on": "turned the second factor on",
    "second_factor.off": "turned the second factor off",
    "second_factor.codes_made": "made new recovery codes",
    "second_factor.reset": "reset a second factor",
    "invitation.created": "made an invitation",
    "invitation.accepted": "accepted an invitation",
    "invitation.revoked": "revoked an invitation",
    "member.put": "let somebody in, or changed a role",
    "member.removed": "took somebody out",
    "key.created": "made a key",
    "key.revoked": "revoked a key",
    "link.created": "made a live link",
    "link.revoked": "revoked a live link",
    "links.revoked": "revoked every way in",
    "control.forced": "took control by force",
    "session.released": "released a session",
    "project.created": "made a project",
    "project.renamed": "renamed a project",
    "project.deleted": "deleted a project",
}
_FILTERS = ("q", "action", "by")
_LONGEST = 200


@require_safe
@signed_in(Right.READ_AUDIT)
async def index(request: PageRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    cursor = request.GET.get("cursor") or None
    found = await audit.list_entries(
        request.actor, q=asked["q"], action=asked["action"], by=asked["by"], cursor=cursor
    )
    given = {name: value for name, value in asked.items() if value}
    context = {
        "asked": asked,
        "actions": ACTIONS,
        "entries": [(entry, ACTIONS.get(entry.action, entry.action)) for entry in found.items],
        "found": found,
        "older": urlencode({**given, "cursor": found.next_cursor}),
        "newest": urlencode(given) if cursor else None,
    }
    return page(request, "audit/index.html", context)
