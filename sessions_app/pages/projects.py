"""Projects: made, named, joined and deleted by who looks after the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from sessions_app.models import Role
from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import members, projects
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Invalid

if TYPE_CHECKING:
    from django.http import HttpResponse

_PROJECTS = "people/_projects.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Right.MANAGE_PROJECTS)
async def index(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return await _answer(request, "people/projects.html")
    asked = {name: request.POST.get(name, "").strip() for name in ("id", "name")}
    try:
        made = await projects.create(request.actor, asked["id"], name=asked["name"])
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) else "id"
        return await _answer(request, _PROJECTS, asked=asked, errors={field: error.detail}, status=422)
    # Nobody could look into it otherwise.
    return await _enter(request, made.pk)


@require_POST
@signed_in(Right.MANAGE_PROJECTS)
async def join(request: PageRequest, project_id: str) -> HttpResponse:
    return await _enter(request, (await projects.get(request.actor, project_id)).pk)


async def _enter(request: PageRequest, project_id: str) -> HttpResponse:
    if not any(project.pk == project_id for project in request.projects):
        await members.put(request.actor, project_id, request.actor.name, role=Role.ADMIN)
    # The switch in the top bar has one more.
    return HttpResponseClientRefresh()


@require_POST
@signed_in(Right.MANAGE_PROJECTS)
async def rename(request: PageRequest, project_id: str) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        await projects.rename(request.actor, project_id, name=name)
    except Invalid as error:
        refused = {"id": project_id, "name": name, "error": error.detail}
        return await _answer(request, _PROJECTS, refused=refused, status=422)
    return HttpResponseClientRefresh()


@require_POST
@signed_in(Right.MANAGE_PROJECTS)
async def delete(request: PageRequest, project_id: str) -> HttpResponse:
    await projects.delete(request.actor, project_id)
    return HttpResponseClientRefresh()


async def _answer(request: PageRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    cursor = request.GET.get("cursor") or None
    found = await projects.list_projects(request.actor, limit=100, cursor=cursor)
    crowds = await projects.crowds([project.pk for project in found.items])
    mine = {project.pk for project in request.projects}
    rows = [(project, crowds[project.pk], project.pk in mine) for project in found.items]
    context = {**context, "cursor": cursor, "rows": rows, "next": found.next_cursor}
    return page(request, template, context, status=status)
