"""Steps that wait for something."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from playwright.async_api import Error

from sessions_app.services.steps.going import WHEN
from sessions_app.services.steps.scripts import script
from sessions_app.services.steps.stage import LOOK_EVERY, StepFailed

if TYPE_CHECKING:
    from sessions_app.services.steps.selectors import Selector
    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

# Seconds.
NAVIGATION_LIMIT = 10.0
FUNCTION_LIMIT = 30.0
REST_LIMIT = 30.0
# Milliseconds without a change, after which a page is at rest.
REST = 500


async def sleep(stage: Stage, step: Step) -> None:
    # Playwright's own ends with the page.
    await stage.page.wait_for_timeout(step.fields["duration"])


async def wait_for_selector(stage: Stage, step: Step) -> None:
    selector: Selector = step.fields["selector"]
    state = _state(step)
    patience = stage.patience(step)
    try:
        if selector.kind == "jspath":
            wanted = {"path": selector.text, "state": state}
            await stage.page.wait_for_function(script("appearance"), arg=wanted, timeout=patience)
        else:
            await stage.page.wait_for_selector(selector.as_query, state=state, timeout=patience)
    except Error as error:
        if error.name != "TimeoutError":
            raise
        raise StepFailed(f"{selector} is not {state} within {patience / 1000:.3g} seconds") from None


def _state(step: Step) -> Literal["attached", "visible", "hidden"]:
    if step.fields.get("hidden"):
        return "hidden"
    return "visible" if step.fields.get("visible") else "attached"


async def wait_for_navigation(stage: Stage, step: Step) -> bool:
    """One that the step before began counts. Whether there was one: a page that changed itself instead goes on."""
    patience = stage.patience(step, NAVIGATION_LIMIT)
    ends_at = time.monotonic() + patience / 1000
    while stage.navigations == stage.navigations_before:
        if time.monotonic() >= ends_at:
            return False
        await asyncio.sleep(LOOK_EVERY)
    arrival = step.fields.get("wait_until", WHEN)
    if arrival != "commit":
        await stage.page.wait_for_load_state(arrival, timeout=max(1.0, (ends_at - time.monotonic()) * 1000))
    return True


async def wait_for_function(stage: Stage, step: Step) -> None:
    patience = stage.patience(step, FUNCTION_LIMIT)
    ends_at = time.monotonic() + patience / 1000
    wanted = {"source": step.fields["function"], "args": step.fields.get("args", []), "limit": 0}
    while not await _is_true(stage, wanted):
        if time.monotonic() >= ends_at:
            raise StepFailed(f"the function gave nothing true within {patience / 1000:.3g} seconds")
        await asyncio.sleep(step.fields.get("polling", LOOK_EVERY * 1000) / 1000)


async def _is_true(stage: Stage, wanted: dict[str, Any]) -> bool:
    """Of the page that is there now, whichever was there before."""
    navigations = stage.navigations
    try:
        return bool(await stage.page.evaluate(script("evaluate"), wanted))
    except Error:
        if stage.navigations == navigations and not stage.tab.loading:
            raise
        return False


async def wait_for_dom_update(stage: Stage, step: Step) -> bool:
    """Whether the page came to rest in time; one that never does goes on."""
    return await come_to_rest(stage, stage.patience(step, REST_LIMIT))


async def come_to_rest(stage: Stage, patience: float) -> bool:
    ends_at = time.monotonic() + patience / 1000
    while (left := (ends_at - time.monotonic()) * 1000) > 0:
        # A navigation takes the script with it; the next page is waited for anew.
        with suppress(Error):
            limits: dict[str, Any] = {"rest": REST, "patience": left}
            return bool(await stage.page.evaluate(script("rest"), limits))
        await asyncio.sleep(LOOK_EVERY)
    return False


PERFORMERS = {
    "sleep": sleep,
    "waitForSelector": wait_for_selector,
    "waitForNavigation": wait_for_navigation,
    "waitForFunction": wait_for_function,
    "waitForDomUpdate": wait_for_dom_update,
}
