"""Who has access: the keys of programs, made, shown once and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.models import Role
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import access
from sessions_app.services.actors import Right
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

ROLES = {
    Role.VIEWER: "viewer: sees and watches sessions",
    Role.OPERATOR: "operator: also starts, steers and releases them",
    Role.ADMIN: "admin: also manages access",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.MANAGE_KEYS)
async def index(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, "access/index.html")
    name, role = request.POST.get("name", ""), request.POST.get("role", "")
    asked = {"name": name, "role": role}
    if role not in Role.values:
        return await _answer(request, _KEYS, asked=asked, errors={"role": "Choose a role."}, status=422)
    try:
        key, token = await access.create_key(request.actor, name=name, role=Role(role))
    except Invalid as error:
        errors = {error.field: error.detail}
        return await _answer(request, _KEYS, asked=asked, errors=errors, status=422)
    return await _answer(request, _KEYS, made=key, token=token)


@require_POST
@signed_in(Right.MANAGE_KEYS)
async def revoke(request: PageRequest, key_id: str) -> HttpResponse:
    await access.revoke_key(request.actor, key_id)
    return await _answer(request, _KEYS)


_KEYS = "access/_keys.html"


async def _answer(request: PageRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    keys = await access.list_keys(request.actor)
    # A revoked key stays listed, after those that still open something.
    keys.sort(key=lambda key: key.state != "active")
    context = {"asked": {"role": Role.OPERATOR.value}, **context, "keys": keys, "roles": ROLES.items()}
    return page(request, template, context, status=status)
