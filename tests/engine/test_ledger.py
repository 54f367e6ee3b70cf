"""The ledger keeps what was told of the newest requests, within its bounds, and parses nothing."""

from __future__ import annotations

import pytest

from sessions_app.engine import ledger as module
from sessions_app.engine.ledger import MAX_MESSAGE, MAX_REQUESTS, Ledger
from tests.engine.network import chunk, finished, message, really_sent, sent


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def addresses(ledger: Ledger) -> list[bytes]:
    return [exchange.messages[0] for exchange in ledger.read().exchanges]


def test_what_belongs_to_one_request_is_kept_together(ledger: Ledger) -> None:
    account = ledger.open(3, "T3")
    told = [sent("R1", "https://a.test/"), really_sent("R1", Cookie="a=b"), finished("R1")]
    for data in told:
        account.keep(data)
    [exchange] = ledger.read().exchanges
    assert (exchange.tab, exchange.frame, exchange.messages) == (3, "T3", told)
    assert exchange.names == [ledger.newest]


def test_headers_may_come_before_their_request(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    account.keep(really_sent("R1", Cookie="a=b"))
    account.keep(sent("R1", "https://a.test/"))
    assert len(ledger.read().exchanges) == 1


def test_tabs_do_not_share_ids(ledger: Ledger) -> None:
    ledger.open(1, "T1").keep(sent("R1", "https://a.test/"))
    ledger.open(2, "T2").keep(sent("R1", "https://b.test/"))
    assert [exchange.tab for exchange in ledger.read().exchanges] == [1, 2]


def test_every_request_has_a_name_of_its_own(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    account.keep(sent("R1", "https://a.test/"))
    first = ledger.newest
    account.keep(sent("R1", "https://a.test/next"))
    assert first
    assert ledger.newest != first
    [exchange] = ledger.read(first).exchanges
    assert exchange.names == [first, ledger.newest]
    assert ledger.read("another").exchanges == ()


def test_another_browsers_names_are_others() -> None:
    names = []
    for ledger in (Ledger(), Ledger()):
        ledger.open(1, "T1").keep(sent("R1", "https://a.test/"))
        names.append(ledger.newest)
    assert names[0] != names[1]


def test_bytes_of_a_body_are_counted_and_not_kept(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    account.keep(sent("R1", "https://a.test/"))
    before = repr(ledger)
    for length in (1_000, 24):
        account.keep(chunk("R1", length))
    account.keep(chunk("before us", 5))
    account.keep(message("dataReceived", "R1", dataLength="many", encodedDataLength=1))
    assert ledger.read().exchanges[0].received == 1_024
    assert repr(ledger) == before


def test_what_began_before_us_is_left_alone(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    account.keep(finished("before us"))
    account.keep(b'{"method":"Network.requestWillBeSent","params":{}}')
    assert ledger.read().exchanges == ()


def test_the_newest_are_kept(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    for number in range(MAX_REQUESTS + 5):
        account.keep(sent(f"R{number}", f"https://a.test/{number}"))
    assert len(addresses(ledger)) == MAX_REQUESTS
    assert b"https://a.test/5" in addresses(ledger)[0]


def test_there_is_room_for_so_many_bytes(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 10_000)
    account = ledger.open(1, "T1")
    for number in range(50):
        account.keep(sent(f"R{number}", "https://a.test/" + "x" * 1_000))
        size = sum(module.OVERHEAD + sum(map(len, one.messages)) for one in ledger.read().exchanges)
        assert size <= 10_000
        assert repr(ledger) == f"<Ledger exchanges={len(addresses(ledger))} bytes={size}>"
    assert len(addresses(ledger)) > 3


def test_one_giant_does_not_cost_the_others_their_place(ledger: Ledger) -> None:
    account = ledger.open(1, "T1")
    account.keep(sent("R1", "https://a.test/"))
    account.keep(sent("R2", "data:text/plain," + "x" * MAX_MESSAGE))
    assert ledger.newest is None
    assert len(addresses(ledger)) == 1


def test_a_reading_goes_on_holding_what_the_ledger_lets_go(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_REQUESTS", 1)
    account = ledger.open(1, "T1")
    account.keep(sent("R1", "https://a.test/"))
    account.mark("onLoad", 101.0)
    read = ledger.read()
    account.keep(sent("R2", "https://b.test/"))
    account.mark("onLoad", 102.0)
    assert b"https://a.test/" in read.exchanges[0].messages[0]
    assert [mark.at for mark in read.marks] == [101.0]
