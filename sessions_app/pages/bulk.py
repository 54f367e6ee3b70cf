"""Many chosen sessions labelled or released: a part of them each request, so that one sees how far it has come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import bulk
from sessions_app.services.actors import Right
from sessions_app.services.bulk import Failure
from sessions_app.services.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from django.http import HttpResponse
    from django.http.request import QueryDict

    Act = Callable[[Sequence[str]], Awaitable[list[Failure]]]

# A browser takes a moment to end, a label is written at once.
RELEASED_AT_ONCE = 6
LABELLED_AT_ONCE = 20
# A page shows no more than these.
MAX_CHOSEN = 1000
MAX_WORD = 300
_ID = re.compile(r"[\w-]{1,64}")


@require_POST
@signed_in(Right.CHANGE)
async def release(request: PageRequest) -> HttpResponse:
    async def act(ids: Sequence[str]) -> list[Failure]:
        return await bulk.release(request.actor, ids)

    return await _go_on(request, act, at_once=RELEASED_AT_ONCE, verb="released")


@require_POST
@signed_in(Right.CHANGE)
async def label(request: PageRequest) -> HttpResponse:
    """`do` says whether the label is set or removed."""
    key, value = (request.POST.get(name, "").strip() for name in ("key", "value"))
    removes = request.POST.get("do") == "remove"

    async def act(ids: Sequence[str]) -> list[Failure]:
        return await bulk.label(request.actor, ids, {key: None if removes else value})

    fields = {"key": key, "value": value, "do": "remove" if removes else "set"}
    try:
        return await _go_on(request, act, at_once=LABELLED_AT_ONCE, verb="labelled", **fields)
    except Invalid as error:
        response = page(request, "sessions/_bulk_refused.html", {"error": capfirst(error.detail)}, status=422)
        response["HX-Retarget"] = "#bulk-refused"
        return response


async def _go_on(request: PageRequest, act: Act, *, at_once: int, verb: str, **fields: str) -> HttpResponse:
    """Does the next part, and answers with a form that asks for the rest by itself."""
    ids = list(dict.fromkeys(request.POST.getlist("ids")))[:MAX_CHOSEN]
    now, rest = ids[:at_once], ids[at_once:]
    failures = _failed_before(request.POST) + (await act(now) if now else [])
    done = _done_before(request.POST) + len(now)
    context: dict[str, Any] = {
        "verb": verb,
        "fields": fields,
        "rest": rest,
        "done": done,
        "chosen": done + len(rest),
        "succeeded": done - len(failures),
        "failures": failures,
        "path": request.path,
    }
    response = page(request, "sessions/_bulk.html", context)
    response["HX-Trigger"] = "sessions-changed" if rest else "sessions-changed, bulk-done"
    return response


def _done_before(form: QueryDict) -> int:
    given = form.get("done", "")
    return min(int(given), MAX_CHOSEN) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _failed_before(form: QueryDict) -> list[Failure]:
    """The page brings back what it was told, only to be shown again, each with a link to its session."""
    parts = [form.getlist(name)[:MAX_CHOSEN] for name in ("failed", "failed_name", "failed_why")]
    told = zip(*parts, strict=False)
    return [Failure(*(part[:MAX_WORD] for part in one)) for one in told if _ID.fullmatch(one[0])]
