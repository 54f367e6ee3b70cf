"""A database that does not answer is told as such, and passes."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.models.signals import pre_save

from sessions_app.models import Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def down():
    """While it is true, no session can be written."""
    state = [True]

    def refuse(**_: object) -> None:
        if state[0]:
            raise OperationalError("server closed the connection unexpectedly")

    pre_save.connect(refuse, sender=Session)
    yield state
    pre_save.disconnect(refuse, sender=Session)


async def test_it_is_a_503_that_says_when_to_try_again(api, engine, down):
    response = await api("POST", "/sessions", {})
    assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0
    assert "connection" not in response.json()["detail"]
    assert not engine.launched
    down[0] = False
    assert (await api("POST", "/sessions", {})).status_code == 201
