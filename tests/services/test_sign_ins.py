"""Browsers that are logged in: listed, seen, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as LoginSession
from django.test import AsyncClient
from django.utils import timezone

from sessions_app.engine.wire import CLOSE_RESTARTING
from sessions_app.models import Role, SignIn, User
from sessions_app.services import cleanup, errors, logins, sign_ins
from tests.fake_parts import FakeViewer

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
async def ada(project) -> User:
    return await logins.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)


async def log_in(user: User) -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(user, backend=BACKEND)
    return client


async def is_in(client: AsyncClient) -> bool:
    return (await client.get("/")).status_code == 200


async def test_each_login_is_listed_while_it_lasts(engine, ada):
    first, second = await log_in(ada), await log_in(ada)
    assert len(await sign_ins.of(ada)) == 2
    await second.post("/logout")
    (left,) = await sign_ins.of(ada)
    assert left.login_id == first.cookies["quarterdeck_session"].value
    await LoginSession.objects.aupdate(expire_date=timezone.now())
    assert await sign_ins.of(ada) == []


async def test_one_is_ended(engine, ada):
    mine, lost = await log_in(ada), await log_in(ada)
    row = await SignIn.objects.aget(login=lost.cookies["quarterdeck_session"].value)
    await sign_ins.end(ada, row.pk)
    assert not await is_in(lost)
    assert await is_in(mine)
    with pytest.raises(errors.NotFound):
        await sign_ins.end(ada, row.pk)


async def test_nobody_ends_anothers(engine, ada):
    eve = await logins.create_operator(username="eve", password=PASSWORD, role=Role.ADMIN)
    client = await log_in(ada)
    row = await SignIn.objects.aget(user=ada)
    with pytest.raises(errors.NotFound):
        await sign_ins.end(eve, row.pk)
    assert await is_in(client)


async def test_all_others_are_ended(engine, ada):
    mine, *others = [await log_in(ada) for _ in range(3)]
    assert await sign_ins.end_others(ada, mine.cookies["quarterdeck_session"].value) == 2
    assert [await is_in(client) for client in others] == [False, False]
    assert await is_in(mine)


async def test_what_is_watched_has_to_come_again(start, engine, ada):
    session = await start()
    own, foreign = FakeViewer(user_id=str(ada.pk)), FakeViewer(user_id="0")
    engine.find(session.id).audience.hub.viewers.update(own=own, foreign=foreign)
    await log_in(ada)
    row = await SignIn.objects.aget()
    await sign_ins.end(ada, row.pk)
    assert (own.closed_with, foreign.closed_with) == (CLOSE_RESTARTING, None)


async def test_being_seen_is_noted_once_a_minute(engine, ada):
    client = await log_in(ada)
    long_ago = timezone.now() - timedelta(hours=1)
    await SignIn.objects.aupdate(seen_at=long_ago)
    await is_in(client)
    assert (await SignIn.objects.aget()).seen_at == long_ago, "it was noted a moment ago, at the login"
    sign_ins.forget_seen()
    await is_in(client)
    assert (await SignIn.objects.aget()).seen_at > long_ago


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("", "An unknown browser"),
        ("curl/8.0", "An unknown browser"),
    ],
)
def test_devices_in_words(agent, device):
    assert sign_ins.device(agent) == device


async def test_one_that_ran_out_is_cleaned_up_as_one(engine, ada):
    await log_in(ada)
    await LoginSession.objects.aupdate(expire_date=timezone.now() - timedelta(days=1))
    assert (await cleanup.run()).logins == 1
    assert not await SignIn.objects.aexists()
