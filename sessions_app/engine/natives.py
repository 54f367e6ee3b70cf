"""What a browser draws outside the picture of its page: the pointer's shape and the open list of a `<select>`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sessions_app.engine.messages import Key, Mouse, Touch

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessions_app.engine.cdp import Message
    from sessions_app.engine.input import PageInput

# How long after a move the page is asked for the pointer's shape, in seconds: first it may draw what the move changed.
SHAPE_AFTER = 0.05
SCRIPT_LIMIT_MS = 200
MAX_OPTIONS = 2_000
MAX_LABEL = 300
OPENING_KEYS = frozenset({" ", "Enter", "ArrowUp", "ArrowDown", "F4"})
ESCAPE = (
    {"type": "rawKeyDown", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27},
    {"type": "keyUp", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27},
)

# Source: https://www.w3.org/TR/css-ui-4/#cursor
_SHAPES = (
    "default none context-menu help pointer progress wait cell crosshair text vertical-text alias copy move no-drop"
    " not-allowed grab grabbing e-resize n-resize ne-resize nw-resize s-resize se-resize sw-resize w-resize ew-resize"
    " ns-resize nesw-resize nwse-resize col-resize row-resize all-scroll zoom-in zoom-out"
)
SHAPES = frozenset(_SHAPES.split())

# Both walk into open shadow roots and frames of the same origin; what lies deeper stays as it is.
_FOCUSED = """
  let left = 0, top = 0, element = document.activeElement;
  for (;;) {
    if (element?.shadowRoot?.activeElement) {
      element = element.shadowRoot.activeElement;
    } else if (element?.localName === "iframe" && element.contentDocument?.activeElement) {
      const frame = element.getBoundingClientRect();
      left += frame.left + element.clientLeft;
      top += frame.top + element.clientTop;
      element = element.contentDocument.activeElement;
    } else break;
  }
"""
_OPEN_LIST = f"""(() => {{ {_FOCUSED}
  if (element?.localName !== "select" || !element.matches(":open")) return null;
  const box = element.getBoundingClientRect();
  const described = (option) => {{
    const group = option.parentElement.localName === "optgroup" ? option.parentElement : null;
    return {{
      label: option.label.slice(0, {MAX_LABEL}),
      group: group ? group.label.slice(0, {MAX_LABEL}) : "",
      disabled: option.disabled || Boolean(group?.disabled),
    }};
  }};
  return {{
    x: left + box.left, y: top + box.top, width: box.width, height: box.height, selected: element.selectedIndex,
    options: [...element.options].slice(0, {MAX_OPTIONS}).map(described),
  }};
}})()"""
_CHOOSE = """((index) => { %s
  if (element?.localName !== "select" || !element.options[index] || element.options[index].disabled) return;
  if (element.selectedIndex === index) return;
  element.selectedIndex = index;
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
})(%d)"""
_SHAPE = """((x, y) => {
  let root = document, element = root.elementFromPoint(x, y);
  for (;;) {
    if (element?.shadowRoot?.elementFromPoint(x, y) && element.shadowRoot.elementFromPoint(x, y) !== element) {
      element = element.shadowRoot.elementFromPoint(x, y);
    } else if (element?.localName === "iframe" && element.contentDocument) {
      const frame = element.getBoundingClientRect();
      x -= frame.left + element.clientLeft;
      y -= frame.top + element.clientTop;
      root = element.contentDocument;
      element = root.elementFromPoint(x, y);
    } else break;
  }
  if (!element) return "default";
  const style = getComputedStyle(element);
  const shape = style.cursor.split(",").at(-1).trim();
  if (shape !== "auto") return shape;
  const at = style.userSelect === "none" ? null : root.caretRangeFromPoint(x, y)?.startContainer;
  if (at?.nodeType !== Node.TEXT_NODE) return "default";
  const text = root.createRange();
  text.selectNodeContents(at);
  const holds = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return [...text.getClientRects()].some(holds) ? "text" : "default";
})(%f, %f)"""


@dataclass(frozen=True, kw_only=True)
class OpenList:
    """The open list of a select: its box in CSS pixels of the viewport and its options in order."""

    id: int
    x: float
    y: float
    width: float
    height: float
    selected: int
    options: list[dict[str, Any]]

    def as_message(self, *, is_open: bool) -> dict[str, Any]:
        if not is_open:
            return {"type": "select", "id": self.id, "open": False}
        return {"type": "select", **asdict(self), "open": True}


class Natives:
    """Asks the page after input that may have changed either, and never while nothing happens; ends by `close`."""

    def __init__(
        self,
        post: Callable[..., None],
        *,
        on_shape: Callable[[str], None],
        on_list: Callable[[OpenList, bool], None],
    ) -> None:
        self.shape = "default"
        self.open_list: OpenList | None = None
        self._post = post
        self._on_shape = on_shape
        self._on_list = on_list
        self._lists = 0
        self._pointer = (0.0, 0.0)
        self._pause: asyncio.TimerHandle | None = None

    def look_after(self, event: PageInput) -> None:
        """Chromium has taken `event`."""
        match event:
            case Mouse(action="move"):
                self._pointer = (event.x, event.y)
                if self._pause is None:
                    self._pause = asyncio.get_running_loop().call_later(SHAPE_AFTER, self._ask_shape)
            case Mouse(action="down", button="left") | Touch(action="end"):
                self._ask_list()
            case Key(action="down") if event.key in OPENING_KEYS or self.open_list:
                self._ask_list()
            case _:
                pass

    def choose(self, list_id: int, index: int | None) -> None:
        """Close the list, with another option selected unless `index` is None; a list that is gone is left alone."""
        if self.open_list is None or self.open_list.id != list_id:
            return
        for params in ESCAPE:
            self._post("Input.dispatchKeyEvent", params)
        if index is not None:
            self._evaluate(_CHOOSE % (_FOCUSED, index), lambda _: None)
        self.forget()

    def forget(self) -> None:
        """The page or its tab is no longer the one that was asked."""
        open_list, self.open_list = self.open_list, None
        if open_list:
            self._on_list(open_list, False)

    def close(self) -> None:
        """The tab is gone."""
        self.forget()
        if self._pause:
            self._pause.cancel()
            self._pause = None

    def _ask_shape(self) -> None:
        self._pause = None
        self._evaluate(_SHAPE % self._pointer, self._shape_answered)

    def _shape_answered(self, value: Any) -> None:
        shape = value if isinstance(value, str) and value in SHAPES else "default"
        if shape != self.shape:
            self.shape = shape
            self._on_shape(shape)

    def _ask_list(self) -> None:
        self._evaluate(_OPEN_LIST, self._list_answered)

    def _list_answered(self, value: Any) -> None:
        if not _is_list(value):
            self.forget()
        elif self.open_list is None:
            self._lists += 1
            self.open_list = OpenList(id=self._lists, **value)
            self._on_list(self.open_list, True)

    def _evaluate(self, expression: str, then: Callable[[Any], None]) -> None:
        def answered(reply: Message | None) -> None:
            result = reply.get("result", {}).get("result", {}) if reply else {}
            then(result.get("value"))

        params = {
            "expression": expression,
            "returnByValue": True,
            "silent": True,
            "timeout": SCRIPT_LIMIT_MS,
        }
        self._post("Runtime.evaluate", params, answered)


def _is_list(value: Any) -> bool:
    """Whether it is what our script makes; it runs among the page's own, which may have changed what it calls."""
    return (
        isinstance(value, dict)
        and value.keys() == {"x", "y", "width", "height", "selected", "options"}
        and all(isinstance(value[name], int | float) for name in ("x", "y", "width", "height", "selected"))
        and isinstance(value["options"], list)
        and len(value["options"]) <= MAX_OPTIONS
        and all(map(_is_option, value["options"]))
    )


def _is_option(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"label", "group", "disabled"}
        and all(isinstance(value[name], str) and len(value[name]) <= MAX_LABEL for name in ("label", "group"))
        and isinstance(value["disabled"], bool)
    )
