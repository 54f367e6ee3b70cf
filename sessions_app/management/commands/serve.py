"""`manage.py serve`: Daphne with the engine in the same process."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sessions_app.engine.errors import EngineError
from sessions_app.host import DataFolderInUse, Host, engine_config, lock_data_folder
from sessions_app.services import access


class Command(BaseCommand):
    help = "Serves the pages, the REST API and the sockets, and runs the browsers, until SIGTERM or Ctrl+C."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            self._lock = lock_data_folder(settings.QUARTERDECK_DATA)
            host = Host(engine_config())
        except (DataFolderInUse, EngineError) as error:
            raise CommandError(str(error)) from error
        self._serve(host)

    def _serve(self, host: Host) -> None:
        # Here, because it makes the event loop of this process.
        from config.asgi import application  # noqa: PLC0415
        from sessions_app.management import server  # noqa: PLC0415

        logging.getLogger("daphne").setLevel(logging.WARNING)
        running = server.loop.create_task(host.run())
        server.loop.run_until_complete(host.started.wait())
        if running.done():
            raise CommandError(str(running.exception()))
        server.run_until_complete(self._welcome())
        bind, port = settings.QUARTERDECK_BIND.replace(":", r"\:"), settings.PORT
        hosted = server.HostedServer(
            host, application=application, endpoints=[f"tcp:port={port}:interface={bind}"], verbosity=1
        )
        running.add_done_callback(lambda _: None if host.is_stopping else hosted.stop())
        hosted.run()
        if not running.done() or running.exception() is not None:
            raise CommandError("The server ended without stopping its sessions; see the log above.")

    async def _welcome(self) -> None:
        self.stdout.write(f"Quarterdeck serves at {settings.QUARTERDECK_PUBLIC_URL}")
        if settings.QUARTERDECK_NO_SANDBOX:
            self.stderr.write("QUARTERDECK_NO_SANDBOX is set: browsers run without Chromium's sandbox.")
        link = await access.create_setup_link()
        if link:
            self.stdout.write(f"Make the first operator within 15 minutes, once, at:\n  {link}")
        self.stdout.flush()
