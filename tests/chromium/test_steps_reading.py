"""Steps that read what a page says."""

from __future__ import annotations

from typing import Any

from sessions_app.services.steps.reading import MAX_VALUE
from tests.chromium.conftest import Launch, evaluate
from tests.chromium.stepping import OUT, do, error, step, well
from tests.site.server import Playground


async def test_what_elements_say(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/article"))
    for asked, said in [
        (step("getText", "h1"), "The harbour"),
        (step("getText", "//li[2]"), "Berta"),
        (step("getHtml", ".lead"), '<p class="lead">Ships come <em>in</em> and go out.</p>'),
        (step("getAttribute", "li", attribute="data-tons"), "120"),
        (step("getAttribute", "li", attribute="missing"), None),
        (step("getValue", "h1"), None),
    ]:
        assert await well(session, asked) == said


async def test_the_value_of_a_field(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/form"))
    assert await well(session, step("getValue", "#email")) == "old@example.com"


async def test_the_whole_page(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/article"))
    html = await well(session, step("getContent"))
    assert html.startswith("<!DOCTYPE html><html")
    body = await well(session, step("getBodyContent"))
    assert '<h1 class="title">The harbour</h1>' in body["content"]
    assert [facts["text"] for facts in body["interactiveElements"]] == ["Home", "Anna", "Berta", "Clara"]


SCRIPTS: list[tuple[str, list[Any], Any]] = [
    ("1 + 1", [], 2),
    ("document.title", [], "Article"),
    ("() => document.title", [], "Article"),
    ("(a, b) => a + b", [1, 2], 3),
    ("async (a) => ({a, none: undefined})", ["x"], {"a": "x"}),
    ("function add(a, b) { return a + b }", [1, 2], 3),
    ("const n = 20; n + 1", [], 21),
    ("const n = 20; return n + 2", [], 22),
    ("const n = await Promise.resolve(4); return n", [], 4),
    ("await Promise.resolve(5)", [], 5),
    ("new Promise(done => setTimeout(done, 1, 6))", [], 6),
    ("{a: 1}", [], {"a": 1}),
    ("undefined", [], None),
    ("document.body", [], {}),
    ("[NaN, new Date(0), 1e400]", [], [None, "1970-01-01T00:00:00.000Z", None]),
    ("'half \\ud800 pair'", [], "half \ufffd pair"),
    ("2 ** 70", [], 2.0**70),
]
BROKEN = [
    ("nothing.there", "ReferenceError: nothing is not defined"),
    ("((", "SyntaxError"),
    ("JSON.parse('{')", "SyntaxError"),
    ("throw new Error('by hand')", "by hand"),
    ("Promise.reject(new Error('later'))", "later"),
    ("(() => { const a = {}; a.a = a; return a })()", "circular"),
    (f"'x'.repeat({MAX_VALUE})", "characters of JSON"),
]


async def test_scripts(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/article"))
    for source, args, value in SCRIPTS:
        assert await well(session, step("evaluate", function=source, args=args)) == value, source


async def test_scripts_that_break(launch: Launch) -> None:
    session = await launch("/red")
    for source, why in BROKEN:
        assert why in await error(session, step("evaluate", function=source)), source


async def test_a_script_runs_once(launch: Launch) -> None:
    session = await launch("/red")
    await do(session, step("evaluate", function="window.n = (window.n ?? 0) + 1; JSON.parse('{')"))
    await well(session, step("evaluate", function="window.m = (window.m ?? 0) + 1; return window.m"))
    assert await evaluate(session, "[n, m].join()") == "1,1"


async def test_a_page_that_forbids_eval_is_read_all_the_same(launch: Launch) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><p id=p>words</p>"
    session = await launch(f"data:text/html,{policy}")
    assert await well(session, step("evaluate", function="const p = 1; return p")) == 1
    assert await well(session, step("getText", "document.querySelector('p')")) == "words"


async def test_elements_are_found_by_what_is_told_of_them(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/controls"))
    clickable = await well(session, step("getClickableElements"))
    assert {facts["type"] for facts in clickable} == {"clickable"}
    by_text = {facts["text"]: facts for facts in clickable}
    assert by_text["Click me"] == {
        "selector": "#click",
        "type": "clickable",
        "tag": "button",
        "text": "Click me",
        "id": "click",
    }
    assert "Hidden" not in by_text
    [writeable] = await well(session, step("getWriteableElements"))
    assert (writeable["selector"], writeable["aria-label"]) == ("#keys", "Keys")


async def test_their_selectors_lead_back_to_them(launch: Launch, playground: Playground) -> None:
    for page in ("/shadow", "/article", "/form"):
        session = await launch(playground.url(page))
        found = await well(session, step("getClickableElements"))
        found += await well(session, step("getWriteableElements"))
        assert found
        for facts in found:
            text = await well(session, step("getText", facts["selector"]))
            assert " ".join(text.split()) == facts["text"], facts
        selectors = [facts["selector"] for facts in found]
        assert len(set(selectors)) == len(selectors)
        await session.aclose()


async def test_in_shadow_roots_too(launch: Launch, playground: Playground) -> None:
    session = await launch(playground.url("/shadow"))
    fields = await well(session, step("getWriteableElements"))
    assert [facts["aria-label"] for facts in fields] == ["Shadow open field", "Shadow nested field"]
    writes = [step("write", facts["selector"], value=facts["aria-label"]) for facts in fields]
    said = await well(session, *writes, step("press", key="Tab"), OUT)
    assert said.split("\n") == ["open Shadow open field", "nested Shadow nested field"]
