"""What a browser is answered when its CSRF token is missing or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.views.defaults import permission_denied

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseForbidden


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseForbidden:
    """The same page as for everything else that is not allowed; Django's own explains the framework."""
    return permission_denied(request, PermissionDenied(reason))
