"""The Django application."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Quarterdeck"

    def ready(self) -> None:
        import_module("sessions_app.services.login_audit")
