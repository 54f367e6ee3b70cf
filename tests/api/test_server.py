"""How the server does: `/pressure`, `/healthz`, `/metrics`."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import AsyncClient

from sessions_app.models import ApiKey

pytestmark = pytest.mark.django_db(transaction=True)


async def test_pressure(api, start, settings):
    await start()
    body = (await api("GET", "/pressure")).json()
    assert set(body) == {
        "running", "queued", "max_sessions", "queue_limit", "cpu", "memory", "load", "recently_rejected",
        "accepting",
    }  # fmt: skip
    assert (body["running"], body["queued"], body["accepting"]) == (1, 0, True)
    assert set(body["memory"]) == {"total", "available", "used_by_sessions"}
    assert len(body["load"]) == 3


async def test_a_full_server_says_so(api, start, engine, settings):
    engine.config = type(engine.config)(chromium={}, sessions_dir=engine.config.sessions_dir, max_sessions=1)
    settings.QUARTERDECK_QUEUE = 1
    await start()
    assert (await api("POST", "/sessions", {})).json()["status"] == "queued"
    before = (await api("GET", "/pressure")).json()
    refused = await api("POST", "/sessions", {})
    assert (refused.status_code, refused.json()["code"]) == (429, "quota_exceeded")
    after = (await api("GET", "/pressure")).json()
    assert (after["running"], after["queued"], after["accepting"]) == (1, 1, False)
    assert after["recently_rejected"] == before["recently_rejected"] + 1


async def test_health_needs_no_key_and_names_nobody(nobody, start):
    session = await start()
    response = await nobody.client.get("/healthz")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body["status"] == "ok"
    assert set(body["checks"]) == {"engine", "database", "lease", "rows", "processes", "folders"}
    assert all(check["ok"] for check in body["checks"].values())
    assert session.id not in response.content.decode()


async def test_a_server_without_its_engine_is_not_healthy(nobody, project):
    response = await nobody.client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "checks": {"engine": {"ok": False}}}


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
async def test_they_are_only_read(nobody, engine, path):
    assert (await nobody.client.post(path)).status_code == 405


async def test_metrics_are_for_prometheus(nobody, start):
    await start()
    response = await nobody.client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    assert b'quarterdeck_sessions{end_reason="",status="running"} 1.0' in response.content


ELSEWHERE = ("192.0.2.7", 5000)


class ClientAt(AsyncClient):
    """Asks from another address."""

    def __init__(self, peer: tuple[str, int]) -> None:
        super().__init__(raise_request_exception=False)
        self.peer = peer

    def _base_scope(self, **request: Any) -> dict[str, Any]:
        return {**super()._base_scope(**request), "client": list(self.peer)}  # type: ignore[misc]


async def scrape(peer: tuple[str, int] = ELSEWHERE, headers: dict[str, str] | None = None) -> Any:
    return await ClientAt(peer).get("/metrics", headers=headers)


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        (ELSEWHERE, {}),
        (("", 0), {}),
        (("127.0.0.1", 5000), {"X-Forwarded-For": "192.0.2.7"}),
        (("::1", 5000), {"Forwarded": "for=192.0.2.7"}),
        (("127.0.0.1", 5000), {"Sec-Fetch-Mode": "navigate"}),
    ],
)
async def test_from_elsewhere_metrics_need_an_administrators_key(engine, api_of, admin, peer, headers):
    refused = await scrape(peer, headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert refused["WWW-Authenticate"] == "Bearer"
    keyed = headers | (await api_of(admin)).headers
    assert (await scrape(peer, keyed)).status_code == 200


async def test_no_lesser_key_will_do(engine, api_of, operator, stranger):
    for actor in (operator, stranger):
        key = await api_of(actor)
        response = await scrape(headers=key.headers)
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")


async def test_a_key_with_scopes_will_not_do(engine, api_of, admin):
    key = await api_of(admin)
    await ApiKey.objects.aupdate(scopes=["sessions:read"])
    response = await scrape(headers=key.headers)
    assert response.status_code == 403


async def test_a_wrong_key_will_not_do(engine):
    headers = {"Authorization": "Bearer qd_0123abcd_" + "x" * 43}
    response = await scrape(headers=headers)
    assert response.status_code == 401
