"""A page asks for files: while a person steers, the browser's own chooser is kept away and the viewers are told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message, Params

MAX_ACCEPT = 500

# Unique among all tabs, so that an answer never reaches another's.
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`accept` is the page's own word for which files it means, as in HTML."""

    id: int
    multiple: bool
    accept: str


class Chooser:
    """Of one tab; at most one is open, and a page that goes away takes it along."""

    def __init__(self, post: Callable[..., None], on_change: Callable[[Asked, bool], None]) -> None:
        self.asked: Asked | None = None
        self._post = post
        self._on_change = on_change
        self._intercepts = False
        self._latest = 0
        self._node = 0

    def __repr__(self) -> str:
        return f"<Chooser {self.asked or 'closed'}>"

    def intercept(self, *, on: bool) -> None:
        """Programs that drive the browser have ways of their own, which this would take from them."""
        if on != self._intercepts:
            self._intercepts = on
            self._post("Page.setInterceptFileChooserDialog", {"enabled": on})
        if not on:
            self.forget()

    def opened(self, params: Params) -> None:
        """Page.fileChooserOpened; one that was opened by the picker of the File System API names no element."""
        node = params.get("backendNodeId")
        if node is None:
            return
        self.forget()
        number = self._latest = next(_numbers)
        multiple = params["mode"] == "selectMultiple"

        def described(reply: Message | None) -> None:
            found = reply.get("result", {}).get("node", {}) if reply else {}
            if number == self._latest and self._intercepts:
                accept = _attribute(found, "accept")[:MAX_ACCEPT]
                self._node = node
                self.asked = Asked(id=number, multiple=multiple, accept=accept)
                self._on_change(self.asked, True)

        self._post("DOM.describeNode", {"backendNodeId": node}, described)

    def give(self, paths: list[str], answered: Callable[[Message | None], None]) -> None:
        """Files of the session to the page that asks."""
        params = {"files": paths, "backendNodeId": self._node}
        self.forget()
        self._post("DOM.setFileInputFiles", params, answered)

    def forget(self) -> None:
        """Nobody chooses; also when the page or its tab goes."""
        asked, self.asked = self.asked, None
        if asked:
            self._on_change(asked, False)


def _attribute(node: Params, name: str) -> str:
    given: list[str] = node.get("attributes", [])
    return str(dict(zip(given[::2], given[1::2], strict=False)).get(name, ""))
