"""Addresses."""

from __future__ import annotations

from django.urls import include, path

from sessions_app.api.health import healthz
from sessions_app.api.metrics import scrape
from sessions_app.api.router import api, cdp_urls

urlpatterns = [
    path("api/v1/", api.urls),
    path("cdp/", include(cdp_urls)),
    path("healthz", healthz),
    path("metrics", scrape),
    path("", include("sessions_app.pages.urls")),
]
