"""The shapes of keys, projects, members and the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from sessions_app.api.schemas import Answer, Paging, Request
from sessions_app.models import Role
from sessions_app.services.actors import Scope
from sessions_app.services.keys import LONGEST_LIFE, MAX_RATE_LIMIT

# Strict bodies take the words of an enum, and times, only where they are told to.
RoleIn = Annotated[Role, Field(strict=False)]


class KeyCreate(Request):
    """Without `scopes` all that the role allows; without an expiry until it is revoked."""

    name: str
    role: RoleIn = Role.OPERATOR
    scopes: list[Annotated[Scope, Field(strict=False)]] = []
    expires_in: Annotated[int, Field(ge=1, le=int(LONGEST_LIFE.total_seconds()))] | None = None
    expires_at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    rate_limit: Annotated[int, Field(ge=1, le=MAX_RATE_LIMIT)] | None = None


class KeyOut(Answer):
    id: str
    name: str
    prefix: str
    role: Role
    scopes: list[Scope]
    state: Literal["active", "expired", "revoked"]
    rate_limit: int | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    key: str


class ProjectCreate(Request):
    id: str
    name: str = ""


class ProjectPatch(Request):
    name: str


class ProjectOut(Answer):
    id: str
    name: str
    created_at: datetime


class MemberPut(Request):
    role: RoleIn


class MemberOut(Answer):
    id: str
    username: str
    role: Role
    joined_at: datetime


class AuditQuery(Paging):
    action: str = ""
    actor: str = ""
    target: str = ""
    q: str = ""


class AuditActorOut(Answer):
    kind: str
    id: str
    name: str


class AuditOut(Answer):
    id: int
    at: datetime
    actor: AuditActorOut
    action: str
    target: str
    detail: dict[str, Any]
    address: str
    request_id: str
