"""What the server does not load."""

from __future__ import annotations

import json
import subprocess
import sys

LOADED = """
import json, sys
import sessions_app.management.server
from daphne.ws_protocol import WebSocketProtocol
print(json.dumps([name for name, module in sys.modules.items() if getattr(module, "__file__", None)]))
"""


def test_autobahn_comes_without_its_wamp_and_tls() -> None:
    """In a process of its own, for what is loaded here depends on the tests before."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, check=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert "autobahn.websocket.protocol" in loaded
    assert not {"autobahn.wamp.message", "autobahn.wamp.protocol", "OpenSSL", "cryptography"} & loaded
