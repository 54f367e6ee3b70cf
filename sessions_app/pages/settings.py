"""Every setting of the server, for who looks after it; they are changed in its environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from sessions_app.pages.answers import page
from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import configuration
from sessions_app.services.actors import Right

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@signed_in(Right.MANAGE_PROJECTS)
async def index(request: PageRequest) -> HttpResponse:
    return page(request, "settings/index.html", {"settings": configuration.every(request.actor)})
