"""`manage.py cleanup`: expires, sweeps and prunes what is due."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from sessions_app.management.database_command import DatabaseCommand
from sessions_app.services import cleanup

_WORDS = {
    "expired": "sessions expired",
    "lost": "sessions of lost servers",
    "gave_up": "queued sessions whose time ran out",
    "forgotten": "ended sessions forgotten",
    "live_links": "live links removed",
    "idempotency_keys": "idempotency keys removed",
    "invitations": "invitations removed",
    "logins": "expired logins removed",
    "audit_entries": "audit entries removed",
    "samples": "measurements removed",
}


class Command(DatabaseCommand):
    help = "Expires, sweeps and prunes what is due, and says what it did."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in asdict(asyncio.run(cleanup.run())).items():
            self.stdout.write(f"{_WORDS[name]}: {count}")
