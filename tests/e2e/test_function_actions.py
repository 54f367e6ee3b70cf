"""Every action of `interact`: what it does to a page, and what it answers when it cannot."""

from __future__ import annotations

import pytest


def test_mouse_and_keys(driven):
    driven.open("/controls")
    driven.act("click", ref=driven.ref("Click me"))
    driven.act("dblclick", selector="#double")
    driven.act("click", selector="#keys")
    driven.act("type", text="ab")
    driven.act("press", text="Control+c")
    driven.act("type", selector="#keys", text="d")
    driven.act("press", ref=driven.ref("Keys"), text="Enter")
    assert driven.out == [
        "click", "double", "key a", "key b", "key Control+Control", "key Control+c", "key d", "key Enter"
    ]  # fmt: skip


def test_hover_opens_a_menu(driven):
    driven.open("/controls")
    driven.act("hover", ref=driven.ref("Menu"))
    driven.act("click", ref=driven.ref("Inner"))
    assert driven.out == ["hover", "inner"]


def test_drag(driven):
    driven.open("/controls")
    driven.act("drag", ref=driven.ref("Drag me"), target_ref=driven.ref("Drop here"))
    assert driven.out == ["drop cargo"]


def test_scroll(driven):
    driven.open("/controls")
    told = driven.act("scroll", snapshot=True)
    assert driven.says("scrollY") == 400
    assert told["snapshot"]["title"] == "Controls"
    driven.act("scroll", direction="down", scroll_amount=300, screenshot=True)
    driven.act("scroll", direction="up", scroll_amount=100, screenshot=True)
    assert driven.says("scrollY") == 600


def test_fields(driven):
    driven.open("/form")
    driven.act("fill", selector="#name", text="Ada")
    driven.act("fill", selector="#email", text="")
    driven.act("select", ref=driven.ref("Colour"), text="Green")
    driven.act("select", selector="#colour", text="b")
    driven.act("check", ref=driven.ref("I agree"))
    driven.act("uncheck", selector="#news")
    assert set(driven.out) >= {"colour=g", "colour=b", "terms=true", "news=false"}
    sent = driven.act("click", selector="#send", snapshot=True)
    assert sent["snapshot"]["title"] == "Submitted"
    fields = driven.says(
        "Object.fromEntries([...document.querySelectorAll('dd')].map((d) => [d.id, d.innerText]))"
    )
    assert (fields["name"], fields["email"], fields["colour"], "news" in fields) == ("Ada", "", "b", False)


def test_back_goto_and_wait(driven):
    driven.open("/links")
    driven.act("goto", url=driven.site.url("/form"))
    told = driven.act("back", snapshot=True)
    assert told["snapshot"]["url"] == driven.site.url("/links")
    driven.act("wait", wait_ms=1)
    driven.act("wait", selector="a")
    failed = driven.try_to("goto", url="http://127.0.0.1:9/")
    assert failed["message"].startswith("Failed to open URL: ")


def test_there_is_no_page_to_go_back_to(drive, playground):
    driven = drive(url=playground.url("/links"))
    driven.act("wait", selector="a")
    driven.try_to("back")
    told = driven.try_to("back")
    assert (told["success"], told["message"]) == (False, "There is no page to go back to.")


def test_upload(driven):
    driven.api.put(f"sessions/{driven.id}/files/notes/a.txt", content=b"ahoy")
    driven.open("/upload")
    driven.act("upload", selector="#one", file_paths=["notes/a.txt"])
    driven.act("upload", ref=driven.ref("Choose by a button"), file_paths=["notes/a.txt"])
    driven.act("wait", selector="#out:has-text('unseen')")
    assert driven.out == ["one: a.txt (4) ahoy", "unseen: a.txt (4) ahoy"]
    for path in ("missing.txt", "../../../etc/passwd", "/etc/passwd"):
        told = driven.try_to("upload", selector="#one", file_paths=[path])
        assert not told["success"]
        assert path in told["message"]


def test_a_click_that_opens_a_page_is_answered_by_that_page(driven):
    driven.open("/links")
    told = driven.act("click", ref=driven.ref("Slow"), snapshot=True)
    assert told["snapshot"]["title"] == "Slow"


def test_a_click_that_opens_a_tab_goes_on_in_that_tab(driven):
    driven.open("/links")
    link = driven.ref("In a new tab")
    told = driven.act("click", ref=link, snapshot=True)
    assert told["snapshot"]["url"] == driven.site.url("/article")
    assert {tab["url"] for tab in driven.api.get(f"sessions/{driven.id}/tabs").json()["items"]} == {
        driven.site.url("/links"), driven.site.url("/article")
    }  # fmt: skip


def test_what_is_seen_afterwards(driven):
    driven.open("/controls")
    told = driven.call("interact", action="click", selector="#count")
    assert told["screenshot"]["content_type"] == "image/png"
    assert told["snapshot"]["screenshot"] is None
    assert '[button] "1"' in told["snapshot"]["elements_text"]
    plain = driven.act("click", selector="#count")
    assert (plain["screenshot"], plain["snapshot"]) == (None, None)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("click", "'ref' required for click action"),
        ("fill", "'text' required for fill action"),
        ("type", "'text' required for type action"),
        ("press", "'text' required for press action"),
        ("select", "'text' required for select action"),
        ("drag", "'target_ref' required for drag action"),
        ("upload", "'file_paths' required for upload action"),
        ("goto", "'url' required for goto action"),
    ],
)
def test_what_an_action_needs(driven, action, message):
    told = driven.try_to(action)
    assert (told["success"], told["message"]) == (False, message)


def test_what_cannot_be_done_is_told_in_words(driven):
    driven.open("/late")
    driven.act("click", selector="#covers")
    told = driven.try_to("click", selector="#target")
    assert not told["success"]
    assert "intercepts pointer events" in told["message"]
    assert "select" in driven.try_to("select", selector="#target", text="x")["message"]
