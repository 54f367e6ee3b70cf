"""The audit: what is written, with whom and from where, and who may read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone

from sessions_app.models import AuditEntry, Membership, Role
from sessions_app.services import audit, control, errors, keys, links, logins, sessions, trace
from sessions_app.services.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


async def actions() -> list[str]:
    return [entry.action async for entry in AuditEntry.objects.order_by("pk")]


async def entry(action: str) -> AuditEntry:
    return await AuditEntry.objects.aget(action=action)


async def test_an_entry_says_who_what_and_from_where(project, admin):
    address, request = trace.address.set("192.0.2.7"), trace.request_id.set("req_1")
    try:
        key, _ = await keys.create_key(admin, name="robot", role=Role.VIEWER)
    finally:
        trace.address.reset(address)
        trace.request_id.reset(request)
    written = await entry("key.created")
    assert (written.actor_kind, written.actor_id, written.actor_name) == (
        "program", "key_admin", "admin program",
    )  # fmt: skip
    assert (written.target, written.address, written.request_id) == (key.id, "192.0.2.7", "req_1")
    assert written.detail == {"name": "robot", "role": "viewer", "scopes": []}


async def test_links_are_written_down(start, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    await links.revoke(operator, session.id, made.link.id)
    await links.revoke(operator, session.id, made.link.id)
    await links.revoke_all(operator, session.id)
    assert await actions() == ["link.created", "link.revoked", "links.revoked"]
    assert (await entry("link.created")).detail == {"session": session.id, "role": "view"}


async def test_no_secret_is_written_down(start, admin, operator):
    session = await start()
    made = await links.create(operator, session.id, role="view")
    _, token = await keys.create_key(admin, name="robot", role=Role.VIEWER)
    await logins.create_operator(username="ada", password=PASSWORD, role=Role.ADMIN)
    written = str([row async for row in AuditEntry.objects.values()])
    for secret in (made.url.partition("#")[2], token, token[12:], PASSWORD):
        assert secret not in written


async def test_control_taken_by_force(start, operator, person):
    session = await start()
    await control.take(person, session.id, force=True)
    await control.take(person, session.id, force=True)
    assert await actions() == []
    await control.take(operator, session.id, force=True)
    written = await entry("control.forced")
    assert (written.target, written.detail) == (session.id, {"taken_from": "Ada"})


async def test_releases_by_a_person(start, operator, person):
    mine, theirs, another = await start(), await start(), await start()
    await sessions.release(operator, theirs.id)
    await sessions.release(person, mine.id)
    await sessions.release(person, mine.id)
    await sessions.release_many(person, ids=[another.id])
    written = [
        row.target async for row in AuditEntry.objects.filter(action="session.released").order_by("pk")
    ]
    assert written == [mine.id, another.id]


async def test_the_first_login_is_written_down(project):
    link = await logins.create_setup_link()
    assert link
    await logins.accept_invitation(link.partition("#")[2], username="ada", password=PASSWORD)
    assert ((await entry("setup.done")).actor_name, (await entry("setup.done")).target) == ("ada", "ada")


def attempt(name: str, password: str) -> int:
    return Client().post("/login", {"username": name, "password": password}).status_code


@pytest.fixture
def ada(transactional_db, project):
    user = logins._create_operator("ada", PASSWORD, Role.ADMIN, "default")
    AuditEntry.objects.all().delete()
    return user


def test_logins_their_failures_and_the_lock(ada):
    attempt("ada", PASSWORD)
    for _ in range(8):
        attempt("ada", "wrong")
    attempt("nobody", "wrong")
    written = list(AuditEntry.objects.order_by("pk").values_list("action", "actor_name", "address"))
    assert written == [
        ("login.succeeded", "ada", "127.0.0.1"),
        *[("login.failed", "ada", "127.0.0.1")] * 4,
        ("login.locked_out", "ada", "127.0.0.1"),
        ("login.failed", "nobody", "127.0.0.1"),
    ]
    assert set(AuditEntry.objects.values_list("project", flat=True)) == {None}
    assert AuditEntry.objects.filter(request_id__startswith="req_").count() == len(written)


async def fill(*made: tuple[str, str, str | None]) -> None:
    for action, target, project_id in made:
        await AuditEntry.objects.acreate(
            at=timezone.now(),
            action=action,
            target=target,
            project_id=project_id,
            actor_kind="person",
            actor_id="user_7",
            actor_name="Ada Löwe",
        )


async def read(actor: Actor, **asked: str) -> list[str]:
    return [row.target for row in (await audit.list_entries(actor, **asked)).items]  # type: ignore[arg-type]


async def test_newest_first_and_found_by_words(project, admin):
    await fill(("key.created", "key_a", "default"), ("key.revoked", "key_a", "default"))
    await fill(("link.created", "lnk_b", "default"))
    assert await read(admin) == ["lnk_b", "key_a", "key_a"]
    assert await read(admin, action="key.revoked") == ["key_a"]
    assert await read(admin, target="lnk_b") == ["lnk_b"]
    assert await read(admin, by="user_7", q="REVOKED") == ["key_a"]
    assert len(await read(admin, by="Ada Löwe")) == 3
    assert await read(admin, by="ada") == []
    assert await read(admin, action="key") == []
    assert await read(admin, q="löwe") != [] or await read(admin, q="Löwe") != []


async def test_in_pages(project, admin):
    await fill(*[("key.created", f"key_{number}", "default") for number in range(5)])
    first = await audit.list_entries(admin, limit=3)
    await fill(("key.created", "key_late", "default"))
    second = await audit.list_entries(admin, limit=3, cursor=first.next_cursor)
    assert [row.target for row in [*first.items, *second.items]] == [
        f"key_{number}" for number in (4, 3, 2, 1, 0)
    ]
    assert (first.total, second.next_cursor) == (5, None)
    with pytest.raises(errors.InvalidCursor):
        await audit.list_entries(admin, cursor="WyJ4Il0")


async def test_each_project_reads_its_own(project, admin, stranger):
    await fill(
        ("key.created", "mine", "default"), ("key.created", "theirs", "other"), ("login.failed", "x", None)
    )
    assert await read(stranger) == ["theirs"]
    assert await read(admin) == ["x", "mine"]


async def test_reading_is_an_administrators_business(project, operator):
    with pytest.raises(errors.Forbidden):
        await audit.list_entries(operator)


def test_old_entries_are_forgotten(project):
    for days in range(10):
        AuditEntry.objects.create(at=timezone.now() - timedelta(days=days), action="a", actor_kind="system")
    assert audit.prune(timezone.now() - timedelta(days=6, hours=1)) == 3
    assert AuditEntry.objects.count() == 7


async def test_a_login_elsewhere_is_written_once(project):
    user = await logins.create_operator(username="ada", password=PASSWORD, role=Role.ADMIN)
    await AsyncClient().aforce_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert await actions() == ["login.created", "login.succeeded"]
    assert (await entry("login.created")).actor_name == SYSTEM.name
    assert await Membership.objects.filter(user=user).acount() == 1
