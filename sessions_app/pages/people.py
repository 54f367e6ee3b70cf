"""Who belongs to the project, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_http_methods, require_POST

from sessions_app.models import Role
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import members, second_factor
from sessions_app.services.actors import Right
from sessions_app.services.errors import NotFound

if TYPE_CHECKING:
    from django.http import HttpResponse

ROLES = {
    Role.VIEWER: "viewer: sees and watches sessions",
    Role.OPERATOR: "operator: also starts, steers and releases them",
    Role.ADMIN: "admin: also manages access",
}
_PEOPLE = "people/_people.html"
_AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.MANAGE_MEMBERS)
async def index(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, "people/index.html")
    asked = {name: request.POST.get(name, "").strip() for name in ("username", "role")}
    errors = {} if asked["role"] in Role.values else {"role": "Choose a role."}
    if not asked["username"]:
        errors["username"] = "Whose login?"
    if not errors:
        try:
            await members.put(
                request.actor, request.actor.project_id, asked["username"], role=Role(asked["role"])
            )
            return await _answer(request, _PEOPLE)
        except NotFound as error:
            errors["username"] = f"{error.detail}."
    return await _answer(request, _PEOPLE, asked=asked, errors=errors, status=422)


@require_POST
@signed_in(Right.MANAGE_MEMBERS)
async def remove(request: PageRequest) -> HttpResponse:
    await members.remove(request.actor, request.actor.project_id, request.POST.get("username", ""))
    return await _answer(request, _PEOPLE)


@require_POST
@signed_in(Right.MANAGE_MEMBERS)
async def reset_second_factor(request: PageRequest) -> HttpResponse:
    await second_factor.reset(request.actor, request.POST.get("username", ""))
    return await _answer(request, _PEOPLE)


async def _answer(request: PageRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    project = request.actor.project_id
    found = await members.list_members(request.actor, project, limit=_AT_ONCE, cursor=cursor)
    context = {
        "asked": {"role": Role.OPERATOR.value},
        "roles": ROLES.items(),
        "cursor": cursor,
        **context,
        "people": found,
        "protected": await second_factor.having([member.user_id for member in found.items]),
    }
    return page(request, template, context, status=status)
