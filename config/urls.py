"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from sessions_app.api.router import api, cdp_urls

urlpatterns = [
    path("api/v1/", api.urls),
    path("cdp/", include(cdp_urls)),
    path("", include("sessions_app.pages.urls")),
]
