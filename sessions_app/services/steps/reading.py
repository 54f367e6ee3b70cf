"""Steps that read what a page says."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import orjson

from sessions_app.engine.automation.plain import plain
from sessions_app.services.steps.scripts import script
from sessions_app.services.steps.stage import StepFailed
from sessions_app.services.steps.waiting import come_to_rest

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

# Characters. A page may say more than anybody wants to be sent.
MAX_VALUE = 1024 * 1024
MAX_ELEMENTS = 500
REST_LIMIT = 5000.0


async def evaluate(stage: Stage, step: Step) -> Any:
    text: str = await stage.page.evaluate(
        script("evaluate"),
        {"source": step.fields["function"], "args": step.fields.get("args", []), "limit": MAX_VALUE},
    )
    return await asyncio.to_thread(_parsed, text)


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        # Half a surrogate pair, or a number that is too large.
        return plain(json.loads(text))


async def get_content(stage: Stage, step: Step) -> str:
    return _fit(await stage.page.content())


async def get_body_content(stage: Stage, step: Step) -> dict[str, Any]:
    """Once the page is at rest."""
    await come_to_rest(stage, min(REST_LIMIT, stage.seconds_left * 1000))
    html = await stage.page.evaluate("() => document.body?.innerHTML ?? ''")
    return {"content": _fit(html), "interactiveElements": await _elements(stage)}


async def _elements(stage: Stage) -> list[dict[str, str]]:
    found = await stage.page.evaluate(script("elements"), MAX_ELEMENTS)
    made: list[dict[str, str]] = await asyncio.to_thread(plain, found)
    return made


async def get_clickable_elements(stage: Stage, step: Step) -> list[dict[str, str]]:
    return [facts for facts in await _elements(stage) if facts["type"] == "clickable"]


async def get_writeable_elements(stage: Stage, step: Step) -> list[dict[str, str]]:
    return [facts for facts in await _elements(stage) if facts["type"] == "writeable"]


async def get_html(stage: Stage, step: Step) -> str:
    return _fit(await _of_element(stage, step, "element => element.outerHTML"))


async def get_text(stage: Stage, step: Step) -> str:
    return _fit(await _of_element(stage, step, "element => element.innerText ?? element.textContent"))


async def get_value(stage: Stage, step: Step) -> str | None:
    value = await _of_element(stage, step, "element => element.value ?? null")
    return None if value is None else _fit(str(value))


async def get_attribute(stage: Stage, step: Step) -> str | None:
    value = await _of_element(
        stage, step, "(element, name) => element.getAttribute(name)", step.fields["attribute"]
    )
    return None if value is None else _fit(value)


async def get_cookies(stage: Stage, step: Step) -> list[dict[str, Any]]:
    """All of the browser, or those that would go to these addresses."""
    cookies = await stage.page.context.cookies(step.fields.get("urls", []))
    return [plain(dict(cookie)) for cookie in cookies]


async def _of_element(stage: Stage, step: Step, question: str, argument: str | None = None) -> Any:
    async def act(element: ElementHandle, _patience: float) -> Any:
        return await element.evaluate(question, argument)

    return await stage.on_element(step, act)


def _fit(text: str) -> str:
    if len(text) > MAX_VALUE:
        raise StepFailed(f"it is {len(text)} characters long; {MAX_VALUE} may be sent")
    made: str = plain(text)
    return made


PERFORMERS = {
    "evaluate": evaluate,
    "getContent": get_content,
    "getBodyContent": get_body_content,
    "getHtml": get_html,
    "getText": get_text,
    "getAttribute": get_attribute,
    "getValue": get_value,
    "getCookies": get_cookies,
    "getClickableElements": get_clickable_elements,
    "getWriteableElements": get_writeable_elements,
}
