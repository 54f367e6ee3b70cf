"""Every setting as it stands: what it is, where that comes from, what it does."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from sessions_app.services.actors import Right
from sessions_app.services.errors import Forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions_app.services.actors import Actor

_MASK = "••••••••"
_EFFECTS = {
    "QUARTERDECK_DATA": "the data folder: database, secret key, the folders of running sessions",
    "QUARTERDECK_BIND": "the address to listen on",
    "PORT": "the port to listen on",
    "QUARTERDECK_PUBLIC_URL": "how people reach this server; the start of every link that it gives out",
    "QUARTERDECK_ALLOWED_HOSTS": "the host names that it answers to",
    "DATABASE_URL": "the database: SQLite in the data folder, or a PostgreSQL",
    "QUARTERDECK_CHROMIUM": "the Chromium to run",
    "QUARTERDECK_MAX_SESSIONS": "sessions at a time; one more waits in the queue",
    "QUARTERDECK_QUEUE": "sessions that may wait; 0 refuses at once",
    "QUARTERDECK_QUEUE_TIMEOUT": "seconds after which a session that still waits fails",
    "QUARTERDECK_RETENTION_DAYS": "days after which an ended session is forgotten; 0 keeps all",
    "QUARTERDECK_MAX_VIEWERS": "viewers of one session",
    "QUARTERDECK_RATE_LIMIT": "requests a minute of a key without a limit of its own; 0 sets none",
    "QUARTERDECK_WARM": "browsers kept ready, so that a session starts at once",
    "QUARTERDECK_IDLE_TIMEOUT": "seconds without activity after which a session expires",
    "QUARTERDECK_MAX_LIFETIME": "seconds after which a session expires in any case",
    "QUARTERDECK_LOG": "text: key=value a line; json: an object a line, for log collectors",
    "QUARTERDECK_NO_SANDBOX": "1 switches Chromium's sandbox off",
}


@dataclass(frozen=True)
class Setting:
    name: str
    value: str
    source: str
    effect: str


def every(actor: Actor) -> list[Setting]:
    """Secrets are masked."""
    actor.require(Right.MANAGE_PROJECTS)
    if not actor.administers_server:
        raise Forbidden("Settings are for the administrators of the server.")
    found = [Setting(name, _value(name), _source(name), effect) for name, effect in _EFFECTS.items()]
    secret = Setting("secret_key", _MASK, "file in the data folder", "signs links, logins and second factors")
    return [*found, secret]


def _source(name: str) -> str:
    return "environment" if name in os.environ else "default"


def _value(name: str) -> str:
    if name == "DATABASE_URL":
        return address_of(settings.DATABASES["default"])
    if name == "QUARTERDECK_ALLOWED_HOSTS":
        return ", ".join(settings.ALLOWED_HOSTS)
    value = getattr(settings, name)
    if isinstance(value, bool):
        return str(int(value))
    return str(value) or "looked for"


def address_of(database: Mapping[str, Any]) -> str:
    """Put together from its parts, so that no password comes near."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    user = f"{database['USER']}:{_MASK}@" if database.get("USER") else ""
    port = f":{database['PORT']}" if database.get("PORT") else ""
    return f"postgres://{user}{database.get('HOST', '')}{port}/{database['NAME']}"
