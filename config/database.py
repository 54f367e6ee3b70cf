"""The database: SQLite in the data folder, or a PostgreSQL by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from environ import Env

if TYPE_CHECKING:
    from pathlib import Path

FILE = "db.sqlite3"
# Each thread that serves requests holds one while it does; what is to be done beside them takes a few more.
CONNECTIONS = 32


def database(url: str, folder: Path) -> dict[str, Any]:
    return _postgresql(url) if url else _sqlite(folder)


def _sqlite(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / FILE),
        # As long as its thread (config/handler.py): a file does not go away, and to open it takes half a millisecond.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads before it writes cannot wait for its turn to write; one that begins as a writer can.
            "transaction_mode": "IMMEDIATE",
            # Seconds; whoever holds the lock for ten of them costs others time, but no answer.
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # A file like the real one: what lives in memory alone knows no WAL and no waiting.
        "TEST": {"NAME": str(folder / "test.sqlite3")},
    }


def _postgresql(url: str) -> dict[str, Any]:
    """With a pool: a new connection for each request would cost milliseconds."""
    found: dict[str, Any] = Env.db_url_config(url)
    options = found.setdefault("OPTIONS", {})
    options["pool"] = {"min_size": 2, "max_size": CONNECTIONS, "timeout": 10}
    # One that broke meanwhile (the database was started again) is replaced before anybody gets it.
    found["CONN_HEALTH_CHECKS"] = True
    return found
