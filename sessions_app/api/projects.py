"""Projects and who belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Query, Router, Status

from sessions_app.api import access_schemas, schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import members, projects

if TYPE_CHECKING:
    from sessions_app.models import Membership, Project
    from sessions_app.selectors import Page

router = Router(tags=["projects"])


@router.get("/projects", response=schemas.Listing[access_schemas.ProjectOut], summary="Newest first")
async def list_projects(request: ApiRequest, query: Query[schemas.Paging]) -> Page[Project]:
    """Projects are for administrators of the project `default`."""
    return await projects.list_projects(request.auth, limit=query.limit, cursor=query.cursor)


@router.post("/projects", response={201: access_schemas.ProjectOut}, summary="Make a project")
async def create_project(request: ApiRequest, body: access_schemas.ProjectCreate) -> Status[Project]:
    return Status(201, await projects.create(request.auth, body.id, name=body.name))


@router.get("/projects/{project_id}", response=access_schemas.ProjectOut, summary="One project")
async def get_project(request: ApiRequest, project_id: str) -> Project:
    return await projects.get(request.auth, project_id)


@router.patch("/projects/{project_id}", response=access_schemas.ProjectOut, summary="Rename a project")
async def rename_project(request: ApiRequest, project_id: str, body: access_schemas.ProjectPatch) -> Project:
    return await projects.rename(request.auth, project_id, name=body.name)


@router.delete("/projects/{project_id}", response={204: None}, summary="Delete a project")
async def delete_project(request: ApiRequest, project_id: str) -> Status[None]:
    """With its keys and ended sessions; refused while a session lives in it."""
    await projects.delete(request.auth, project_id)
    return Status(204, None)


@router.get(
    "/projects/{project_id}/members",
    response=schemas.Listing[access_schemas.MemberOut],
    summary="Who belongs to it",
)
async def list_members(request: ApiRequest, project_id: str, query: Query[schemas.Paging]) -> dict[str, Any]:
    found = await members.list_members(request.auth, project_id, limit=query.limit, cursor=query.cursor)
    return {
        "items": [_shown(member) for member in found.items],
        "next_cursor": found.next_cursor,
        "total": found.total,
    }


@router.put(
    "/projects/{project_id}/members/{username}",
    response=access_schemas.MemberOut,
    summary="Let a login in, or change its role",
)
async def put_member(
    request: ApiRequest, project_id: str, username: str, body: access_schemas.MemberPut
) -> dict[str, Any]:
    return _shown(await members.put(request.auth, project_id, username, role=body.role))


@router.delete("/projects/{project_id}/members/{username}", response={204: None}, summary="Take a login out")
async def remove_member(request: ApiRequest, project_id: str, username: str) -> Status[None]:
    await members.remove(request.auth, project_id, username)
    return Status(204, None)


def _shown(member: Membership) -> dict[str, Any]:
    return {
        "id": f"user_{member.user_id}",
        "username": member.user.get_username(),
        "role": member.role,
        "joined_at": member.created_at,
    }
