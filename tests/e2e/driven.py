"""A program that drives one session by functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.site.server import Playground


class Driven:
    def __init__(self, api: httpx.Client, site: Playground, session: dict[str, Any]) -> None:
        self.api = api
        self.site = site
        self.id: str = session["id"]

    def ask(self, function: str, **body: Any) -> httpx.Response:
        return self.api.post(f"sessions/{self.id}/functions/{function}", json=body)

    def call(self, function: str, **body: Any) -> dict[str, Any]:
        answer = self.ask(function, **body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def open(self, page: str, **more: Any) -> dict[str, Any]:
        told = self.call("open", url=self.site.url(page), **more)
        assert told["success"], told["message"]
        return told

    def act(self, action: str, **body: Any) -> dict[str, Any]:
        """Must succeed; without looking, unless it is asked for."""
        told = self.try_to(action, **body)
        assert told["success"], told["message"]
        return told

    def try_to(self, action: str, **body: Any) -> dict[str, Any]:
        return self.call("interact", **{"action": action, "screenshot": False, "snapshot": False, **body})

    def says(self, code: str) -> Any:
        told = self.call("execute", code=code, screenshot=False)
        assert told["success"], told["error"]
        return told["value"]

    @property
    def out(self) -> list[str]:
        """What the page wrote of what was done to it."""
        lines: list[str] = self.says("document.getElementById('out').textContent.trim().split('\\n')")
        return lines

    def ref(self, text: str) -> str:
        """Of the element that a new snapshot calls so."""
        elements = self.call("snapshot")["elements"]
        found: str = next(element["ref"] for element in elements if element["text"] == text)
        return found
