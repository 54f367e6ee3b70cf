"""Pages and static files are sent compressed; a file is packed once."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import async_only_middleware
from django.utils.text import compress_string
from servestatic.utils import parse_accept_encoding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

FILES = ("text/", "application/javascript", "application/json", "image/svg+xml")
PAGES = ("text/html",)
# So that the length of a page, which holds secrets beside what somebody typed, tells nothing of them.
RANDOM_BYTES = 100


@async_only_middleware
def compressed(get_response: GetResponse) -> GetResponse:
    # By address: the file's ETag, and the file.
    packed: dict[str, tuple[str, bytes]] = {}

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        _as_it_was_given_out(request)
        response = await get_response(request)
        if not response.get("Content-Type", "").startswith(_packable(request)):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if not _takes_it_packed(request):
            return response
        if isinstance(response, HttpResponse):
            return await _packed_page(response)
        if not isinstance(response, StreamingHttpResponse) or not _is_whole(request, response):
            return response
        etag, body = packed.get(request.path, ("", b""))
        if etag != response["ETag"]:
            body = await _pack(response)
            packed[request.path] = (response["ETag"], body)
        return _in_its_place(response, body)

    return middleware


def _packable(request: HttpRequest) -> tuple[str, ...]:
    return FILES if request.path.startswith(settings.STATIC_URL) else PAGES


def _as_it_was_given_out(request: HttpRequest) -> None:
    """A packed file's ETag is that of the file, marked as weak."""
    etag = request.META.get("HTTP_IF_NONE_MATCH", "")
    if etag.startswith("W/"):
        request.META["HTTP_IF_NONE_MATCH"] = etag.removeprefix("W/")


def _takes_it_packed(request: HttpRequest) -> bool:
    return "gzip" in parse_accept_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def _is_whole(request: HttpRequest, response: HttpResponseBase) -> bool:
    return request.method == "GET" and response.status_code == 200


async def _packed_page(response: HttpResponse) -> HttpResponse:
    """In a thread: a long list takes longer than a frame may wait."""
    response.content = await asyncio.to_thread(
        compress_string, response.content, max_random_bytes=RANDOM_BYTES
    )
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response


async def _pack(response: StreamingHttpResponse) -> bytes:
    body = b"".join([part async for part in response.streaming_content])  # type: ignore[union-attr]
    return await asyncio.to_thread(gzip.compress, body, mtime=0)


def _in_its_place(response: StreamingHttpResponse, body: bytes) -> HttpResponse:
    response.close()
    headers = {name: value for name, value in response.items() if name != "Accept-Ranges"}
    etag = f"W/{response['ETag']}"
    changed = {"Content-Encoding": "gzip", "Content-Length": str(len(body)), "ETag": etag}
    return HttpResponse(body, headers=headers | changed)
