"""The ASGI application: pages and REST by Django, sockets by the consumers."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Before the consumers are imported: it loads the models that they use.
django_application = get_asgi_application()

from sessions_app.consumers.routing import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": django_application, "websocket": sockets})
