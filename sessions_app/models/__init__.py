"""Rows: fields, constraints and enums; the verbs live in services."""

from __future__ import annotations

from sessions_app.models.access import ApiKey, Invitation, LinkRole, LiveLink, Role, User
from sessions_app.models.node import Node
from sessions_app.models.project import Project
from sessions_app.models.session import ENDED, LIVE, EndReason, Event, Label, Session, SessionStatus

__all__ = [
    "ENDED",
    "LIVE",
    "ApiKey",
    "EndReason",
    "Event",
    "Invitation",
    "Label",
    "LinkRole",
    "LiveLink",
    "Node",
    "Project",
    "Role",
    "Session",
    "SessionStatus",
    "User",
]
