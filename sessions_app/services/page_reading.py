"""Functions that take a page with them: as a print, as HTML, as chosen parts, as cookies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sessions_app.engine.automation import pictures, settling
from sessions_app.engine.automation.hands import Refused
from sessions_app.engine.automation.plain import plain
from sessions_app.engine.automation.scripts import script
from sessions_app.engine.errors import FilesFull, NoPicture
from sessions_app.services import driving, function_calls, keepsakes
from sessions_app.services.function_answers import Content, Cookies, Printed, Scraped, ScrapedPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions_app.engine.automation.pictures import Print
    from sessions_app.services.actors import Actor
    from sessions_app.services.function_calls import Call

SameSite = Literal["Strict", "Lax", "None"]
# Playwright's names, and ours.
_COOKIE_NAMES = {"httpOnly": "http_only", "sameSite": "same_site", "partitionKey": "partition_key"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    selector: str
    most: int


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """For an address, or for a domain and a path; `expires` in unix seconds, None with the browser."""

    name: str
    value: str
    url: str | None = None
    domain: str | None = None
    path: str | None = None
    expires: float | None = None
    http_only: bool | None = None
    secure: bool | None = None
    same_site: SameSite | None = None


@dataclass(frozen=True, kw_only=True)
class CookieWork:
    """`name` and `domain` choose those to be cleared, `urls` those to be got; all without them."""

    action: Literal["get", "set", "clear"]
    urls: Sequence[str] = ()
    cookies: Sequence[Cookie] = ()
    name: str | None = None
    domain: str | None = None


async def pdf(actor: Actor, session_id: str, wanted: Print, seconds: float) -> Printed:
    async with function_calls.begin(actor, session_id, seconds) as call:
        try:
            data = await printed(call, wanted)
            file, message = await keepsakes.keep(call.live, "prints", data), ""
        except (Refused, FilesFull) as refusal:
            file, message = None, str(refusal)
        return Printed(success=file is not None, message=message, dialogs=call.dialogs, pdf=file)


async def content(actor: Actor, session_id: str, seconds: float) -> Content:
    async with function_calls.begin(actor, session_id, seconds) as call:
        title = html = message = ""
        try:
            title, html = await call.ask(call.page.title()), await call.ask(call.page.content())
        except Refused as refusal:
            message = _unless_gone(call, refusal)
        return Content(
            success=not message,
            message=message,
            dialogs=call.dialogs,
            url=plain(call.page.url),
            title=plain(title),
            content=plain(html),
        )


async def scrape(actor: Actor, session_id: str, wanted: Sequence[Wanted], seconds: float) -> ScrapedPage:
    async with function_calls.begin(actor, session_id, seconds) as call:
        found: list[Scraped] = []
        message = ""
        await settling.arrived(call.live.active)
        try:
            found = await scraped(call, wanted)
        except Refused as refusal:
            message = _unless_gone(call, refusal)
        return ScrapedPage(
            success=not message,
            message=message,
            dialogs=call.dialogs,
            url=plain(call.page.url),
            elements=found,
        )


async def cookies(actor: Actor, session_id: str, work: CookieWork, seconds: float) -> Cookies:
    async with function_calls.begin(actor, session_id, seconds) as call:
        found: list[dict[str, Any]] = []
        message = ""
        try:
            found = await _with_cookies(call, work)
        except Refused as refusal:
            message = _unless_gone(call, refusal)
        return Cookies(success=not message, message=message, dialogs=call.dialogs, cookies=found)


async def printed(call: Call, wanted: Print) -> bytes:
    """Raises Refused."""
    try:
        return await pictures.pdf(call.live.active, wanted, limit=call.deadline.left)
    except NoPicture as error:
        raise Refused(str(error)) from error


async def scraped(call: Call, wanted: Sequence[Wanted]) -> list[Scraped]:
    """Raises Refused."""
    found = []
    for each in wanted:
        work = call.page.eval_on_selector_all(each.selector, script("scrape"), each.most)
        found.append(Scraped(selector=each.selector, results=plain(await call.ask(work))))
    return found


async def _with_cookies(call: Call, work: CookieWork) -> list[dict[str, Any]]:
    context = call.page.context
    match work.action:
        case "set":
            await call.ask(context.add_cookies([_as_asked(cookie) for cookie in work.cookies]))
        case "clear":
            chosen = {"name": work.name, "domain": work.domain}
            given: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
            await call.ask(context.clear_cookies(**given))
        case "get":
            found = await call.ask(context.cookies(list(work.urls)))
            return [_as_told(dict(cookie)) for cookie in found]
    return []


def _as_asked(cookie: Cookie) -> Any:
    theirs = {ours: theirs for theirs, ours in _COOKIE_NAMES.items()}
    return {theirs.get(name, name): value for name, value in vars(cookie).items() if value is not None}


def _as_told(cookie: dict[str, Any]) -> dict[str, Any]:
    told = {_COOKIE_NAMES.get(name, name): plain(value) for name, value in cookie.items()}
    # Playwright's sign for those that go with the browser.
    return {**told, "expires": None if told.get("expires") == -1 else told.get("expires")}


def _unless_gone(call: Call, refusal: Refused) -> str:
    if driving.is_gone(call.live):
        raise refusal
    return str(refusal) or "The page did not allow it."
