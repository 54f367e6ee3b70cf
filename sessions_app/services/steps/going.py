"""Steps that go somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions_app.services.steps.stage import Stage
    from sessions_app.services.steps.vocabulary import Step

NAVIGATION_LIMIT = 30.0
WHEN = "domcontentloaded"


async def go(stage: Stage, step: Step) -> None:
    await stage.page.goto(step.fields["url"], **_options(stage, step))


async def reload(stage: Stage, step: Step) -> None:
    await stage.page.reload(**_options(stage, step))


async def go_back(stage: Stage, step: Step) -> None:
    await stage.page.go_back(**_options(stage, step))


async def go_forward(stage: Stage, step: Step) -> None:
    await stage.page.go_forward(**_options(stage, step))


def _options(stage: Stage, step: Step) -> dict[str, Any]:
    return {
        "wait_until": step.fields.get("wait_until", WHEN),
        "timeout": stage.patience(step, NAVIGATION_LIMIT),
    }


PERFORMERS = {"go": go, "reload": reload, "goBack": go_back, "goForward": go_forward}
