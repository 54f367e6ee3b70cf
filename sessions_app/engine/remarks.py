"""What pages say, in words that can be kept: plain, bounded, and with nothing that points into the page."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions_app.engine.cdp import Params

MAX_TEXT = 2_000
MAX_DATA_URL = 100
MAX_FILE_NAME = 200
MAX_ARGUMENTS = 50

# Where CDP's word for a console call is not the level that people know.
_LEVELS = {"warning": "warning", "error": "error", "assert": "error", "debug": "debug", "info": "info"}
_LOG_LEVELS = {"verbose": "debug"}
_SILENT = frozenset({"clear", "endGroup", "profile", "profileEnd"})
_PLACE = re.compile(r"%[sdifoOc%]")


def clip(text: str, longest: int = MAX_TEXT) -> str:
    """No longer than may be, and without NUL, which PostgreSQL cannot keep."""
    return (text if len(text) <= longest else text[: longest - 1] + "…").replace("\0", "\ufffd")


def clip_url(url: str) -> str:
    return clip(url, MAX_DATA_URL if url[:5].lower() == "data:" else MAX_TEXT)


def file_name(suggested: str) -> str:
    """A name without a path, without what cannot be seen, and no hidden one."""
    last = re.split(r"[/\\]", suggested)[-1][: MAX_FILE_NAME * 4]
    plain = "".join("_" if unicodedata.category(letter).startswith("C") else letter for letter in last)
    return plain.lstrip(". ")[:MAX_FILE_NAME] or "download"


def of_console(params: Params) -> dict[str, Any] | None:
    """Runtime.consoleAPICalled; None for calls that say nothing."""
    kind = params["type"]
    if kind in _SILENT:
        return None
    frames = params.get("stackTrace", {}).get("callFrames", [])
    return {"level": _LEVELS.get(kind, "log"), "text": clip(_said(params["args"])), **_place(frames)}


def of_exception(details: Params) -> dict[str, Any]:
    """Runtime.exceptionThrown."""
    thrown = details.get("exception")
    text = shown(thrown) if thrown else ""
    frames = details.get("stackTrace", {}).get("callFrames") or [details]
    return {"text": clip(f"{details['text']} {text}".strip()), **_place(frames)}


def of_log(entry: Params) -> dict[str, Any]:
    """Log.entryAdded: what the browser itself puts into the console."""
    level = _LOG_LEVELS.get(entry["level"], entry["level"])
    return {"level": level, "source": entry["source"], "text": clip(entry["text"]), **_place([entry])}


def shown(remote: dict[str, Any]) -> str:
    """A Runtime.RemoteObject as a console shows it."""
    if "value" in remote and remote.get("subtype") != "null":
        return _plain(remote["value"])
    if remote["type"] == "object" and remote.get("subtype") not in ("error", "null"):
        return _preview(remote.get("preview"), remote)
    return str(remote.get("unserializableValue") or remote.get("description") or _nothing(remote))


def _nothing(remote: dict[str, Any]) -> str:
    return "null" if remote.get("subtype") == "null" else str(remote["type"])


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _preview(preview: dict[str, Any] | None, remote: dict[str, Any]) -> str:
    name = str(remote.get("description", "Object"))
    if preview is None or "properties" not in preview:
        return name
    is_list = remote.get("subtype") in ("array", "typedarray")
    parts = [
        str(found.get("value", "…")) if is_list else f"{found['name']}: {found.get('value', '…')}"
        for found in preview["properties"]
    ]
    if preview.get("overflow"):
        parts.append("…")
    inside = ", ".join(parts)
    if is_list:
        return f"[{inside}]"
    return f"{{{inside}}}" if name == "Object" else f"{name} {{{inside}}}"


def _said(args: list[dict[str, Any]]) -> str:
    """The arguments as one text; places like %s in the first are filled, and styles left out."""
    texts = [shown(arg) for arg in args[:MAX_ARGUMENTS]]
    if len(texts) < 2 or args[0]["type"] != "string":
        return " ".join(texts)
    rest = iter(texts[1:])
    first = _PLACE.sub(lambda place: _filled(place.group(), rest), texts[0][: 2 * MAX_TEXT])
    return " ".join([first, *rest])


def _filled(place: str, rest: Any) -> str:
    if place == "%%":
        return "%"
    text = next(rest, place)
    return "" if place == "%c" and text != place else str(text)


def _place(frames: list[dict[str, Any]]) -> dict[str, Any]:
    """Where it happened: the address and the line, counted from 1."""
    if not frames or not frames[0].get("url"):
        return {}
    line = frames[0].get("lineNumber")
    return {"url": clip_url(frames[0]["url"]), **({} if line is None else {"line": line + 1})}
