"""The second factor: turned on, asked, worn out, made new, lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import sync_to_async

from sessions_app.models import AuditEntry, Role, User
from sessions_app.services import errors, guesses, logins, members, second_factor
from sessions_app.services.actors import SYSTEM
from tests.second_factors import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("long_steps")]
PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

check = sync_to_async(second_factor.check)


@pytest.fixture
async def ada(project) -> User:
    return await logins.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)


async def turn_on(user: User) -> list[str]:
    """With the code of the half minute before, so that those of now are left."""
    code = code_of(SECRET, steps=-1)
    return await second_factor.turn_on(user, secret=SECRET, code=code, password=PASSWORD)


async def test_off_at_first(ada):
    assert await second_factor.of(ada) is None
    assert not await sync_to_async(second_factor.is_on)(ada)
    assert not await check(ada, code_of(SECRET))


async def test_a_code_is_good_once(ada):
    assert len(set(await turn_on(ada))) == 10
    assert not await check(ada, code_of(SECRET, steps=-1)), "it turned the factor on"
    code = code_of(SECRET)
    assert await check(ada, f"{code[:3]} {code[3:]}")
    assert not await check(ada, code)


@pytest.mark.parametrize("steps", [-3, 3])
async def test_a_code_of_another_time(ada, steps):
    await turn_on(ada)
    assert not await check(ada, code_of(SECRET, steps=steps))


@pytest.mark.parametrize("code", ["", "000", "é", "9" * 64])
async def test_what_is_no_code(ada, code):
    await turn_on(ada)
    assert not await check(ada, code)


async def test_a_recovery_code_is_good_once(ada):
    codes = await turn_on(ada)
    assert await check(ada, codes[3])
    assert not await check(ada, codes[3])
    assert await check(ada, codes[4])
    factor = await second_factor.of(ada)
    assert factor
    assert factor.codes_left == 8


async def test_new_codes_take_the_old_ones_place(ada):
    old = await turn_on(ada)
    new = await second_factor.new_codes(ada, password=PASSWORD)
    assert not await check(ada, old[0])
    assert await check(ada, new[0])


async def test_a_login_that_was_left_open_is_not_enough(ada):
    for change in (
        second_factor.turn_on(ada, secret=SECRET, code=code_of(SECRET), password="wrong"),
        second_factor.turn_off(ada, password="wrong"),
        second_factor.new_codes(ada, password="wrong"),
    ):
        with pytest.raises(errors.Invalid) as refusal:
            await change
        assert refusal.value.field == "password"
    assert await second_factor.of(ada) is None


async def test_a_wrong_code_turns_nothing_on(ada):
    with pytest.raises(errors.Invalid) as refusal:
        await second_factor.turn_on(ada, secret=SECRET, code="000000", password=PASSWORD)
    assert refusal.value.field == "code"
    assert await second_factor.of(ada) is None


async def test_turned_on_twice(ada):
    await turn_on(ada)
    with pytest.raises(errors.Conflict):
        await turn_on(ada)


async def test_turned_off(ada):
    codes = await turn_on(ada)
    await second_factor.turn_off(ada, password=PASSWORD)
    assert await second_factor.of(ada) is None
    assert not await check(ada, codes[0])
    with pytest.raises(errors.Conflict):
        await second_factor.new_codes(ada, password=PASSWORD)
    actions = [entry.action async for entry in AuditEntry.objects.filter(target="ada").order_by("pk")]
    assert actions == ["login.created", "second_factor.on", "second_factor.off"]


async def test_guessing_ends_from_wherever(ada):
    await turn_on(ada)
    for _ in range(guesses.LIMIT):
        assert not await check(ada, "000000")
    with pytest.raises(errors.QuotaExceeded):
        await check(ada, code_of(SECRET))


async def test_a_right_code_begins_the_count_anew(ada):
    codes = await turn_on(ada)
    for code in codes[:2]:
        for _ in range(guesses.LIMIT - 1):
            await check(ada, "000000")
        assert await check(ada, code)


async def test_secrets_are_not_kept_in_the_clear(ada):
    await turn_on(ada)
    kept = str([row.data async for row in Authenticator.objects.filter(user=ada)])
    assert SECRET not in kept


async def test_a_rotated_secret_key(ada, settings, caplog):
    old = settings.SECRET_KEY
    codes = await turn_on(ada)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [old]
    assert await check(ada, code_of(SECRET))
    settings.SECRET_KEY_FALLBACKS = []
    assert await check(ada, code_of(SECRET, steps=1)), "sealed anew when it was used"
    assert await check(ada, codes[0])
    settings.SECRET_KEY = "newer"
    assert not await check(ada, codes[1])
    assert "its secret key is gone" in caplog.text


async def test_an_administrator_resets_it(ada, admin):
    codes = await turn_on(ada)
    await second_factor.reset(admin, "ada")
    assert await second_factor.of(ada) is None
    assert not await check(ada, codes[0])
    assert await AuditEntry.objects.filter(action="second_factor.reset", target="ada").aexists()


async def test_who_may_not_reset_it(ada, operator, admin, stranger):
    await turn_on(ada)
    with pytest.raises(errors.Forbidden):
        await second_factor.reset(operator, "ada")
    with pytest.raises(errors.NotFound):
        await second_factor.reset(stranger, "ada")
    await members.put(SYSTEM, "other", "ada", role=Role.VIEWER)
    with pytest.raises(errors.Forbidden, match="other projects"):
        await second_factor.reset(stranger, "ada")
    assert await second_factor.of(ada)
    await second_factor.reset(replace(admin, name="of all"), "ada")
    assert await second_factor.of(ada) is None
