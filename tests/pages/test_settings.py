"""The settings page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sessions_app.models import Role
from sessions_app.services import configuration
from tests.pages.conftest import text

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


async def shown(person) -> dict[str, tuple[str, str]]:
    """Value and source of each."""
    body = (await person.get("/settings")).content.decode()
    rows = re.findall(r"<tr>\s*<td.*?>(.*?)</td>\s*<td.*?>(.*?)</td>\s*<td.*?>(.*?)</td>", body, re.DOTALL)
    return {name: (value, re.sub(r"<.*?>", "", source)) for name, value, source in rows}


async def test_every_setting_is_there(engine, boss):
    read = set(re.findall(r'env\.\w+\("(\w+)"', (ROOT / "config/settings.py").read_text()))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert set(await shown(boss)) - {"secret_key"} == read == documented


async def test_values_and_where_they_come_from(engine, boss, settings, monkeypatch):
    monkeypatch.setenv("QUARTERDECK_QUEUE", "7")
    monkeypatch.delenv("QUARTERDECK_MAX_VIEWERS", raising=False)
    settings.QUARTERDECK_QUEUE, settings.QUARTERDECK_CHROMIUM = 7, ""
    found = await shown(boss)
    assert found["QUARTERDECK_QUEUE"] == ("7", "environment")
    assert found["QUARTERDECK_MAX_VIEWERS"] == ("100", "default")
    assert found["QUARTERDECK_CHROMIUM"][0] == "looked for"
    assert found["QUARTERDECK_NO_SANDBOX"][0] == "0"


async def test_secrets_are_masked(engine, boss, settings):
    assert settings.SECRET_KEY not in (await boss.get("/settings")).content.decode()
    parts = {"USER": "quarterdeck", "PASSWORD": "hunter2", "HOST": "db.example.com", "PORT": "5433"}
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": "main", **parts}
    shown = configuration.address_of(database)
    assert shown == "postgres://quarterdeck:••••••••@db.example.com:5433/main"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_administrators_of_the_server_only(engine, log_in, role):
    person = await log_in(role)
    assert (await person.get("/settings")).status_code == 403
    assert "/settings" not in (await person.get("/")).content.decode()


async def test_read_only(engine, boss):
    assert (await boss.post("/settings")).status_code == 405
    assert "Settings" in text(await boss.get("/settings"))
