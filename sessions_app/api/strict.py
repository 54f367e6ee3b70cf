"""What a caller gave and no operation takes: a mistake that it wants to hear of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ninja.params.models import QueryModel
from pydantic import ConfigDict

from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import NinjaAPI, Router
    from ninja.operation import Operation

NUL = "\0"
NUL_ESCAPED = rb"\u0000"


def refuse_unknown_queries(router: Router) -> None:
    """The framework drops parameters that it does not know, and a filter with a typing error would find everything."""
    for view in router.path_operations.values():
        for operation in view.operations:
            operation.models.append(_rest_of(operation))


def _rest_of(operation: Operation) -> Any:
    """The last of an operation's parameters: it has no fields, so every name that the others left is one too many."""
    queries: list[Any] = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    known = {name for model in queries for name in model.__ninja_flatten_map__}

    class Rest(QueryModel):
        __ninja_param_source__ = "query"  # type: ignore[assignment]
        __ninja_flatten_map_reverse__: ClassVar[dict[str, Any]] = {}
        model_config = ConfigDict(extra="forbid")

        @classmethod
        def get_request_data(
            cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]
        ) -> dict[str, Any]:
            return {name: value for name, value in request.GET.items() if name not in known}

    return Rest


def refuse_nul(value: Any) -> None:
    """No text of a PostgreSQL may hold it, and none that anybody means does."""
    match value:
        case str() if NUL in value:
            raise Invalid("a text may not hold the character NUL", field="body")
        case dict():
            refuse_nul([*value, *value.values()])
        case list():
            for part in value:
                refuse_nul(part)
