"""Invitations to the project: made, shown once, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.models import Role
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.pages.people import ROLES
from sessions_app.services import invitations
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

_INVITATIONS = "people/_invitations.html"
_DEFAULT_DAYS = "7"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.MANAGE_MEMBERS)
async def index(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, "people/invitations.html")
    asked = {name: request.POST.get(name, "").strip() for name in ("note", "role", "days")}
    if asked["role"] not in Role.values:
        return await _refuse(request, asked, role="choose a role")
    days = int(asked["days"]) if asked["days"].isdecimal() and len(asked["days"]) < 4 else 0
    try:
        made, url = await invitations.create(
            request.actor, role=Role(asked["role"]), days=days, note=asked["note"]
        )
    except Invalid as error:
        return await _refuse(request, asked, **{error.field: error.detail})
    return await _answer(request, _INVITATIONS, made=made, url=url)


@require_POST
@signed_in(Right.MANAGE_MEMBERS)
async def revoke(request: PageRequest, invitation_id: int) -> HttpResponse:
    await invitations.revoke(request.actor, invitation_id)
    return await _answer(request, _INVITATIONS)


async def _refuse(request: PageRequest, asked: dict[str, str], **errors: str) -> HttpResponse:
    return await _answer(request, _INVITATIONS, asked=asked, errors=errors, status=422)


async def _answer(request: PageRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    context = {
        "asked": {"role": Role.OPERATOR.value, "days": _DEFAULT_DAYS},
        "roles": ROLES.items(),
        "cursor": cursor,
        **context,
        "invitations": await invitations.page(request.actor, cursor=cursor),
    }
    return page(request, template, context, status=status)
