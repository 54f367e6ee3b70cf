"""Invitations: made in the pages, and where they lead."""

from __future__ import annotations

import re

import pytest

from sessions_app.models import Invitation, Membership, Role, User
from sessions_app.services import invitations
from tests.pages.conftest import PASSWORD, SCRIPT, Person, text

pytestmark = pytest.mark.django_db(transaction=True)


async def make(person, **asked):
    asked = {"note": "Cy", "role": "operator", "days": "7", **asked}
    return await person.post("/access/invitations", asked, fragment=True)


async def token_of(person, **asked) -> str:
    shown = re.search(r'value="[^"]+/invite#([^"]+)"', (await make(person, **asked)).content.decode())
    assert shown
    return shown[1]


async def test_made_shown_once_revoked(engine, boss):
    assert "No invitations." in text(await boss.get("/access/invitations"))
    token = await token_of(boss)
    page = await boss.get("/access/invitations")
    assert token not in page.content.decode()
    assert "Cy operator admin just now" in text(page)
    row = await Invitation.objects.aget()
    response = await boss.post(f"/access/invitations/{row.pk}/revoke", fragment=True)
    assert "revoked" in text(response)
    assert (await Person().post("/invite", {"token": token})).status_code == 403


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"role": "king"}, "role"),
        ({"days": "31"}, "days"),
        ({"days": "x"}, "days"),
        ({"note": "n" * 201}, "note"),
    ],
)
async def test_a_mistake_is_said_beside_its_field(engine, boss, asked, field):
    response = await make(boss, **asked)
    assert response.status_code == 422
    assert f'id="invitation-{field}-error"' in response.content.decode()
    assert not await Invitation.objects.aexists()


async def test_a_note_is_only_text(engine, boss):
    await make(boss, note=SCRIPT)
    response = await boss.get("/access/invitations")
    assert SCRIPT not in response.content.decode()
    assert SCRIPT in text(response)


async def test_another_projects_invitations(engine, boss, stranger):
    row, _ = await invitations.create(stranger, role=Role.VIEWER, days=1, note="secret plan")
    assert "secret plan" not in text(await boss.get("/access/invitations"))
    assert (await boss.post(f"/access/invitations/{row.pk}/revoke")).status_code == 404


async def test_a_new_login(engine, boss, visitor):
    token = await token_of(boss, role="viewer")
    assert "what stands behind its #" in text(await visitor.get("/invite"))
    assert "admin invites you to the project Default as viewer" in text(
        await visitor.post("/invite", {"token": token})
    )
    asked = {"token": token, "accept": "1", "username": "cy", "password": PASSWORD}
    response = await visitor.post("/invite", asked)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "cy viewer" in text(await visitor.get("/"))
    assert "used by cy" in text(await boss.get("/access/invitations"))
    assert (await Person().post("/invite", asked)).status_code == 403


@pytest.mark.parametrize(("username", "password"), [("admin", PASSWORD), ("cy", "short"), ("a b", PASSWORD)])
async def test_a_login_that_will_not_do(engine, boss, visitor, username, password):
    token = await token_of(boss)
    asked = {"token": token, "accept": "1", "username": username, "password": password}
    response = await visitor.post("/invite", asked)
    assert response.status_code == 422
    assert "-error" in response.content.decode()
    assert password not in response.content.decode() or password == "short"
    assert (await visitor.post("/invite", {"token": token})).status_code == 200


async def test_a_login_that_is_there(engine, mate, stranger):
    _, url = await invitations.create(stranger, role=Role.ADMIN, days=1)
    token = url.partition("#")[2]
    shown = text(await mate.post("/invite", {"token": token}))
    assert "You are logged in as operator" in shown
    assert not await Membership.objects.filter(project="other").aexists()
    assert (await mate.post("/invite", {"token": token, "accept": "1"}))["Location"] == "/"
    assert "operator admin" in text(await mate.get("/")), "the project just joined is the one that is shown"
    assert await User.objects.acount() == 1


async def test_who_is_a_member_already(engine, boss):
    token = await token_of(boss)
    response = await boss.post("/invite", {"token": token, "accept": "1"})
    assert response.status_code == 409
    assert "belongs to this project already, as admin" in text(response)


@pytest.mark.parametrize("token", ["", "wrong", "%00"])
async def test_a_wrong_token(engine, project, visitor, token):
    asked = {"token": token, "accept": "1", "username": "eve", "password": PASSWORD}
    response = await visitor.post("/invite", asked)
    assert response.status_code == 403
    assert "This link no longer works" in text(response)
    assert not await User.objects.aexists()


async def test_a_form_of_another_site(engine, boss):
    token = await token_of(boss)
    asked = {"token": token, "accept": "1", "username": "eve", "password": PASSWORD}
    assert (await Person(csrf=True).post("/invite", asked)).status_code == 403
    assert await User.objects.acount() == 1
