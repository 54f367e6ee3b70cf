"""A database of its own for each server, where the tests run on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

_SHARED = os.environ.get("DATABASE_URL", "")


class Database:
    """SQLite lies in the server's data folder, so there is nothing to make and nothing to drop."""

    def __init__(self) -> None:
        self._name = f"e2e_{secrets.token_hex(6)}" if _SHARED else ""
        self._run("CREATE DATABASE {}")

    @property
    def settings(self) -> dict[str, str]:
        if not self._name:
            return {}
        return {"DATABASE_URL": urlsplit(_SHARED)._replace(path=f"/{self._name}").geturl()}

    def drop(self) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _run(self, command: str) -> None:
        if self._name:
            with psycopg.connect(
                _SHARED.replace("postgres:", "postgresql:", 1), autocommit=True
            ) as connection:
                connection.execute(sql.SQL(command).format(sql.Identifier(self._name)))
