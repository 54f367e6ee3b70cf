"""User ids for browsers: held by one at a time, given back, rested."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from sessions_app.engine import accounts
from sessions_app.engine.accounts import FIRST_UID, UIDS, Account, claim_account
from sessions_app.engine.errors import LaunchFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The locks of a server that is root, whoever runs the tests."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path / "locks"


@pytest.fixture
def claimed() -> Iterator[list[Account]]:
    claimed: list[Account] = []
    yield claimed
    for account in claimed:
        account.release()


def test_two_claims_differ(locks: Path, claimed: list[Account]) -> None:
    for _ in range(5):
        account = claim_account(locks)
        assert account
        claimed.append(account)
    uids = {account.uid for account in claimed}
    assert len(uids) == 5
    assert all(FIRST_UID <= uid < FIRST_UID + UIDS for uid in uids)
    assert f"uid={claimed[0].uid}" in repr(claimed[0])


def test_a_freed_one_rests(locks: Path) -> None:
    seen = []
    for _ in range(10):
        account = claim_account(locks)
        assert account
        seen.append(account.uid)
        account.release()
        account.release()
    assert len(set(seen)) == 10


def test_one_that_another_server_holds_is_passed_over(
    locks: Path, claimed: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "UIDS", 2)
    for _ in range(2):
        account = claim_account(locks)
        assert account
        claimed.append(account)
    with pytest.raises(LaunchFailed, match="All 2 user ids"):
        claim_account(locks)
    freed = claimed.pop(0)
    freed.release()
    again = claim_account(locks)
    assert again
    claimed.append(again)
    assert again.uid == freed.uid


def test_a_claim_that_fails_leaves_no_descriptor(
    locks: Path, claimed: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "UIDS", 1)
    account = claim_account(locks)
    assert account
    claimed.append(account)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(LaunchFailed):
        claim_account(locks)
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_lock_is_the_kernels(locks: Path, claimed: list[Account]) -> None:
    account = claim_account(locks)
    assert account
    claimed.append(account)
    fd = os.open(locks / str(account.uid), os.O_RDWR)
    with pytest.raises(BlockingIOError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(fd)
    assert (locks.stat().st_mode & 0o777) == 0o700


def test_who_is_not_root_has_none_to_give(locks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert claim_account(locks) is None
    assert not locks.exists()
