"""Invitations: made, used once, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import AuditEntry, Invitation, Membership, Role, User
from sessions_app.services import cleanup, errors, invitations, logins

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


async def token_for(actor, **asked) -> str:
    _, url = await invitations.create(actor, **{"role": Role.OPERATOR, "days": 7, **asked})
    return url.partition("#")[2]


async def test_an_invitation_makes_a_login(project, admin):
    token = await token_for(admin, role=Role.VIEWER, note=" Cy of support ")
    offer = await invitations.read(token)
    assert (offer.project, offer.role, offer.by) == (project.name, Role.VIEWER, admin.name)
    user = await logins.accept_invitation(token, username="cy", password=PASSWORD)
    assert (await user.memberships.aget()).role == Role.VIEWER
    row = await Invitation.objects.aget()
    assert (row.state, row.used_by, row.note) == ("used", "cy", "Cy of support")
    assert await AuditEntry.objects.filter(action="invitation.accepted", target="cy").aexists()


async def test_the_link_is_not_kept(project, admin):
    row, url = await invitations.create(admin, role=Role.VIEWER, days=1)
    assert url.startswith("http://127.0.0.1:8000/invite#")
    assert url.partition("#")[2] not in str(row.__dict__)


@pytest.fixture
async def ada(project) -> User:
    return await logins.create_operator(username="ada", password=PASSWORD, role=Role.OPERATOR)


async def test_a_login_that_is_there_joins(ada, stranger):
    token = await token_for(stranger, role=Role.ADMIN)
    assert await invitations.join(token, ada) == "other"
    member = await Membership.objects.aget(user=ada, project="other")
    assert member.role == Role.ADMIN
    with pytest.raises(errors.Unauthenticated):
        await invitations.join(token, ada)


async def test_a_member_keeps_the_role_and_the_link(ada, admin):
    token = await token_for(admin, role=Role.ADMIN)
    with pytest.raises(errors.Conflict, match="already, as operator"):
        await invitations.join(token, ada)
    assert (await invitations.read(token)).by == admin.name


@pytest.mark.parametrize("why", ["used", "revoked", "expired", "unknown"])
async def test_a_link_that_does_nothing_any_more(admin, ada, why):
    token = await token_for(admin)
    row = await Invitation.objects.aget()
    if why == "used":
        await logins.accept_invitation(token, username="cy", password=PASSWORD)
    elif why == "revoked":
        await invitations.revoke(admin, row.pk)
    elif why == "expired":
        await Invitation.objects.aupdate(expires_at=timezone.now())
    else:
        token += "x"
    await row.arefresh_from_db()
    assert row.state == ("open" if why == "unknown" else why)
    for use in (
        invitations.read(token),
        invitations.join(token, ada),
        logins.accept_invitation(token, username="eve", password=PASSWORD),
    ):
        with pytest.raises(errors.Unauthenticated):
            await use


async def test_a_poor_password_does_not_use_it_up(project, admin):
    token = await token_for(admin)
    with pytest.raises(errors.Invalid):
        await logins.accept_invitation(token, username="cy", password="short")
    assert (await invitations.read(token)).by == admin.name


@pytest.mark.parametrize("asked", [{"days": 0}, {"days": 31}, {"note": "n" * 201}, {"note": "a\nb"}])
async def test_what_cannot_be(project, admin, asked):
    with pytest.raises(errors.Invalid) as refusal:
        await token_for(admin, **asked)
    assert refusal.value.field == next(iter(asked))


async def test_for_administrators_each_of_the_own_project(project, admin, operator, stranger):
    await token_for(admin)
    row = await Invitation.objects.aget()
    for refused in (
        token_for(operator),
        invitations.page(operator),
        invitations.revoke(operator, row.pk),
    ):
        with pytest.raises(errors.Forbidden):
            await refused
    assert (await invitations.page(stranger)).items == []
    with pytest.raises(errors.NotFound):
        await invitations.revoke(stranger, row.pk)
    assert (await invitations.page(admin)).items == [row]


async def test_revoking_twice_is_revoking(project, admin):
    await token_for(admin)
    row = await Invitation.objects.aget()
    for _ in range(2):
        await invitations.revoke(admin, row.pk)
    assert await AuditEntry.objects.filter(action="invitation.revoked").acount() == 1


async def test_what_is_over_stays_listed_for_a_day(project, admin):
    for _ in range(2):
        await token_for(admin)
    first = await Invitation.objects.afirst()
    assert first
    await invitations.revoke(admin, first.pk)
    assert (await cleanup.run()).invitations == 0
    await Invitation.objects.filter(pk=first.pk).aupdate(revoked_at=timezone.now() - timedelta(days=2))
    assert (await cleanup.run()).invitations == 1
