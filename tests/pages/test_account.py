"""One's own account."""

from __future__ import annotations

import re

import pytest

from sessions_app.models import Role, SignIn, User
from sessions_app.services import guesses, second_factor
from tests.pages.conftest import PASSWORD, text
from tests.second_factors import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("long_steps")]
NEW = "another long phrase"


async def change(person, *, current=PASSWORD, password=NEW, again=NEW):
    asked = {"current": current, "password": password, "again": again}
    return await person.post("/account/password", asked, fragment=True)


@pytest.mark.parametrize("role", Role)
async def test_everybody_has_one(engine, log_in, role):
    page = text(await (await log_in(role)).get("/account"))
    for words in ("Your account", "Password", "Second factor", "On this device", "Where you are logged in"):
        assert words in page


async def test_nobody_else_has(engine, visitor):
    for path in ("/account", "/settings", "/access/people", "/access/audit"):
        assert (await visitor.get(path))["Location"].startswith("/login?")


async def test_a_new_password_ends_the_other_logins(engine, log_in, visitor):
    mate, other = await log_in(Role.OPERATOR), await log_in(Role.OPERATOR)
    response = await change(mate)
    assert "The password is changed, and 1 other login ended." in text(response)
    assert (await mate.get("/")).status_code == 200
    assert (await other.get("/")).status_code == 302
    assert await SignIn.objects.acount() == 1
    for password, status in ((PASSWORD, 422), (NEW, 302)):
        response = await visitor.post("/login", {"username": "operator", "password": password})
        assert response.status_code == status


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "x"}, "again"),
    ],
)
async def test_a_password_that_will_not_do(engine, mate, asked, field):
    response = await change(mate, **asked)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.content.decode()
    assert (await User.objects.aget()).check_password(PASSWORD)


async def test_who_guesses_the_password_is_told_to_wait(engine, mate):
    for _ in range(guesses.LIMIT):
        await change(mate, current="wrong")
    response = await change(mate)
    assert response.status_code == 429
    assert "Too many wrong tries at the password" in text(response)


async def begin(person) -> str:
    body = (await person.post("/account/second-factor", fragment=True)).content.decode()
    shown = re.search(r'value="([A-Z2-7]{32})"', body)
    assert shown
    assert f"secret={shown[1]}" in body
    assert 'class="qr"' in body
    return shown[1]


async def turn_on(person, secret: str, **asked: str):
    asked = {"code": code_of(secret), "password": PASSWORD, **asked}
    return await person.post("/account/second-factor/on", asked, fragment=True)


async def test_the_second_factor_from_on_to_off(engine, mate):
    secret = await begin(mate)
    shown = await turn_on(mate, secret)
    codes = re.findall(r"<li>(\d{8})</li>", shown.content.decode())
    assert len(codes) == 10
    page = await mate.get("/account")
    assert "10 recovery codes left" in text(page)
    assert codes[0] not in page.content.decode()
    asked = {"password": PASSWORD}
    new = await mate.post("/account/second-factor/codes", asked, fragment=True)
    assert codes[0] not in new.content.decode()
    assert "Set it up" in text(await mate.post("/account/second-factor/off", asked, fragment=True))
    assert await second_factor.of(await User.objects.aget()) is None


@pytest.mark.parametrize(
    ("asked", "field"), [({"code": "000000"}, "code"), ({"password": "wrong"}, "password")]
)
async def test_a_slip_keeps_the_secret_that_was_scanned(engine, mate, asked, field):
    secret = await begin(mate)
    response = await turn_on(mate, secret, **asked)
    assert response.status_code == 422
    assert f'id="factor-{field}-error"' in response.content.decode()
    assert secret in response.content.decode()
    assert (await turn_on(mate, secret)).status_code == 200


async def test_a_secret_of_ones_own_choice(engine, mate):
    assert "Set it up" in text(await turn_on(mate, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))


@pytest.mark.parametrize("what", ["off", "codes"])
async def test_the_password_is_asked_for(engine, mate, what):
    await turn_on(mate, await begin(mate))
    response = await mate.post(f"/account/second-factor/{what}", {"password": "wrong"}, fragment=True)
    assert response.status_code == 422
    assert "not your password" in text(response)
    assert await second_factor.of(await User.objects.aget())


async def test_ending_logins(engine, log_in):
    mate, *others = [await log_in(Role.OPERATOR) for _ in range(3)]
    page = await mate.get("/account")
    assert text(page).count("this one") == 1
    row = await SignIn.objects.aget(login=others[0].client.cookies["quarterdeck_session"].value)
    assert text(await mate.post(f"/account/logins/{row.pk}/end", fragment=True)).count(" End") == 2
    assert (await others[0].get("/")).status_code == 302
    assert "End all others" not in text(await mate.post("/account/logins/end", fragment=True))
    assert (await others[1].get("/")).status_code == 302
    assert (await mate.get("/")).status_code == 200


async def test_a_login_of_somebody_else(engine, mate, boss):
    row = await SignIn.objects.aget(user__username="admin")
    assert (await mate.post(f"/account/logins/{row.pk}/end", fragment=True)).status_code == 404
    assert (await boss.get("/")).status_code == 200


async def test_no_change_by_a_link(engine, mate):
    for path in ("password", "second-factor", "second-factor/off", "second-factor/codes", "logins/end"):
        assert (await mate.get(f"/account/{path}")).status_code == 405
