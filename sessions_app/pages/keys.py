"""Who has access: the keys of programs, made, shown once and revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.models import Role
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.pages.people import ROLES
from sessions_app.services import keys
from sessions_app.services.actors import Right, Scope
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.request import QueryDict

SCOPES = {
    Scope.SESSIONS_READ: "see and watch sessions",
    Scope.SESSIONS_WRITE: "start, change and release them",
    Scope.SESSIONS_CONTROL: "steer them, by hand or by CDP",
    Scope.KEYS: "manage keys",
    Scope.MEMBERS: "manage members",
    Scope.PROJECTS: "manage projects",
    Scope.AUDIT: "read the audit",
}
LIFETIMES = {
    "": "until it is revoked",
    "1": "1 day",
    "7": "7 days",
    "30": "30 days",
    "90": "90 days",
    "365": "1 year",
}
_KEYS = "access/_keys.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.MANAGE_KEYS)
async def index(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, "access/index.html")
    asked = _asked(request.POST)
    errors = _mistakes(asked)
    if errors:
        return await _answer(request, _KEYS, asked=asked, errors=errors, status=422)
    days = asked["days"]
    try:
        key, token = await keys.create_key(
            request.actor,
            name=asked["name"],
            role=Role(asked["role"]),
            scopes=[Scope(scope) for scope in asked["scopes"]],
            expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
        )
    except Invalid as error:
        errors = {error.field: error.detail}
        return await _answer(request, _KEYS, asked=asked, errors=errors, status=422)
    return await _answer(request, _KEYS, made=key, token=token)


@require_POST
@signed_in(Right.MANAGE_KEYS)
async def revoke(request: PageRequest, key_id: str) -> HttpResponse:
    await keys.revoke_key(request.actor, key_id)
    return await _answer(request, _KEYS)


def _asked(form: QueryDict) -> dict[str, Any]:
    given = {name: form.get(name, "") for name in ("name", "role", "days")}
    return {**given, "scopes": form.getlist("scope")}


def _mistakes(asked: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if asked["role"] not in Role.values:
        errors["role"] = "Choose a role."
    if asked["days"] not in LIFETIMES:
        errors["days"] = "Choose how long the key is good for."
    if not set(asked["scopes"]) <= set(Scope):
        errors["scopes"] = "Choose from these."
    return errors


async def _answer(request: PageRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    found = await keys.list_keys(request.actor)
    # A revoked key stays listed, after those that still open something.
    found.sort(key=lambda key: key.state != "active")
    choices = {"roles": ROLES.items(), "scopes": SCOPES.items(), "lifetimes": LIFETIMES.items()}
    context = {"asked": {"role": Role.OPERATOR.value, "scopes": []}, **choices, **context, "keys": found}
    return page(request, template, context, status=status)
