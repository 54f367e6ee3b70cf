"""The programs of people who use other people's clients, each run as they would run it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VENV = Path(__file__).resolve().parents[3] / ".venv"
NODE_MODULES = VENV / "js-clients" / "node_modules"
PYTHON = VENV / "clients" / "bin" / "python"
MACHINE = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
AGENT_BROWSER = NODE_MODULES / "agent-browser" / "bin" / f"agent-browser-linux-{MACHINE}"
LIMIT = 60


class Programs:
    """They drive a session by its `cdp_url`, on pages of `site`; `home` is a folder for what they leave behind."""

    def __init__(self, site: str, home: Path) -> None:
        self._site = site
        self._environment = os.environ | {
            "HOME": str(home),
            "NODE_PATH": str(NODE_MODULES),
            "ANONYMIZED_TELEMETRY": "false",
            "AGENT_BROWSER_NO_VERSION_CHECK": "1",
            "AGENT_BROWSER_SOCKET_DIR": str(home),
        }

    async def playwright(self, address: str, *more: str) -> dict[str, Any]:
        return await self._found("node", HERE / "playwright.cjs", address, self._site, *more)

    async def puppeteer(self, address: str, *more: str) -> dict[str, Any]:
        return await self._found("node", HERE / "puppeteer.cjs", address, self._site, *more)

    async def browser_use(self, address: str) -> dict[str, Any]:
        return await self._found(PYTHON, HERE / "agent.py", address, self._site)

    async def agent_browser(self, address: str) -> dict[str, Any]:
        """From a shell, a command at a time."""

        async def do(*words: str) -> Any:
            answer = await self._run(AGENT_BROWSER, "--cdp", address, "--json", *words)
            return json.loads(answer)["data"]

        try:
            await do("tab", "new", f"{self._site}/form")
            refs = (await do("snapshot", "-i"))["refs"]
            name, terms, send = (_ref(refs, part) for part in ("Name", "I agree", "Send"))
            await do("fill", name, "Ada")
            await do("check", terms)
            await do("click", send)
            await do("wait", "h1")
            found = {
                "name": (await do("get", "text", "#name"))["text"],
                "title": (await do("get", "title"))["title"],
            }
            refused = await self._run(
                AGENT_BROWSER, "--cdp", address, "--json", "open", "file:///etc/passwd", fails=True
            )
            return found | {"refused": json.loads(refused)["error"]}
        finally:
            await do("close")

    async def _found(self, *command: str | Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self._run(*command))
        return found

    async def _run(self, *command: str | Path, fails: bool = False) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(LIMIT):
                out, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert (process.returncode == 0) is not fails, f"{command}: {out.decode()} {errors.decode()}"
        return out.decode()


def _ref(refs: dict[str, dict[str, str]], name: str) -> str:
    return next(f"@{ref}" for ref, part in refs.items() if part["name"] == name)
