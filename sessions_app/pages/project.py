"""Which of several projects a person looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from sessions_app.pages.gate import PageRequest, signed_in
from sessions_app.services import people
from sessions_app.services.errors import project_not_found

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@signed_in()
async def choose(request: PageRequest) -> HttpResponse:
    """Kept with the login; what was open belongs to another project, so it goes on at the start."""
    wanted = request.POST.get("project", "")
    if wanted not in {project.pk for project in request.projects}:
        raise project_not_found(wanted)
    await request.session.aset(people.CHOSEN, wanted)
    return HttpResponseRedirect(reverse("sessions"))
