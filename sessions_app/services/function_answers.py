"""What functions are asked and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sessions_app.engine.automation.answering import SeenDialog
    from sessions_app.engine.automation.sight import Element
    from sessions_app.services.keepsakes import File

SnapshotMode = Literal["elements", "aria", "both"]
MOST_ELEMENTS = 50


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a page is to be seen; `diff` compares with the last time."""

    mode: SnapshotMode = "elements"
    diff: bool = False
    most: int = MOST_ELEMENTS


@dataclass(frozen=True, kw_only=True)
class Opening:
    """`user_agent`, `show_cursor` and `proxy` (address, name, password) are fixed when the session starts."""

    url: str
    width: int | None = None
    height: int | None = None
    user_agent: str | None = None
    show_cursor: bool = False
    proxy: tuple[str, str, str] = field(default=("", "", ""), repr=False)


@dataclass(frozen=True, kw_only=True)
class Scraped:
    selector: str
    results: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class View:
    """`total` counts also the elements that are not listed."""

    url: str
    title: str
    elements: list[Element]
    elements_text: str
    total: int
    aria: str | None = None
    diff: str | None = None
    screenshot: File | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`success` is False when the page, or what was asked, did not allow it; `message` says why."""

    success: bool
    message: str
    dialogs: list[SeenDialog]


@dataclass(frozen=True, kw_only=True)
class Seen(Outcome, View):
    pass


@dataclass(frozen=True, kw_only=True)
class Interacted(Outcome):
    action: str
    screenshot: File | None
    snapshot: View | None


@dataclass(frozen=True, kw_only=True)
class Pictured(Outcome):
    """`width` and `height` are the viewport's."""

    screenshot: File | None
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Executed(Outcome):
    """`result` is the value as text, `value` the value itself."""

    result: str | None
    value: Any
    error: str | None
    screenshot: File | None


@dataclass(frozen=True, kw_only=True)
class Printed(Outcome):
    pdf: File | None


@dataclass(frozen=True, kw_only=True)
class Content(Outcome):
    url: str
    title: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Cookies(Outcome):
    cookies: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ScrapedPage(Outcome):
    url: str
    elements: list[Scraped]
