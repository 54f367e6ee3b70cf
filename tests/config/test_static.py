"""Static files: asked for again with their ETag, never out of their folders."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import AsyncClient

FILE = "/static/ninja/favicon.svg"


async def test_a_file_that_a_browser_has_is_not_sent_again():
    first: Any = await AsyncClient().get(FILE)
    assert first.status_code == 200
    assert first["Cache-Control"] == "max-age=0, public"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in first
    body = b"".join([part async for part in first.streaming_content])
    assert len(body) == int(first["Content-Length"])
    again = await AsyncClient().get(FILE, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["../manage.py", "..%2fmanage.py", "/etc/passwd", "ninja/", "nothing.js"])
async def test_there_is_no_way_out(path):
    response = await AsyncClient().get(f"/static/{path}")
    assert response.status_code == 404
