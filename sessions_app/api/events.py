"""What happened to a session and in it: as a list, or as a stream of Server-Sent Events."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Header, Query, Router

from sessions_app.api import schemas
from sessions_app.api.answers import answer
from sessions_app.api.auth import ApiRequest
from sessions_app.services import events, streams

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sessions_app.models import Event

router = Router(tags=["events"])

JSON, STREAM = "application/json", "text/event-stream"
# A client that does not read would make the server hold everything for it; one that reads connects again and misses
# nothing.
MAX_SENT = 16 << 20
RECONNECT_MS = 1_000

_AS_A_STREAM: dict[str, Any] = {
    "responses": {
        HTTPStatus.OK.value: {
            "content": {STREAM: {"schema": {"type": "string", "description": "docs/events.md"}}}
        }
    }
}


@router.get(
    "/sessions/{session_id}/events",
    response=schemas.Listing[schemas.EventOut],
    summary="Its timeline, oldest first",
    openapi_extra=_AS_A_STREAM,
)
async def list_events(
    request: ApiRequest,
    session_id: str,
    query: Query[schemas.EventQuery],
    last_event_id: Annotated[schemas.EventId | None, Header(alias="Last-Event-ID")] = None,
) -> HttpResponse | StreamingHttpResponse:
    """With `Accept: text/event-stream` it goes on until the session ends, from `after` or `Last-Event-ID`."""
    if request.get_preferred_type([JSON, STREAM]) == STREAM:
        after = query.after if last_event_id is None else last_event_id
        login = request.session.session_key if request.auth.user_id else None
        stream = await streams.follow(request.auth, session_id, after=after, kinds=query.kind, login=login)
        return _streamed(stream)
    page = await events.list_events(
        request.auth, session_id, kinds=query.kind, after=query.after, limit=query.limit, cursor=query.cursor
    )
    return answer(schemas.Listing[schemas.EventOut], page)


def _streamed(stream: streams.Stream) -> StreamingHttpResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(_Body(stream), content_type=STREAM, headers=headers)


class _Body:
    def __init__(self, stream: streams.Stream) -> None:
        self._stream = stream
        # Django calls it when the response is done, also one that never began.
        self.close = stream.close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield f"retry: {RECONNECT_MS}\n\n".encode()
        sent = 0
        async for entries in self._stream:
            part = b"".join(map(_message, entries)) or b": nothing new\n\n"
            yield part
            sent += len(part)
            if sent > MAX_SENT:
                return


def _message(entry: Event) -> bytes:
    item = {"id": entry.pk, "at": entry.at, "kind": entry.kind, "data": entry.data}
    body = orjson.dumps(item, option=orjson.OPT_UTC_Z)
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (entry.pk, entry.kind.encode(), body)
