"""Tabs of a real browser: whoever opens or closes them, viewers are shown the right one."""

from __future__ import annotations

import asyncio

import pytest

from sessions_app.engine.errors import AddressRefused, NoSuchTab
from sessions_app.engine.events import DialogClosed, DialogOpened, Navigated, TabClosed, TabOpened
from sessions_app.engine.wire import HEADER
from tests.chromium.conftest import Client, Ear, Launch, Watcher, evaluate
from tests.chromium.site import Site
from tests.colours import BLUE, LIME, RED, WHITE
from tests.waiting import until


async def test_a_popup_is_shown_and_closing_it_goes_back(launch: Launch, ear: Ear) -> None:
    session = await launch("/popup")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    first = session.active_tab.id
    watcher.click()
    await watcher.until_it_sees(BLUE)
    popup = session.active_tab
    assert popup.id == watcher.tab != first
    await until(
        lambda: watcher.last("tabs").get("active") == popup.id and len(watcher.last("tabs")["tabs"]) == 2
    )
    assert ear.last(TabOpened).tab == popup.id
    watcher.say("tab", action="close", tab=popup.id)
    await watcher.until_it_sees(RED)
    assert session.active_tab.id == watcher.tab == first
    await until(lambda: ear.has(TabClosed))
    assert ear.last(TabClosed).tab == popup.id
    watcher.click()
    await watcher.until_it_sees(BLUE)


async def test_closing_many_goes_back_the_way_they_came(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    opened = [session.active_tab.id, *[(await session.open_tab(site.url("/blue"))).id for _ in range(2)]]
    session.activate_tab(opened[1])
    assert session.active_tab.id == opened[1]
    await session.close_tab(opened[1])
    await until(lambda: session.active_tab.id == opened[2])
    await session.close_tab(opened[2])
    await until(lambda: session.active_tab.id == opened[0])
    assert session._front._earlier == []


async def test_the_last_tab_is_replaced(launch: Launch) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    last = session.active_tab.id
    await session.close_tab(last)
    await until(lambda: [tab.id for tab in session.tabs] != [last] and len(session.tabs) == 1)
    await watcher.until_it_sees(WHITE)
    watcher.say("tab", action="close", tab=session.active_tab.id)
    before = session.active_tab.id
    await until(lambda: len(session.tabs) == 1 and session.active_tab.id != before)
    assert await evaluate(session, "location.href") == "about:blank"


async def test_the_last_tab_is_replaced_when_a_client_closes_it(launch: Launch) -> None:
    session = await launch("/red")
    client = Client()
    await client.attach(session)
    targets = (await client.call("Target.getTargets"))["targetInfos"]
    [page] = [target["targetId"] for target in targets if target["type"] == "page"]
    before = session.active_tab.id
    await client.call("Target.closeTarget", {"targetId": page})
    await until(lambda: len(session.tabs) == 1 and session.active_tab.id != before)
    assert await evaluate(session, "1 + 1") == 2


@pytest.mark.parametrize("image", ["browser_latest", "chromium"])
async def test_a_last_page_that_closes_itself_is_replaced(launch: Launch, image: str) -> None:
    session = await launch("/popup", image_id=image)
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    first = session.active_tab.id
    watcher.click()
    await watcher.until_it_sees(BLUE)
    await session.close_tab(first)
    await until(lambda: len(session.tabs) == 1)
    popup = session.active_tab.id
    session.active.post("Runtime.evaluate", {"expression": "close()"})
    await until(lambda: len(session.tabs) == 1 and session.active_tab.id != popup)
    await watcher.until_it_sees(WHITE)


async def test_switching_shows_the_other_tab(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    first = session.active_tab.id
    watcher.say("tab", action="new", url=site.url("/blue"))
    await watcher.until_it_sees(BLUE)
    watcher.say("tab", action="activate", tab=first)
    await watcher.until_it_sees(RED)
    assert watcher.tab == first
    watcher.say("tab", action="activate", tab=99)
    assert watcher.last("error")["code"] == "refused"


async def test_a_slow_viewer_is_not_sent_the_tab_before(launch: Launch, site: Site) -> None:
    session = await launch("/moves")
    watcher, quick = Watcher(session, "view", acks=False), Watcher(session, "view")
    await until(lambda: watcher.viewer.dropped > 5)
    before = quick.tab
    await session.open_tab(site.url("/blue"))
    watcher.acks = True
    watcher.catch_up()
    await watcher.until_it_sees(BLUE)
    assert watcher.tab == session.active_tab.id
    tabs = [HEADER.unpack_from(frame)[8] for frame in watcher.frames]
    assert tabs[:2] == [before] * 2
    assert before not in tabs[2:]


async def test_many_at_once_and_all_closed_again(launch: Launch) -> None:
    session = await launch("/red")
    async with asyncio.TaskGroup() as group:
        opening = [group.create_task(session.open_tab("about:blank")) for _ in range(5)]
    ids = [task.result().id for task in opening]
    assert len({*ids, 1}) == len(session.tabs) == 6
    async with asyncio.TaskGroup() as group:
        for tab in ids:
            group.create_task(session.close_tab(tab))
    await until(lambda: [tab.id for tab in session.tabs] == [1])
    assert session.active_tab.id == 1


async def test_what_is_refused(launch: Launch) -> None:
    session = await launch("/red")
    for call in (session.close_tab(77), session.open_tab("file:///etc/passwd")):
        with pytest.raises((NoSuchTab, AddressRefused)):
            await call
    with pytest.raises(NoSuchTab):
        session.activate_tab(77)
    with pytest.raises(AddressRefused):
        session.navigate("chrome://version")
    assert len(session.tabs) == 1


async def test_a_redirect_to_a_file_shows_none(launch: Launch, site: Site) -> None:
    session = await launch("/red")
    session.navigate(site.url("/redirect?to=file:///etc/passwd"))
    await until(lambda: "redirect" in session.active_tab.url and not session.active_tab.loading)
    assert "root:" not in await evaluate(session, "document.documentElement.innerText")


async def test_the_way_back_and_forward(launch: Launch, site: Site, ear: Ear) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    assert not session.active_tab.can_go_back
    watcher.say("navigate", url=site.url("/blue"))
    await watcher.until_it_sees(BLUE)
    await until(lambda: session.active_tab.can_go_back and session.active_tab.title == "blue")
    watcher.say("navigate", action="back")
    await watcher.until_it_sees(RED)
    await until(lambda: session.active_tab.can_go_forward and not session.active_tab.can_go_back)
    watcher.say("navigate", action="forward")
    await watcher.until_it_sees(BLUE)
    await until(lambda: ear.last(Navigated).url == site.url("/blue"))
    assert session.usage.pages_visited >= 4
    await until(lambda: watcher.last("state")["url"] == site.url("/blue"))


async def test_a_title_that_a_script_changes_is_told(launch: Launch) -> None:
    session = await launch("/moves")
    watcher = Watcher(session)
    await evaluate(session, "document.title = 'new <b>name</b>'")
    await until(lambda: watcher.last("state").get("title") == "new <b>name</b>")


async def test_a_page_that_is_not_there(launch: Launch) -> None:
    session = await launch("/red")
    session.navigate("http://127.0.0.1:9/")
    await until(lambda: session.active_tab.url == "http://127.0.0.1:9/" and not session.active_tab.loading)


async def test_a_dialog_is_answered_by_the_viewer(launch: Launch, ear: Ear) -> None:
    session = await launch("/ask")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    watcher.click()
    await until(lambda: watcher.last("dialog").get("open"))
    dialog = watcher.last("dialog")
    assert (dialog["kind"], dialog["message"], dialog["default"]) == ("prompt", "Who?", "me")
    assert ear.last(DialogOpened).message == "Who?"
    assert Watcher(session, "view").last("dialog") == dialog
    watcher.say("dialog", id=dialog["id"], accept=True, text="you")
    await until(lambda: watcher.last("dialog")["open"] is False)
    answered = ear.last(DialogClosed)
    assert (answered.accepted, answered.text, answered.by) == (True, "you", "Ada")
    await watcher.until_it_sees(LIME)
    assert not session.active_tab.unresponsive
