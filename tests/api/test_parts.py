"""A session's labels, tabs, events, control, tickets, links and thumbnail by REST."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def at(start):
    """The path of a running session."""
    return f"/sessions/{(await start(url='example.com', labels={'a': '1'})).id}"


async def test_labels_are_replaced_and_merged(api, at):
    assert (await api("GET", f"{at}/labels")).json() == {"a": "1"}
    assert (await api("PATCH", f"{at}/labels", {"b": "2", "a": None})).json() == {"b": "2"}
    assert (await api("PUT", f"{at}/labels", {"c": "3"})).json() == {"c": "3"}
    assert (await api("GET", at)).json()["labels"] == {"c": "3"}


@pytest.mark.parametrize(
    "labels", [{"bad key": "x"}, {"k": "x" * 256}, {"k": 1}, [], {str(n): "" for n in range(51)}]
)
async def test_wrong_labels_change_nothing(api, at, labels):
    assert (await api("PUT", f"{at}/labels", labels)).status_code == 422
    assert (await api("PATCH", f"{at}/labels", labels)).status_code == 422
    assert (await api("GET", f"{at}/labels")).json() == {"a": "1"}


async def test_a_merge_counts_what_is_there(api, at):
    await api("PUT", f"{at}/labels", {str(number): "" for number in range(50)})
    assert (await api("PATCH", f"{at}/labels", {"one-more": ""})).status_code == 422
    assert (await api("PATCH", f"{at}/labels", {"one-more": "", "0": None})).status_code == 200


async def test_labels_of_malformed_json(api, at):
    assert (await api("PUT", f"{at}/labels", b"{")).json()["code"] == "malformed_json"


async def test_tabs_open_come_to_the_front_and_close(api, at):
    opened = await api("POST", f"{at}/tabs", {"url": "example.org"})
    assert (opened.status_code, opened.json()["url"]) == (201, "https://example.org")
    assert (await api("POST", f"{at}/tabs/1/activate")).json()["active"] is True
    body = (await api("GET", f"{at}/tabs")).json()
    assert [(tab["id"], tab["active"]) for tab in body["items"]] == [(1, True), (2, False)]
    assert (body["total"], body["next_cursor"]) == (2, None)
    assert (await api("DELETE", f"{at}/tabs/1")).status_code == 204
    assert (await api("GET", f"{at}/tabs")).json()["total"] == 1


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/tabs/9"), ("POST", "/tabs/9/activate")])
async def test_a_missing_tab(api, at, method, path):
    response = await api(method, at + path)
    assert (response.status_code, response.json()["code"]) == (404, "tab_not_found")


async def test_a_tab_may_not_open_a_file(api, at):
    response = await api("POST", f"{at}/tabs", {"url": "file:///etc/passwd"})
    assert (response.status_code, response.json()["code"]) == (422, "address_refused")


async def test_events_come_in_order_and_pages(api, at):
    await api("PUT", f"{at}/labels", {"b": "2"})
    await api("POST", f"{at}/release")
    first = (await api("GET", f"{at}/events?limit=3")).json()
    assert [(event["kind"], event["data"].get("status")) for event in first["items"]] == [
        ("lifecycle", "starting"),
        ("lifecycle", "running"),
        ("label", None),
    ]
    rest = (await api("GET", f"{at}/events?cursor={first['next_cursor']}")).json()
    assert [event["data"]["status"] for event in rest["items"]] == ["released"]
    assert (rest["total"], rest["next_cursor"]) == (4, None)
    assert (await api("GET", f"{at}/events?cursor=WyJ4Il0")).status_code == 400


async def test_control_is_taken_and_given_back(api, at):
    assert (await api("GET", f"{at}/control")).json() == {"holder": None}
    assert (await api("POST", f"{at}/control")).json()["holder"]["name"] == "operator program"
    assert (await api("GET", at)).json()["controller"]["kind"] == "program"
    assert (await api("DELETE", f"{at}/control")).status_code == 204
    assert (await api("DELETE", f"{at}/control")).status_code == 204
    assert (await api("GET", f"{at}/control")).json() == {"holder": None}


async def test_control_that_another_holds_takes_force(api, api_of, admin, at):
    await api("POST", f"{at}/control")
    other = await api_of(admin)
    response = await other("POST", f"{at}/control", {"force": False})
    assert (response.status_code, response.json()["code"]) == (409, "control_held")
    assert (await other("DELETE", f"{at}/control")).status_code == 409
    assert (await other("POST", f"{at}/control", {"force": True})).json()["holder"]["name"] == "admin program"


async def test_a_ticket_names_a_socket(api, at):
    response = await api("POST", f"{at}/viewer-tickets", {"role": "control"})
    assert response.status_code == 201
    body = response.json()
    assert body["url"].startswith(f"ws://127.0.0.1:8000/ws/live/{at.removeprefix('/sessions/')}?ticket=")
    assert body["expires_in"] == 60


async def test_a_viewers_key_gets_tickets_and_links_to_look_only(api_of, viewer, at):
    looker = await api_of(viewer)
    assert (await looker("POST", f"{at}/viewer-tickets", {"role": "view"})).status_code == 201
    assert (await looker("POST", f"{at}/viewer-tickets", {"role": "control"})).status_code == 403
    assert (await looker("POST", f"{at}/live-links", {"role": "view"})).status_code == 201
    assert (await looker("POST", f"{at}/live-links", {"role": "control"})).status_code == 403


async def test_a_links_address_is_shown_once(api, at):
    made = await api(
        "POST", f"{at}/live-links", {"role": "view", "ttl": 60, "max_viewers": 2, "one_time": True}
    )
    assert made.status_code == 201
    link = made.json()
    url = link.pop("url")
    assert url.startswith(f"http://127.0.0.1:8000/live/{link['id']}#")
    listed = await api("GET", f"{at}/live-links")
    assert listed.json()["items"] == [link]
    assert url.partition("#")[2].encode() not in listed.content
    assert (await api("DELETE", f"{at}/live-links/{link['id']}")).status_code == 204
    assert (await api("GET", f"{at}/live-links")).json()["items"][0]["revoked_at"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "own"},
        {"role": "view", "ttl": 0},
        {"role": "view", "ttl": 86401},
        {"role": "view", "max_viewers": 0},
    ],
)
async def test_a_wrong_link(api, at, body):
    assert (await api("POST", f"{at}/live-links", body)).status_code == 422


async def test_a_missing_link(api, at):
    response = await api("DELETE", f"{at}/live-links/lnk_missing")
    assert (response.status_code, response.json()["code"]) == (404, "link_not_found")


async def test_revoking_every_way_in_renews_the_sessions_own(api, at):
    before = (await api("GET", at)).json()
    assert (await api("DELETE", f"{at}/live-links")).status_code == 204
    after = (await api("GET", at)).json()
    assert after["resource_url"] != before["resource_url"]
    assert after["cdp_url"] != before["cdp_url"]


async def test_a_thumbnail_is_a_picture_that_nobody_keeps(api, at):
    response = await api("GET", f"{at}/thumbnail")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "no-store"
    assert response.content.startswith(b"\xff\xd8")
