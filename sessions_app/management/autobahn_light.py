"""Autobahn's WebSockets, which Daphne needs, without its WAMP and TLS, which would cost the server 20 MB.

`autobahn.twisted` and `autobahn.wamp` become packages whose own `__init__` does not run, and WAMP's messages, which the
WebSockets name in a type or two, become names and nothing more.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def prepare() -> None:
    """To be called before Daphne is imported; afterwards it is too late, and this does nothing."""
    if "autobahn.twisted" in sys.modules:
        return
    _without_init("autobahn.twisted")
    _without_init("autobahn.wamp")
    _names_only("autobahn.wamp.message", "Message", "Welcome")
    # TLS ends at a proxy in front: to Twisted it is not installed.
    sys.modules.setdefault("OpenSSL", None)  # type: ignore[arg-type]


def _without_init(name: str) -> None:
    parent, _, leaf = name.rpartition(".")
    found = importlib.util.find_spec(parent)
    package = ModuleType(name)
    package.__path__ = [f"{path}/{leaf}" for path in (found and found.submodule_search_locations) or []]
    sys.modules[name] = package


def _names_only(name: str, *names: str) -> None:
    module = ModuleType(name)
    for each in names:
        setattr(module, each, type(each, (), {}))
    sys.modules[name] = module
