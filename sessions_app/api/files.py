"""A session's own files: uploads, downloads, and what its functions leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Status

from sessions_app.api import file_schemas, schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.services import files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sessions_app.engine.files import FileFacts
    from sessions_app.selectors import Page

router = Router(tags=["files"])

ZIP = "application/zip"
_BYTES = {"type": "string", "format": "binary"}
# A page that was downloaded stays a file: whatever opens this address must not run it here.
_ONLY_A_FILE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def _answers(content_type: str) -> dict[str, Any]:
    return {"responses": {200: {"content": {content_type: {"schema": _BYTES}}}}}


@router.get(
    "/sessions/{session_id}/files",
    response=schemas.Listing[file_schemas.FileOut],
    summary="Its files, by name",
)
async def list_files(request: ApiRequest, session_id: str, query: Query[schemas.Paging]) -> Page[FileFacts]:
    return await files.list_files(request.auth, session_id, limit=query.limit, cursor=query.cursor)


@router.get(
    "/sessions/{session_id}/files.zip",
    summary="All of its files in a ZIP archive",
    openapi_extra=_answers(ZIP),
)
async def download_files(request: ApiRequest, session_id: str) -> StreamingHttpResponse:
    archive = await files.archive(request.auth, session_id)
    return _attachment(_Body(archive.parts, lambda: None), ZIP, f"{session_id}.zip")


@router.get(
    "/sessions/{session_id}/files/{path:path}", summary="One of its files", openapi_extra=_answers("*/*")
)
async def download_file(request: ApiRequest, session_id: str, path: str) -> StreamingHttpResponse:
    found = await files.read(request.auth, session_id, path)
    name = path.rpartition("/")[2]
    response = _attachment(_Body(found.parts, found.close), found.content_type, name)
    response["Content-Length"] = str(found.facts.size)
    return response


@router.put(
    "/sessions/{session_id}/files/{path:path}",
    response=file_schemas.FileOut,
    summary="Put a file there",
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {"schema": _BYTES}}}},
)
async def upload_file(request: ApiRequest, session_id: str, path: str) -> FileFacts:
    """The body is the file, as it is and of whatever type; one of the same name gives way."""
    return await files.write(request.auth, session_id, path, request)


@router.delete(
    "/sessions/{session_id}/files/{path:path}", response={204: None}, summary="Delete one of its files"
)
async def delete_file(request: ApiRequest, session_id: str, path: str) -> Status[None]:
    await files.delete(request.auth, session_id, path)
    return Status(204, None)


class _Body:
    def __init__(self, parts: Callable[[], AsyncIterator[bytes]], close: Callable[[], None]) -> None:
        self._parts = parts
        # Django calls it when the response is done, also one that never began.
        self.close = close

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._parts()


def _attachment(body: _Body, content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(body, content_type=content_type, headers=_ONLY_A_FILE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
