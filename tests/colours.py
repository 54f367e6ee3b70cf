"""The colours of pictures, as near as JPEG keeps them."""

from __future__ import annotations

import io
from typing import cast

from PIL import Image

Colour = tuple[int, int, int]
RED, LIME, BLUE, BLACK, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0), (255, 255, 255)
TOLERANCE = 12


def colour_of(image: Image.Image, at: tuple[float, float] = (0.5, 0.9)) -> Colour:
    """The colour at a place (0 … 1 across and down)."""
    place = int(image.width * at[0]), int(image.height * at[1])
    return cast("Colour", image.convert("RGB").getpixel(place))


def colour_of_jpeg(picture: bytes, at: tuple[float, float] = (0.5, 0.9)) -> Colour:
    with Image.open(io.BytesIO(picture)) as image:
        return colour_of(image, at)


def alike(one: Colour, two: Colour) -> bool:
    return all(abs(a - b) <= TOLERANCE for a, b in zip(one, two, strict=True))
