"""Functions: what a program does with a session's active tab, a call each.

200 also when the page did not let it: `success` is false then, and `message` says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Router

from sessions_app.api import function_schemas as schemas
from sessions_app.api.auth import ApiRequest
from sessions_app.engine.automation.hands import Interaction
from sessions_app.engine.automation.pictures import Print
from sessions_app.services import functions, page_reading
from sessions_app.services.function_answers import Look, Opening
from sessions_app.services.page_reading import Cookie, CookieWork, Wanted

if TYPE_CHECKING:
    from sessions_app.services import function_answers as answers

router = Router(tags=["functions"])
_FUNCTION = "/sessions/{session_id}/functions"


@router.post(f"{_FUNCTION}/open", response=schemas.SeenOut, summary="Open a page and look at it")
async def open_page(request: ApiRequest, session_id: str, body: schemas.OpenIn) -> answers.Seen:
    asked = Opening(
        url=body.url,
        width=body.width,
        height=body.height,
        user_agent=body.user_agent,
        show_cursor=body.show_cursor,
        proxy=(body.proxy_url or "", body.proxy_username or "", body.proxy_password or ""),
    )
    return await functions.open_page(request.auth, session_id, asked, body.timeout)


@router.post(f"{_FUNCTION}/snapshot", response=schemas.SeenOut, summary="What there is to act on")
async def take_snapshot(
    request: ApiRequest, session_id: str, body: schemas.SnapshotIn | None = None
) -> answers.Seen:
    """Elements with refs (`@e1`), which stay good until the page changes; `aria`: Playwright's accessibility tree."""
    asked = body or schemas.SnapshotIn()
    look = Look(mode=asked.mode, diff=asked.diff, most=asked.max)
    return await functions.snapshot(request.auth, session_id, look, asked.timeout)


@router.post(f"{_FUNCTION}/interact", response=schemas.InteractOut, summary="Do something on the page")
async def interact(request: ApiRequest, session_id: str, body: schemas.InteractIn) -> answers.Interacted:
    """With a picture and a snapshot of what came of it, unless they are not wanted."""
    given = body.model_dump(exclude={"timeout", "screenshot", "snapshot"})
    asked = Interaction(**{**given, "file_paths": tuple(body.file_paths)})
    look = Look() if body.snapshot else None
    return await functions.interact(
        request.auth, session_id, asked, body.timeout, look=look, picture=body.screenshot
    )


@router.post(f"{_FUNCTION}/screenshot", response=schemas.ScreenshotOut, summary="A picture of the page")
async def take_screenshot(
    request: ApiRequest, session_id: str, body: schemas.ScreenshotIn | None = None
) -> answers.Pictured:
    """A PNG among the session's files, of which the newest 100 are kept."""
    asked = body or schemas.ScreenshotIn()
    return await functions.screenshot(request.auth, session_id, asked.timeout, full_page=asked.full_page)


@router.post(f"{_FUNCTION}/execute", response=schemas.ExecuteOut, summary="Run JavaScript in the page")
async def execute_script(request: ApiRequest, session_id: str, body: schemas.ExecuteIn) -> answers.Executed:
    """`code` is an expression, a function, or the body of one; a promise is waited for."""
    return await functions.execute(request.auth, session_id, body.code, body.timeout, picture=body.screenshot)


@router.post(f"{_FUNCTION}/close", response=schemas.CloseOut, summary="Release the session")
async def close_session(
    request: ApiRequest, session_id: str, body: schemas.CloseIn | None = None
) -> dict[str, Any]:
    await functions.close(request.auth, session_id)
    return {"success": True, "video": None}


@router.post(f"{_FUNCTION}/pdf", response=schemas.PdfOut, summary="Print the page")
async def print_page(
    request: ApiRequest, session_id: str, body: schemas.PdfIn | None = None
) -> answers.Printed:
    """A PDF among the session's files, of which the newest 100 are kept."""
    asked = body or schemas.PdfIn()
    return await page_reading.pdf(request.auth, session_id, printing(asked), asked.timeout)


@router.post(f"{_FUNCTION}/content", response=schemas.ContentOut, summary="The page as HTML, as it is now")
async def get_content(
    request: ApiRequest, session_id: str, body: schemas.ContentIn | None = None
) -> answers.Content:
    asked = body or schemas.ContentIn()
    return await page_reading.content(request.auth, session_id, asked.timeout)


@router.post(f"{_FUNCTION}/scrape", response=schemas.ScrapeOut, summary="What chosen elements say")
async def scrape_page(request: ApiRequest, session_id: str, body: schemas.ScrapeIn) -> answers.ScrapedPage:
    return await page_reading.scrape(request.auth, session_id, wanted(body.elements), body.timeout)


@router.post(f"{_FUNCTION}/cookies", response=schemas.CookiesOut, summary="Get, set or clear cookies")
async def handle_cookies(
    request: ApiRequest, session_id: str, body: schemas.CookiesIn | None = None
) -> answers.Cookies:
    """All of the browser's, not only this page's."""
    asked = body or schemas.CookiesIn()
    work = CookieWork(
        action=asked.action,
        urls=asked.urls,
        cookies=[Cookie(**dict(cookie)) for cookie in asked.cookies],
        name=asked.name,
        domain=asked.domain,
    )
    return await page_reading.cookies(request.auth, session_id, work, asked.timeout)


def printing(body: schemas.PdfIn | schemas.PdfOf) -> Print:
    return Print(
        format=body.format,
        landscape=body.landscape,
        background=body.print_background,
        scale=body.scale,
        margin=body.margin,
        pages=body.page_ranges,
    )


def wanted(elements: list[schemas.ScrapedIn]) -> list[Wanted]:
    return [Wanted(selector=each.selector, most=each.max) for each in elements]
