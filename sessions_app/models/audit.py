"""Who did what to whom: what an administrator reads after the fact."""

from __future__ import annotations

from django.db import models

from sessions_app.models.project import Project


class AuditEntry(models.Model):
    at = models.DateTimeField(db_index=True)
    # Null for what concerns the whole server, and once the project is gone.
    project = models.ForeignKey(Project, null=True, on_delete=models.SET_NULL, related_name="audit_entries")
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=255)
    # Such as "key.created".
    action = models.CharField(max_length=64)
    # The id of what it was done to.
    target = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.action} {self.target} by {self.actor_name}"
