"""Log records: one a line, with what is being served, and without secrets."""

from __future__ import annotations

import json
import logging
import re

import pytest

from config.logs import JsonFormatter, LineFormatter, is_ours
from sessions_app.services import trace

TOKEN = "kV9x_Qm-" * 5 + "abc"


def record(message: str, **more: object) -> logging.LogRecord:
    fields = {"name": "deck", "levelname": "INFO", "msg": message, "created": 0, **more}
    return logging.makeLogRecord(fields)


def line(message: str, **more: object) -> str:
    return LineFormatter().format(record(message, **more))


def fail(message: str) -> None:
    raise ValueError(message)


def raised(message: str) -> object:
    with pytest.raises(ValueError, match=re.escape(message)) as trouble:
        fail(message)
    return trouble._excinfo


@pytest.fixture
def serving():
    tokens = trace.request_id.set("req_1"), trace.session_id.set("ses_1")
    yield
    trace.request_id.reset(tokens[0])
    trace.session_id.reset(tokens[1])


def test_a_line():
    assert line("Hello there") == 'time=1970-01-01T00:00:00.000Z level=info logger=deck msg="Hello there"'


@pytest.mark.usefixtures("serving")
def test_what_is_being_served():
    assert "request=req_1 session=ses_1 msg=Hello" in line("Hello")
    said = json.loads(JsonFormatter().format(record("Hello")))
    assert (said["request"], said["session"]) == ("req_1", "ses_1")


def test_further_fields():
    assert "status=200 ms=1.5 msg=request" in line("request", fields={"status": 200, "ms": 1.5, "key": ""})
    said = json.loads(JsonFormatter().format(record("request", fields={"status": 200, "key": ""})))
    assert said["status"] == 200
    assert "key" not in said


def test_a_message_cannot_forge_a_line_or_a_field():
    forged = line('title\r\ntime=1970 level=error" x="1')
    assert "\n" not in forged
    assert forged.endswith(r'msg="title\r\ntime=1970 level=error\" x=\"1"')


def test_a_page_that_did_not_open_is_no_error_of_ours():
    told = {status: is_ours(record("Bad", status_code=status)) for status in (500, 502, 503, 504)}
    assert told == {500: True, 502: False, 503: True, 504: False}
    assert is_ours(record("of none"))


def test_a_traceback_stays_with_its_record():
    said = json.loads(JsonFormatter().format(record("Broken", exc_info=raised("why"))))
    assert "ValueError: why" in said["exception"]
    assert "ValueError: why" in line("Broken", exc_info=raised("why")).splitlines()[-1]


@pytest.mark.parametrize(
    "message",
    [
        f"<WebRequest method=GET uri=/cdp/ses_1?token={TOKEN}&x=1 clientproto=HTTP/1.1>",
        f"connect /ws/live/ses_1?ticket={TOKEN}",
        f"Authorization: Bearer qd_0123abcd_{TOKEN}",
        f"{{'authorization': 'Bearer {TOKEN}'}}",
        f"{{'X-API-Key': 'qd_0123abcd_{TOKEN}'}}",
        f"[(b'x-api-key', b'qd_0123abcd_{TOKEN}')]",
        f"open https://deck.example/live/lnk_1#{TOKEN}",
        f"http://127.0.0.1:8000/setup#{TOKEN}",
        f"0123abcd.{TOKEN}",
        f"quarterdeck_session={TOKEN}",
    ],
)
def test_tokens_are_left_out(message):
    for told in (line(message), JsonFormatter().format(record(message)), line("", exc_info=raised(message))):
        assert TOKEN not in told
        assert TOKEN[:12] not in told


@pytest.mark.parametrize(
    "message",
    ["password=correct-horse&next=/", "{'password': 'correct-horse'}", '{"password": "correct-horse"}'],
)
def test_passwords_are_left_out(message):
    assert "correct-horse" not in line(message)


def test_the_prefix_of_a_key_tells_which_it_was():
    assert "qd_0123abcd_…" in line(f"Refused qd_0123abcd_{TOKEN}")


@pytest.mark.parametrize(
    "message",
    ["ses_Vt3pQm8xWz1Lk5Rj0aBc9d ended: idle_timeout", "3 sessions of an earlier server are marked lost."],
)
def test_what_is_no_secret_stays(message):
    assert message in line(message)
