"""Programs that use a session by its addresses, ready to be copied and run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions_app.services.addresses import public_url

if TYPE_CHECKING:
    from sessions_app.services.facts import SessionFacts

_CURL = """\
# What DevTools clients ask first; it needs no key.
curl --fail-with-body -sS "{cdp_http}/json/version?{cdp_query}"

# The session itself, with one of the project's keys.
curl --fail-with-body -sS \\
  -H "Authorization: Bearer ${{QUARTERDECK_KEY:?Set it to a key of this project}}" \\
  "{rest}"
"""
_PYTHON = """\
# pip install playwright
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.connect_over_cdp(
        "{cdp}"
    )
    context = browser.contexts[0]
    page = context.pages[0] if context.pages else context.new_page()
    print(page.title(), page.url)
"""
_NODE = """\
// npm install playwright-core, then run this as session.mjs
import {{ chromium }} from "playwright-core";

const browser = await chromium.connectOverCDP(
  "{cdp}",
);
const [context] = browser.contexts();
const page = context.pages()[0] ?? (await context.newPage());
console.log(await page.title(), page.url());
await browser.close(); // the session goes on
"""
_PUPPETEER = """\
// npm install puppeteer-core, then run this as session.mjs
import puppeteer from "puppeteer-core";

const browser = await puppeteer.connect({{
  browserWSEndpoint:
    "{cdp}",
  defaultViewport: null,
}});
const [page] = await browser.pages();
console.log(await page.title(), page.url());
await browser.disconnect(); // the session goes on
"""


@dataclass(frozen=True)
class Snippet:
    id: str
    title: str
    text: str


def of_session(session: SessionFacts) -> list[Snippet]:
    """None for those who may not drive it, and once it has ended."""
    if session.cdp_url is None:
        return []
    address, _, query = session.cdp_url.partition("?")
    places = {
        "cdp": session.cdp_url,
        "cdp_http": f"http{address.removeprefix('ws')}",
        "cdp_query": query,
        "rest": public_url(f"/api/v1/sessions/{session.id}"),
    }
    return [
        Snippet(name, title, text.format(**places))
        for name, title, text in (
            ("curl", "curl", _CURL),
            ("python", "Python", _PYTHON),
            ("node", "Node", _NODE),
            ("puppeteer", "Puppeteer", _PUPPETEER),
        )
    ]
