"""Steps that change the browser around the page, and that take pictures of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from tests.chromium.conftest import Launch, Watcher, evaluate
from tests.chromium.stepping import error, step, well
from tests.colours import BLUE, RED
from tests.site.server import Playground
from tests.waiting import until


async def test_the_viewport_becomes_the_sessions(launch: Launch) -> None:
    session = await launch("/red")
    size = step("evaluate", function="[innerWidth, innerHeight]")
    wanted = {"width": 800, "height": 600, "deviceScaleFactor": 1, "isMobile": False}
    assert await well(session, step("setViewport", viewport=wanted), size) == [800, 600]
    assert (session.viewport.width, session.viewport.height) == (800, 600)


async def test_what_of_a_viewport_is_fixed_is_said(launch: Launch) -> None:
    session = await launch("/red")
    for name, value in (("deviceScaleFactor", 2), ("isMobile", True)):
        wanted = {"width": 800, "height": 600, name: value}
        assert name in await error(session, step("setViewport", viewport=wanted))
    assert session.viewport.width == 1280


async def test_the_user_agent(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    said = await well(
        session,
        step("setUserAgent", userAgent="Anchor/1.0"),
        step("go", url=playground.url("/me")),
        step("evaluate", function="navigator.userAgent"),
    )
    assert said == "Anchor/1.0"
    assert playground.asked_for("/me")[-1].headers["user-agent"] == "Anchor/1.0"


async def test_cookies_are_set_read_and_deleted(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/article"))
    elsewhere = {"name": "far", "value": "3", "domain": ".example.com", "httpOnly": True, "sameSite": "Lax"}
    pathed = {"name": "deep", "value": "4", "domain": "127.0.0.1", "path": "/deep"}
    cookies = [{"name": "one", "value": "1"}, {"name": "two", "value": "2", "url": playground.url("/x")}]
    await well(session, step("setCookies", cookies=[*cookies, elsewhere, pathed]))
    assert await evaluate(session, "document.cookie") == "one=1; two=2"
    assert names(await well(session, step("getCookies"))) == ["deep", "far", "one", "two"]
    assert names(await well(session, step("getCookies", urls=["https://www.example.com"]))) == ["far"]
    [far] = await well(session, step("getCookies", urls=["https://www.example.com"]))
    assert (far["value"], far["domain"], far["httpOnly"]) == ("3", ".example.com", True)
    await well(session, step("deleteCookies", cookies=[{"name": "one"}, {"name": "far"}]))
    assert names(await well(session, step("getCookies"))) == ["deep", "far", "two"]
    gone = [{"name": "far", "domain": ".example.com"}, {"name": "deep", "url": playground.url("/deep")}]
    await well(session, step("deleteCookies", cookies=gone))
    assert names(await well(session, step("getCookies"))) == ["two"]


def names(cookies: list[dict[str, Any]]) -> list[str]:
    return sorted(cookie["name"] for cookie in cookies)


async def test_a_cookie_needs_a_place(launch: Launch) -> None:
    session = await launch("data:text/html,nowhere")
    said = await error(session, step("setCookies", cookies=[{"name": "a", "value": "b"}]))
    assert said == "the cookie a needs a url or a domain: the page has none"


async def test_a_tab_is_brought_to_the_front(launch: Launch, site: Any) -> None:
    session = await launch("/red")
    watcher = Watcher(session)
    await watcher.until_it_sees(RED)
    opens = step("evaluate", function=f"open('{site.url('/blue')}') && null")
    await well(session, opens)
    await watcher.until_it_sees(BLUE)
    session.activate_tab(1)
    await well(session, opens, step("sleep", duration=0), step("bringToFront"))
    await until(lambda: session.active_tab.id == 1)
    await watcher.until_it_sees(RED)
    watcher.leave()


TALL = "data:text/html,<style>body {margin: 0; height: 5000px} ::-webkit-scrollbar {display: none}</style>"
PICTURES: list[tuple[dict[str, Any], str, tuple[int, int]]] = [
    ({}, "png", (1280, 720)),
    ({"type": "jpeg", "quality": 40}, "jpg", (1280, 720)),
    ({"fullPage": True}, "png", (1280, 5000)),
    ({"clip": {"x": 10, "y": 2000, "width": 50, "height": 40}}, "png", (50, 40)),
]


async def test_pictures_become_files(launch: Launch, settings: Any) -> None:
    settings.QUARTERDECK_PUBLIC_URL = "https://desk.example"
    session = await launch(TALL)
    for number, (options, ending, size) in enumerate(PICTURES, 1):
        file = await well(session, step("screenshot", options=options))
        name = f"screenshots/{number:04}.{ending}"
        assert file["uri"] == f"https://desk.example/api/v1/sessions/{session.id}/files/{name}"
        assert f"screenshots/{file['filename']}" == name
        data = session.files.read(name)
        picture = Image.open(BytesIO(data))
        assert picture.format
        assert (file["content_type"], file["size"]) == (f"image/{picture.format.lower()}", len(data))
        assert picture.size == size


async def test_a_picture_without_background(launch: Launch) -> None:
    session = await launch("data:text/html,nothing")
    await well(session, step("screenshot", value="mine/clear.png", options={"omitBackground": True}))
    picture = Image.open(BytesIO(session.files.read("mine/clear.png"))).convert("RGBA")
    assert picture.getpixel((600, 600)) == (0, 0, 0, 0)
    await well(session, step("screenshot", options={"path": "mine/white.png"}))
    picture = Image.open(BytesIO(session.files.read("mine/white.png"))).convert("RGBA")
    assert picture.getpixel((600, 600)) == (255, 255, 255, 255)


async def test_a_print_becomes_a_file(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/article"))
    margin = {"top": "1cm", "left": 20}
    file = await well(session, step("pdf", options={"format": "a4", "landscape": True, "margin": margin}))
    assert (file["content_type"], file["filename"]) == ("application/pdf", "0001.pdf")
    assert session.files.read("prints/0001.pdf").startswith(b"%PDF-")


async def test_a_name_that_is_none(launch: Launch) -> None:
    session = await launch("/red")
    assert "../../x.png" in await error(session, step("screenshot", value="../../x.png"))


async def test_what_needs_a_model_says_so(launch: Launch) -> None:
    said = await error(await launch("/red"), step("detectNonInteractiveItemsWithAI"))
    assert "needs a language model" in said
