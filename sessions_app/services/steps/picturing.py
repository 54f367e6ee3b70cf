"""Steps that make pictures and prints, which become files of the session."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sessions_app.engine.automation import pictures
from sessions_app.services import keepsakes

if TYPE_CHECKING:
    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

_CLEAR = {"color": {"r": 0, "g": 0, "b": 0, "a": 0}}


async def screenshot(stage: Stage, step: Step) -> dict[str, Any]:
    kind = step.fields.get("type", "png")
    if step.fields.get("omit_background"):
        await stage.tab.call("Emulation.setDefaultBackgroundColorOverride", _CLEAR)
    try:
        data = await pictures.screenshot(
            stage.tab,
            full_page=step.fields.get("full_page", False),
            more=_picture_params(step, kind),
            limit=min(pictures.LIMIT, max(0.1, stage.seconds_left)),
        )
    finally:
        if step.fields.get("omit_background"):
            stage.tab.post("Emulation.setDefaultBackgroundColorOverride")
    return await _kept(stage, step, "screenshots", data, "jpg" if kind == "jpeg" else kind)


def _picture_params(step: Step, kind: str) -> dict[str, Any]:
    params: dict[str, Any] = {"format": kind}
    if "quality" in step.fields and kind == "jpeg":
        params["quality"] = step.fields["quality"]
    if "clip" in step.fields:
        params |= {"clip": {"scale": 1, **step.fields["clip"]}, "captureBeyondViewport": True}
    return params


async def pdf(stage: Stage, step: Step) -> dict[str, Any]:
    options = {name: value for name, value in step.fields.items() if name != "name"}
    data = await stage.page.pdf(**options)
    return await _kept(stage, step, "prints", data, "pdf")


async def _kept(stage: Stage, step: Step, kind: keepsakes.Kind, data: bytes, ending: str) -> dict[str, Any]:
    """Under the name that the step gives, else among the newest of its kind."""
    name = step.fields.get("name")
    keeping = (
        keepsakes.keep_as(stage.live, name, data)
        if name
        else keepsakes.keep(stage.live, kind, data, ending=ending)
    )
    return asdict(await keeping)


PERFORMERS = {"screenshot": screenshot, "pdf": pdf}
