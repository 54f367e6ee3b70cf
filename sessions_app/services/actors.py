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
    from sessions_app.models import ApiKey, Membership


class Scope(StrEnum):
    """What a key may be bound to, beside its role."""

    SESSIONS_READ = "sessions:read"
    SESSIONS_WRITE = "sessions:write"
    SESSIONS_CONTROL = "sessions:control"
    KEYS = "keys"
    MEMBERS = "members"
    AUDIT = "audit"


class Right(Enum):
    """What a verb asks for: the least role, and the scope that a key with scopes must have."""

    SEE = (Role.VIEWER, Scope.SESSIONS_READ)
    CHANGE = (Role.OPERATOR, Scope.SESSIONS_WRITE)
    STEER = (Role.OPERATOR, Scope.SESSIONS_CONTROL)
    MANAGE_KEYS = (Role.ADMIN, Scope.KEYS)
    MANAGE_MEMBERS = (Role.ADMIN, Scope.MEMBERS)
    READ_AUDIT = (Role.ADMIN, Scope.AUDIT)

    @property
    def role(self) -> Role:
        return self.value[0]

    @property
    def scope(self) -> Scope:
        return self.value[1]


@dataclass(frozen=True, kw_only=True)
class Actor:
    kind: Literal["person", "program", "system"]
    id: str
    name: str
    role: Role
    project_id: str = DEFAULT_PROJECT
    key_id: str | None = None
    user_id: str | None = None
    # Empty: all that the role allows.
    scopes: frozenset[Scope] = frozenset()

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
            scopes=frozenset(map(Scope, key.scopes)),
        )

    @property
    def administers_server(self) -> bool:
        """An administrator of the default project looks after all of them."""
        return self.role == Role.ADMIN and self.project_id == DEFAULT_PROJECT

    def can(self, right: Right) -> bool:
        return self.role.includes(right.role) and (not self.scopes or right.scope in self.scopes)

    def require(self, right: Right) -> None:
        if not self.role.includes(right.role):
            raise Forbidden(f"This needs the role {right.role.value}; {self.name} has {self.role.value}.")
        if not self.can(right):
            raise Forbidden(f"This needs the scope {right.scope.value}, which the key {self.name} has not.")

    def as_holder(self) -> Holder:
        return Holder(kind="person" if self.kind == "person" else "program", id=self.id, name=self.name)


SYSTEM = Actor(kind="system", id="system", name="the server", role=Role.ADMIN)
