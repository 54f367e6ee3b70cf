"""Changing one's own password."""

from __future__ import annotations

import pytest

from sessions_app.models import AuditEntry, Role, User
from sessions_app.services import errors, guesses, logins

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "correct horse battery", "another long phrase"


@pytest.fixture
async def ada(project) -> User:
    return await logins.create_operator(username="ada", password=OLD, role=Role.OPERATOR)


async def kept(password: str) -> bool:
    return (await User.objects.aget()).check_password(password)


async def test_changed(ada):
    await logins.change_password(ada, current=OLD, new=NEW)
    assert await kept(NEW)
    assert await AuditEntry.objects.filter(action="password.changed", target="ada").aexists()


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong", NEW, "current"), (OLD, "short", "password"), (OLD, "ada", "password")],
)
async def test_refused(ada, current, new, field):
    with pytest.raises(errors.Invalid) as refusal:
        await logins.change_password(ada, current=current, new=new)
    assert refusal.value.field == field
    assert await kept(OLD)


async def test_guessing_the_old_one_ends(ada):
    for _ in range(guesses.LIMIT):
        with pytest.raises(errors.Invalid):
            await logins.change_password(ada, current="wrong", new=NEW)
    with pytest.raises(errors.QuotaExceeded):
        await logins.change_password(ada, current=OLD, new=NEW)
    assert await kept(OLD)


async def test_changed_elsewhere_at_the_same_time(ada):
    again = await User.objects.aget()
    await logins.change_password(again, current=OLD, new=NEW)
    with pytest.raises(errors.Conflict):
        await logins.change_password(ada, current=OLD, new="yet another phrase")
    assert await kept(NEW)
