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
    assert not {"cffi", "pycparser", "click"} & loaded


WORKS = r"""
import sessions_app.management.server
import click, cffi
from autobahn.websocket.utf8validator import Utf8Validator
from autobahn.websocket.xormasker import create_xor_masker
print(Utf8Validator().validate("é".encode())[:2], Utf8Validator().validate(bytes([255]))[0])
print(create_xor_masker(b"abcd", 4).process(b"abcd"), cffi.FFI.__module__, "nvx" in Utf8Validator.__module__)
"""


def test_what_is_left_out_is_there_for_others_and_its_compiled_parts_work() -> None:
    done = subprocess.run([sys.executable, "-c", WORKS], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines() == ["(True, True) False", r"b'\x00\x00\x00\x00' cffi.api True"]
