"""`manage.py apikey create|list|revoke`: keys for programs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone

from sessions_app.management.database_command import DatabaseCommand
from sessions_app.models import Role
from sessions_app.services import keys, projects
from sessions_app.services.actors import SYSTEM, Actor, Scope
from sessions_app.services.errors import NotFound, ServiceError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from sessions_app.models import ApiKey


class Command(DatabaseCommand):
    help = "Creates, lists and revokes the keys of programs."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="print a new key, alone, once")
        create.add_argument("name")
        create.add_argument("--role", choices=Role.values, default=Role.OPERATOR.value)
        create.add_argument(
            "--scope", action="append", choices=list(Scope), default=[], help="only this; may be repeated"
        )
        create.add_argument("--days", type=int, help="how long it is good for; without, until it is revoked")
        create.add_argument("--rate-limit", type=int, help="requests a minute; without, the server's own")
        listing = actions.add_parser("list", help="id, prefix, role, state, name and scopes of every key")
        revoke = actions.add_parser("revoke", help="make a key worthless")
        revoke.add_argument("id", help="as `list` shows it")
        for action in (create, listing, revoke):
            action.add_argument("--project", default=SYSTEM.project_id)

    def handle(self, *args: Any, action: str, project: str, **options: Any) -> None:
        actor = replace(SYSTEM, project_id=project)
        try:
            if action == "create":
                asyncio.run(self._create(actor, **options))
            elif action == "list":
                asyncio.run(self._list(actor))
            else:
                asyncio.run(keys.revoke_key(actor, options["id"]))
        except ServiceError as error:
            raise CommandError(error.detail) from None

    async def _create(
        self,
        actor: Actor,
        *,
        name: str,
        role: str,
        scope: list[str],
        days: int | None,
        rate_limit: int | None,
        **_: Any,
    ) -> None:
        try:
            await projects.get(SYSTEM, actor.project_id)
        except NotFound:
            await projects.create(SYSTEM, actor.project_id)
            self.stderr.write(f"Made the project {actor.project_id}.")
        _key, token = await keys.create_key(
            actor,
            name=name,
            role=Role(role),
            scopes=[Scope(one) for one in scope],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            rate_limit=rate_limit,
        )
        self.stdout.write(token)

    async def _list(self, actor: Actor) -> None:
        await projects.get(SYSTEM, actor.project_id)
        for key in await keys.list_keys(actor):
            self.stdout.write(_line(key))


def _line(key: ApiKey) -> str:
    parts = [key.id, f"qd_{key.prefix}…", f"{key.role:8}", f"{key.state:7}", key.name, *key.scopes]
    return "  ".join(parts)
