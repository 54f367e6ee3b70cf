"""A picture as it arrived, whoever brought it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Literal, Protocol

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

Device = Literal["key", "mouse"]


@dataclass(frozen=True, slots=True)
class Picture:
    """`at`: when it arrived (perf_counter)."""

    at: float
    jpeg: bytes = field(repr=False)
    input_seq: int = 0

    def is_marked(self) -> bool:
        """Whether it shows the page `/marked`, which is green."""
        with Image.open(BytesIO(self.jpeg)) as image:
            image.draft("RGB", (160, 90))
            pixel = image.convert("RGB").getpixel((image.width - 5, image.height - 5))
        assert isinstance(pixel, tuple)
        red, green, blue = pixel
        return green > red + 80 and green > blue + 80


class Pictures:
    """Counts what arrives, remembers the newest, and lets one waiter hear of each."""

    def __init__(self) -> None:
        self.count = 0
        self.newest: Picture | None = None
        self._wanted: Callable[[Picture], bool] | None = None
        self._found: asyncio.Future[Picture] | None = None

    def arrived(self, jpeg: bytes, input_seq: int = 0) -> None:
        picture = Picture(time.perf_counter(), jpeg, input_seq)
        self.count += 1
        self.newest = picture
        if self._wanted and self._found and not self._found.done() and self._wanted(picture):
            self._found.set_result(picture)

    def watch(self, wanted: Callable[[Picture], bool] = lambda _: True) -> asyncio.Future[Picture]:
        """The first one to come that is `wanted`; one may wait at a time."""
        self._wanted, self._found = wanted, asyncio.get_running_loop().create_future()
        return self._found

    async def rate(self, seconds: float) -> float:
        """How many a second arrive now."""
        began, before = time.perf_counter(), self.count
        await asyncio.sleep(seconds)
        return (self.count - before) / (time.perf_counter() - began)


class Source(Protocol):
    """Brings pictures of a page and takes input to it; `inputs` is the number of the newest input."""

    pictures: Pictures
    inputs: int

    async def input(self, device: Device, action: str) -> None: ...
