"""What can go wrong in the engine.

EngineError
├── ChromiumMissing         no usable Chromium on this machine
├── LaunchFailed            Chromium did not start, or died while starting
├── AddressRefused          an address that a session may not open
├── CdpError                Chromium answered a command with an error
├── BrowserClosed           the browser is gone; every pending and later command gets this
├── NoSuchTab               no open tab has this id
├── TabNotOpened            a new tab did not come in time, or went at once
├── TooManyTabs             the session has as many tabs as it may have
├── ControlHeld             somebody else holds control
├── TooManyViewers          the session has as many viewers as it may have
├── NoPicture               the tab gave no picture in time
├── DeadlineExceeded        a program's call took longer than it may
└── AutomationUnavailable   Playwright's driver does not start, or cannot attach
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessions_app.engine.control import Holder


class EngineError(Exception):
    pass


class ChromiumMissing(EngineError):
    pass


class LaunchFailed(EngineError):
    pass


class AddressRefused(EngineError):
    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"The address {address[:200]!r} is refused: {why}")
        self.address = address


class CdpError(EngineError):
    def __init__(self, method: str, code: int, message: str) -> None:
        super().__init__(f"{method}: {message}")
        self.code = code
        self.message = message


class BrowserClosed(EngineError):
    pass


class NoSuchTab(EngineError):
    def __init__(self, tab: int) -> None:
        super().__init__(f"This session has no open tab {tab}.")
        self.tab = tab


class TabNotOpened(EngineError):
    def __init__(self, limit: float) -> None:
        super().__init__(f"The tab did not open within {limit:.0f} seconds.")


class TooManyTabs(EngineError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"This session has {limit} tabs, as many as it may have; close one first.")


class ControlHeld(EngineError):
    def __init__(self, holder: Holder) -> None:
        super().__init__(f"{holder.name} ({holder.kind}) holds control.")
        self.holder = holder


class TooManyViewers(EngineError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"This session has {limit} viewers, as many as it may have.")


class NoPicture(EngineError):
    pass


class DeadlineExceeded(EngineError):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"The call took longer than {seconds:g} seconds.")


class AutomationUnavailable(EngineError):
    pass


class NameRefused(EngineError):
    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The name {name[:200]!r} is refused: {why}")


class NoSuchFile(EngineError):
    def __init__(self, name: str) -> None:
        super().__init__(f"This session has no file {name[:200]!r}.")


class FileTooLarge(EngineError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"A file may have at most {limit >> 20} MiB.")


class FilesFull(EngineError):
    pass
