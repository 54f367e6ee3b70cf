"""What a browser draws outside the picture: the pointer's shape and the open list of a select."""

from __future__ import annotations

import pytest

from sessions_app.engine.session import LiveSession
from tests.chromium.conftest import Launch, Watcher, evaluate, until_it_says
from tests.chromium.site import Site
from tests.colours import LIME, RED
from tests.waiting import until


@pytest.fixture
async def session(launch: Launch) -> LiveSession:
    return await launch("/select")


@pytest.fixture
async def watcher(session: LiveSession) -> Watcher:
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    return watcher


async def until_told_shape(watcher: Watcher, shape: str) -> None:
    await until(lambda: watcher.last("cursor").get("shape") == shape)


async def opened(watcher: Watcher) -> dict[str, object]:
    watcher.click(100, 35)
    await until(lambda: watcher.last("select").get("open"))
    return watcher.last("select")


async def test_the_pointers_shape_follows_what_is_below_it(watcher: Watcher) -> None:
    for place, shape in (((350, 50), "grab"), ((340, 225), "text"), ((700, 500), "default")):
        watcher.mouse("move", *place)
        await until_told_shape(watcher, shape)


async def test_a_list_is_told_with_its_options(watcher: Watcher) -> None:
    told = await opened(watcher)
    assert (told["x"], told["y"], told["width"], told["selected"]) == (20, 20, 200, 0)
    assert told["options"] == [
        {"label": "One", "group": "", "disabled": False},
        {"label": "Two", "group": "Others", "disabled": False},
        {"label": "Three", "group": "Others", "disabled": True},
    ]
    assert Watcher(watcher.session, "view").last("select") == told


async def test_an_option_is_chosen(session: LiveSession, watcher: Watcher) -> None:
    told = await opened(watcher)
    watcher.say("select", id=told["id"], index=1)
    await watcher.until_it_sees(LIME)
    assert watcher.last("select") == {"type": "select", "id": told["id"], "open": False}
    assert await evaluate(session, "list.selectedIndex") == 1
    await until_it_says(session, "list.matches(':open')", False)
    again = await opened(watcher)
    assert again["selected"] == 1
    assert again["id"] != told["id"]


@pytest.mark.parametrize("index", [None, 2, 99])
async def test_nothing_is_chosen(session: LiveSession, watcher: Watcher, index: int | None) -> None:
    told = await opened(watcher)
    watcher.say("select", id=told["id"], index=index)
    await until_it_says(session, "list.matches(':open')", False)
    assert await evaluate(session, "list.selectedIndex") == 0
    assert watcher.sees(RED)


async def test_the_keyboard_closes_it(watcher: Watcher) -> None:
    await opened(watcher)
    watcher.press("Escape", "Escape")
    await until(lambda: watcher.last("select")["open"] is False)


async def test_another_page_closes_it(watcher: Watcher, site: Site) -> None:
    await opened(watcher)
    watcher.say("navigate", url=site.url("/blue"))
    await until(lambda: watcher.last("select")["open"] is False)


async def test_a_page_that_meddles_with_what_we_call_breaks_nothing(
    session: LiveSession, watcher: Watcher
) -> None:
    await evaluate(
        session,
        "String.prototype.trim = () => ({}); Array.prototype.map = () => 'no'; "
        "Element.prototype.getBoundingClientRect = () => ({ left: 'a', top: {}, width: [], height: null })",
    )
    watcher.mouse("move", 350, 50)
    watcher.click(100, 35)
    watcher.press("a", "KeyA", "a")
    await until(lambda: "pending=0" in repr(session.active.steering))
    assert await evaluate(session, "1 + 1") == 2
    assert not watcher.last("select")
    assert watcher.last("cursor").get("shape", "default") == "default"
