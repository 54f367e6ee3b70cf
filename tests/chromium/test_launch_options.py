"""What a session is launched with, as its pages and the servers they ask see it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sessions_app.engine.config import Geolocation, LaunchSpec, Look, Proxy, Viewport
from sessions_app.engine.devices import devices
from sessions_app.engine.engine import Engine
from tests.chromium import outside
from tests.chromium.conftest import Client, evaluate, until_it_says, with_warm
from tests.chromium.outside import PASSWORD, USERNAME, SecureSite
from tests.waiting import until

BOTH = pytest.mark.parametrize("image", ["browser_latest", "chromium"])
PLACE = """new Promise((found) => navigator.geolocation.getCurrentPosition(
    ({coords}) => found([coords.latitude, coords.longitude, coords.accuracy]), (error) => found(error.message)))"""


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@pytest.fixture
def proxy() -> Iterator[outside.Proxy]:
    with outside.Proxy() as proxy:
        yield proxy


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[SecureSite]:
    with SecureSite(tmp_path) as site:
        yield site


@pytest.fixture
def guard(secure: SecureSite) -> Iterator[outside.Proxy]:
    """A proxy that wants credentials."""
    with outside.Proxy(guarded=True, behind=secure.server_port) as proxy:
        yield proxy


def by(proxy: outside.Proxy, **more: str) -> Proxy:
    return Proxy(server=proxy.url(), **more)


def known(proxy: outside.Proxy, **more: str) -> Proxy:
    return by(proxy, username=USERNAME, password=PASSWORD, **more)


@BOTH
async def test_a_device_is_what_pages_see(launch, image):
    phone = devices()["Pixel 7"]
    session = await launch(image_id=image, viewport=phone.viewport, user_agent=phone.user_agent)
    seen = "[innerWidth, innerHeight, devicePixelRatio, navigator.userAgent, 'ontouchstart' in window]"
    size = [phone.viewport.width, phone.viewport.height, phone.viewport.device_scale_factor]
    assert await evaluate(session, seen) == [*size, phone.user_agent, True]


HINTS = """Promise.all([navigator.userAgentData?.getHighEntropyValues(["model"]), new Promise((told) => {
    new Worker(URL.createObjectURL(new Blob(["postMessage([navigator.userAgent, navigator.userAgentData?.mobile])"])))
        .onmessage = ({data}) => told(data) })])
    .then(([hints, worker]) => [hints?.mobile, hints?.platform, hints?.model, ...worker])"""


@BOTH
async def test_a_phone_says_that_it_is_one(launch, secure, image):
    phone = devices()["Pixel 7"]
    asked = {"viewport": phone.viewport, "user_agent": phone.user_agent, "ignore_https_errors": True}
    session = await launch(secure.url("/headers"), image_id=image, **asked)
    headers = json.loads(await evaluate(session, "document.body.innerText"))
    assert (headers["sec-ch-ua-mobile"], headers["sec-ch-ua-platform"]) == ("?1", '"Android"')
    assert headers["user-agent"] == phone.user_agent
    assert "Headless" not in headers["sec-ch-ua"]
    assert await evaluate(session, HINTS) == [True, "Android", "Pixel 7", phone.user_agent, True]


async def test_an_iphone_gives_no_hints(launch, secure):
    phone = devices()["iPhone 15"]
    asked = {"viewport": phone.viewport, "user_agent": phone.user_agent, "ignore_https_errors": True}
    session = await launch(secure.url("/headers"), **asked)
    headers = json.loads(await evaluate(session, "document.body.innerText"))
    assert headers["user-agent"] == phone.user_agent
    assert not [name for name in headers if name.startswith("sec-ch-ua")]


@BOTH
@pytest.mark.parametrize(("scheme", "dark"), [("dark", True), ("light", False), ("no-preference", False)])
async def test_a_colour_scheme(launch, image, scheme, dark):
    session = await launch(image_id=image, color_scheme=scheme)
    assert await evaluate(session, "matchMedia('(prefers-color-scheme: dark)').matches") is dark


@BOTH
async def test_a_place_in_every_tab(launch, site, image):
    place = Geolocation(latitude=52.5, longitude=13.4, accuracy=7)
    session = await launch(image_id=image, look=Look(geolocation=place))
    assert await evaluate(session, PLACE) == [52.5, 13.4, 7]
    await session.open_tab(site.url("/blue"))
    await until_it_says(session, "location.pathname", "/blue")
    assert await evaluate(session, PLACE) == [52.5, 13.4, 7]


async def test_without_a_place_nobody_is_told_one(launch):
    session = await launch()
    state = "navigator.permissions.query({name: 'geolocation'}).then((found) => found.state)"
    assert await evaluate(session, state) != "granted"


@BOTH
async def test_headers_go_with_every_request_of_every_page(launch, proxy, image):
    look = Look(headers={"X-Team": "red"})
    await launch("http://site.test/nested", image_id=image, proxy=by(proxy), look=look)
    deep = ["/inner", "/from-frame", "/worker.js", "/from-worker"]
    await until(lambda: all(path in proxy.paths for path in ["/nested", *deep]))
    ours = [(path, headers.get("X-Team")) for host, path, headers in proxy.asked if "test" in str(host)]
    assert [path for path, header in ours if header != "red" and path != "/favicon.ico"] == []


async def test_headers_in_a_popup(launch, proxy):
    session = await launch("http://site.test/popups", proxy=by(proxy), look=Look(headers={"X-Team": "red"}))
    await evaluate(session, "void open('/headers')")
    await until(lambda: "/headers" in proxy.paths)
    assert proxy.headers_of("/headers")["X-Team"] == "red"


async def test_scripts_run_before_those_of_the_page_in_frames_and_popups_too(launch, proxy):
    scripts = ("globalThis.first = document.scripts.length", "globalThis.second = first + 1")
    session = await launch("http://site.test/nested", proxy=by(proxy), look=Look(init_scripts=scripts))
    assert await evaluate(session, "[first, second]") == [0, 1]
    await until(lambda: "/from-frame" in proxy.paths)
    await evaluate(session, "void (globalThis.popup = open('/'))")
    await until(lambda: len(session.tabs) == 2 and session.active_tab.title == "home")
    assert await evaluate(session, "[first, second]") == [0, 1]


async def test_scripts_run_in_a_frame_of_another_site(launch, proxy):
    script = "if (location.host === 'other.test') fetch('/told-by-script')"
    look = Look(init_scripts=(script,))
    await launch("http://site.test/nested", proxy=by(proxy), look=look)
    await until(lambda: "/told-by-script" in proxy.paths)


@BOTH
async def test_a_proxy_gets_everything_even_what_is_on_this_machine(launch, proxy, site, image):
    await launch("http://somewhere.test/", image_id=image, proxy=by(proxy))
    assert proxy.asked[-1][0] == "somewhere.test"
    await launch(site.url("/"), image_id=image, proxy=by(proxy))
    assert proxy.asked[-1][0] == "127.0.0.1"


async def test_what_is_to_go_past_a_proxy(launch, proxy, site):
    await launch("/red", proxy=by(proxy, bypass="localhost, 127.0.0.1"))
    assert proxy.asked == []


@BOTH
async def test_a_proxy_that_asks_is_given_the_credentials(launch, guard, image):
    session = await launch("http://site.test/nested", image_id=image, proxy=known(guard))
    await until_it_says(session, "document.title", "nested")
    await until(lambda: {"/from-frame", "/from-worker"} <= set(guard.paths))
    assert set(guard.refused) == {None}


async def test_a_tunnel_through_a_proxy_that_asks(launch, guard):
    session = await launch("https://safe.test/", proxy=known(guard), ignore_https_errors=True)
    await until_it_says(session, "document.title", "home")
    assert guard.tunnels[0] == "safe.test:443"


async def test_wrong_credentials_are_offered_once(launch, guard):
    wrong = by(guard, username=USERNAME, password="wrong")
    await launch("http://site.test/", proxy=wrong)
    assert guard.asked == []
    assert 1 <= len([given for given in guard.refused if given]) <= 2


async def test_a_site_that_asks_is_not_told_what_the_proxy_is(launch, proxy, monkeypatch):
    asked: list[str | None] = []

    def page(handler, path):
        asked.append(handler.headers.get("Authorization"))
        handler.answer("who?", status=401, WWW_Authenticate='Basic realm="site"')

    monkeypatch.setattr(outside._ProxyHandler, "page", page)
    await launch("http://site.test/", proxy=known(proxy))
    assert asked
    assert set(asked) == {None}


async def test_credentials_are_in_nobodys_reach(launch, guard):
    """Not in the process list, nor in what the engine says of itself."""
    session = await launch("http://site.test/", proxy=known(guard))
    command = command_line(session.process.pid)
    assert b"--proxy-server" in command
    assert PASSWORD.encode() not in command
    spec = LaunchSpec(session_id="s", proxy=known(guard), look=Look(headers={"X-Key": "hidden"}))
    assert PASSWORD not in repr(spec)
    assert "hidden" not in repr(spec)
    assert PASSWORD not in repr(session)


@BOTH
async def test_a_certificate_that_nobody_vouches_for(launch, secure, image):
    session = await launch(secure.url("/"), image_id=image, ignore_https_errors=True)
    await until_it_says(session, "document.title", "home")


async def test_such_a_certificate_is_refused_otherwise(launch, secure):
    session = await launch(secure.url("/"))
    assert await evaluate(session, "document.title") != "home"


ASSETS = {"ads": "/spy.js", "images": "/picture.png", "fonts": "/far.woff2", "media": "/film.mp4"}


@BOTH
@pytest.mark.parametrize("blocked", [[], ["ads"], ["images"], ["fonts"], ["media"], [*ASSETS]])
async def test_what_is_blocked_is_not_asked_for(launch, proxy, image, blocked):
    session = await launch(
        "http://site.test/assets", image_id=image, proxy=by(proxy), block=frozenset(blocked)
    )
    await until_it_says(session, "document.title", "loaded")
    # Of a blocked one nothing comes; the others are there by then, or come soon.
    await until(lambda: {path for kind, path in ASSETS.items() if kind not in blocked} <= set(proxy.paths))
    await evaluate(session, "document.fonts.ready.then(() => 1)")
    assert not {ASSETS[kind] for kind in blocked} & set(proxy.paths)


async def test_blocking_goes_with_a_proxy_that_asks(launch, guard):
    session = await launch("http://site.test/assets", proxy=known(guard), block=frozenset({"ads", "media"}))
    await until_it_says(session, "document.title", "loaded")
    assert "/picture.png" in guard.paths
    assert not {"/spy.js", "/film.mp4"} & set(guard.paths)


async def test_whoever_goes_to_an_advertiser_gets_there(launch, proxy):
    session = await launch("http://www.doubleclick.net/", proxy=by(proxy), block=frozenset({"ads"}))
    await until_it_says(session, "document.title", "home")


CURSOR = """(() => {
    const host = document.documentElement.lastElementChild;
    return host.getAttribute("aria-hidden") === "true" && [getComputedStyle(host).visibility, host.style.transform];
})()"""


@BOTH
async def test_a_cursor_that_follows_the_mouse(launch, image):
    session = await launch(image_id=image, look=Look(show_cursor=True))
    await session.active.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 40, "y": 60})
    await until_it_says(session, CURSOR, ["visible", "translate(40px, 60px)"])
    assert await evaluate(session, "typeof quarterdeckCursor") == "undefined"
    session.navigate("about:blank")
    await until_it_says(session, "location.href", "about:blank")


async def test_what_needs_no_browser_of_its_own_takes_a_warm_one(config, site):
    """A proxy needs one; a place, headers, scripts and a blocked advert do not."""
    look = Look(geolocation=Geolocation(latitude=1, longitude=2), init_scripts=("globalThis.x = 7",))
    async with Engine(with_warm(config, 1)) as engine:
        await engine.pool.is_full.wait()
        (warm,) = engine.pool._ready
        spec = LaunchSpec(session_id="s", url=site.url("/red"), look=look, block=frozenset({"ads"}))
        session = await engine.launch(spec)
        assert session.process is warm.process
        await until(lambda: session.active_tab.title == "red")
        assert await evaluate(session, "x") == 7
        assert await evaluate(session, PLACE) == [1, 2, 0]


async def test_options_stay_when_a_viewport_changes(launch):
    session = await launch(color_scheme="dark", viewport=Viewport(width=800, height=600))
    session.resize(500, 400)
    await until_it_says(session, "innerWidth", 500)
    assert await evaluate(session, "matchMedia('(prefers-color-scheme: dark)').matches")


async def test_it_all_outlives_a_client_that_comes_and_goes(launch, guard):
    """Also one that routes requests and, as Playwright does, has no credentials to give."""
    look = Look(geolocation=Geolocation(latitude=1, longitude=2), headers={"X-Team": "red"})
    session = await launch("http://site.test/", proxy=known(guard), look=look, color_scheme="dark")
    client = Client()
    await client.attach(session)
    page = await client.page()
    await client.call("Network.enable", {}, page)
    await client.call("Network.setExtraHTTPHeaders", {"headers": {"X-Own": "1"}}, page)
    await client.call("Emulation.setTouchEmulationEnabled", {"enabled": True}, page)
    await client.call("Fetch.enable", {"handleAuthRequests": True, "patterns": [{"urlPattern": "*"}]}, page)
    asking = Answering(client, page)
    await client.call("Runtime.evaluate", {"expression": "void fetch('/both')"}, page)
    await asking.until(lambda: "/both" in guard.paths)
    assert (guard.headers_of("/both")["X-Team"], guard.headers_of("/both")["X-Own"]) == ("red", "1")
    client.at.close()
    await evaluate(session, "fetch('/later').then(() => 1)")
    assert guard.headers_of("/later")["X-Team"] == "red"
    assert "X-Own" not in guard.headers_of("/later")
    assert await evaluate(session, "matchMedia('(prefers-color-scheme: dark)').matches")
    session.navigate(guard.url("/"))
    await until_it_says(session, "location.hostname", "127.0.0.1")
    assert await evaluate(session, PLACE) == [1, 2, 0]


async def test_a_client_that_routes_requests_stands_in_no_proxys_way(launch, guard):
    session = await launch("about:blank", proxy=known(guard))
    client = Client()
    await client.attach(session)
    page = await client.page()
    every = {"handleAuthRequests": True, "patterns": [{"urlPattern": "*"}]}
    await client.call("Network.enable", {}, page)
    await client.call("Fetch.enable", every, page)
    asking = Answering(client, page)
    session.navigate("http://site.test/")
    await asking.until(lambda: session.active_tab.url == "http://site.test/")
    await asking.until(lambda: "/" in guard.paths)
    seen = json.dumps(client.events)
    assert PASSWORD not in seen
    assert base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode() not in seen


class Answering:
    """Lets every request go on, as a client that routes them does, and knows no password."""

    def __init__(self, client: Client, page: str) -> None:
        self._client, self._page, self._seen = client, page, 0

    async def until(self, condition: Callable[[], bool]) -> None:
        def answered() -> bool:
            self._answer()
            return condition()

        await until(answered)

    def _answer(self) -> None:
        for event in self._client.events[self._seen :]:
            request = {"requestId": event["params"].get("requestId")}
            if event["method"] == "Fetch.requestPaused":
                self._say("Fetch.continueRequest", request)
            elif event["method"] == "Fetch.authRequired":
                self._say(
                    "Fetch.continueWithAuth", {**request, "authChallengeResponse": {"response": "Default"}}
                )
        self._seen = len(self._client.events)

    def _say(self, method: str, params: dict[str, Any]) -> None:
        message = {"id": 10**6, "method": method, "params": params, "sessionId": self._page}
        self._client._waiting[10**6] = asyncio.get_running_loop().create_future()
        self._client.at.receive(json.dumps(message))
