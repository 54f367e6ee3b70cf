"""Steps that change the browser around the page."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from sessions_app.services.steps.stage import StepFailed

if TYPE_CHECKING:
    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

# Milliseconds.
SIZED_LIMIT = 1000.0
_SIZED = "size => innerWidth === size.width && innerHeight === size.height"


async def set_viewport(stage: Stage, step: Step) -> None:
    """The whole session's, as its viewers see it."""
    wanted, now = step.fields["viewport"], stage.live.viewport
    for name, told in (("device_scale_factor", "deviceScaleFactor"), ("mobile", "isMobile")):
        if wanted.get(name, getattr(now, name)) != getattr(now, name):
            raise StepFailed(f"{told} is fixed when a session starts: give it as the session's viewport")
    stage.live.resize(wanted["width"], wanted["height"])
    # A page made for mobile screens has another size than its window; then it is there all the same.
    with suppress(Error):
        size = {"width": wanted["width"], "height": wanted["height"]}
        await stage.page.wait_for_function(_SIZED, arg=size, timeout=SIZED_LIMIT)


async def set_user_agent(stage: Stage, step: Step) -> None:
    """This tab's, from the next page on."""
    await stage.tab.call("Emulation.setUserAgentOverride", {"userAgent": step.fields["userAgent"]})


async def set_cookies(stage: Stage, step: Step) -> None:
    """One that names neither address nor domain is the page's."""
    cookies: list[Any] = [_placed(stage, cookie) for cookie in step.fields["cookies"]]
    await stage.page.context.add_cookies(cookies)


def _placed(stage: Stage, cookie: dict[str, Any]) -> dict[str, Any]:
    if "domain" in cookie:
        return {"path": "/", **{key: value for key, value in cookie.items() if key != "url"}}
    placed = {"url": stage.page.url, **cookie}
    if not placed["url"].startswith(("http://", "https://")):
        raise StepFailed(f"the cookie {cookie['name']} needs a url or a domain: the page has none")
    # Playwright takes a path beside a domain only.
    placed.pop("path", None)
    return placed


async def delete_cookies(stage: Stage, step: Step) -> None:
    """Those of the name, of the domain and path if they are given, else of the address or the page's."""
    context = stage.page.context
    for wanted in step.fields["cookies"]:
        places = {key: wanted[key] for key in ("domain", "path") if key in wanted}
        if "domain" in places:
            await context.clear_cookies(name=wanted["name"], **places)
            continue
        for cookie in await context.cookies(wanted.get("url", stage.page.url)):
            if cookie["name"] == wanted["name"] and wanted.get("path", cookie["path"]) == cookie["path"]:
                await context.clear_cookies(name=cookie["name"], domain=cookie["domain"], path=cookie["path"])


async def bring_to_front(stage: Stage, step: Step) -> None:
    stage.live.activate_tab(stage.tab.id)


async def detect_with_ai(stage: Stage, step: Step) -> None:
    raise StepFailed(
        "this needs a language model, and this server has none; getClickableElements finds what pages say of themselves"
    )


PERFORMERS = {
    "setViewport": set_viewport,
    "setUserAgent": set_user_agent,
    "setCookies": set_cookies,
    "deleteCookies": delete_cookies,
    "bringToFront": bring_to_front,
    "detectNonInteractiveItemsWithAI": detect_with_ai,
}
