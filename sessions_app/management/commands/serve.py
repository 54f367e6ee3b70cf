"""`manage.py serve`: Daphne with the engine in the same process."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from sessions_app.engine.errors import EngineError
from sessions_app.host import DataFolderInUse, Host, engine_config, lock_data_folder
from sessions_app.management import memory
from sessions_app.services import logins

# In a Twisted endpoint a colon separates fields.
COLON = r"\:"


class Command(BaseCommand):
    help = "Serves the pages, the REST API and the sockets, and runs the browsers, until SIGTERM or Ctrl+C."

    def handle(self, *_args: Any, **_options: Any) -> None:
        memory.limit_heaps()
        try:
            self._lock = lock_data_folder(settings.QUARTERDECK_DATA)
            host = Host(engine_config())
        except (DataFolderInUse, EngineError) as error:
            raise CommandError(str(error)) from error
        self._serve(host)

    def _serve(self, host: Host) -> None:
        # Here, because it makes the event loop of this process.
        from sessions_app.management import server

        logging.getLogger("daphne").setLevel(logging.WARNING)
        running = server.loop.create_task(host.run())
        server.loop.run_until_complete(host.started.wait())
        if running.done():
            raise CommandError(str(running.exception()))
        setup_link = server.loop.run_until_complete(logins.create_setup_link())
        bind, port = settings.QUARTERDECK_BIND, settings.PORT
        hosted = server.HostedServer(
            host,
            application=import_string(settings.ASGI_APPLICATION),
            endpoints=[f"tcp:port={port}:interface={bind.replace(':', COLON)}"],
            ready_callable=lambda: self._welcome(setup_link),
        )
        # Without this every full collection costs the live views frames.
        memory.settle()
        running.add_done_callback(lambda _: None if host.is_stopping else hosted.stop())
        hosted.run()
        if not running.done():
            server.loop.run_until_complete(host.stop())
            raise CommandError(
                f"{bind}:{port} cannot be listened on (see above); set PORT or QUARTERDECK_BIND."
            )
        if error := running.exception():
            raise CommandError(f"The server failed: {error}") from error

    def _welcome(self, setup_link: str | None) -> None:
        self.stdout.write(f"Quarterdeck serves at {settings.QUARTERDECK_PUBLIC_URL}")
        if settings.QUARTERDECK_NO_SANDBOX:
            self.stderr.write("QUARTERDECK_NO_SANDBOX is set: browsers run without Chromium's sandbox.")
        if setup_link:
            self.stdout.write(f"Make the first operator within 15 minutes, once, at:\n  {setup_link}")
        self.stdout.flush()
