"""Sessions with their labels and events."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from sessions_app.models.ids import session_id
from sessions_app.models.node import Node
from sessions_app.models.project import Project

MAX_SECONDS = 24 * 3600


class SessionStatus(models.TextChoices):
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    RELEASING = "releasing"
    RELEASED = "released"
    EXPIRED = "expired"
    FAILED = "failed"
    LOST = "lost"

    def can_become(self, new: SessionStatus) -> bool:
        return new in _NEXT[self]

    @property
    def has_ended(self) -> bool:
        return not _NEXT[self]


_ENDS = frozenset({SessionStatus.RELEASED, SessionStatus.EXPIRED, SessionStatus.FAILED, SessionStatus.LOST})
_NEXT: dict[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.QUEUED: _ENDS | {SessionStatus.STARTING, SessionStatus.RELEASING},
    SessionStatus.STARTING: _ENDS | {SessionStatus.QUEUED, SessionStatus.RUNNING, SessionStatus.RELEASING},
    SessionStatus.RUNNING: _ENDS | {SessionStatus.RELEASING},
    SessionStatus.RELEASING: _ENDS,
    **{status: frozenset() for status in _ENDS},
}
ENDED = tuple(status for status in SessionStatus if status.has_ended)
LIVE = tuple(status for status in SessionStatus if not status.has_ended)
# Those that have, or are about to have, a browser.
HOLDING = tuple(status for status in LIVE if status != SessionStatus.QUEUED)


class OnCrash(models.TextChoices):
    """What becomes of a session whose browser dies."""

    END = "end"
    RESTART = "restart"


class OnClientClose(models.TextChoices):
    """What a DevTools client's `Browser.close` ends: its own attachment, or the session."""

    DETACH = "detach"
    RELEASE = "release"


class WhileControlled(models.TextChoices):
    """What a program's call meets while a person steers."""

    REFUSE = "refuse"
    WAIT = "wait"


class EndReason(models.TextChoices):
    RELEASED = "released"
    RELEASED_BY_OPERATOR = "released_by_operator"
    SERVER_STOPPED = "server_stopped"
    IDLE_TIMEOUT = "idle_timeout"
    MAX_LIFETIME = "max_lifetime"
    BROWSER_CRASHED = "browser_crashed"
    LAUNCH_FAILED = "launch_failed"
    OUT_OF_MEMORY = "out_of_memory"
    SERVER_LOST = "server_lost"

    @property
    def status(self) -> SessionStatus:
        return _STATUS_OF[self]


_STATUS_OF = {
    EndReason.RELEASED: SessionStatus.RELEASED,
    EndReason.RELEASED_BY_OPERATOR: SessionStatus.RELEASED,
    EndReason.SERVER_STOPPED: SessionStatus.RELEASED,
    EndReason.IDLE_TIMEOUT: SessionStatus.EXPIRED,
    EndReason.MAX_LIFETIME: SessionStatus.EXPIRED,
    EndReason.BROWSER_CRASHED: SessionStatus.FAILED,
    EndReason.LAUNCH_FAILED: SessionStatus.FAILED,
    EndReason.OUT_OF_MEMORY: SessionStatus.FAILED,
    EndReason.SERVER_LOST: SessionStatus.LOST,
}

_seconds = [MinValueValidator(1), MaxValueValidator(MAX_SECONDS)]


class Session(models.Model):
    id = models.CharField(primary_key=True, max_length=40, default=session_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sessions")
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16, choices=SessionStatus, default=SessionStatus.STARTING)
    end_reason = models.CharField(max_length=32, choices=EndReason, blank=True)
    error = models.TextField(blank=True)
    # Of the active tab, as last seen.
    url = models.TextField(blank=True)
    title = models.TextField(blank=True)
    image_id = models.CharField(max_length=64)
    viewport = models.JSONField()
    user_agent = models.TextField(blank=True)
    locale = models.CharField(max_length=64, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    idle_timeout = models.PositiveIntegerField(validators=_seconds)
    max_lifetime = models.PositiveIntegerField(validators=_seconds)
    watching_keeps_alive = models.BooleanField(default=True)
    on_crash = models.CharField(max_length=16, choices=OnCrash, default=OnCrash.END)
    on_client_close = models.CharField(max_length=16, choices=OnClientClose, default=OnClientClose.DETACH)
    while_controlled = models.CharField(
        max_length=16, choices=WhileControlled, default=WhileControlled.REFUSE
    )
    # What else its browser is launched with; what is secret in it is kept apart.
    options = models.JSONField(default=dict)
    # How often its browser was started again.
    restarts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=255)
    started_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField()
    # When its clocks will end it, as far as is known; null until it runs.
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="sessions")
    # Raised, it makes every token of this session worthless.
    link_epoch = models.PositiveIntegerField(default=0)
    pages_visited = models.PositiveIntegerField(default=0)
    actions = models.PositiveIntegerField(default=0)
    frames = models.PositiveBigIntegerField(default=0)
    bytes_sent = models.PositiveBigIntegerField(default=0)
    cpu_seconds = models.FloatField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["project", "-created_at", "-id"], name="session_newest"),
            models.Index(fields=["status", "node"], name="session_status"),
            models.Index(fields=["project", "status", "-created_at", "-id"], name="session_newest_of_status"),
            models.Index(fields=["ended_at"], name="session_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=SessionStatus.values), name="session_known_status"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=LIVE, ended_at__isnull=True)
                | models.Q(status__in=ENDED, ended_at__isnull=False),
                name="session_ended_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"


class LaunchSecret(models.Model):
    """What is secret in a session's launch options, sealed; apart, because lists of sessions have no use for it."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="launch_secret"
    )
    sealed = models.TextField()

    def __str__(self) -> str:
        return f"of {self.session_id}"


class Label(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="labels")
    key = models.CharField(max_length=63)
    value = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "key"], name="label_once")]
        indexes = [models.Index(fields=["key", "value"], name="label_found")]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class IdempotencyKey(models.Model):
    """A caller's name for one request, so that asking again makes nothing twice."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    # SHA-256 of what was asked, because the same name for another request is a mistake.
    fingerprint = models.CharField(max_length=64)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="idempotency_keys")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["session", "id"], name="event_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.session_id}"
