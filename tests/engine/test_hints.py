"""Client hints that go with a phone's user agent."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_app.engine.devices import devices
from sessions_app.engine.hints import agent_override


def metadata(user_agent: str) -> Any:
    return agent_override(user_agent).get("userAgentMetadata")


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 14; Pixel 7) Chrome/159.1.2.3 Mobile", ("Android", "14", "Pixel 7")),
        (
            "Mozilla/5.0 (Linux; Android 8.0.0; SM-G965U Build/R16NW) Chrome/1.0",
            ("Android", "8.0.0", "SM-G965U"),
        ),
        ("Mozilla/5.0 (Linux; Android 10) Chrome/1.0", ("Android", "10", "")),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/1.0", ("Linux", "", "")),
    ],
)
def test_they_follow_from_the_user_agent(user_agent, said):
    hints = metadata(user_agent)
    assert (hints["platform"], hints["platformVersion"], hints["model"]) == said
    assert hints["mobile"] is True


def test_versions_are_those_of_the_user_agent():
    hints = metadata(devices()["Pixel 7"].user_agent)
    [full] = {brand["version"] for brand in hints["fullVersionList"] if brand["brand"] == "Chromium"}
    assert f"Chrome/{full} " in devices()["Pixel 7"].user_agent
    assert {"brand": "Google Chrome", "version": full.partition(".")[0]} in hints["brands"]


def test_other_browsers_have_none():
    safari = devices()["iPhone 15"].user_agent
    assert agent_override(safari) == {"userAgent": safari}
