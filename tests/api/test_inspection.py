"""A session's requests as a HAR, and what it uses, by REST."""

from __future__ import annotations

import pytest

from sessions_app.models import Role
from sessions_app.services import keys
from sessions_app.services.actors import Scope
from tests.conftest import Api
from tests.engine.network import really_sent, sent
from tests.har import entries_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def session(start, engine):
    """It has asked for two things, the second with a secret."""
    session = await start()
    account = engine.live[session.id].ledger.open(1, "T1")
    account.keep(sent("R1", "https://a.test/1"))
    account.keep(sent("R2", "https://a.test/2", at=101))
    account.keep(really_sent("R2", Authorization="Bearer s3cret"))
    return session


async def test_the_har_of_a_session(session, viewer, api_of):
    answer = await (await api_of(viewer))("GET", f"/sessions/{session.id}/har")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="{session.id}.har"'
    assert [entry["_tab"] for entry in entries_of(answer.content)] == [1, 1]
    assert b"s3cret" not in answer.content


async def test_secrets_are_for_those_who_may_steer(session, viewer, operator, api_of):
    address = f"/sessions/{session.id}/har?secrets=1"
    assert (await (await api_of(viewer))("GET", address)).status_code == 403
    answer = await (await api_of(operator))("GET", address)
    assert b"Bearer s3cret" in answer.content


async def test_a_key_that_may_only_read_gets_no_secrets(session, admin):
    scopes = [Scope.SESSIONS_READ]
    _, token = await keys.create_key(admin, name="reader", role=Role.OPERATOR, scopes=scopes)
    reader = Api({"Authorization": f"Bearer {token}"})
    assert (await reader("GET", f"/sessions/{session.id}/har")).status_code == 200
    assert (await reader("GET", f"/sessions/{session.id}/har?secrets=1")).status_code == 403


async def test_one_request_alone(session, engine, viewer, api_of):
    api, name = await api_of(viewer), engine.live[session.id].ledger.newest
    [entry] = entries_of((await api("GET", f"/sessions/{session.id}/har?request={name}")).content)
    assert (entry["_request"], entry["request"]["url"]) == (name, "https://a.test/2")
    gone = await api("GET", f"/sessions/{session.id}/har?request=unknown")
    assert (gone.status_code, gone.json()["code"]) == (404, "request_not_found")


async def test_what_a_session_uses(session, engine, viewer, api_of):
    await engine.live[session.id].gauge.look()
    answer = await (await api_of(viewer))("GET", f"/sessions/{session.id}/performance")
    found = answer.json()
    assert (found["cpu"], found["memory"], found["memory_measure"]) == (0.25, 120_000_000, "proportional")
    [tab] = found["tabs"]
    assert (tab["id"], tab["active"], tab["metrics"]["dom_nodes"]) == (1, True, 1_234)
    assert found["lately"] == [{"at": found["at"], "cpu": 0.25, "memory": 120_000_000}]


@pytest.mark.parametrize("path", ["har", "performance"])
async def test_looking_is_no_activity(session, engine, viewer, api_of, path):
    api, before = await api_of(viewer), engine.live[session.id].touched
    assert (await api("GET", f"/sessions/{session.id}/{path}")).status_code == 200
    assert engine.live[session.id].touched == before
