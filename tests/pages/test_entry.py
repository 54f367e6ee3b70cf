"""Set-up, login, logout."""

from __future__ import annotations

import pytest
from django.test import AsyncClient
from django.utils import timezone

from sessions_app.models import Invitation, Role, User
from sessions_app.services import logins
from tests.pages.conftest import PASSWORD, SCRIPT, Person, text

pytestmark = pytest.mark.django_db(transaction=True)


async def setup_token() -> str:
    link = await logins.create_setup_link()
    assert link
    return link.partition("#")[2]


async def test_the_setup_link_makes_the_first_login_and_enters(engine, visitor):
    token = await setup_token()
    page = await visitor.get("/setup")
    assert token not in page.content.decode()
    response = await visitor.post("/setup", {"token": token, "username": "Ada", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "Ada admin" in text(await visitor.get("/"))


async def test_a_setup_link_is_good_for_one_login(engine, visitor):
    token = await setup_token()
    await visitor.post("/setup", {"token": token, "username": "Ada", "password": PASSWORD})
    for response in (await Person().get("/setup"), await Person().post("/setup", {"token": token})):
        assert response.status_code == 410
        assert "This server is set up" in text(response)
    assert await User.objects.acount() == 1


@pytest.mark.parametrize("token", ["", "wrong", "%00"])
async def test_a_wrong_setup_token(visitor, token):
    await setup_token()
    response = await visitor.post("/setup", {"token": token, "username": "Ada", "password": PASSWORD})
    assert response.status_code == 403
    assert "This link no longer works" in text(response)
    assert not await User.objects.aexists()


async def test_an_expired_setup_token(visitor):
    token = await setup_token()
    await Invitation.objects.aupdate(expires_at=timezone.now())
    response = await visitor.post("/setup", {"token": token, "username": "Ada", "password": PASSWORD})
    assert response.status_code == 403
    assert "works once, for 15 minutes" in text(response)


@pytest.mark.parametrize(
    ("username", "password", "words"),
    [("Ada", "tiny!", "too short"), ("", PASSWORD, "valid username"), (SCRIPT, PASSWORD, "valid username")],
)
async def test_a_bad_name_or_password_is_said_beside_it(visitor, username, password, words):
    token = await setup_token()
    response = await visitor.post("/setup", {"token": token, "username": username, "password": password})
    assert response.status_code == 422
    assert words in text(response)
    assert f'value="{token}"' in response.content.decode()
    assert SCRIPT not in response.content.decode()
    assert password not in response.content.decode()


class ClientAt(AsyncClient):
    """At another address; at none, as through a Unix socket."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def _base_scope(self, **request):
        scope = super()._base_scope(**request)  # type: ignore[misc]
        return {**scope, "client": [self.address, 4242]}


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("192.0.2.7", ""),
        ("", ""),
        ("127.0.0.1", "X-Forwarded-For"),
        ("127.0.0.1", "X-Forwarded-Proto"),
        ("127.0.0.1", "Forwarded"),
    ],
)
async def test_set_up_only_from_the_server_itself(visitor, address, header):
    token = await setup_token()
    visitor.client = ClientAt(address)
    headers = {header: "for=192.0.2.7"} if header else {}
    asked = {"token": token, "username": "Ada", "password": PASSWORD}
    for response in (await visitor.get("/setup", **headers), await visitor.post("/setup", asked, **headers)):
        assert response.status_code == 403
        assert "Only from the server itself" in text(response)
    assert not await User.objects.aexists()


async def test_a_setup_form_of_another_site(visitor):
    token = await setup_token()
    response = await Person(csrf=True).post(
        "/setup", {"token": token, "username": "Ada", "password": PASSWORD}
    )
    assert response.status_code == 403
    assert not await User.objects.aexists()


@pytest.fixture
async def ada(project) -> User:
    return await logins.create_operator(username="Ada", password=PASSWORD, role=Role.OPERATOR)


async def log_in(person: Person, password: str = PASSWORD, **fields: str):
    return await person.post("/login", {"username": "Ada", "password": password, **fields})


async def test_login_and_logout(engine, ada, visitor):
    assert (await visitor.get("/login")).status_code == 200
    assert (await log_in(visitor))["Location"] == "/"
    assert (await visitor.get("/login"))["Location"] == "/"
    response = await visitor.post("/logout")
    assert (response.status_code, response["Location"]) == (302, "/login")
    assert (await visitor.get("/")).status_code == 302


async def test_logout_is_no_link(engine, mate):
    assert (await mate.get("/logout")).status_code == 405
    assert (await mate.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/sessions/ses_x?a=b", "/sessions/ses_x?a=b"),
        ("https://evil.test/", "/"),
        ("//evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_login_leads_back_but_never_elsewhere(ada, visitor, target, leads_to):
    assert (await log_in(visitor, next=target))["Location"] == leads_to


async def test_a_wrong_password(ada, visitor):
    response = await log_in(visitor, "wrong")
    assert response.status_code == 422
    assert "do not go together" in text(response)
    assert 'value="Ada"' in response.content.decode()


async def test_guessing_is_locked_out_in_words(ada, visitor):
    for _ in range(4):
        assert (await log_in(visitor, "wrong")).status_code == 422
    for password in ("wrong", PASSWORD):
        response = await log_in(visitor, password)
        assert response.status_code == 429
        assert "Too many wrong passwords" in text(response)
    assert (await visitor.get("/")).status_code == 302


async def test_a_login_form_of_another_site(ada):
    assert (await log_in(Person(csrf=True))).status_code == 403
