"""Every operation of the API: what it is called with, who may, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sessions_app.models import Role
from sessions_app.services.actors import Right


@dataclass(frozen=True, kw_only=True)
class Call:
    """`ended` is what it answers of an ended session; `conflict` is the code of its 409, if it has any."""

    method: str
    path: str
    right: Right
    # It is made of two verbs.
    also: Right | None = None
    works: int = 200
    body: dict[str, Any] | bytes | None = None
    takes_json: bool = True
    # Whether the body is an object with fields of its own; labels are an object of anybody's keys.
    has_fields: bool = False
    ended: int = 200
    conflict: str = ""
    # The code for the innermost thing that is not there.
    missing: str = "session_not_found"
    # What an administrator of another project is answered.
    stranger: str = "session_not_found"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def role(self) -> Role:
        return self.right.role

    @property
    def is_of_a_session(self) -> bool:
        return "{session_id}" in self.path

    @property
    def parameters(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


def _session(method: str, path: str, right: Right, **more: Any) -> Call:
    return Call(method=method, path="/sessions/{session_id}" + path, right=right, **more)


def _live(method: str, path: str, right: Right, **more: Any) -> Call:
    """It needs a running browser."""
    return _session(method, path, right, **{"ended": 410, "conflict": "session_queued", **more})


def _projects(method: str, path: str, **more: Any) -> Call:
    more = {"missing": "project_not_found", "stranger": "forbidden", **more}
    return Call(method=method, path="/projects" + path, right=Right.MANAGE_PROJECTS, **more)


def _members(method: str, path: str = "", **more: Any) -> Call:
    more = {"missing": "project_not_found", "stranger": "project_not_found", **more}
    return Call(
        method=method, path="/projects/{project_id}/members" + path, right=Right.MANAGE_MEMBERS, **more
    )


def _keys(method: str, path: str = "", **more: Any) -> Call:
    more = {"missing": "key_not_found", "stranger": "key_not_found", **more}
    return Call(method=method, path="/keys" + path, right=Right.MANAGE_KEYS, **more)


def _function(name: str, body: dict[str, Any] | None) -> Call:
    return _live("POST", f"/functions/{name}", Right.STEER, body=body, has_fields=True)


VISIT = {"url": "https://example.com/"}
SCRAPED: dict[str, Any] = {"elements": [{"selector": "h1"}]}
FUNCTIONS: dict[str, dict[str, Any] | None] = {
    "open": VISIT,
    "snapshot": None,
    "interact": {"action": "scroll"},
    "screenshot": None,
    "execute": {"code": "1 + 1"},
    "pdf": None,
    "content": None,
    "scrape": SCRAPED,
    "cookies": None,
}
ONE_SHOTS: dict[str, dict[str, Any]] = {"screenshot": {}, "pdf": {}, "content": {}, "scrape": SCRAPED}
STEPS: dict[str, Any] = {"steps": [{"action": "sleep", "duration": 0}]}

CALLS = [
    Call(method="POST", path="/sessions", right=Right.CHANGE, works=201, body={}, has_fields=True),
    Call(method="GET", path="/sessions", right=Right.SEE),
    Call(method="POST", path="/sessions/release", right=Right.CHANGE, body={"all": True}, has_fields=True),
    _session("GET", "", Right.SEE),
    _live("PATCH", "", Right.CHANGE, body={"idle_timeout": 60}, has_fields=True),
    _live("GET", "/info", Right.SEE),
    _live("POST", "/keepalive", Right.CHANGE, has_fields=True),
    _session("POST", "/release", Right.CHANGE, has_fields=True),
    _session("GET", "/labels", Right.SEE),
    _session("PUT", "/labels", Right.CHANGE, body={"a": "b"}),
    _session("PATCH", "/labels", Right.CHANGE, body={"a": None}),
    _live("GET", "/tabs", Right.SEE),
    _live("POST", "/tabs", Right.CHANGE, works=201, body={}, has_fields=True),
    _live("POST", "/tabs/{tab}/activate", Right.CHANGE, has_fields=True, missing="tab_not_found"),
    _live("DELETE", "/tabs/{tab}", Right.CHANGE, works=204, missing="tab_not_found"),
    _session("GET", "/events", Right.SEE),
    _live("POST", "/live-links", Right.SEE, works=201, body={"role": "view"}, has_fields=True),
    _session("GET", "/live-links", Right.SEE),
    _session("DELETE", "/live-links", Right.CHANGE, works=204, ended=204),
    _session("DELETE", "/live-links/{link_id}", Right.CHANGE, works=204, ended=204, missing="link_not_found"),
    _live("GET", "/control", Right.SEE),
    _live("POST", "/control", Right.STEER, has_fields=True),
    _live("DELETE", "/control", Right.STEER, works=204),
    _live("POST", "/viewer-tickets", Right.SEE, works=201, body={"role": "view"}, has_fields=True),
    _live("GET", "/thumbnail", Right.SEE),
    _live("GET", "/files", Right.SEE),
    _live("GET", "/files.zip", Right.SEE),
    _live("GET", "/files/{path}", Right.SEE, missing="file_not_found"),
    # There is no file that could not be put there.
    _live("PUT", "/files/{path}", Right.CHANGE, body=b"notes", takes_json=False, missing=""),
    _live("DELETE", "/files/{path}", Right.CHANGE, works=204, missing="file_not_found"),
    _live("GET", "/har", Right.SEE),
    _live("GET", "/performance", Right.SEE),
    *(_function(name, body) for name, body in FUNCTIONS.items()),
    _live("POST", "/functions/close", Right.CHANGE, has_fields=True),
    *(
        Call(method="POST", path=f"/{name}", right=Right.CHANGE, body={**body, **VISIT}, has_fields=True)
        for name, body in ONE_SHOTS.items()
    ),
    _live("POST", "/steps", Right.STEER, body=STEPS, has_fields=True),
    Call(method="POST", path="/steps", right=Right.STEER, also=Right.CHANGE, body=STEPS, has_fields=True),
    Call(method="GET", path="/pressure", right=Right.SEE),
    _keys("POST", works=201, body={"name": "another"}, has_fields=True),
    _keys("GET"),
    _keys("GET", "/{key_id}"),
    _keys("DELETE", "/{key_id}", works=204),
    _projects("GET", ""),
    _projects("POST", "", works=201, body={"id": "new"}, has_fields=True, conflict="project_exists"),
    _projects("GET", "/{project_id}"),
    _projects("PATCH", "/{project_id}", body={"name": "New"}, has_fields=True),
    _projects("DELETE", "/{project_id}", works=204, conflict="project_not_empty"),
    _members("GET"),
    _members(
        "PUT",
        "/{username}",
        body={"role": "viewer"},
        has_fields=True,
        conflict="last_administrator",
        missing="user_not_found",
    ),
    _members("DELETE", "/{username}", works=204, conflict="last_administrator", missing="member_not_found"),
    Call(method="GET", path="/audit", right=Right.READ_AUDIT),
]
