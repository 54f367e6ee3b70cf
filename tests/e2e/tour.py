"""Every page in every state that it may be in: what is looked at by axe, measured, and photographed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.e2e.world import World

    Act = Callable[[Page], Awaitable[None]]

LIMIT = 15_000


@dataclass(frozen=True)
class Stop:
    name: str
    # `{running}`, `{ended}`, `{link}` and `{invitation}` are the world's.
    path: str
    act: Act | None = None
    # Who stands here; empty: nobody who has logged in.
    role: str = "admin"
    # Among those that are photographed.
    shown: bool = True
    status: int = 200

    async def visit(self, page: Page, world: World) -> None:
        response = await page.goto(self.path.format(**vars(world)))
        assert response
        assert response.status == self.status, (self.path, response.status)
        if self.act:
            await self.act(page)


def _press(key: str, dialog: str) -> Act:
    async def act(page: Page) -> None:
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog", name=dialog)).to_be_visible()

    return act


def _tab(name: str) -> Act:
    async def act(page: Page) -> None:
        await _live(page)
        tab = page.get_by_role("tab", name=name)
        if not await tab.is_visible():
            await page.get_by_role("button", name="Details").click()
        await tab.click()
        await expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
        for waiting in ("Reading…", "Looking."):
            await expect(page.get_by_text(waiting).filter(visible=True)).to_have_count(0)

    return act


async def _live(page: Page) -> None:
    canvas = page.locator("[data-part=canvas]")
    await expect(canvas).to_have_attribute("data-state", "connected", timeout=LIMIT)
    await expect(canvas).not_to_have_attribute("data-seq", "0", timeout=LIMIT)


async def _pictures(page: Page) -> None:
    """Of the four that run, the one that asks something may have none."""
    await page.wait_for_function(
        "() => [...document.querySelectorAll('img[data-picture]')].filter(one => one.naturalWidth).length >= 3",
        timeout=LIMIT,
    )


async def _charts(page: Page) -> None:
    await expect(page.locator("#charts svg").first).to_be_visible(timeout=LIMIT)


async def _account_menu(page: Page) -> None:
    await page.locator("summary[aria-label=Account]").click()
    await expect(page.get_by_role("button", name="Log out")).to_be_visible()


async def _select(page: Page) -> None:
    await page.get_by_role("checkbox").first.check()
    await expect(page.get_by_text("1 session selected")).to_be_visible()


async def _refused_login(page: Page) -> None:
    await page.get_by_label("Name").fill("nobody")
    await page.get_by_label("Password").fill("a wrong password")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_be_visible()


async def _refused_session(page: Page) -> None:
    await page.get_by_label("Address").first.fill("not an address at all")
    await page.get_by_role("button", name="Start session").click()
    await expect(page.locator(".error-text").first).to_be_visible()


async def _refused_link(page: Page) -> None:
    await expect(page.locator("[data-part=canvas]")).to_have_attribute("data-state", "refused", timeout=LIMIT)


async def _second_factor(page: Page) -> None:
    await page.locator("#second-factor").get_by_role("button").first.click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()


async def _invited(page: Page) -> None:
    await expect(page.get_by_label("Name")).to_be_visible()


STOPS = (
    Stop("wall", "/?view=wall", _pictures),
    Stop("wall-selected", "/?view=wall", _select, shown=False),
    Stop("table", "/?view=table", _pictures),
    Stop("table-as-viewer", "/?view=table", _pictures, role="viewer", shown=False),
    Stop("nothing-found", "/?q=no+such+session", shown=False),
    Stop("shortcuts", "/", _press("?", "Keyboard shortcuts")),
    Stop("account-menu", "/", _account_menu, shown=False),
    Stop("new-session", "/sessions/new"),
    Stop("new-session-like", "/sessions/new?like={running}", shown=False),
    Stop("new-session-refused", "/sessions/new", _refused_session, shown=False),
    Stop("session", "/sessions/{running}", _live),
    Stop("session-as-viewer", "/sessions/{running}", _live, role="viewer", shown=False),
    Stop("session-labels", "/sessions/{running}", _tab("Labels")),
    Stop("session-files", "/sessions/{running}", _tab("Files")),
    Stop("session-tabs", "/sessions/{running}", _tab("Tabs")),
    Stop("session-timeline", "/sessions/{running}", _tab("Timeline")),
    Stop("session-console", "/sessions/{running}", _tab("Console")),
    Stop("session-network", "/sessions/{running}", _tab("Network")),
    Stop("session-access", "/sessions/{running}", _tab("Access")),
    Stop("session-release", "/sessions/{running}", _press("r", "Release this session?"), shown=False),
    Stop("session-ended", "/sessions/{ended}"),
    Stop("monitoring", "/monitoring", _charts),
    Stop("monitoring-month", "/monitoring?range=30d", shown=False),
    Stop("access", "/access"),
    Stop("people", "/access/people"),
    Stop("invitations", "/access/invitations"),
    Stop("projects", "/access/projects"),
    Stop("audit", "/access/audit"),
    Stop("settings", "/settings"),
    Stop("account", "/account"),
    Stop("second-factor", "/account", _second_factor),
    Stop("invite", "{invitation}", _invited, role=""),
    Stop("invite-refused", "/invite#not-a-token", role=""),
    Stop("live", "{link}", _live, role=""),
    Stop("live-refused", "/live/lnk_unknown#token", _refused_link, role="", shown=False),
    Stop("login", "/login", role=""),
    Stop("login-refused", "/login", _refused_login, role="", shown=False),
    Stop("setup-done", "/setup", role="", shown=False, status=410),
    Stop("not-found", "/nowhere", shown=False, status=404),
    Stop("forbidden", "/access", role="viewer", shown=False, status=403),
)
