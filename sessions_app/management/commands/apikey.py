"""`manage.py apikey create|list|revoke`: keys for programs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_app.models import Role
from sessions_app.services import access
from sessions_app.services.actors import SYSTEM, Actor
from sessions_app.services.errors import ServiceError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Creates, lists and revokes the keys of programs."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="print a new key, alone, once")
        create.add_argument("name")
        create.add_argument("--role", choices=Role.values, default=Role.OPERATOR.value)
        create.add_argument("--days", type=int, help="how long it is good for; without, until it is revoked")
        listing = actions.add_parser("list", help="id, prefix, role, state and name of every key")
        revoke = actions.add_parser("revoke", help="make a key worthless")
        revoke.add_argument("id", help="as `list` shows it")
        for action in (create, listing, revoke):
            action.add_argument("--project", default=SYSTEM.project_id)

    def handle(self, *args: Any, action: str, project: str, **options: Any) -> None:
        actor = replace(SYSTEM, project_id=project)
        try:
            if action == "create":
                self._create(actor, options["name"], Role(options["role"]), options["days"])
            elif action == "list":
                self._list(actor)
            else:
                asyncio.run(access.revoke_key(actor, options["id"]))
        except ServiceError as error:
            raise CommandError(error.detail) from None

    def _create(self, actor: Actor, name: str, role: Role, days: int | None) -> None:
        expires_at = timezone.now() + timedelta(days=days) if days else None
        _, token = asyncio.run(access.create_key(actor, name=name, role=role, expires_at=expires_at))
        self.stdout.write(token)

    def _list(self, actor: Actor) -> None:
        for key in asyncio.run(access.list_keys(actor)):
            self.stdout.write(f"{key.id}  qd_{key.prefix}…  {key.role:8}  {key.state:7}  {key.name}")
