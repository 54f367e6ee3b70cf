"""Steps that do what a person's hands do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sessions_app.engine.errors import EngineError
from sessions_app.services.steps.stage import StepFailed

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

# Typing is no way to fill these.
_NOT_TYPED = {"date", "time", "datetime-local", "month", "week", "color", "range"}


async def click(stage: Stage, step: Step) -> None:
    async def act(element: ElementHandle, patience: float) -> None:
        await element.click(
            button=step.fields.get("button", "left"),
            click_count=step.fields.get("click_count", 1),
            delay=step.fields.get("delay", 0),
            timeout=patience,
        )

    await stage.settled(stage.on_element(step, act))


async def write(stage: Stage, step: Step) -> None:
    """In place of what was there, key by key, as pages that listen to keys expect it."""
    text: str = step.fields["value"]

    async def act(element: ElementHandle, patience: float) -> None:
        kind = await element.evaluate("element => element.type")
        if kind in _NOT_TYPED:
            await element.fill(text, timeout=patience)
            return
        await element.fill("", timeout=patience)
        await element.type(text, delay=step.fields.get("delay", 0), timeout=patience)

    await stage.settled(stage.on_element(step, act))


async def press(stage: Stage, step: Step) -> None:
    """At the selector's element, else wherever the focus is."""
    key, delay = step.fields["key"], step.fields.get("delay", 0)

    async def act(element: ElementHandle, patience: float) -> None:
        await element.press(key, delay=delay, timeout=patience)

    at_element = "selector" in step.fields
    await stage.settled(
        stage.on_element(step, act) if at_element else stage.page.keyboard.press(key, delay=delay)
    )


async def hover(stage: Stage, step: Step) -> None:
    await stage.settled(stage.on_element(step, lambda element, patience: element.hover(timeout=patience)))


async def focus(stage: Stage, step: Step) -> None:
    await stage.on_element(step, lambda element, _: element.focus())


async def select(stage: Stage, step: Step) -> None:
    """By value or by label."""
    values: list[str] = step.fields["values"]

    async def act(element: ElementHandle, patience: float) -> None:
        await element.select_option(values, timeout=patience)

    await stage.settled(stage.on_element(step, act))


async def clear_input(stage: Stage, step: Step) -> None:
    await stage.settled(stage.on_element(step, lambda element, patience: element.fill("", timeout=patience)))


async def upload_file(stage: Stage, step: Step) -> None:
    """Files of the session, by their names."""
    names: list[str] = step.fields["filePaths"]
    try:
        paths = await asyncio.to_thread(lambda: [stage.live.files.path_of(name) for name in names])
    except EngineError as error:
        raise StepFailed(str(error)) from None

    async def act(element: ElementHandle, patience: float) -> None:
        await element.set_input_files(list(paths), timeout=patience)

    await stage.settled(stage.on_element(step, act))


PERFORMERS = {
    "click": click,
    "write": write,
    "press": press,
    "hover": hover,
    "focus": focus,
    "select": select,
    "clearInput": clear_input,
    "uploadFile": upload_file,
}
