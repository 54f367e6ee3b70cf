"""A command that works on the server's database, and says so where there is none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection


class DatabaseCommand(BaseCommand):
    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if _is_made():
                raise
            raise CommandError(
                f"There is no database of a server in {settings.QUARTERDECK_DATA}. Start the server once "
                "(make run), or set QUARTERDECK_DATA as you did for it."
            ) from error


def _is_made() -> bool:
    try:
        return "sessions_app_project" in connection.introspection.table_names()
    except OperationalError:
        # It does not answer at all, which is another matter.
        return True
