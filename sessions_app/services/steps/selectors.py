"""The three ways to name an element: XPath, a JavaScript expression (JSPath) or CSS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# A file called "document.pdf" in an attribute's value makes no expression.
_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`""")
_OF_THE_DOCUMENT = re.compile(r"\bdocument\s*\??\.")


@dataclass(frozen=True)
class Selector:
    kind: Literal["xpath", "jspath", "css"]
    text: str

    @classmethod
    def of(cls, text: str) -> Selector:
        text = text.strip()
        if text.startswith(("//", "./", "../")):
            return cls("xpath", text)
        if _OF_THE_DOCUMENT.search(_QUOTED.sub("", text)):
            return cls("jspath", text.rstrip("; \n"))
        return cls("xpath" if text.startswith("(") else "css", text)

    @property
    def as_query(self) -> str:
        """As Playwright has it; of XPath and CSS."""
        return f"{self.kind}={self.text}"

    def __str__(self) -> str:
        return self.text if len(self.text) <= 200 else f"{self.text[:200]}…"
