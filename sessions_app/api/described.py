"""What the OpenAPI document adds to the framework's own: the problems that each operation may answer with."""

from __future__ import annotations

from http import HTTPStatus as Status
from typing import Any

from sessions_app.api.problems import CONTENT_TYPE
from sessions_app.api.schemas import Problem

_MEANINGS = {
    Status.BAD_REQUEST: "The address, the JSON or the cursor cannot be understood",
    Status.UNAUTHORIZED: "No key or login, or one that does not stand",
    Status.FORBIDDEN: "The role or the scope does not reach so far",
    Status.NOT_FOUND: "Not there, or another project's",
    Status.CONFLICT: "Not now: `code` says what is in the way",
    Status.GONE: "It was there and has ended",
    Status.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 1 MiB",
    Status.UNPROCESSABLE_ENTITY: "A field or parameter is missing, unknown or has a value that cannot be: `errors` names them",
    Status.TOO_MANY_REQUESTS: "As many as may be; try again after `Retry-After` seconds",
    Status.INTERNAL_SERVER_ERROR: "Something broke in the server",
    Status.BAD_GATEWAY: "The page could not be visited, or did not give what was asked",
    Status.GATEWAY_TIMEOUT: "It took longer than its `timeout`",
    Status.SERVICE_UNAVAILABLE: "The browser did not start, or the database does not answer",
    Status.INSUFFICIENT_STORAGE: "The server's disk has no room",
}
# A login's cookie may come with a project that it does not belong to, so even a list may be not there.
_ANY = (
    Status.BAD_REQUEST,
    Status.UNAUTHORIZED,
    Status.FORBIDDEN,
    Status.NOT_FOUND,
    Status.UNPROCESSABLE_ENTITY,
    Status.TOO_MANY_REQUESTS,
    Status.INTERNAL_SERVER_ERROR,
    Status.SERVICE_UNAVAILABLE,
)
# It needs a running browser.
_LIVE = (Status.CONFLICT, Status.GONE)
_DRIVEN = (*_LIVE, Status.GATEWAY_TIMEOUT)
_ONE_SHOT = (Status.BAD_GATEWAY, Status.GATEWAY_TIMEOUT)
_MORE: dict[str, tuple[Status, ...]] = {
    "create_session": (Status.GONE,),
    "update_session": _LIVE,
    "get_session_info": _LIVE,
    "keep_session_alive": _LIVE,
    "list_tabs": _LIVE,
    "open_tab": _LIVE,
    "activate_tab": _LIVE,
    "close_tab": _LIVE,
    "create_live_link": _LIVE,
    "get_control": _LIVE,
    "take_control": _LIVE,
    "give_back_control": _LIVE,
    "create_viewer_ticket": _LIVE,
    "get_thumbnail": _LIVE,
    "get_har": _LIVE,
    "get_performance": _LIVE,
    "list_files": _LIVE,
    "download_files": _LIVE,
    "download_file": _LIVE,
    "upload_file": (*_LIVE, Status.INSUFFICIENT_STORAGE),
    "delete_file": _LIVE,
    "open_page": _DRIVEN,
    "take_snapshot": _DRIVEN,
    "interact": _DRIVEN,
    "take_screenshot": _DRIVEN,
    "execute_script": _DRIVEN,
    "close_session": _LIVE,
    "print_page": _DRIVEN,
    "get_content": _DRIVEN,
    "scrape_page": _DRIVEN,
    "handle_cookies": _DRIVEN,
    "run_steps": _DRIVEN,
    "run_steps_in_new_session": _ONE_SHOT,
    "screenshot_of": _ONE_SHOT,
    "pdf_of": _ONE_SHOT,
    "content_of": _ONE_SHOT,
    "scrape_of": _ONE_SHOT,
    "create_project": (Status.CONFLICT,),
    "delete_project": (Status.CONFLICT,),
    "put_member": (Status.CONFLICT,),
    "remove_member": (Status.CONFLICT,),
}
_HEADERS: dict[Status, dict[str, Any]] = {
    Status.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    Status.TOO_MANY_REQUESTS: {
        "Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 0}}
    },
}


def describe_problems(schema: dict[str, Any]) -> None:
    components = schema["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["responses"] = {str(status.value): _response(status) for status in _MEANINGS}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status in _problems_of(operation):
                operation["responses"][status.value] = {"$ref": f"#/components/responses/{status.value}"}


def _problems_of(operation: dict[str, Any]) -> list[Status]:
    large = (Status.REQUEST_ENTITY_TOO_LARGE,) if "requestBody" in operation else ()
    return sorted({*_ANY, *large, *_MORE.get(operation["operationId"], ())})


def _response(status: Status) -> dict[str, Any]:
    return {
        "description": _MEANINGS[status],
        "headers": _HEADERS.get(status, {}),
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
