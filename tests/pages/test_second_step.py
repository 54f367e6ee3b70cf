"""Logging in with a second factor."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from sessions_app.models import AuditEntry, Role, SignIn, User
from sessions_app.services import guesses, logins, second_factor
from tests.pages.conftest import PASSWORD, Person, text
from tests.second_factors import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("long_steps")]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
async def codes(project) -> list[str]:
    """The recovery codes of Ada, who has a second factor."""
    ada = await logins.create_operator(username="Ada", password=PASSWORD, role=Role.OPERATOR)
    code = code_of(SECRET, steps=-1)
    return await second_factor.turn_on(ada, secret=SECRET, code=code, password=PASSWORD)


async def first_step(person: Person, **fields: str):
    return await person.post("/login", {"username": "Ada", "password": PASSWORD, **fields})


async def second_step(person: Person, code: str):
    return await person.post("/login/code", {"code": code})


async def is_in(person: Person) -> bool:
    return (await person.get("/account")).status_code == 200


async def test_the_password_alone_opens_nothing(engine, codes, visitor):
    response = await first_step(visitor)
    assert (response.status_code, response["Location"]) == (302, "/login/code")
    assert "authenticator app" in text(await visitor.get("/login/code"))
    assert not await is_in(visitor)
    assert (await visitor.get("/api/v1/sessions")).status_code == 401
    assert not await SignIn.objects.aexists()
    assert not await AuditEntry.objects.filter(action="login.succeeded").aexists()


async def test_the_code_lets_in_and_on(engine, codes, visitor):
    await first_step(visitor, next="/account?x=1")
    response = await second_step(visitor, code_of(SECRET))
    assert (response.status_code, response["Location"]) == (302, "/account?x=1")
    assert await is_in(visitor)
    assert (await visitor.get("/login/code"))["Location"] == "/login"


async def test_a_recovery_code_lets_in_once(engine, codes, visitor):
    await first_step(visitor)
    assert (await second_step(visitor, codes[0])).status_code == 302
    other = Person()
    await first_step(other)
    assert (await second_step(other, codes[0])).status_code == 422
    assert not await is_in(other)


async def test_the_session_key_changes_at_the_login(engine, codes, visitor):
    await first_step(visitor)
    before = visitor.client.cookies["quarterdeck_session"].value
    await second_step(visitor, codes[0])
    assert visitor.client.cookies["quarterdeck_session"].value != before


async def test_a_wrong_code(engine, codes, visitor):
    await first_step(visitor)
    response = await second_step(visitor, "000000")
    assert response.status_code == 422
    assert "This code is wrong" in text(response)
    assert not await is_in(visitor)
    entry = await AuditEntry.objects.aget(action="login.failed")
    assert (entry.target, entry.detail) == ("Ada", {"at": "second factor"})


async def test_without_the_first_step(engine, codes, visitor):
    for response in (await visitor.get("/login/code"), await second_step(visitor, codes[0])):
        assert (response.status_code, response["Location"]) == (302, "/login")
    assert not await is_in(visitor)


async def test_guessing_is_locked_out(engine, codes, visitor):
    await first_step(visitor)
    for _ in range(4):
        assert (await second_step(visitor, "000000")).status_code == 422
    for code in ("000000", codes[0]):
        assert (await second_step(visitor, code)).status_code == 429
    assert not await is_in(visitor)


async def test_guessing_from_many_addresses_is_locked_out(engine, codes, visitor, settings):
    settings.AXES_FAILURE_LIMIT = 10_000
    await first_step(visitor)
    for _ in range(guesses.LIMIT):
        await second_step(visitor, "000000")
    response = await second_step(visitor, codes[0])
    assert response.status_code == 429
    assert "Too many wrong tries at the code" in text(response)
    assert not await is_in(visitor)


@pytest.mark.parametrize("change", ["password", "inactive", "late"])
async def test_what_ends_the_wait(engine, codes, visitor, monkeypatch, change):
    await first_step(visitor)
    if change == "password":
        user = await User.objects.aget()
        await logins.change_password(user, current=PASSWORD, new="another long phrase")
    elif change == "inactive":
        await User.objects.aupdate(is_active=False)
    else:
        monkeypatch.setattr("sessions_app.pages.second_step.time.time", lambda: 2**40)
    assert (await second_step(visitor, codes[0]))["Location"] == "/login"
    assert not await is_in(visitor)


async def test_a_code_form_of_another_site(engine, codes):
    person = Person(csrf=True)
    await sync_to_async(person.client.logout)()
    assert (await second_step(person, codes[0])).status_code == 403
