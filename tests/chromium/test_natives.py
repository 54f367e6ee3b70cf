"""The pointer's shape and the open list of a select reach the viewer, though no picture shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium.conftest import Launch, Watcher, evaluate, until_it_says
from tests.waiting import until

if TYPE_CHECKING:
    from sessions_app.engine.session import LiveSession

NOTHING = {"group": "", "disabled": False}
OPTIONS = [
    {"label": "one", **NOTHING},
    {"label": "two", "group": "More", "disabled": False},
    {"label": "three", "group": "More", "disabled": True},
    {"label": "four", **NOTHING},
]


async def _opened(watcher: Watcher, list_id: int = 1) -> dict[str, Any]:
    await until(lambda: watcher.last("select").get("id") == list_id and watcher.last("select")["open"])
    return watcher.last("select")


async def _closed(watcher: Watcher) -> None:
    await until(lambda: watcher.last("select").get("open") is False)


async def _is_open(session: LiveSession) -> bool:
    return bool(await evaluate(session, "select.matches(':open')"))


async def test_an_open_list_is_told_with_its_place_and_options(launch: Launch) -> None:
    watcher = Watcher(await launch("/choices"))
    watcher.click(60, 35)
    told = await _opened(watcher)
    assert (told["x"], told["y"], told["width"], told["height"]) == (20, 20, 200, 30)
    assert (told["selected"], told["options"]) == (0, OPTIONS)


async def test_choosing_changes_the_page_and_closes_the_list(launch: Launch) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    watcher.click(60, 35)
    watcher.say("select", id=(await _opened(watcher))["id"], index=3)
    await until_it_says(session, "log.join()", "four")
    assert watcher.last("select") == {"type": "select", "id": 1, "open": False}
    assert not await _is_open(session)
    watcher.click(60, 35)
    assert (await _opened(watcher, 2))["selected"] == 3


@pytest.mark.parametrize("index", [None, 0, 2, 99], ids=["dismissed", "same", "disabled", "unknown"])
async def test_what_closes_the_list_and_changes_nothing(launch: Launch, index: int | None) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    watcher.click(60, 35)
    watcher.say("select", id=(await _opened(watcher))["id"], index=index)
    await _closed(watcher)
    assert not await _is_open(session)
    assert await evaluate(session, "select.value + log.length") == "one0"


async def test_a_list_opened_and_closed_by_keys(launch: Launch) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    await evaluate(session, "select.focus()")
    watcher.press(" ", "Space", " ")
    await _opened(watcher)
    watcher.press("ArrowDown", "ArrowDown")
    watcher.press("Enter", "Enter")
    await _closed(watcher)
    await until_it_says(session, "select.value", "two")


async def test_a_list_in_a_frame(launch: Launch) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    watcher.click(330, 118)
    told = await _opened(watcher)
    assert (told["x"], told["y"], [option["label"] for option in told["options"]]) == (310, 110, ["x", "y"])
    watcher.say("select", id=told["id"], index=1)
    await until_it_says(session, "frames[0].document.querySelector('select').value", "y")


async def test_a_click_elsewhere_closes_the_list(launch: Launch) -> None:
    watcher = Watcher(await launch("/choices"))
    watcher.click(60, 35)
    await _opened(watcher)
    watcher.click(600, 500)
    await _closed(watcher)


async def test_whoever_comes_later_sees_the_open_list(launch: Launch) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    watcher.click(60, 35)
    await _opened(watcher)
    assert Watcher(session, "view").last("select")["options"] == OPTIONS


async def test_another_page_closes_the_list(launch: Launch) -> None:
    session = await launch("/choices")
    watcher = Watcher(session)
    watcher.click(60, 35)
    await _opened(watcher)
    session.navigate("about:blank")
    await _closed(watcher)


@pytest.mark.parametrize(
    ("y", "shape"),
    [(25, "pointer"), (125, "text"), (208, "text"), (325, "grab")],
    ids=["link", "field", "words", "css"],
)
async def test_the_pointers_shape_where_it_stops(launch: Launch, y: int, shape: str) -> None:
    watcher = Watcher(await launch("/pointers"))
    for step in range(20):
        watcher.mouse("move", 400 - 20 * step, 600)
    watcher.mouse("move", 10, y)
    await until(lambda: watcher.last("cursor").get("shape") == shape)
