"""Autobahn's WebSockets, which Daphne needs, without its WAMP, TLS and build tools, which would cost the server 22 MB.

`autobahn.twisted` and `autobahn.wamp` become packages whose own `__init__` does not run, and WAMP's messages, which the
WebSockets name in a type or two, become names and nothing more. Its compiled parts describe themselves to a builder
(cffi, with a parser of C) whenever they are loaded, though they were built long ago.
"""

from __future__ import annotations

import importlib
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
    for name, stand_in in _STAND_INS.items():
        sys.modules.setdefault(name, stand_in)  # type: ignore[arg-type]


def tidy() -> None:
    """To be called when Daphne is imported: whoever else wants what was left out gets it."""
    for name, stand_in in _STAND_INS.items():
        if sys.modules.get(name, name) is stand_in:
            del sys.modules[name]


class _Builder:
    def cdef(self, *_: object) -> None:
        pass

    def set_source(self, *_: object, **__: object) -> None:
        pass

    def gc(self, *arguments: object) -> object:
        """The one thing that is asked of it later; what was built can do it as well."""
        return importlib.import_module("_nvx_utf8validator").ffi.gc(*arguments)


def _module(name: str, **contents: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(contents)
    return module


# Without click it writes its log in one colour.
_STAND_INS = {"cffi": _module("cffi", FFI=_Builder), "click": None}


def _without_init(name: str) -> None:
    parent, _, leaf = name.rpartition(".")
    found = importlib.util.find_spec(parent)
    package = ModuleType(name)
    package.__path__ = [f"{path}/{leaf}" for path in (found and found.submodule_search_locations) or []]
    sys.modules[name] = package


def _names_only(name: str, *names: str) -> None:
    sys.modules[name] = _module(name, **{each: type(each, (), {}) for each in names})
