"""Sessions: start, find, change, keep alive and release them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import HttpResponse
from ninja import Header, Query, Router, Status

from sessions_app.api import schemas
from sessions_app.api.answers import answer
from sessions_app.api.auth import ApiRequest
from sessions_app.api.launch_schemas import SessionCreate, new_session
from sessions_app.services import idempotency, info, sessions

if TYPE_CHECKING:
    from sessions_app.services.facts import SessionFacts

router = Router(tags=["sessions"])


@router.post("/sessions", response={201: schemas.SessionOut}, summary="Start a session")
async def create_session(
    request: ApiRequest,
    response: HttpResponse,
    body: SessionCreate,
    idempotency_key: Annotated[str | None, Header(alias=idempotency.HEADER)] = None,
) -> Status[SessionFacts]:
    """`running`, or at once `queued` when the server is full: then it starts by itself, the oldest first.

    The same `Idempotency-Key` with the same body answers the same session for 24 hours, with `Idempotent-Replayed`.
    """
    asked = new_session(body)
    if idempotency_key is None:
        return Status(201, await sessions.create(request.auth, asked))
    named = idempotency.Request.of(idempotency_key, body.model_dump(exclude_unset=True))
    facts, replayed = await idempotency.create(request.auth, asked, named)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return Status(201, facts)


@router.get("/sessions", response=schemas.Listing[schemas.SessionOut], summary="Find sessions, newest first")
async def list_sessions(request: ApiRequest, query: Query[schemas.SessionQuery]) -> HttpResponse:
    """Every filter given must match.

    `label=key:value` may be repeated, and all must match; `label=key` asks for the key alone. `status` may be repeated,
    and one must match. `q` looks into id, name, address, title and labels. `created_after` and `created_before` are
    RFC 3339 times, themselves left out.
    """
    wanted = (label.partition(":") for label in query.label)
    page = await sessions.list_sessions(
        request.auth,
        labels={key: value if colon else None for key, colon, value in wanted},
        statuses=query.status,
        q=query.q,
        context=query.context,
        created_after=query.created_after,
        created_before=query.created_before,
        limit=query.limit,
        cursor=query.cursor,
    )
    return answer(schemas.Listing[schemas.SessionOut], page)


@router.post("/sessions/release", response=schemas.ReleaseResults, summary="Release many sessions")
async def release_sessions(
    request: ApiRequest, body: schemas.ReleaseMany
) -> dict[str, list[sessions.ReleaseResult]]:
    """Give one of `ids`, `labels` and `all`."""
    results = await sessions.release_many(
        request.auth, ids=body.ids, labels=body.labels, all_sessions=body.all
    )
    return {"results": results}


@router.get("/sessions/{session_id}", response=schemas.SessionOut, summary="One session")
async def get_session(request: ApiRequest, session_id: str) -> HttpResponse:
    return answer(schemas.SessionOut, await sessions.get(request.auth, session_id))


@router.patch(
    "/sessions/{session_id}", response=schemas.SessionOut, summary="Change its name or its timeouts"
)
async def update_session(request: ApiRequest, session_id: str, body: schemas.SessionPatch) -> SessionFacts:
    return await sessions.update(request.auth, session_id, **dict(body))


@router.get("/sessions/{session_id}/info", response=schemas.InfoOut, summary="How to reach it")
async def get_session_info(request: ApiRequest, session_id: str) -> HttpResponse:
    return answer(schemas.InfoOut, await info.get(request.auth, session_id))


@router.post(
    "/sessions/{session_id}/keepalive", response=schemas.SessionOut, summary="Restart its idle clock"
)
async def keep_session_alive(
    request: ApiRequest, session_id: str, body: schemas.Nothing | None = None
) -> SessionFacts:
    return await sessions.keepalive(request.auth, session_id)


@router.post("/sessions/{session_id}/release", response=schemas.SessionOut, summary="Release it")
async def release_session(
    request: ApiRequest, session_id: str, body: schemas.Nothing | None = None
) -> SessionFacts:
    """A second call answers the same."""
    return await sessions.release(request.auth, session_id)
