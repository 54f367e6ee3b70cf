"""A tab as Playwright would have it, without a browser: a button, a link and whatever a test puts there."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error

from sessions_app.engine.automation.pilot import Pilot

TITLE = "A page"
ELEMENTS = [
    {
        "number": 0,
        "tag": "button",
        "text": "Send",
        "role": None,
        "name": None,
        "href": None,
        "input_type": None,
    },
    {
        "number": 1,
        "tag": "a",
        "text": "Home",
        "role": None,
        "name": None,
        "href": "https://example.com/",
        "input_type": None,
    },
]


class FakeHandle:
    def __init__(self, page: FakePage) -> None:
        self.page = page

    async def evaluate(self, _script: str, most: int) -> dict[str, Any]:
        return {"total": len(ELEMENTS), "facts": ELEMENTS[:most]}

    async def evaluate_handle(self, _script: str, _number: int) -> FakeHandle:
        return self

    def as_element(self) -> FakeTarget:
        return FakeTarget(self.page)


class FakeTarget:
    """Whatever is done to it works, and is noted."""

    def __init__(self, page: FakePage) -> None:
        self.page = page

    @property
    def first(self) -> FakeTarget:
        return self

    async def count(self) -> int:
        return 1

    async def bounding_box(self) -> dict[str, float]:
        return {"x": 0, "y": 0, "width": 10, "height": 10}

    def __getattr__(self, name: str) -> Any:
        async def do(*given: Any, **_more: Any) -> None:
            self.page.done.append((name, *given))

        return do


class FakeContext:
    def __init__(self) -> None:
        self.jar: list[dict[str, Any]] = []

    async def cookies(self, _urls: list[str]) -> list[dict[str, Any]]:
        return self.jar

    async def add_cookies(self, cookies: list[dict[str, Any]]) -> None:
        usual = {"domain": "", "path": "/", "expires": -1, "httpOnly": False, "secure": False}
        self.jar += [{**usual, **cookie} for cookie in cookies]

    async def clear_cookies(self, **_chosen: str) -> None:
        self.jar = []


class FakePage:
    """`done` is what was done to it; `failure` is what it answers to everything."""

    def __init__(self) -> None:
        self.url = "about:blank"
        self.done: list[tuple[Any, ...]] = []
        self.failure = ""
        self.value: Any = 42
        self.context = FakeContext()
        self.keyboard = self.mouse = FakeTarget(self)
        self.main_frame = self
        self.frames = [self]

    async def evaluate_handle(self, _script: str) -> FakeHandle:
        self._fail()
        return FakeHandle(self)

    async def evaluate(self, code: str) -> Any:
        self._fail()
        return [100, 100] if "innerWidth" in code else self.value

    async def goto(self, url: str, **_more: Any) -> None:
        self._fail()
        self.url = url

    async def wait_for_timeout(self, milliseconds: float) -> None:
        await asyncio.sleep(milliseconds / 1000)

    async def title(self) -> str:
        self._fail()
        return TITLE

    async def content(self) -> str:
        self._fail()
        return "<html></html>"

    async def aria_snapshot(self, **_more: Any) -> str:
        self._fail()
        return '- button "Send" [ref=e1]'

    async def eval_on_selector_all(self, _selector: str, _script: str, _most: int) -> list[dict[str, Any]]:
        self._fail()
        return [{"text": "Send", "html": "<button>Send</button>", "attributes": {"id": "send"}}]

    def locator(self, _selector: str) -> FakeTarget:
        self._fail()
        return FakeTarget(self)

    async def go_back(self, **_more: Any) -> None:
        self._fail()

    def on(self, _event: str, _listener: Any) -> None:
        """Nothing happens to it by itself."""

    remove_listener = on

    def __getattr__(self, name: str) -> Any:
        raise Error(f"This page cannot {name}.")

    def _fail(self) -> None:
        if self.failure:
            raise Error(self.failure)


class FakePilot(Pilot):
    """Calls take turns as with the real one."""

    def __init__(self) -> None:
        super().__init__(None, None, None)  # type: ignore[arg-type]
        self.fake = FakePage()
        self.attached = True

    @property
    def is_attached(self) -> bool:
        return self.attached

    async def page(self) -> Any:
        return self.fake
