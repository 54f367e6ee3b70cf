"""One call that makes a session, takes what it was made for, and leaves nothing behind."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    import httpx

    from tests.site.server import Playground


def left_behind(api: httpx.Client) -> list[str]:
    return [session["id"] for session in api.get("sessions?status=running").json()["items"]]


def test_a_picture(api: httpx.Client, playground: Playground) -> None:
    viewport = {"width": 400, "height": 300}
    answer = api.post("screenshot", json={"url": playground.url("/links"), "viewport": viewport})
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (400, 300)
    newest = api.get("sessions?label=one-shot:screenshot").json()["items"][0]
    assert (newest["status"], newest["end_reason"]) == ("released", "released")
    assert newest["url"] == playground.url("/links")


def test_a_print(api: httpx.Client, playground: Playground) -> None:
    answer = api.post("pdf", json={"url": playground.url("/article"), "format": "a4"})
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")


def test_html_after_its_scripts_ran(api: httpx.Client, playground: Playground) -> None:
    answer = api.post("content", json={"url": playground.url("/endless"), "wait_for": "li"})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "Item 1" in answer.text


def test_parts(api: httpx.Client, playground: Playground) -> None:
    body = {"url": playground.url("/links"), "elements": [{"selector": "h1"}, {"selector": ".none"}]}
    answer = api.post("scrape", json=body).json()
    assert answer["elements"][0]["results"] == [{"text": "Links", "html": "<h1>Links</h1>", "attributes": {}}]
    assert answer["elements"][1] == {"selector": ".none", "results": []}


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"url": "http://127.0.0.1:9/"}, 502, "page_refused"),
        ({"wait_for": "#never", "timeout": 2}, 504, "deadline_exceeded"),
        ({"wait_for": "a[["}, 502, "page_refused"),
        ({"url": ""}, 422, "invalid_request"),
        ({"url": "file:///etc/passwd"}, 422, "address_refused"),
        ({"timezone": "Nowhere"}, 422, "invalid_request"),
    ],
)
def test_what_goes_wrong_leaves_no_session(
    api: httpx.Client, playground: Playground, more: dict[str, object], status: int, code: str
) -> None:
    answer = api.post("content", json={"url": playground.url("/links"), **more})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert left_behind(api) == []
