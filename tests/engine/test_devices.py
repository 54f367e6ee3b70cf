"""The devices of the Playwright that is installed."""

from __future__ import annotations

from sessions_app.engine.config import IMAGES, Viewport
from sessions_app.engine.devices import devices
from sessions_app.services.new_session import MAX_USER_AGENT, SCALE_FACTORS, VIEWPORT_SIDE


def test_they_are_read_as_they_are() -> None:
    phone = devices()["iPhone 13"]
    assert phone.viewport == Viewport(width=390, height=664, device_scale_factor=3, mobile=True)
    assert "iPhone" in phone.user_agent
    assert devices()["iPhone 13 landscape"].viewport.width > phone.viewport.width
    assert not devices()["Desktop Chrome"].viewport.mobile
    assert len(devices()) > 150


def test_every_one_of_them_may_be() -> None:
    for device in devices().values():
        assert {device.viewport.width, device.viewport.height} <= set(VIEWPORT_SIDE)
        assert SCALE_FACTORS[0] <= device.viewport.device_scale_factor <= SCALE_FACTORS[1]
        assert 0 < len(device.user_agent) <= MAX_USER_AGENT


def test_the_images_name_some_of_them() -> None:
    named = {image.device for image in IMAGES.values() if image.device}
    assert named
    assert named <= devices().keys()
