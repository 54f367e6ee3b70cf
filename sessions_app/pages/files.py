"""A session's files in its panel: listed and deleted here, uploaded and downloaded by REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from django.views.decorators.http import require_POST, require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import files
from sessions_app.services.actors import Right
from sessions_app.services.errors import Conflict
from sessions_app.services.keepsakes import Kind

if TYPE_CHECKING:
    from django.http import HttpResponse

    from sessions_app.engine.files import FileFacts

# More are not read through by anybody; the archive and REST have them all.
SHOWN = 200


@require_safe
@signed_in()
async def listing(request: PageRequest, session_id: str) -> HttpResponse:
    return page(request, "sessions/_file_list.html", await _context(request, session_id))


@require_POST
@signed_in(Right.CHANGE)
async def delete(request: PageRequest, session_id: str) -> HttpResponse:
    await files.delete(request.actor, session_id, request.POST.get("name", ""))
    return page(request, "sessions/_file_list.html", await _context(request, session_id))


async def _context(request: PageRequest, session_id: str) -> dict[str, object]:
    """The newest first: what somebody looks for has just come. Pictures of functions, a hundred of them, come last."""
    try:
        found = await files.all_files(request.actor, session_id)
    except Conflict:
        # It waits for its browser.
        found = []
    newest = sorted(found, key=lambda facts: (_is_made_here(facts), -facts.modified_at))
    return {
        "session_id": session_id,
        "operates": request.actor.can(Right.CHANGE),
        "files": [_shown(facts) for facts in newest[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "count": len(found),
        "size": sum(facts.size for facts in found),
    }


def _is_made_here(facts: FileFacts) -> bool:
    return facts.name.startswith(tuple(f"{kind}/" for kind in get_args(Kind)))


def _shown(facts: FileFacts) -> dict[str, object]:
    folder, _, name = facts.name.rpartition("/")
    at = datetime.fromtimestamp(facts.modified_at, UTC)
    return {"path": facts.name, "folder": folder, "name": name, "size": facts.size, "at": at}
