"""Every command of the installed Chromium has been judged: harmless, checked or refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from sessions_app.engine.judged import HARMLESS
from sessions_app.engine.policy import CHECKED, REFUSED

START_LIMIT = 15.0


@pytest.fixture(scope="module", params=["headless-shell", "chromium"])
def commands(request: pytest.FixtureRequest, images: dict[str, Path]) -> frozenset[str]:
    """What the browser itself says that it understands, asked over a port of loopback."""
    folder = Path(tempfile.mkdtemp(prefix="qd-test-"))
    command = [
        str(images[request.param]),
        "--headless",
        "--no-sandbox",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "about:blank",
    ]
    browser = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        with urlopen(f"http://127.0.0.1:{_port(folder)}/json/protocol", timeout=START_LIMIT) as answer:
            protocol = json.load(answer)
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return frozenset(
        f"{domain['domain']}.{command['name']}"
        for domain in protocol["domains"]
        for command in domain["commands"]
    )


def _port(folder: Path) -> int:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        try:
            return int((folder / "DevToolsActivePort").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            time.sleep(0.02)
    raise AssertionError("Chromium did not say its port.")


def test_every_command_is_judged(commands: frozenset[str]) -> None:
    assert len(commands) > 400
    unjudged = sorted(commands - HARMLESS - REFUSED.keys() - CHECKED.keys())
    assert unjudged == [], "Judge these in engine/judged.py or engine/policy.py; until then they are refused."
