"""What a session tells its viewers (docs/wire.md has the table); pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessions_app.engine.config import Viewport
    from sessions_app.engine.control import Holder
    from sessions_app.engine.hub import Viewer
    from sessions_app.engine.tab import Tab

PROTOCOL = 1
Notice = dict[str, Any]


def viewport_of(viewport: Viewport, tab: Tab) -> dict[str, float]:
    """The viewport that `tab` really has: a program may have given it another."""
    width, height = tab.size or (viewport.width, viewport.height)
    return {"width": width, "height": height, "device_scale_factor": viewport.device_scale_factor}


def hello(viewer: Viewer, *, session_id: str, name: str, viewport: Viewport, tab: Tab) -> Notice:
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "viewer": viewer.id,
        "role": viewer.role,
        "operator": viewer.operator,
        "session": {"id": session_id, "name": name, "status": "running"},
        "viewport": viewport_of(viewport, tab),
        "tab": tab.id,
    }


def state(tab: Tab, viewport: Viewport) -> Notice:
    return {
        "type": "state",
        "tab": tab.id,
        "url": tab.url,
        "title": tab.title,
        "loading": tab.loading,
        "can_go_back": tab.history.can_go_back,
        "can_go_forward": tab.history.can_go_forward,
        "viewport": viewport_of(viewport, tab),
        "crashed": tab.is_crashed,
        "unresponsive": tab.unresponsive,
    }


def tabs(open_tabs: Iterable[Tab], active: Tab) -> Notice:
    listed = [
        {"id": tab.id, "url": tab.url, "title": tab.title, "loading": tab.loading, "crashed": tab.is_crashed}
        for tab in open_tabs
    ]
    return {"type": "tabs", "active": active.id, "tabs": listed}


def control(viewer: Viewer, holder: Holder | None, requests: dict[str, str]) -> Notice:
    held = holder and {
        "kind": holder.kind,
        "name": holder.name,
        "viewer": holder.id if holder.kind == "person" else None,
        "you": holder.id == viewer.id,
    }
    decides = viewer.operator or (holder is not None and holder.id == viewer.id)
    asked = [{"viewer": viewer_id, "name": name} for viewer_id, name in requests.items()] if decides else []
    return {"type": "control", "holder": held, "requests": asked}


def cursor(shape: str) -> Notice:
    return {"type": "cursor", "shape": shape}


def stats(viewer: Viewer, viewers: int) -> Notice:
    return {"type": "stats", "viewers": viewers, "window": viewer.window, "dropped": viewer.dropped}


def ended(status: str, reason: str, message: str) -> Notice:
    return {"type": "ended", "status": status, "reason": reason, "message": message}


def error(code: str, message: str, seq: int = 0) -> Notice:
    notice: Notice = {"type": "error", "code": code, "message": message}
    if seq:
        notice["seq"] = seq
    return notice
