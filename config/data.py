"""The data folder: made once, private, with the secret key and the node's id in it."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make_folder(path: Path) -> None:
    """Others may pass through (a session's uid must reach its own folder) but see nothing."""
    if not path.is_dir():
        path.mkdir(parents=True)
        path.chmod(0o711)


def make_private_file(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def secret_keys(folder: Path) -> list[str]:
    """The keys in `secret_key`, one a line: the first signs, all verify, so a new first line rotates."""
    return _kept(folder / "secret_key", secrets.token_urlsafe(64)).split()


def node_id(folder: Path) -> str:
    """The id in `node`, by which a server knows its own sessions again under any host name."""
    return _kept(folder / "node", f"node_{secrets.token_urlsafe(16)}").strip()


def _kept(path: Path, first: str) -> str:
    """What the private file holds; the first call writes `first`."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(first + "\n")
        try:
            # Unlike a rename, a link never replaces what another process just made.
            os.link(draft, path)
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text()
