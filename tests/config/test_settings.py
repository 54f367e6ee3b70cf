"""A fresh data folder is private, and the settings read from the environment hold together."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from config.data import make_folder, make_private_file, node_id, secret_keys

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json
from django.conf import settings as s
print(json.dumps({name: getattr(s, name, None) for name in %r}, default=str))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def settings_with(data: Path, names: list[str], **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", ASK % (names,)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "QUARTERDECK_DATA": str(data),
            **environment,
        },
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_new_folder_can_be_passed_through_but_not_read(tmp_path):
    folder = tmp_path / "deep" / "data"
    make_folder(folder)
    make_private_file(folder / "db.sqlite3")
    secret_keys(folder)
    assert mode(folder) == 0o711
    assert mode(folder / "db.sqlite3") == 0o600
    assert mode(folder / "secret_key") == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["db.sqlite3", "secret_key"]


def test_the_secret_key_stays(tmp_path):
    [key] = secret_keys(tmp_path)
    assert len(key) > 80
    assert secret_keys(tmp_path) == [key]


def test_the_node_is_the_folders(tmp_path):
    found = settings_with(tmp_path, ["QUARTERDECK_NODE"])["QUARTERDECK_NODE"]
    assert found.startswith("node_")
    assert node_id(tmp_path) == found
    assert mode(tmp_path / "node") == 0o600
    other = tmp_path / "other"
    make_folder(other)
    assert node_id(other) != found


def test_tickets_have_room(tmp_path):
    assert settings_with(tmp_path, ["CACHES"])["CACHES"]["default"]["OPTIONS"]["MAX_ENTRIES"] == 100_000


def test_a_new_first_line_rotates_the_secret_key(tmp_path):
    [old] = secret_keys(tmp_path)
    (tmp_path / "secret_key").write_text(f"new\n{old}\n")
    assert secret_keys(tmp_path) == ["new", old]


def test_two_first_starts_at_once_agree(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        starts = [pool.submit(settings_with, tmp_path, ["SECRET_KEY"]) for _ in range(2)]
    assert starts[0].result() == starts[1].result()


def test_the_first_start_is_safe(tmp_path):
    found = settings_with(
        tmp_path,
        ["DEBUG", "QUARTERDECK_BIND", "QUARTERDECK_PUBLIC_URL", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE"],
    )
    assert found == {
        "DEBUG": False,
        "QUARTERDECK_BIND": "127.0.0.1",
        "QUARTERDECK_PUBLIC_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "localhost"],
        "SESSION_COOKIE_SECURE": False,
    }


def test_behind_tls_cookies_are_for_tls_only(tmp_path):
    found = settings_with(
        tmp_path,
        [
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
            "CSRF_TRUSTED_ORIGINS",
            "ALLOWED_HOSTS",
            "SECURE_HSTS_SECONDS",
        ],
        QUARTERDECK_PUBLIC_URL="https://deck.example/",
        QUARTERDECK_ALLOWED_HOSTS="deck.internal",
    )
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://deck.example"]
    assert {"deck.example", "deck.internal"} < set(found["ALLOWED_HOSTS"])
    assert found["SECURE_HSTS_SECONDS"] > 0


@pytest.mark.parametrize(
    ("bind", "url"),
    [("0.0.0.0", "http://127.0.0.1:9000"), ("::", "http://[::1]:9000"), ("10.0.0.5", "http://10.0.0.5:9000")],
)
def test_the_public_url_follows_the_bind_address(tmp_path, bind, url):
    found = settings_with(tmp_path, ["QUARTERDECK_PUBLIC_URL"], QUARTERDECK_BIND=bind, PORT="9000")
    assert found["QUARTERDECK_PUBLIC_URL"] == url


def test_a_folder_of_any_name_holds_the_database(tmp_path):
    folder = tmp_path / "50% of my data?"
    found = settings_with(folder, ["DATABASES"])
    assert found["DATABASES"]["default"]["NAME"] == str(folder / "db.sqlite3")
    assert mode(folder / "db.sqlite3") == 0o600


def test_a_postgresql(tmp_path):
    found = settings_with(
        tmp_path, ["DATABASES"], DATABASE_URL="postgres://deck:secret@db.internal/deck?sslmode=require"
    )["DATABASES"]["default"]
    assert (found["HOST"], found["NAME"], found["USER"]) == ("db.internal", "deck", "deck")
    assert found["OPTIONS"]["sslmode"] == "require"
    # What was open when the database went away is not given to the next request.
    assert found["CONN_HEALTH_CHECKS"]
    assert not (tmp_path / "db.sqlite3").exists()
