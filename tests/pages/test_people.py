"""The people of a project."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sessions_app.models import Membership, Role, User
from sessions_app.services import logins, members, second_factor
from sessions_app.services.actors import SYSTEM
from tests.pages.conftest import PASSWORD, text
from tests.queries import queries_of
from tests.second_factors import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("long_steps")]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
async def ada(stranger) -> User:
    """Has a login, in the other project."""
    return await logins.create_operator(
        username="Ada", password=PASSWORD, role=Role.VIEWER, project_id="other"
    )


async def put(person, username: str, role: str):
    return await person.post("/access/people", {"username": username, "role": role}, fragment=True)


async def role_of(username: str) -> str | None:
    member = await Membership.objects.filter(user__username=username, project="default").afirst()
    return member.role if member else None


async def test_who_is_there(engine, boss, mate):
    shown = text(await boss.get("/access/people"))
    assert "admin (you)" in shown
    assert "operator" in shown
    assert "just now off" in shown


async def test_letting_in_changing_removing(engine, boss, ada):
    assert "Ada" in text(await put(boss, "Ada", "viewer"))
    assert await role_of("Ada") == Role.VIEWER
    await put(boss, "Ada", "operator")
    assert await role_of("Ada") == Role.OPERATOR
    response = await boss.post("/access/people/remove", {"username": "Ada"}, fragment=True)
    assert "Ada" not in text(response)
    assert await role_of("Ada") is None


@pytest.mark.parametrize(
    ("username", "role", "field"),
    [("nobody", "viewer", "name"), ("", "viewer", "name"), ("Ada", "king", "role")],
)
async def test_a_mistake_is_said_beside_its_field(engine, boss, ada, username, role, field):
    response = await put(boss, username, role)
    assert response.status_code == 422
    assert f'id="person-{field}-error"' in response.content.decode()
    assert f'value="{username}"' in response.content.decode()


async def test_the_last_administrator_stays(engine, boss):
    for response in (
        await put(boss, "admin", "viewer"),
        await boss.post("/access/people/remove", {"username": "admin"}, fragment=True),
    ):
        assert response.status_code == 409
        assert "last administrator" in text(response)


async def test_resetting_a_second_factor(engine, boss, mate):
    user = await User.objects.aget(username="operator")
    await second_factor.turn_on(user, secret=SECRET, code=code_of(SECRET), password=PASSWORD)
    assert "Reset factor" in text(await boss.get("/access/people"))
    response = await boss.post("/access/people/reset", {"username": "operator"}, fragment=True)
    assert "Reset factor" not in text(response)
    assert await second_factor.of(user) is None


async def test_people_of_another_project(engine, boss, ada):
    assert "Ada" not in text(await boss.get("/access/people"))
    for path in ("remove", "reset"):
        response = await boss.post(f"/access/people/{path}", {"username": "Ada"}, fragment=True)
        assert response.status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_administrators_only(engine, log_in, role):
    person = await log_in(role)
    for path in ("people", "invitations", "projects", "audit"):
        assert (await person.get(f"/access/{path}")).status_code == 403
    assert (await put(person, role.value, "admin")).status_code == 403
    assert await role_of(role.value) == role


async def test_as_many_queries_for_many(engine, boss):
    few = await queries_of(boss.get("/access/people"))
    now = timezone.now()
    for number in range(20):
        user = await User.objects.acreate(username=f"p{number}")
        await Membership.objects.acreate(user=user, project_id="default", role="viewer", created_at=now)
    many = await queries_of(boss.get("/access/people"))
    assert len(many) == len(few)
    assert "p19" in text(await boss.get("/access/people"))


async def test_more_than_a_page(engine, boss):
    now = timezone.now()
    for number in range(101):
        user = await User.objects.acreate(username=f"p{number}")
        await Membership.objects.acreate(user=user, project_id="default", role="viewer", created_at=now)
    first = await boss.get("/access/people")
    assert "p100" in text(first)
    assert "admin (you)" not in text(first)
    older = first.content.decode().partition('href="?cursor=')[2].partition('"')[0]
    assert "admin (you)" in text(await boss.get(f"/access/people?cursor={older}"))
    assert (await boss.get("/access/people?cursor=x")).status_code == 400


async def test_an_administrator_of_another_project_sees_its_own(engine, log_in, ada):
    await members.put(SYSTEM, "other", "Ada", role=Role.ADMIN)
    person = await log_in(Role.ADMIN, "Ada")
    page = text(await person.get("/access/people"))
    assert "Ada (you)" in page
    assert "Projects" not in page
    for path in ("/access/projects", "/settings"):
        assert (await person.get(path)).status_code == 403
