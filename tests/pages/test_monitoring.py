"""The monitoring page, and the banners of every page."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from sessions_app.models import Role
from sessions_app.services import samples
from tests.measuring import figures, put
from tests.pages.conftest import text
from tests.queries import queries_of

pytestmark = pytest.mark.django_db(transaction=True)

CHARTS = [
    "Sessions", "Started and refused", "Time to start", "Input latency", "Frames a second", "Viewers", "Processor",
    "Memory", "Disk", "Errors",
]  # fmt: skip


@pytest.fixture
def sampler():
    samples.sampler.forget()
    yield samples.sampler
    samples.sampler.forget()


async def test_nothing_is_measured_yet(engine, watcher):
    page = text(await watcher.get("/monitoring"))
    assert "Nothing is measured yet in this time." in page
    assert "within half a minute" in page


async def test_every_chart_has_a_name_its_words_and_a_table(engine, watcher, sampler):
    await put(10, timezone.now() - timedelta(minutes=2), running=3, created=1)
    sampler.lately.append(figures(running=4, memory_available=8_000_000_000))
    response = await watcher.get("/monitoring")
    html, page = response.content.decode(), text(response)
    assert re.findall(r'<h2 id="chart-\w+-title">(.*?)</h2>', html) == CHARTS
    assert html.count('role="img"') == html.count("<desc") == html.count("<table") == len(CHARTS)
    for label in re.findall(r'aria-(?:labelledby|describedby)="(.+?)"', html):
        assert f'id="{label}"' in html
    assert "The last hour, up to 3. Now: running 4, queued 0." in page
    assert "In all: started 1, refused 0." in page
    assert "available 8 GB" in page
    assert "Nothing to measure in this time." in page


@pytest.mark.parametrize(
    ("asked", "shown", "seconds"),
    [("", "1 hour", 10), ("?range=24h", "24 hours", 60), ("?range=30d", "30 days", 900), ("?range=x", "1 hour", 10)],
)  # fmt: skip
async def test_the_range_stands_in_the_address(engine, watcher, asked, shown, seconds):
    for each, running in ((10, 5), (60, 6), (900, 7)):
        await put(each, timezone.now() - timedelta(minutes=40), running=running)
    html = (await watcher.get(f"/monitoring{asked}")).content.decode()
    assert re.findall(r'aria-current="true">(.*?)</a>', html) == [shown]
    refreshed = re.search(r'hx-get="(/monitoring/charts\?range=\w+)"', html)
    assert refreshed
    fragment = await watcher.get(refreshed[1], fragment=True)
    for found in (html, fragment.content.decode()):
        values = re.findall(r'data-values="([^"]*)"', found)[0].split("|")
        assert {value for value in values if value != "–"} == {str({10: 5, 60: 6, 900: 7}[seconds])}
    assert "<html" not in fragment.content.decode()


async def test_it_costs_the_same_however_much_was_measured(engine, watcher):
    await put(10, timezone.now() - timedelta(minutes=40))
    await watcher.get("/monitoring")
    few = await queries_of(watcher.get("/monitoring"))
    for minute in range(1, 30):
        await put(10, timezone.now() - timedelta(minutes=minute))
    many = await queries_of(watcher.get("/monitoring"))
    # What is new is read once.
    assert len(many) <= len(few) + 1
    assert len(await queries_of(watcher.get("/monitoring"))) == len(few)


@pytest.mark.parametrize("path", ["/", "/monitoring", "/access"])
async def test_banners_stand_on_every_page(engine, boss, sampler, path):
    sampler.lately.append(figures(queued=2, disk_free=1))
    response = await boss.get(path)
    page = text(response)
    assert "The server is full: 2 sessions wait for a place. Release sessions" in page
    assert "The disk of the data folder is nearly full" in page
    assert re.findall(r'data-dismiss="(\w+)"', response.content.decode()) == ["waiting", "disk"]


async def test_banners_follow_except_beside_a_live_view_which_they_would_move(start, mate, sampler):
    session = await start()
    assert 'hx-get="/alerts"' in (await mate.get("/")).content.decode()
    assert 'hx-get="/alerts"' not in (await mate.get(f"/sessions/{session.id}")).content.decode()
    assert "session waits" not in text(await mate.get("/alerts", fragment=True))
    sampler.lately.append(figures(queued=1))
    assert "1 session waits" in text(await mate.get("/alerts", fragment=True))


async def test_banners_are_for_those_who_can_act(engine, log_in, sampler):
    sampler.lately.append(figures(queued=2))
    for role, told in ((Role.VIEWER, False), (Role.OPERATOR, True), (Role.ADMIN, True)):
        assert ("sessions wait" in text(await (await log_in(role)).get("/"))) is told


async def test_a_dismissed_banner_has_a_rule_that_hides_it(engine, mate, sampler):
    """Each kind by its own name, before the first paint."""
    kinds = ({"rejected": 1}, {"queued": 1}, {"running": 32}, {"disk_free": 1}, {"broken_sessions": 1})
    css = (Path(__file__).parents[2] / "static" / "css" / "frame.css").read_text()
    for state in kinds:
        sampler.forget()
        sampler.lately.append(figures(**state))
        kind = re.search(r'data-alert="(\w+)"', (await mate.get("/")).content.decode())
        assert kind
        assert f'[data-dismissed~="{kind[1]}"] [data-alert="{kind[1]}"]' in css
