"""The ASGI application: pages and REST by Django, sockets by the consumers."""

from __future__ import annotations

import os

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Before the consumers are imported: it loads the models that they use.
django.setup(set_prefix=False)

from config.access_log import traced_socket  # noqa: E402
from config.handler import Handler  # noqa: E402
from sessions_app.consumers.routing import sockets  # noqa: E402

django_application = Handler()
application = ProtocolTypeRouter({"http": django_application, "websocket": traced_socket(sockets)})
