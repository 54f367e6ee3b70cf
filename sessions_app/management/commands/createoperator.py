"""`manage.py createoperator NAME`: a login without the setup link."""

from __future__ import annotations

import asyncio
import getpass
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from sessions_app.management.database_command import DatabaseCommand
from sessions_app.models import Role
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services import logins
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(DatabaseCommand):
    help = "Creates a login; the password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMIN.value)
        parser.add_argument("--project", default=DEFAULT_PROJECT)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(
        self, *args: Any, name: str, role: str, project: str, password_stdin: bool, **options: Any
    ) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else self._ask()
        try:
            asyncio.run(
                logins.create_operator(username=name, password=password, role=Role(role), project_id=project)
            )
        except ServiceError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"{name} can log in now.")

    def _ask(self) -> str:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password (again): ") != password:
            raise CommandError("The two passwords differ.")
        return password
