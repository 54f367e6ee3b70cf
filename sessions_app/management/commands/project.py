"""`manage.py project create|list|rename|delete`: what keeps one team's sessions from another's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from sessions_app.management.database_command import DatabaseCommand
from sessions_app.services import projects
from sessions_app.services.actors import SYSTEM
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(DatabaseCommand):
    help = "Creates, lists, renames and deletes projects."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a project")
        create.add_argument("id", help="what keys and addresses call it: a-z 0-9 _ -")
        create.add_argument("--name", default="", help="what people call it; without, its id")
        actions.add_parser("list", help="id and name of every project")
        rename = actions.add_parser("rename", help="give it another name; the id stays")
        rename.add_argument("id")
        rename.add_argument("name")
        delete = actions.add_parser(
            "delete", help="with its keys and ended sessions; not while one lives in it"
        )
        delete.add_argument("id")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            asyncio.run(self._run(action, options))
        except ServiceError as error:
            raise CommandError(error.detail) from None

    async def _run(self, action: str, options: dict[str, Any]) -> None:
        match action:
            case "create":
                await projects.create(SYSTEM, options["id"], name=options["name"])
                self.stdout.write(f"Made the project {options['id']}.")
            case "rename":
                await projects.rename(SYSTEM, options["id"], name=options["name"])
                self.stdout.write(f"The project {options['id']} is called {options['name']} now.")
            case "delete":
                await projects.delete(SYSTEM, options["id"])
                self.stdout.write(f"Deleted the project {options['id']}.")
            case _:
                for project in await projects.every():
                    self.stdout.write(f"{project.pk}  {project.name}")
