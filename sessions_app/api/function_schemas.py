"""The shapes of functions and of one-shot calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sessions_app.api.launch_schemas import SessionCreate
from sessions_app.api.schemas import Answer, Request, Side
from sessions_app.api.steps_schemas import DialogOut, Timeout
from sessions_app.engine.automation.hands import Action, Direction
from sessions_app.services import driving
from sessions_app.services.function_answers import MOST_ELEMENTS, SnapshotMode
from sessions_app.services.one_shots import WaitUntil
from sessions_app.services.page_reading import SameSite

MAX_TEXT = 100_000
MAX_CODE = 500_000
LONGEST_WAIT = 600_000
FARTHEST_SCROLL = 100_000
# More would be a snapshot of the page's source.
MAX_ELEMENTS = 1000

Url = Annotated[str, Field(max_length=20_000)]
Selector = Annotated[str, Field(min_length=1, max_length=2_000)]
Ref = Annotated[str, Field(min_length=1, max_length=40, examples=["@e1"])]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Paper = Literal["letter", "legal", "tabloid", "a0", "a1", "a2", "a3", "a4", "a5", "a6"]


class Timed(Request):
    """`timeout`: seconds, all that the call may take, the waiting for its turn included."""

    timeout: Timeout = driving.DEFAULT


class OpenIn(Timed):
    """What is left out stays as it is. The last six are fixed when a session starts, and must be as they were then."""

    url: Url
    width: Side | None = None
    height: Side | None = None
    user_agent: str | None = None
    show_cursor: bool = False
    record_video: Literal[False] = False
    proxy_url: str | None = None
    proxy_username: str | None = None
    proxy_password: Annotated[str | None, Field(repr=False)] = None


class SnapshotIn(Timed):
    """`diff` tells what changed since the last snapshot; `max` is how many elements are listed."""

    mode: SnapshotMode = "elements"
    diff: bool = False
    max: Annotated[int, Field(ge=1, le=MAX_ELEMENTS)] = MOST_ELEMENTS


class InteractIn(Timed):
    """An element is named by its `ref` in a snapshot, or by a CSS `selector`."""

    action: Action
    ref: Ref | None = None
    selector: Selector | None = None
    text: Text | None = None
    direction: Direction = "down"
    scroll_amount: Annotated[int, Field(ge=0, le=FARTHEST_SCROLL)] = 400
    wait_ms: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 1000
    url: Url | None = None
    target_ref: Ref | None = None
    target_selector: Selector | None = None
    file_paths: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=100)] = []
    screenshot: bool = True
    snapshot: bool = True


class ScreenshotIn(Timed):
    full_page: bool = False


class ExecuteIn(Timed):
    code: Annotated[str, Field(min_length=1, max_length=MAX_CODE)]
    screenshot: bool = True


class CloseIn(Timed):
    pass


class ContentIn(Timed):
    pass


class _Printing(Request):
    """`margin` in inches; `page_ranges` as in `1-3, 5`."""

    format: Paper = "letter"
    landscape: bool = False
    print_background: bool = True
    scale: Annotated[float, Field(ge=0.1, le=2)] = 1
    margin: Annotated[float, Field(ge=0, le=4)] = 0.4
    page_ranges: Annotated[str, Field(max_length=200)] = ""


class PdfIn(_Printing, Timed):
    pass


class ScrapedIn(Request):
    selector: Selector
    max: Annotated[int, Field(ge=1, le=MAX_ELEMENTS)] = 100


Wanted = Annotated[list[ScrapedIn], Field(min_length=1, max_length=50)]


class ScrapeIn(Timed):
    elements: Wanted


class CookieIn(Request):
    """For a `url`, or for a `domain` and a `path`; `expires` in unix seconds."""

    name: Annotated[str, Field(min_length=1, max_length=4_096)]
    value: Annotated[str, Field(max_length=4_096)]
    url: Url | None = None
    domain: Annotated[str | None, Field(max_length=255)] = None
    path: Annotated[str | None, Field(max_length=2_000)] = None
    expires: Annotated[float | None, Field(ge=0, le=1e11)] = None
    http_only: bool | None = None
    secure: bool | None = None
    same_site: SameSite | None = None


class CookiesIn(Timed):
    """`get` all, or those of `urls`; `set` `cookies`; `clear` all, or those of a `name` and a `domain`."""

    action: Literal["get", "set", "clear"] = "get"
    urls: Annotated[list[Url], Field(max_length=100)] = []
    cookies: Annotated[list[CookieIn], Field(max_length=1_000)] = []
    name: Annotated[str | None, Field(max_length=4_096)] = None
    domain: Annotated[str | None, Field(max_length=255)] = None


# One-shot calls


class VisitIn(SessionCreate):
    """What `POST /sessions` takes; `url` is visited. `wait_for`: a selector that must be there."""

    wait_until: WaitUntil = "load"
    wait_for: Selector | None = None
    timeout: Timeout = driving.DEFAULT


class ScreenshotOf(VisitIn):
    full_page: bool = False


class PdfOf(_Printing, VisitIn):
    pass


class ContentOf(VisitIn):
    pass


class ScrapeOf(VisitIn):
    elements: Wanted


# Answers


class KeptFile(Answer):
    """`uri` asks for a key as every address of the API does."""

    uri: str
    content_type: str
    size: int
    filename: str


class ElementOut(Answer):
    ref: str
    desc: str
    tag: str
    text: str
    role: str | None
    name: str | None
    href: str | None
    input_type: str | None


class ViewOut(Answer):
    """`total` counts also the elements that are not listed; `aria` and `diff` are null unless asked for."""

    url: str
    title: str
    elements: list[ElementOut]
    elements_text: str
    total: int
    aria: str | None
    diff: str | None
    screenshot: KeptFile | None


class OutcomeOut(Answer):
    """`success` is false when the page, or what was asked, did not allow it; `message` says why."""

    success: bool
    message: str
    dialogs: list[DialogOut]


class SeenOut(OutcomeOut, ViewOut):
    pass


class InteractOut(OutcomeOut):
    action: Action
    screenshot: KeptFile | None
    snapshot: ViewOut | None


class ScreenshotOut(OutcomeOut):
    """`width` and `height` are the viewport's."""

    screenshot: KeptFile | None
    width: int
    height: int


class ExecuteOut(OutcomeOut):
    """`result` is the value as text, `value` the value itself."""

    result: str | None
    value: Any
    error: str | None
    screenshot: KeptFile | None


class CloseOut(Answer):
    success: bool
    video: None


class PdfOut(OutcomeOut):
    pdf: KeptFile | None


class ContentOut(OutcomeOut):
    url: str
    title: str
    content: str


class ScrapedResult(Answer):
    text: str
    html: str
    attributes: dict[str, str]


class ScrapedOut(Answer):
    selector: str
    results: list[ScrapedResult]


class Scrapings(Answer):
    elements: list[ScrapedOut]


class ScrapeOut(OutcomeOut, Scrapings):
    url: str


class CookieOut(Answer):
    """`expires` is null for one that goes with the browser."""

    name: str
    value: str
    domain: str
    path: str
    expires: float | None
    http_only: bool
    secure: bool
    same_site: str | None = None


class CookiesOut(OutcomeOut):
    cookies: list[CookieOut]
