"""Steps are checked as a whole before anything is done: what they mean, and what is wrong with them."""

from __future__ import annotations

import pytest

from sessions_app.services.errors import Invalid
from sessions_app.services.steps.running import PERFORMERS
from sessions_app.services.steps.selectors import Selector
from sessions_app.services.steps.vocabulary import ACTIONS, MAX_STEPS, NAMES, checked

CSS = Selector("css", "#a")


def parsed(step, params=None):
    [found] = checked([step], params)
    return found


def fields(**step):
    return dict(parsed(step).fields)


def refusal(step, params=None) -> Invalid:
    with pytest.raises(Invalid) as refused:
        checked([{"action": "reload"}, step], params)
    return refused.value


def test_every_action_can_be_done():
    assert PERFORMERS.keys() == ACTIONS.keys()


def test_the_whole_vocabulary():
    named = """navigate go reload goBack goForward click type write press hover focus select clearInput uploadFile sleep
    waitForSelector waitForNavigation waitForFunction waitForDomUpdate wait screenshot pdf setViewport setUserAgent
    setCookies deleteCookies bringToFront evaluate getContent getBodyContent getHtml getText getAttribute getValue
    getCookies getClickableElements getWriteableElements detectNonInteractiveItemsWithAI"""
    assert sorted(NAMES) == sorted(named.split())


@pytest.mark.parametrize("key", ["action", "type"])
@pytest.mark.parametrize(("word", "action"), [("navigate", "go"), ("go", "go"), ("reload", "reload")])
def test_an_action_has_two_keys_and_several_names(key, word, action):
    step = parsed({key: word, **({"url": "x.example"} if action == "go" else {})})
    assert (step.index, step.action, step.given) == (0, action, word)


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("example.com", "https://example.com"),
        ("http://example.com/a", "http://example.com/a"),
        ("localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_address_is_made_whole(given, opened):
    assert fields(action="go", url=given) == fields(action="go", value=given) == {"url": opened}


@pytest.mark.parametrize(
    ("step", "made"),
    [
        ({"action": "press", "value": "Enter"}, {"key": "Enter"}),
        ({"action": "sleep", "value": "250"}, {"duration": 250}),
        ({"action": "select", "selector": "#a", "value": "a, b"}, {"selector": CSS, "values": ["a", "b"]}),
        ({"action": "select", "selector": "#a", "values": ["a", 1]}, {"selector": CSS, "values": ["a", "1"]}),
        ({"action": "uploadFile", "selector": "#a", "value": "x,y"}, {"selector": CSS, "filePaths": ["x", "y"]}),
        ({"action": "write", "selector": "#a", "value": 7}, {"selector": CSS, "value": "7"}),
        ({"action": "type", "selector": "#a", "value": ""}, {"selector": CSS, "value": ""}),
        ({"action": "setViewport", "value": '{"width": 800, "height": 600}'}, {"viewport": {"width": 800, "height": 600}}),
        ({"action": "setCookies", "value": '[{"name": "a", "value": "b"}]'}, {"cookies": [{"name": "a", "value": "b"}]}),
        ({"action": "getCookies", "value": "x.example"}, {"urls": ["https://x.example"]}),
        ({"action": "getAttribute", "selector": "#a", "value": "href"}, {"selector": CSS, "attribute": "href"}),
        ({"action": "evaluate", "fn": "1 + 1"}, {"function": "1 + 1"}),
        ({"action": "evaluate", "function": "a => a", "args": [1, {}]}, {"function": "a => a", "args": [1, {}]}),
        ({"action": "waitForNavigation", "value": '{"waitUntil": "load"}'}, {"wait_until": "load"}),
        ({"action": "waitForNavigation", "timeout": 5}, {"timeout": 5}),
        ({"action": "waitForDomUpdate", "value": "100"}, {"timeout": 100}),
        ({"action": "screenshot", "value": "a/b.png"}, {"name": "a/b.png"}),
        ({"action": "screenshot", "options": {"path": "b.png", "fullPage": True}}, {"name": "b.png", "full_page": True}),
        ({"action": "pdf", "options": {"format": "a4", "margin": {"top": "1cm"}}}, {"format": "A4", "margin": {"top": "1cm"}}),
        ({"action": "click", "selector": "#a", "options": {"clickCount": 2, "button": None}}, {"selector": CSS, "click_count": 2}),
        ({"action": "click", "selector": "#a", "timeout": 9, "options": None}, {"selector": CSS, "timeout": 9}),
        ({"action": "reload", "options": {"waitUntil": ["load", "networkidle2"]}}, {"wait_until": "networkidle"}),
        ({"action": "reload", "options": {"waitUntil": ["load", "domcontentloaded"]}}, {"wait_until": "load"}),
    ],
)  # fmt: skip
def test_what_fields_mean(step, made):
    assert dict(parsed(step).fields) == made


@pytest.mark.parametrize(
    ("field", "action"),
    [
        ({"selector": "#a"}, "waitForSelector"),
        ({"duration": 5}, "sleep"),
        ({"navigation": True}, "waitForNavigation"),
        ({"function": "true"}, "waitForFunction"),
    ],
)
def test_to_wait_is_one_of_four(field, action):
    step = parsed({"action": "wait", **field})
    assert (step.action, step.given) == (action, "wait")


@pytest.mark.parametrize(
    ("step", "field", "why"),
    [
        ("click", "steps.1", "an object is wanted"),
        ({}, "steps.1.action", "this is missing"),
        ({"action": "fly"}, "steps.1.action", "unknown action; there are go, navigate, "),
        ({"type": 1}, "steps.1.type", "unknown action"),
        ({"action": "click"}, "steps.1.selector", "this is missing"),
        ({"action": "click", "selector": None}, "steps.1.selector", "this is missing"),
        ({"action": "click", "selector": " "}, "steps.1.selector", "an XPath, a JSPath or a CSS selector is wanted"),
        ({"action": "click", "selector": "#a", "colour": 1}, "steps.1.colour", "unknown; there are selector, options"),
        ({"action": "bringToFront", "x": 1}, "steps.1.x", "unknown; there are none"),
        ({"action": "click", "selector": "#a", "options": {"wait": 1}}, "steps.1.options.wait", "unknown; there are button"),
        ({"action": "click", "selector": "#a", "options": []}, "steps.1.options", "an object is wanted"),
        ({"action": "click", "selector": "#a", "options": {"clickCount": 1.5}}, "steps.1.options.clickCount", "a whole number"),
        ({"action": "click", "selector": "#a", "options": {"button": "third"}}, "steps.1.options.button", "one of left, right, middle"),
        ({"action": "go"}, "steps.1.url", "this is missing"),
        ({"action": "go", "url": " "}, "steps.1.url", "an empty text"),
        ({"action": "sleep", "duration": 600_001}, "steps.1.duration", "within 0 and 600000"),
        ({"action": "sleep", "duration": "soon"}, "steps.1.duration", "a number is wanted"),
        ({"action": "sleep", "duration": True}, "steps.1.duration", "a number"),
        ({"action": "write", "selector": "#a", "value": True}, "steps.1.value", "a text is wanted"),
        ({"action": "select", "selector": "#a", "values": []}, "steps.1.values", "an empty list"),
        ({"action": "select", "selector": "#a", "values": ["a", {}]}, "steps.1.values.1", "a text is wanted"),
        ({"action": "wait"}, "steps.1.selector", "give one of selector, duration, function and navigation"),
        ({"action": "wait", "navigation": False}, "steps.1.navigation", "nothing to wait for"),
        ({"action": "wait", "navigation": 1}, "steps.1.navigation", "true or false"),
        ({"action": "setViewport", "viewport": {"width": 800}}, "steps.1.viewport.height", "this is missing"),
        ({"action": "setViewport", "viewport": {"width": 8, "height": 600}}, "steps.1.viewport.width", "within 100 and 4096"),
        ({"action": "setViewport", "value": "{"}, "steps.1.value", "this is no JSON"),
        ({"action": "setUserAgent", "userAgent": "a\nb"}, "steps.1.userAgent", "one line"),
        ({"action": "setCookies", "cookies": [{"name": "a"}]}, "steps.1.cookies.0.value", "this is missing"),
        ({"action": "pdf", "options": {"margin": {"top": "wide"}}}, "steps.1.options.margin.top", "a length"),
        ({"action": "screenshot", "options": {"clip": {"x": 1}}}, "steps.1.options.clip.y", "this is missing"),
        ({"action": "reload", "options": {"waitUntil": "tea"}}, "steps.1.options.waitUntil", "one of commit"),
        ({"action": "waitForFunction", "function": "1", "options": {"polling": "x"}}, "steps.1.options.polling", "a number"),
        ({"action": "evaluate", "function": "1", "args": {}}, "steps.1.args", "a list is wanted"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(step, field, why):
    refused = refusal(step)
    assert (refused.field, refused.code) == (field, "invalid_request")
    assert why in refused.detail


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "view-source:file:///etc/passwd"])
def test_an_address_that_no_session_may_open(url):
    for step, place in (
        ({"action": "go", "url": url}, "url"),
        ({"type": "getCookies", "urls": [url]}, "urls.0"),
    ):
        refused = refusal(step)
        assert (refused.field, refused.code) == (f"steps.1.{place}", "address_refused")


def test_parameters_are_filled_in_before_the_check():
    step = {"action": "{{what}}", "url": "{{host}}/a", "options": {"timeout": "{{ms}}"}}
    made = parsed(step, {"what": "go", "host": "example.com", "ms": 50})
    assert (made.action, made.fields) == ("go", {"url": "https://example.com/a", "timeout": 50})
    refused = refusal({"action": "go", "url": "{{host}}"}, {"host": "file:///etc/passwd"})
    assert refused.code == "address_refused"


def test_a_parameter_that_is_missing():
    refused = refusal({"action": "go", "url": "{{host}}"}, {})
    assert (refused.field, refused.detail) == ("steps.1.url", "no parameter 'host' was given")


def test_without_parameters_braces_are_only_braces():
    assert fields(action="write", selector="#a", value="{{name}}")["value"] == "{{name}}"


@pytest.mark.parametrize("count", [0, MAX_STEPS + 1])
def test_how_many_there_may_be(count):
    with pytest.raises(Invalid, match="1 to 200 steps"):
        checked([{"action": "reload"}] * count, None)
