"""Who may do what: people, keys, links and invitations."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session as LoginSession
from django.db import models
from django.utils import timezone

from sessions_app.models.ids import key_id, link_id
from sessions_app.models.project import Project
from sessions_app.models.session import Session


class Role(models.TextChoices):
    """Each may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class User(AbstractUser):
    """A login; what it may do is in its memberships."""


class Membership(models.Model):
    """What a person may do in a project."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "project"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project_id}"


class ApiKey(models.Model):
    """`qd_<prefix>_<secret>`; only the SHA-256 of the whole is kept."""

    id = models.CharField(primary_key=True, max_length=40, default=key_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    # Of `services.actors.Scope`; none means all that the role allows.
    scopes = models.JSONField(default=list)
    # Requests a minute; null means the server's own limit.
    rate_limit = models.PositiveIntegerField(null=True)
    created_by = models.CharField(max_length=255, default="", blank=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= timezone.now() else "active"


class LinkRole(models.TextChoices):
    VIEW = "view"
    CONTROL = "control"


class LiveLink(models.Model):
    id = models.CharField(primary_key=True, max_length=40, default=link_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="live_links")
    role = models.CharField(max_length=16, choices=LinkRole)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=255)
    expires_at = models.DateTimeField()
    max_viewers = models.PositiveIntegerField(null=True)
    one_time = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.id


class Invitation(models.Model):
    """A one-time right to make a login or to join a project; the first one makes the first administrator."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Empty: by the server, for the first login.
    created_by = models.CharField(max_length=255, default="", blank=True)
    # Whom it is for, as the one who made it calls them.
    note = models.CharField(max_length=200, default="", blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.CharField(max_length=255, default="", blank=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.role} until {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "open"


class SignIn(models.Model):
    """A browser in which somebody is logged in; it goes with Django's own row of it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    login = models.OneToOneField(LoginSession, on_delete=models.CASCADE, related_name="sign_in")
    user_agent = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} at {self.address}"
