"""A body whose length nobody announced is measured all the same."""

from __future__ import annotations

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler

from sessions_app.models import Role
from sessions_app.services import keys
from sessions_app.services.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_chunked_body_over_the_limit(engine):
    _, token = await keys.create_key(SYSTEM, name="robot", role=Role.OPERATOR)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/sessions",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"x-api-key", token.encode())],
    }
    server = ApplicationCommunicator(ASGIHandler(), scope)
    for _ in range(3):
        await server.send_input({"type": "http.request", "body": b"[" * 500_000, "more_body": True})
    await server.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await server.receive_output(10)
    assert start["status"] == 413
    assert b"body_too_large" in (await server.receive_output(10))["body"]
    await server.wait(10)
