"""What every question works with: the pages, the server to be measured, the bare client to measure against."""

from __future__ import annotations

import os
import tempfile
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import bare
from bench.pages import served_pages
from bench.server import Installation
from sessions_app.engine.chromium import find_images
from sessions_app.engine.config import FULL_CHROMIUM, HEADLESS_SHELL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bench.bare import Bare


@dataclass(frozen=True, kw_only=True)
class Lab:
    pages: str
    installation: Installation
    folder: Path
    chromium: dict[str, Path]

    @property
    def viewer_browser(self) -> Path:
        """What a person's browser is played by."""
        return self.chromium.get(FULL_CHROMIUM, self.chromium[HEADLESS_SHELL])

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[Bare]:
        sandbox = not os.environ.get("QUARTERDECK_NO_SANDBOX")
        async with bare.launched(self.chromium[HEADLESS_SHELL], self.folder, sandbox=sandbox) as client:
            yield client

    @asynccontextmanager
    async def bare_on(self, url: str) -> AsyncIterator[Bare]:
        """A bare client that receives the pictures of `url`."""
        async with self.bare() as client:
            await client.attach()
            client.cast()
            client.navigate(url)
            yield client


@contextmanager
def laboratory() -> Iterator[Lab]:
    """A lab in a temporary folder that a session's own user can pass through."""
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as name, served_pages() as pages:
        folder = Path(name)
        folder.chmod(0o711)
        installation = Installation(folder / "data")
        yield Lab(pages=pages, installation=installation, folder=folder, chromium=find_images())
