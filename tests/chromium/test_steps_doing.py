"""Steps that go somewhere and that do what hands do, on real pages."""

from __future__ import annotations

from tests.chromium.conftest import Launch, evaluate
from tests.chromium.stepping import OUT, do, error, step, well
from tests.site.server import Playground


async def test_pages_are_opened_and_gone_back_to(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    title = step("evaluate", function="document.title")
    form, links = playground.url("/form"), playground.url("/links")
    assert await well(session, step("navigate", url=form), title) == "Form"
    assert await well(session, step("go", value=links.removeprefix("http://")), title) == "Links"
    assert await well(session, step("goBack"), title) == "Form"
    assert await well(session, step("goForward"), step("reload"), title) == "Links"
    assert len(playground.asked_for("/links")) >= 2


async def test_an_address_that_does_not_answer(launch: Launch) -> None:
    said = await error(await launch("/red"), step("go", url="http://127.0.0.1:1/"))
    assert said.startswith("net::ERR_")


async def test_it_waits_for_a_page_as_long_as_it_is_told(launch: Launch, playground: Playground) -> None:
    session = await launch("/red")
    said = await error(session, step("go", url=playground.url("/never"), options={"timeout": 200}))
    assert "Timeout 200ms" in said


async def test_a_click_by_each_kind_of_selector(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    for selector in ("#click", "//button[@id='click']", "document.querySelector('#click')", "(//button)[1]"):
        assert await well(session, step("reload"), step("click", selector), OUT) == "click"
    assert session.usage.actions == 4


async def test_clicks_of_other_kinds(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    await evaluate(session, "addEventListener('contextmenu', () => note('menu'))")
    twice, right = {"clickCount": 2}, {"button": "right", "delay": 1}
    steps = step("click", "#double", options=twice), step("click", "#plain", options=right)
    assert "double" in await well(session, *steps, OUT)
    assert "menu" in await well(session, OUT)


async def test_a_click_reaches_into_open_shadow_roots(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/shadow"))
    path = "document.querySelector('open-part').shadowRoot.querySelector('nested-part').shadowRoot.querySelector('button')"
    said = await well(session, step("click", "open-part button"), step("click", path), OUT)
    assert said.split("\n") == ["open click", "nested click"]


async def test_a_click_that_leads_elsewhere_is_followed(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/links"))
    title = step("evaluate", function="document.title")
    assert await well(session, step("click", "#scripted"), title) == "Article"
    assert await well(session, step("goBack"), step("click", "#form"), title) == "Form"


async def test_a_page_that_a_key_leads_to_is_waited_for(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    await evaluate(session, "onkeydown = () => { location.href = '/slow?ms=300' }")
    title = step("evaluate", function="document.title")
    assert await well(session, step("press", key="g"), title) == "Slow"


async def test_what_is_not_there_is_named(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    for selector in ("#nothing", "//nothing", "document.querySelector('#nothing').firstChild"):
        said = await error(session, step("click", selector, options={"timeout": 100}))
        assert said == f"no element matches {selector} within 0.1 seconds"


async def test_a_script_that_gives_no_element(launch: Launch) -> None:
    session = await launch("/red")
    assert "no element" in await error(session, step("click", "document.title"))
    assert "SyntaxError" in await error(session, step("click", "document.querySelector("))


async def test_what_is_in_the_way_is_told(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/late"))
    said = await error(session, step("click", "#covers"), step("click", "#target", options={"timeout": 500}))
    assert "intercepts pointer events" in said


async def test_what_comes_or_is_enabled_late_is_waited_for(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/late"))
    said = await well(
        session,
        step("click", "#begin"),
        step("click", "document.getElementById('came')"),
        step("click", "#enable"),
        step("click", "#locked"),
        OUT,
    )
    assert said.split("\n") == ["came", "locked"]


async def test_what_the_page_replaces_meanwhile_is_found_again(
    launch: Launch, playground: Playground
) -> None:
    session = await launch(playground.url("/late"))
    await well(session, step("hover", "#target"))
    # It is replaced while it is not ready to be clicked.
    await evaluate(
        session,
        """target.disabled = true;
        setTimeout(() => {
          const again = target.cloneNode(true);
          again.disabled = false;
          again.addEventListener("click", () => note("again"));
          target.replaceWith(again);
        }, 200)""",
    )
    assert await well(session, step("click", "#target"), OUT) == "again"


async def test_a_form_is_filled_in(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/form"))
    await well(
        session,
        step("write", "#name", value="{{person}}"),
        step("type", "#email", value="new@example.com"),
        step("write", "#day", value="2026-11-20"),
        step("write", "#notes", value="Two\nlines"),
        step("select", "#colour", values=["Green"]),
        step("select", "#sizes", value="s,l"),
        step("click", "#terms"),
        step("clearInput", "#password"),
        step("click", "#send"),
        params={"person": "Ada Lovelace"},
    )
    assert session.active_tab.url == playground.url("/submitted")
    [sent] = playground.asked_for("/submitted")
    assert b"name=Ada+Lovelace&email=new%40example.com" in sent.body
    assert b"day=2026-11-20&notes=Two%0D%0Alines&colour=g&sizes=s&sizes=l&terms=on" in sent.body


async def test_typing_is_heard_key_by_key(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    said = await well(
        session,
        step("write", "#keys", value="ab", options={"delay": 1}),
        step("press", key="Control+c"),
        step("focus", "#plain"),
        step("press", "#keys", key="Enter"),
        OUT,
    )
    assert said.split("\n") == [
        "key Delete",
        "key a",
        "key b",
        "key Control+Control",
        "key Control+c",
        "focus",
        "key Enter",
    ]


async def test_a_key_that_does_not_exist(launch: Launch) -> None:
    assert 'Unknown key: "Entre"' in await error(await launch("/red"), step("press", key="Entre"))


async def test_hovering_opens_what_it_opens(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    assert await well(session, step("hover", "#menu"), step("click", "#inner"), OUT) == "hover\ninner"


async def test_a_list_without_that_choice(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/form"))
    said = await error(session, step("select", "#colour", values=["mauve"], timeout=1000))
    assert "Timeout" in said


async def test_files_of_the_session_are_given_to_a_page(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/upload"))
    session.files.write("a.txt", b"first")
    session.files.write("more/b.txt", b"second")
    said = await well(
        session,
        step("uploadFile", "#one", value="a.txt"),
        step("uploadFile", "#some", filePaths=["a.txt", "more/b.txt"]),
        step("waitForFunction", function="out.textContent.includes('second')"),
        OUT,
    )
    assert said.split("\n") == ["one: a.txt (5) first", "some: a.txt (5) first", "some: b.txt (6) second"]


async def test_no_other_files_are(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/upload"))
    for name in ("/etc/hostname", "../../../etc/hostname", "missing.txt"):
        assert name in await error(session, step("uploadFile", "#one", filePaths=[name]))
        assert await evaluate(session, "one.files.length") == 0


async def test_a_dialog_holds_nothing_up(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/dialogs"))
    outcome = await do(session, step("click", "#confirm"), OUT)
    assert (outcome.success, outcome.result) == (True, "no")
    assert [(seen.kind, seen.message, seen.answer) for seen in session.answering.seen] == [
        ("confirm", "Go on?", "dismissed")
    ]
