"""What a service refuses; `code` is stable, `detail` is for people.

ServiceError
├── Unauthenticated     no right, or a wrong, used or expired one
├── Forbidden           a right that does not reach so far
├── NotFound            no such thing in the actor's project
├── SessionEnded        the session was there and has ended
├── LinkGone            a right token of a live link that expired, was revoked or was used
├── Invalid             a value that cannot be (`field` says which)
├── InvalidCursor       a list's cursor that no list gave out
├── Conflict            not now: somebody else holds it, or it is in another state
├── QuotaExceeded       as many as there may be; try again after `retry_after` seconds
└── LaunchFailed        the browser did not start
"""

from __future__ import annotations


class ServiceError(Exception):
    code = "error"

    def __init__(self, detail: str, *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class Unauthenticated(ServiceError):
    code = "unauthenticated"

    def __init__(self, detail: str = "A valid key or login is needed.") -> None:
        super().__init__(detail)


class Forbidden(ServiceError):
    code = "forbidden"


class NotFound(ServiceError):
    code = "not_found"


class SessionEnded(ServiceError):
    code = "session_ended"

    def __init__(self, session_id: str, status: str, *, reason: str = "") -> None:
        super().__init__(f"session not found: {session_id} ({status})")
        self.reason = reason


class LinkGone(ServiceError):
    code = "link_expired"


class Invalid(ServiceError):
    code = "invalid_request"

    def __init__(self, detail: str, *, field: str, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.field = field


class InvalidCursor(ServiceError):
    code = "invalid_cursor"


class Conflict(ServiceError):
    code = "conflict"


class QuotaExceeded(ServiceError):
    code = "quota_exceeded"

    def __init__(self, detail: str, *, retry_after: int, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class LaunchFailed(ServiceError):
    code = "launch_failed"


def session_not_found(session_id: str) -> NotFound:
    return NotFound(f"session not found: {session_id}", code="session_not_found")
