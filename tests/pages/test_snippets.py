"""The programs that a session's page offers; tests/e2e runs them."""

from __future__ import annotations

import re
from html import unescape

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def snippets(page: str) -> dict[str, str]:
    found = re.findall(r'<code data-snippet="(\w+)">(.*?)</code>', page, flags=re.DOTALL)
    return {name: unescape(text) for name, text in found}


async def test_each_holds_the_sessions_own_address(mate, start):
    session = await start()
    page = (await mate.get(f"/sessions/{session.id}")).content.decode()
    found = snippets(page)
    assert list(found) == ["curl", "python", "node", "puppeteer"]
    address = session.cdp_url.partition("?token=")[0]
    shown = re.findall(rf"{re.escape(address)}\?token=[\w.-]+", found["python"])
    assert shown
    for name in ("python", "node", "puppeteer"):
        assert found[name].count(shown[0]) == 1
    assert f"{address.replace('ws:', 'http:')}/json/version?token=" in found["curl"]
    assert f"/api/v1/sessions/{session.id}" in found["curl"]


async def test_what_is_copied_is_what_is_shown(mate, start):
    session = await start()
    page = (await mate.get(f"/sessions/{session.id}")).content.decode()
    copied = [unescape(text) for text in re.findall(r'data-copy="([^"]*)"', page)]
    for text in snippets(page).values():
        assert text in copied


async def test_a_viewer_has_none(watcher, start):
    session = await start()
    assert "data-snippet" not in (await watcher.get(f"/sessions/{session.id}")).content.decode()
