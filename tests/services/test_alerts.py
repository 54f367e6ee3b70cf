"""What somebody should look after now."""

from __future__ import annotations

import pytest

from sessions_app.services import samples
from sessions_app.services.alerts import alerts
from tests.measuring import GB, figures


@pytest.fixture(autouse=True)
def nothing_else():
    samples.sampler.forget()
    yield
    samples.sampler.forget()


def told(actor, *found):
    samples.sampler.lately.extend(found)
    return {alert.kind: alert.words for alert in alerts(actor)}


def test_nothing_is_said_before_anything_is_measured(operator):
    assert told(operator) == {}


@pytest.mark.parametrize(
    "quiet",
    [
        {},
        {"running": 28},
        {"disk_free": 10 * GB},
        {"disk_free": GB, "disk_total": 5 * GB},
    ],
)
def test_a_server_at_peace(operator, quiet):
    assert told(operator, figures(**quiet)) == {}


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ({"running": 29}, "full", "29 of 32 sessions run"),
        ({"running": 1, "max_sessions": 1}, "full", "1 of 1 session runs"),
        ({"running": 32, "queued": 1}, "waiting", "1 session waits"),
        ({"running": 32, "queued": 64, "rejected": 2}, "refusing", "2 sessions were refused in the last 5 minutes"),
        ({"disk_free": 9 * GB}, "disk", "9.0 GB are left (9 %)"),
        ({"disk_free": 0.9 * GB, "disk_total": 2 * GB}, "disk", "0.9 GB are left (45 %)"),
        ({"failed_requests": 2}, "errors", "2 requests failed in"),
        ({"failed_requests": 1, "broken_sessions": 3}, "errors", "1 request failed and 3 sessions broke in"),
    ],
)  # fmt: skip
def test_what_is_said(operator, state, kind, words):
    found = told(operator, figures(**state))
    assert list(found) == [kind]
    assert words in found[kind]


def test_what_went_wrong_stays_news_for_some_minutes(operator):
    wrong = figures(rejected=1, failed_requests=1)
    assert set(told(operator, wrong, *[figures()] * 29)) == {"refusing", "errors"}
    assert told(operator, figures()) == {}


def test_how_it_stands_is_of_the_last_sample_alone(operator):
    assert told(operator, figures(running=32, queued=3), figures()) == {}


def test_several_at_once_in_the_order_of_their_weight(admin):
    assert list(told(admin, figures(queued=1, disk_free=1, broken_sessions=1))) == [
        "waiting",
        "disk",
        "errors",
    ]


def test_who_can_do_nothing_about_it_is_not_told(viewer):
    assert told(viewer, figures(queued=1)) == {}
