"""A session's labels: a bare object of keys and values."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Body, Router

from sessions_app.api.answers import answer
from sessions_app.api.auth import ApiRequest
from sessions_app.services import labels

router = Router(tags=["labels"])


@router.get("/sessions/{session_id}/labels", response=dict[str, str], summary="The labels")
async def get_labels(request: ApiRequest, session_id: str) -> HttpResponse:
    return answer(dict[str, str], await labels.get(request.auth, session_id))


@router.put("/sessions/{session_id}/labels", response=dict[str, str], summary="Replace all labels")
async def replace_labels(request: ApiRequest, session_id: str, body: Body[dict[str, str]]) -> dict[str, str]:
    return await labels.replace(request.auth, session_id, labels=body)


@router.patch(
    "/sessions/{session_id}/labels", response=dict[str, str], summary="Merge labels; null removes one"
)
async def merge_labels(
    request: ApiRequest, session_id: str, body: Body[dict[str, str | None]]
) -> dict[str, str]:
    return await labels.merge(request.auth, session_id, labels=body)
