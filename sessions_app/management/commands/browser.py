"""Print the Chromium that sessions will run, and install one if asked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sessions_app.engine.chromium import ensure_chromium, find_chromium
from sessions_app.engine.errors import ChromiumMissing


class Command(BaseCommand):
    help = "Print the path and version of the Chromium that sessions will run."
    # A machine that is being set up has no database yet.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ensure", action="store_true", help="install a Chromium if there is none")

    def handle(self, *args: Any, ensure: bool, **options: Any) -> None:
        try:
            found = ensure_chromium(self._progress) if ensure else find_chromium()
        except ChromiumMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.path} {found.version}")

    def _progress(self, line: str) -> None:
        self.stderr.write(line, style_func=str)
