"""One-shot calls: each makes a session, visits a page, answers what it was made for and releases it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router

from sessions_app.api import function_schemas as schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.api.functions import printing, wanted
from sessions_app.api.launch_schemas import SessionCreate, new_session
from sessions_app.services import one_shots
from sessions_app.services.one_shots import Visit

if TYPE_CHECKING:
    from sessions_app.services.function_answers import Scraped

router = Router(tags=["one-shot"])

PNG, PDF, HTML = "image/png", "application/pdf", "text/html"
_LAUNCH = frozenset(SessionCreate.model_fields)


def _answers(kind: str) -> dict[str, Any]:
    schema = {"type": "string"} if kind == HTML else {"type": "string", "format": "binary"}
    return {"responses": {200: {"description": "OK", "content": {kind: {"schema": schema}}}}}


@router.post("/screenshot", summary="A picture of a page", openapi_extra=_answers(PNG))
async def screenshot_of(request: ApiRequest, body: schemas.ScreenshotOf) -> HttpResponse:
    """The session has the label `one-shot`, and is released whatever happens. On a full server its turn is waited for."""
    png = await one_shots.screenshot(request.auth, _visit(body), full_page=body.full_page)
    return _bytes(png, PNG)


@router.post("/pdf", summary="A print of a page", openapi_extra=_answers(PDF))
async def pdf_of(request: ApiRequest, body: schemas.PdfOf) -> HttpResponse:
    return _bytes(await one_shots.pdf(request.auth, _visit(body), printing(body)), PDF)


@router.post("/content", summary="A page as HTML, after its scripts ran", openapi_extra=_answers(HTML))
async def content_of(request: ApiRequest, body: schemas.ContentOf) -> HttpResponse:
    html = await one_shots.content(request.auth, _visit(body))
    return _bytes(html.encode(errors="replace"), f"{HTML}; charset=utf-8")


@router.post("/scrape", response=schemas.Scrapings, summary="What chosen elements of a page say")
async def scrape_of(request: ApiRequest, body: schemas.ScrapeOf) -> dict[str, list[Scraped]]:
    return {"elements": await one_shots.scrape(request.auth, _visit(body), wanted(body.elements))}


def _visit(body: schemas.VisitIn) -> Visit:
    launch = SessionCreate.model_construct(
        body.model_fields_set & _LAUNCH, **{name: getattr(body, name) for name in _LAUNCH}
    )
    return Visit(
        session=new_session(launch),
        seconds=body.timeout,
        wait_until=body.wait_until,
        wait_for=body.wait_for,
    )


def _bytes(data: bytes, kind: str) -> HttpResponse:
    """A stranger's page on this server's address: a browser that is led here must not run it."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=kind, headers=headers)
