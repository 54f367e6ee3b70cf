"""Who acts: a person with a login, a program with a key, or the server itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Literal

from sessions_app.engine.control import Holder
from sessions_app.models import Role
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services.errors import Forbidden

if TYPE_CHECKING:
    from datetime import datetime

    from sessions_app.models import ApiKey, Membership


class Scope(StrEnum):
    """What a key may be bound to, beside its role."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    SESSIONS_CONTROL = "sessions:control"
    KEYS = "keys"
    MEMBERS = "members"
    PROJECTS = "projects"
    AUDIT = "audit"


# Who may change or steer sessions is shown them anyway.
_SHOW_SESSIONS = frozenset({Scope.SESSIONS_READ, Scope.SESSIONS_WRITE, Scope.SESSIONS_CONTROL})


class Right(Enum):
    """What a verb asks for: the least role, and the scope that a key with scopes must have."""

    SEE = (Role.VIEWER, Scope.SESSIONS_READ)
    CHANGE = (Role.OPERATOR, Scope.SESSIONS_WRITE)
    STEER = (Role.OPERATOR, Scope.SESSIONS_CONTROL)
    MANAGE_KEYS = (Role.ADMIN, Scope.KEYS)
    MANAGE_MEMBERS = (Role.ADMIN, Scope.MEMBERS)
    MANAGE_PROJECTS = (Role.ADMIN, Scope.PROJECTS)
    READ_AUDIT = (Role.ADMIN, Scope.AUDIT)

    @property
    def role(self) -> Role:
        return self.value[0]

    @property
    def scope(self) -> Scope:
        return self.value[1]

    @property
    def scopes(self) -> frozenset[Scope]:
        """Any of these will do."""
        return _SHOW_SESSIONS if self is Right.SEE else frozenset({self.scope})


@dataclass(frozen=True, kw_only=True)
class Actor:
    kind: Literal["person", "program", "system"]
    id: str
    name: str
    role: Role
    project_id: str = DEFAULT_PROJECT
    key_id: str | None = None
    key_prefix: str = ""
    user_id: str | None = None
    # Of a key. Empty: all that the role allows.
    scopes: frozenset[Scope] = frozenset()
    expires_at: datetime | None = None
    # Requests a minute; None means the server's own limit.
    rate_limit: int | None = None

    @classmethod
    def of_member(cls, member: Membership) -> Actor:
        return cls(
            kind="person",
            id=f"user_{member.user_id}",
            name=member.user.get_username(),
            role=Role(member.role),
            project_id=member.project_id,
            user_id=str(member.user_id),
        )

    @classmethod
    def of_key(cls, key: ApiKey) -> Actor:
        return cls(
            kind="program",
            id=key.id,
            name=key.name,
            role=Role(key.role),
            project_id=key.project_id,
            key_id=key.id,
            key_prefix=key.prefix,
            expires_at=key.expires_at,
            rate_limit=key.rate_limit,
            scopes=frozenset(map(Scope, key.scopes)),
        )

    @property
    def administers_server(self) -> bool:
        """An administrator of the default project looks after all of them."""
        return self.role == Role.ADMIN and self.project_id == DEFAULT_PROJECT

    def can(self, right: Right) -> bool:
        return self.role.includes(right.role) and (not self.scopes or bool(right.scopes & self.scopes))

    def require(self, right: Right) -> None:
        if not self.role.includes(right.role):
            raise Forbidden(f"This needs the role {right.role.value}; {self.name} has {self.role.value}.")
        if not self.can(right):
            raise Forbidden(f"This needs the scope {right.scope.value}, which the key {self.name} has not.")

    def as_holder(self) -> Holder:
        return Holder(kind="person" if self.kind == "person" else "program", id=self.id, name=self.name)


SYSTEM = Actor(kind="system", id="system", name="the server", role=Role.ADMIN)
