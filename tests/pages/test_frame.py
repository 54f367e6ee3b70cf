"""What every page has in common: who may see it, its policies, its errors."""

from __future__ import annotations

import re

import pytest

from sessions_app.models import Role
from tests.pages.conftest import Person, text

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/sessions/rows",
    "/sessions/new",
    "/sessions/ses_x",
    "/sessions/ses_x/facts",
    "/monitoring",
    "/access",
    "/access/people",
    "/access/invitations",
    "/access/projects",
    "/access/audit",
    "/settings",
    "/account",
]
EVERY_KIND = [*PAGES, "/?view=table", "/login", "/login/code", "/setup", "/invite", "/live/lnk_x", "/nowhere"]
POSTS = [
    "/sessions/new",
    "/sessions/ses_x/release",
    "/sessions/ses_x/ticket",
    "/sessions/ses_x/tabs/1/activate",
    "/sessions/ses_x/tabs/1/close",
    "/sessions/ses_x/labels",
    "/sessions/ses_x/labels/remove",
    "/sessions/ses_x/links",
    "/sessions/ses_x/links/revoke",
    "/sessions/ses_x/links/lnk_x/revoke",
    "/sessions/bulk/release",
    "/sessions/bulk/label",
    "/access",
    "/access/key_x/revoke",
    "/project",
]


@pytest.mark.parametrize("path", PAGES)
async def test_a_visitor_is_sent_to_the_login_and_back(visitor, path):
    response = await visitor.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/login?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize("path", POSTS)
async def test_a_visitor_changes_nothing(visitor, path):
    response = await visitor.post(path)
    assert (response.status_code, response["Location"]) == (302, "/login?next=%2F")


async def test_a_lapsed_login_takes_the_whole_page_to_the_login(visitor):
    response = await visitor.get(
        "/sessions/rows", fragment=True, **{"HX-Current-URL": "http://testserver/?q=a"}
    )
    assert response["HX-Redirect"] == "/login?next=%2F%3Fq%3Da"


@pytest.mark.parametrize("path", POSTS)
async def test_a_form_without_its_csrf_token_is_refused(engine, log_in, path):
    person = await log_in(Role.ADMIN, csrf=True)
    response = await person.post(path)
    assert response.status_code == 403
    assert "This form is out of date" in text(response)


@pytest.mark.parametrize("path", [path for path in POSTS if path.startswith("/sessions")])
async def test_a_viewer_may_only_look(engine, watcher, path):
    response = await watcher.post(path, fragment=True)
    assert response.status_code == (404 if path.endswith("ticket") else 403)


@pytest.mark.parametrize("path", [path for path in POSTS if path not in ("/sessions/new", "/access")])
async def test_a_wrong_method(engine, boss, path):
    response = await boss.get(path)
    assert response.status_code == (404 if path.endswith("/links") else 405)


@pytest.mark.parametrize("path", EVERY_KIND)
async def test_pages_run_nothing_inline_and_are_not_kept(engine, boss, path):
    response = await boss.get(path)
    page = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert not any(inline in page for inline in (" style=", "<style", " onclick=", "hx-on", "javascript:"))
    assert page.count("<script") == page.count("<script src") + page.count('<script type="module" src')
    if response.status_code == 200:
        assert response["Cache-Control"] == "no-store"


async def test_who_is_logged_in_and_what_for(engine, watcher, boss):
    page = text(await watcher.get("/"))
    assert "viewer viewer" in page
    assert "Log out" in page
    assert "Access" not in page
    assert "Access" in text(await boss.get("/"))


@pytest.mark.parametrize(
    ("path", "words"), [("/", "Sessions"), ("/sessions/new", "Sessions"), ("/access", "Access")]
)
async def test_the_rail_says_where_one_is(engine, boss, path, words):
    page = (await boss.get(path)).content.decode()
    assert re.findall(r'title="(\w+)"[^>]*aria-current="page"', page) == [words]


async def test_without_a_sandbox_every_page_says_so(engine, watcher, settings):
    assert "sandbox is off" not in text(await watcher.get("/"))
    settings.QUARTERDECK_NO_SANDBOX = True
    assert "sandbox is off" in text(await watcher.get("/"))


async def test_an_unknown_address(visitor):
    response = await visitor.get("/nowhere")
    assert response.status_code == 404
    assert "There is nothing here" in text(response)


async def test_a_foreign_host_name(visitor):
    response = await visitor.get("/login", Host="evil.test")
    assert response.status_code == 400
    assert "This request cannot be understood" in text(response)


async def test_a_broken_server_tells_no_secrets(project, log_in):
    """No engine runs here, which no page expects."""
    person: Person = await log_in(Role.OPERATOR)
    response = await person.post(
        "/sessions/new", {"screen": "phone", "image_id": "chromium", "idle_timeout": 9, "max_lifetime": 9}
    )
    assert response.status_code == 500
    assert "Something broke on this server" in text(response)
    assert "engine" not in text(response)
