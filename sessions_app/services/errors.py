"""What a service refuses; `code` is stable, `detail` is for people, `status` is what HTTP calls it.

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
├── LaunchFailed        the browser did not start
├── FileTooLarge        larger than one file may be
├── StorageFull         the server's disk has no room
├── PageRefused         a page could not be visited, or did not give what was asked
├── DeadlineExceeded    a call took longer than it may
├── AutomationUnavailable  what drives browsers for calls does not run, or does not reach this one
└── DatabaseUnavailable the database does not answer; try again after `retry_after` seconds
"""

from __future__ import annotations

from http import HTTPStatus


class ServiceError(Exception):
    code = "error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, detail: str, *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code


class Unauthenticated(ServiceError):
    code = "unauthenticated"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str = "A valid key or login is needed.") -> None:
        super().__init__(detail)


class Forbidden(ServiceError):
    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class NotFound(ServiceError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class SessionEnded(ServiceError):
    code = "session_ended"
    status = HTTPStatus.GONE

    def __init__(self, session_id: str, status: str, *, reason: str = "") -> None:
        super().__init__(f"session not found: {session_id} ({status})")
        self.reason = reason


class LinkGone(ServiceError):
    code = "link_expired"
    status = HTTPStatus.GONE


class Invalid(ServiceError):
    code = "invalid_request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, *, field: str, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.field = field


class InvalidCursor(ServiceError):
    code = "invalid_cursor"
    status = HTTPStatus.BAD_REQUEST


class Conflict(ServiceError):
    code = "conflict"
    status = HTTPStatus.CONFLICT


class QuotaExceeded(ServiceError):
    code = "quota_exceeded"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, *, retry_after: int, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class LaunchFailed(ServiceError):
    code = "launch_failed"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class FileTooLarge(ServiceError):
    code = "file_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class StorageFull(ServiceError):
    code = "disk_full"
    status = HTTPStatus.INSUFFICIENT_STORAGE


class PageRefused(ServiceError):
    code = "page_refused"
    status = HTTPStatus.BAD_GATEWAY


class DeadlineExceeded(ServiceError):
    code = "deadline_exceeded"
    status = HTTPStatus.GATEWAY_TIMEOUT


class AutomationUnavailable(ServiceError):
    code = "automation_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def project_not_found(project_id: str) -> NotFound:
    return NotFound(f"project not found: {project_id}", code="project_not_found")


class DatabaseUnavailable(ServiceError):
    code = "database_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after = 2

    def __init__(self) -> None:
        super().__init__("The database does not answer; running sessions go on.")


def session_not_found(session_id: str) -> NotFound:
    return NotFound(f"session not found: {session_id}", code="session_not_found")
