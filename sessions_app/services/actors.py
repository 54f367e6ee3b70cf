"""Who acts: a person with a login, a program with a key, or the server itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sessions_app.engine.control import Holder
from sessions_app.models import Role
from sessions_app.models.project import DEFAULT_PROJECT
from sessions_app.services.errors import Forbidden

if TYPE_CHECKING:
    from sessions_app.models import ApiKey, User


@dataclass(frozen=True, kw_only=True)
class Actor:
    kind: Literal["person", "program", "system"]
    id: str
    name: str
    role: Role
    project_id: str = DEFAULT_PROJECT
    key_id: str | None = None
    user_id: str | None = None

    @classmethod
    def of_user(cls, user: User) -> Actor:
        return cls(
            kind="person",
            id=f"user_{user.pk}",
            name=user.get_username(),
            role=Role(user.role),
            user_id=str(user.pk),
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
        )

    def can(self, role: Role) -> bool:
        return self.role.includes(role)

    def require(self, role: Role) -> None:
        if not self.can(role):
            raise Forbidden(f"This needs the role {role.value}; {self.name} has {self.role.value}.")

    def as_holder(self) -> Holder:
        return Holder(kind="person" if self.kind == "person" else "program", id=self.id, name=self.name)


SYSTEM = Actor(kind="system", id="system", name="the server", role=Role.ADMIN)
