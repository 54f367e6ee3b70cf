"""The actions that steps may name, with their fields, and the check that makes a step of what a caller wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessions_app.services.errors import Invalid
from sessions_app.services.steps import options
from sessions_app.services.steps.kinds import (
    Kind,
    Misfit,
    address,
    anything,
    filled_words,
    flag,
    many,
    milliseconds,
    or_json,
    selector,
    separated,
    user_agent,
    words,
)
from sessions_app.services.steps.templates import UnknownParameter, filled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class Step:
    """`given` is the caller's word for the action, `fields` are complete and of the right kinds."""

    index: int
    action: str
    given: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """`also` are other names under which callers write it."""

    kind: Kind
    also: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Action:
    """`reads`: what it answers with is what steps are done for, not only how it went."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    options: options.Parts = field(default_factory=dict)
    also: tuple[str, ...] = ()
    reads: bool = False


_SELECTOR = {"selector": Field(selector)}
_FUNCTION = {
    "function": Field(filled_words, ("fn", "value")),
    "args": Field(or_json(many(anything)), needed=False),
}
_COOKIES = {"cookies": Field(or_json(many(options.cookie)), ("value",))}
_NAMED_COOKIES = {"cookies": Field(or_json(many(options.cookie_name)), ("value",))}

ACTIONS: dict[str, Action] = {
    # Going somewhere
    "go": Action(fields={"url": Field(address, ("value",))}, options=options.NAVIGATION, also=("navigate",)),
    "reload": Action(options=options.NAVIGATION),
    "goBack": Action(options=options.NAVIGATION),
    "goForward": Action(options=options.NAVIGATION),
    # Doing something
    "click": Action(fields=_SELECTOR, options=options.CLICK),
    "write": Action(
        fields={**_SELECTOR, "value": Field(words, ("text",))}, options=options.TYPING, also=("type",)
    ),
    "press": Action(
        fields={"key": Field(filled_words, ("value",)), "selector": Field(selector, needed=False)},
        options=options.TYPING,
    ),
    "hover": Action(fields=_SELECTOR, options=options.PATIENCE),
    "focus": Action(fields=_SELECTOR, options=options.PATIENCE),
    "select": Action(
        fields={**_SELECTOR, "values": Field(separated(words), ("value",))}, options=options.PATIENCE
    ),
    "clearInput": Action(fields=_SELECTOR, options=options.PATIENCE),
    "uploadFile": Action(
        fields={**_SELECTOR, "filePaths": Field(separated(filled_words), ("value",))},
        options=options.PATIENCE,
    ),
    # Waiting
    "sleep": Action(fields={"duration": Field(milliseconds, ("value",))}),
    "waitForSelector": Action(fields=_SELECTOR, options=options.APPEARANCE),
    "waitForNavigation": Action(
        fields={"options": Field(or_json(options.navigation), ("value",), needed=False)},
        options=options.PATIENCE,
    ),
    "waitForFunction": Action(fields=_FUNCTION, options=options.POLLING),
    "waitForDomUpdate": Action(fields={"timeout": Field(milliseconds, ("value",), needed=False)}),
    # The browser
    "screenshot": Action(
        fields={"name": Field(filled_words, ("value",), needed=False)}, options=options.PICTURE, reads=True
    ),
    "pdf": Action(
        fields={"name": Field(filled_words, ("value",), needed=False)}, options=options.PAPER, reads=True
    ),
    "setViewport": Action(fields={"viewport": Field(or_json(options.viewport), ("value",))}),
    "setUserAgent": Action(fields={"userAgent": Field(user_agent, ("value",))}),
    "setCookies": Action(fields=_COOKIES),
    "deleteCookies": Action(fields=_NAMED_COOKIES),
    "bringToFront": Action(),
    # Reading
    "evaluate": Action(fields=_FUNCTION, reads=True),
    "getContent": Action(reads=True),
    "getBodyContent": Action(reads=True),
    "getHtml": Action(fields=_SELECTOR, options=options.PATIENCE, reads=True),
    "getText": Action(fields=_SELECTOR, options=options.PATIENCE, reads=True),
    "getAttribute": Action(
        fields={**_SELECTOR, "attribute": Field(filled_words, ("value",))},
        options=options.PATIENCE,
        reads=True,
    ),
    "getValue": Action(fields=_SELECTOR, options=options.PATIENCE, reads=True),
    "getCookies": Action(fields={"urls": Field(separated(address), ("value",), needed=False)}, reads=True),
    "getClickableElements": Action(reads=True),
    "getWriteableElements": Action(reads=True),
    "detectNonInteractiveItemsWithAI": Action(fields={"prompt": Field(words, ("value",), needed=False)}),
}
# One word for four kinds of waiting, told apart by the field that is there.
WAIT = "wait"
_WAITS = {
    "selector": "waitForSelector",
    "function": "waitForFunction",
    "fn": "waitForFunction",
    "navigation": "waitForNavigation",
    "duration": "sleep",
    "value": "sleep",
}
_NAMED = {name: action for action, facts in ACTIONS.items() for name in (action, *facts.also)}
NAMES = (*_NAMED, WAIT)


def checked(steps: Sequence[Any], params: Mapping[str, Any] | None) -> list[Step]:
    """Every step with its `{{slots}}` filled, or Invalid, which names the first that cannot be.

    Without `params` the texts stay as they are.
    """
    if not 1 <= len(steps) <= MAX_STEPS:
        raise Invalid(f"there may be 1 to {MAX_STEPS} steps", field="steps")
    found = []
    for index, step in enumerate(steps):
        try:
            found.append(_step(index, step, params))
        except Misfit as misfit:
            path = ".".join(("steps", str(index), *misfit.path))
            raise _invalid(misfit, path) from None
    return found


def _invalid(misfit: Misfit, path: str) -> Invalid:
    if misfit.code == "address_refused":
        return Invalid(misfit.why, field=path, code="address_refused")
    return Invalid(misfit.why, field=path)


def _step(index: int, given: Any, params: Mapping[str, Any] | None) -> Step:
    if not isinstance(given, dict):
        raise Misfit("an object is wanted")
    raw = {name: _filled(name, value, params) for name, value in given.items() if value is not None}
    word = _action_word(raw)
    action = _NAMED[word] if word != WAIT else _meant_by_wait(raw)
    return Step(index=index, action=action, given=word, fields=_fields(ACTIONS[action], raw))


def _filled(name: str, value: Any, params: Mapping[str, Any] | None) -> Any:
    if params is None:
        return value
    try:
        return filled(value, params)
    except UnknownParameter as unknown:
        raise Misfit(str(unknown), name) from None


def _action_word(raw: dict[str, Any]) -> str:
    """Takes it out of `raw`."""
    key = "action" if "action" in raw else "type"
    if key not in raw:
        raise Misfit("this is missing", "action")
    word = raw.pop(key)
    if not isinstance(word, str) or word not in NAMES:
        raise Misfit(f"unknown action; there are {', '.join(NAMES)}", key)
    return word


def _meant_by_wait(raw: dict[str, Any]) -> str:
    for name, action in _WAITS.items():
        if name in raw:
            if name == "navigation":
                _check_navigation(raw.pop(name))
            return action
    raise Misfit("give one of selector, duration, function and navigation", "selector")


def _check_navigation(value: Any) -> None:
    try:
        wanted = flag(value)
    except Misfit as misfit:
        raise misfit.within("navigation") from None
    if not wanted:
        raise Misfit("nothing to wait for", "navigation")


def _fields(action: Action, raw: dict[str, Any]) -> dict[str, Any]:
    """Options stand beside the fields; a `timeout` among the fields is one of them."""
    found: dict[str, Any] = {}
    for name, facts in action.fields.items():
        given = next((key for key in (name, *facts.also) if key in raw), None)
        if given is not None:
            found[name] = _parsed(given, facts.kind, raw.pop(given))
        elif facts.needed:
            raise Misfit("this is missing", name)
    if "timeout" in raw and "timeout" in action.options:
        found["timeout"] = _parsed("timeout", milliseconds, raw.pop("timeout"))
    if "options" in raw and action.options:
        found |= _parsed("options", options.shaped(action.options), raw.pop("options"))
    for name in raw:
        known = [*action.fields, *(["options"] if action.options else [])]
        raise Misfit(f"unknown; there are {', '.join(known) or 'none'}", str(name)[:80])
    found.update(found.pop("options", {}))
    return found


def _parsed(name: str, kind: Kind, value: Any) -> Any:
    try:
        return kind(value)
    except Misfit as misfit:
        raise misfit.within(name) from None
