"""One call that makes a session, takes what it was made for, and releases it whatever happens."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sessions_app.engine.automation import pictures
from sessions_app.engine.automation.hands import Deadline, Refused
from sessions_app.engine.errors import NoPicture
from sessions_app.models import EndReason, WhileControlled
from sessions_app.services import ending, function_calls, page_reading, readiness, sessions
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict, Invalid, PageRefused, SessionEnded
from sessions_app.services.new_session import address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sessions_app.engine.automation.pictures import Print
    from sessions_app.services.actors import Actor
    from sessions_app.services.function_answers import Scraped
    from sessions_app.services.function_calls import Call
    from sessions_app.services.new_session import NewSession
    from sessions_app.services.page_reading import Wanted

LABEL = "one-shot"
OPEN_LIMIT = 30.0

WaitUntil = Literal["load", "domcontentloaded", "networkidle"]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`session` names the page and how its browser is launched; `wait_for` is a selector."""

    session: NewSession
    seconds: float
    wait_until: WaitUntil = "load"
    wait_for: str | None = None


async def screenshot(actor: Actor, visit: Visit, *, full_page: bool = False) -> bytes:
    """A PNG. Raises Invalid, PageRefused, QuotaExceeded, LaunchFailed, DeadlineExceeded, as all the others do."""
    async with _visiting(actor, visit, "screenshot") as call:
        limit = min(pictures.LIMIT, call.deadline.left)
        return await pictures.screenshot(call.live.active, full_page=full_page, limit=limit)


async def pdf(actor: Actor, visit: Visit, wanted: Print) -> bytes:
    async with _visiting(actor, visit, "pdf") as call:
        return await page_reading.printed(call, wanted)


async def content(actor: Actor, visit: Visit) -> str:
    async with _visiting(actor, visit, "content") as call:
        return await call.ask(call.page.content())


async def scrape(actor: Actor, visit: Visit, wanted: Sequence[Wanted]) -> list[Scraped]:
    async with _visiting(actor, visit, "scrape") as call:
        return await page_reading.scraped(call, wanted)


@asynccontextmanager
async def _visiting(actor: Actor, visit: Visit, what: str) -> AsyncIterator[Call]:
    actor.require(Right.CHANGE)
    if not visit.session.url:
        raise Invalid("an address to visit is needed", field="url")
    url = address(visit.session.url)
    deadline = Deadline(visit.seconds)
    labels = {**visit.session.labels, LABEL: what}
    wanted = replace(visit.session, url="", labels=labels, while_controlled=WhileControlled.WAIT)
    made = await sessions.create(actor, wanted)
    # Who may start a session may use the one that is made for this call alone.
    owner = replace(actor, scopes=frozenset())
    try:
        await readiness.until_running(owner, made.id, deadline.left)
        async with function_calls.begin(owner, made.id, deadline.left) as call:
            await _open(call, url, visit)
            yield call
    except (Refused, NoPicture, Conflict, SessionEnded) as refusal:
        raise PageRefused(str(refusal)) from refusal
    finally:
        await ending.end(made.id, EndReason.RELEASED)


async def _open(call: Call, url: str, visit: Visit) -> None:
    limit = call.deadline.within(OPEN_LIMIT)
    await call.ask(call.page.goto(url, wait_until=visit.wait_until, timeout=limit))
    if visit.wait_for:
        limit = call.deadline.within(OPEN_LIMIT)
        await call.ask(call.page.locator(visit.wait_for).first.wait_for(timeout=limit))
