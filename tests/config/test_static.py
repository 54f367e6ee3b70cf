"""Static files and pages: packed for who takes it, asked for again with their ETag, never out of their folders."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.test import AsyncClient

FILE = "/static/ninja/favicon.svg"
SCRIPT = "/static/js/page/main.js"


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


async def test_who_takes_it_gets_a_file_packed():
    client = AsyncClient()
    plain: Any = await client.get(SCRIPT)
    assert plain["Vary"] == "Accept-Encoding"
    body = b"".join([part async for part in plain.streaming_content])
    for _ in range(2):
        packed: Any = await client.get(SCRIPT, headers={"Accept-Encoding": "br, gzip;q=0.9"})
        assert (packed.status_code, packed["Content-Encoding"]) == (200, "gzip")
        assert packed["Vary"] == "Accept-Encoding"
        assert packed["Content-Type"] == plain["Content-Type"]
        assert int(packed["Content-Length"]) == len(packed.content) < len(body) / 2
        assert gzip.decompress(packed.content) == body
    again = await client.get(SCRIPT, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


async def test_a_page_is_packed_as_well():
    client = AsyncClient()
    plain: Any = await client.get("/nowhere")
    packed: Any = await client.get("/nowhere", headers={"Accept-Encoding": "gzip"})
    assert (plain.status_code, packed.status_code) == (404, 404)
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Vary"]) == ("gzip", "Accept-Encoding")
    assert int(packed["Content-Length"]) == len(packed.content)


async def test_the_api_is_not():
    response: Any = await AsyncClient().get("/api/v1/nowhere", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
async def test_nobody_gets_a_packed_file_unasked(accepted):
    response: Any = await AsyncClient().get(SCRIPT, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response


async def test_a_part_of_a_file_is_never_packed():
    asked = {"Accept-Encoding": "gzip", "Range": "bytes=0-9"}
    response: Any = await AsyncClient().get(SCRIPT, headers=asked)
    assert (response.status_code, response["Content-Length"]) == (206, "10")
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("path", ["../manage.py", "..%2fmanage.py", "/etc/passwd", "ninja/", "nothing.js"])
async def test_there_is_no_way_out(path):
    response = await AsyncClient().get(f"/static/{path}")
    assert response.status_code == 404
