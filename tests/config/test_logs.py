"""Log lines: one a record, with the request's id."""

from __future__ import annotations

import logging

from config.logs import LineFormatter, current_request


def line(message: str) -> str:
    record = logging.makeLogRecord({"name": "deck", "levelname": "INFO", "msg": message, "created": 0})
    return LineFormatter().format(record)


def test_a_line():
    assert line("Hello") == "1970-01-01T00:00:00.000Z info deck Hello"


def test_the_requests_id():
    token = current_request.set("req_1")
    assert line("Hello") == "1970-01-01T00:00:00.000Z info deck request=req_1 Hello"
    current_request.reset(token)


def test_a_message_cannot_forge_a_line():
    assert "\n" not in line("title\r\n1970 error forged")
