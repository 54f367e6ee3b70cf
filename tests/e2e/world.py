"""A server with something of everything on it, as its people and its pages want to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.e2e.server import NAME, Server, until

if TYPE_CHECKING:
    import httpx

    from tests.e2e.site import Site

# By role, each with the same password.
PEOPLE = {"admin": NAME, "operator": "mate", "viewer": "lookout"}

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
  <style>
    body {{ margin: 0; font: 16px/1.5 sans-serif; background: {ground}; color: #1d2330 }}
    header {{ padding: 20px 40px; background: {colour}; color: #fff; font-size: 22px }}
    main {{ padding: 24px 40px; display: grid; gap: 16px; grid-template-columns: repeat({columns}, 1fr) }}
    section {{ padding: 20px; background: #fff; border-radius: 8px }}
    h2 {{ margin: 0 0 8px; font-size: 18px }} p {{ margin: 0 }} button {{ margin-top: 12px; padding: 8px 16px }}
  </style><header>{title}</header><main>{parts}</main>{script}"""
_PART = "<section><h2>{0}</h2><p>Nothing here is real; it is only to be looked at.</p><button>Open</button></section>"
_NOISE = """<script>
  console.log("cart: 3 items"); console.warn("the price list is a day old"); console.error("no such coupon: SPRING");
  fetch("/prices.json").catch(() => {}); fetch("/missing.json").catch(() => {});
</script>"""


def _page(title: str, colour: str, ground: str, columns: int, parts: str, script: str = "") -> str:
    made = "".join(_PART.format(part) for part in parts.split())
    return _PAGE.format(title=title, colour=colour, ground=ground, columns=columns, parts=made, script=script)


SHOP = "/shop"
PAGES = {
    SHOP: _page("Harbour shop", "#24527a", "#eef2f6", 3, "Ropes Lamps Charts Knives Boots Coats", _NOISE),
    "/orders": _page("Orders", "#2f6b4f", "#eef5f0", 2, "Monday Tuesday Wednesday Thursday"),
    "/tickets": _page("Tickets", "#7a4a24", "#f6f1ec", 1, "Open Waiting Closed"),
    "/weather": _page("Weather", "#5a3d7a", "#f2eef6", 4, "North East South West Sea Wind Tide Moon"),
    "/question": _page(
        "Question", "#7a2438", "#f6eef0", 2, "Yes No", "<script>confirm('Send the order?')</script>"
    ),
    "/prices.json": "{}",
}


@dataclass(frozen=True)
class World:
    """Sessions by their ids; a live link and an invitation by addresses that have their tokens."""

    running: str
    ended: str
    link: str
    invitation: str


def seed(server: Server, api: httpx.Client, site: Site) -> World:
    server.manage("shell", "--no-imports", "-c", "from tests.e2e.stock import fill; fill()")

    def start(path: str, name: str, **labels: str) -> str:
        asked = {"url": f"{site.url}{path}", "name": name, "labels": labels, "idle_timeout": 3600}
        session = str(api.post("sessions", json=asked).raise_for_status().json()["id"])
        until(lambda: api.get(f"sessions/{session}").json()["url"] == f"{site.url}{path}")
        return session

    ended = start("/tickets", "Ticket sweep", team="support")
    api.post(f"sessions/{ended}/release")
    start("/orders", "Order import", team="sales", stage="live")
    start("/weather", "Forecast", team="sea")
    start("/question", "Order form", team="sales")
    running = start(SHOP, "Harbour shop", team="sales", stage="test")
    for name in ("downloads/price list.csv", "uploads/order.pdf"):
        api.put(f"sessions/{running}/files/{name}", content=b"Nothing here is real." * 99).raise_for_status()
    link = api.post(f"sessions/{running}/live-links", json={"role": "view", "ttl": 3600}).json()
    invitation = _ask(server, "invite")
    return World(running, ended, *(address.removeprefix(server.url) for address in (link["url"], invitation)))


def _ask(server: Server, name: str) -> str:
    return server.manage(
        "shell", "--no-imports", "-c", f"from tests.e2e.stock import {name}; print({name}())"
    )
