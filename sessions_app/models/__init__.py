"""Rows: fields, constraints and enums; the verbs live in services."""

from __future__ import annotations

from sessions_app.models.access import (
    ApiKey,
    Invitation,
    LinkRole,
    LiveLink,
    Membership,
    Role,
    SignIn,
    User,
)
from sessions_app.models.audit import AuditEntry
from sessions_app.models.node import Node
from sessions_app.models.project import Project
from sessions_app.models.sample import Sample
from sessions_app.models.session import (
    ENDED,
    HOLDING,
    LIVE,
    EndReason,
    Event,
    IdempotencyKey,
    Label,
    LaunchSecret,
    OnClientClose,
    OnCrash,
    Session,
    SessionStatus,
    WhileControlled,
)

__all__ = [
    "ENDED",
    "HOLDING",
    "LIVE",
    "ApiKey",
    "AuditEntry",
    "EndReason",
    "Event",
    "IdempotencyKey",
    "Invitation",
    "Label",
    "LaunchSecret",
    "LinkRole",
    "LiveLink",
    "Membership",
    "Node",
    "OnClientClose",
    "OnCrash",
    "Project",
    "Role",
    "Sample",
    "Session",
    "SessionStatus",
    "SignIn",
    "User",
    "WhileControlled",
]
