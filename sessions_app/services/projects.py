"""Projects: what keeps one team's sessions, keys and people from another's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.db.models import Count

from sessions_app import selectors
from sessions_app.models import LIVE, Event, IdempotencyKey, Label, LiveLink, Membership, Project, Session
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services import audit
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Forbidden, Invalid, project_not_found
from sessions_app.services.keys import forget_checked
from sessions_app.services.lists import read_page
from sessions_app.services.names import checked_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from sessions_app.selectors import Page
    from sessions_app.services.actors import Actor

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def _check(actor: Actor) -> None:
    actor.require(Right.MANAGE_PROJECTS)
    if not actor.administers_server:
        raise Forbidden(f"Projects are looked after by administrators of the project {DEFAULT_PROJECT}.")


async def list_projects(actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[Project]:
    """Newest first."""
    _check(actor)
    return await read_page(selectors.newest_page, Project.objects.all(), limit=limit, cursor=cursor)


async def every() -> list[Project]:
    """For the command line, by id."""
    return [project async for project in Project.objects.order_by("pk")]


async def get(actor: Actor, project_id: str) -> Project:
    _check(actor)
    return await _found(project_id)


@dataclass
class Crowd:
    people: int = 0
    live: int = 0


async def crowds(project_ids: Collection[str]) -> dict[str, Crowd]:
    """How many people and live sessions each has."""
    found = {project: Crowd() for project in project_ids}
    people = Membership.objects.filter(project__in=found).values_list("project").annotate(Count("pk"))
    live = Session.objects.filter(project__in=found, status__in=LIVE).values_list("project")
    async for project, count in people:
        found[project].people = count
    async for project, count in live.annotate(Count("pk")):
        found[project].live = count
    return found


async def create(actor: Actor, project_id: str, *, name: str = "") -> Project:
    """Without a name it is called like its id."""
    _check(actor)
    if not _ID.fullmatch(project_id):
        raise Invalid("1 to 63 of a-z 0-9 _ -, the first a letter or a digit", field="id")
    return await sync_to_async(_create)(actor, project_id, checked_name(name or project_id))


@transaction.atomic
def _create(actor: Actor, project_id: str, name: str) -> Project:
    try:
        with transaction.atomic():
            project = Project.objects.create(id=project_id, name=name)
    except IntegrityError:
        raise Conflict(f"There is a project {project_id} already.", code="project_exists") from None
    audit.write(actor, "project.created", project_id, name=name)
    return project


async def rename(actor: Actor, project_id: str, *, name: str) -> Project:
    _check(actor)
    return await sync_to_async(_rename)(actor, project_id, checked_name(name))


@transaction.atomic
def _rename(actor: Actor, project_id: str, name: str) -> Project:
    if not Project.objects.filter(pk=project_id).update(name=name):
        raise project_not_found(project_id)
    audit.write(actor, "project.renamed", project_id, name=name)
    return Project.objects.get(pk=project_id)


async def delete(actor: Actor, project_id: str) -> None:
    """With its keys, memberships and ended sessions; not while a session lives in it."""
    _check(actor)
    project = await _found(project_id)
    if project.pk == DEFAULT_PROJECT:
        raise Conflict(
            "The default project stays: its administrators look after all.", code="default_project"
        )
    try:
        await sync_to_async(_delete)(actor, project)
    except IntegrityError:
        raise Conflict(f"{project.pk} is being used right now.", code="project_not_empty") from None
    forget_checked()


@transaction.atomic
def _delete(actor: Actor, project: Project) -> None:
    live = Session.objects.filter(project=project, status__in=LIVE).count()
    if live:
        raise Conflict(
            f"{project.pk} has {live} live session{'s'[: live > 1]}; release first.", code="project_not_empty"
        )
    # By one statement each: a project's whole past need not pass through memory.
    for model in (Event, Label, LiveLink, IdempotencyKey):
        model._default_manager.filter(session__project=project).delete()
    Session.objects.filter(project=project).delete()
    audit.write(actor, "project.deleted", project.pk, name=project.name)
    project.delete()


async def _found(project_id: str) -> Project:
    project = await Project.objects.filter(pk=project_id).afirst()
    if project is None:
        raise project_not_found(project_id)
    return project
