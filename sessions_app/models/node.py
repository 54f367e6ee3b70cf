"""Nodes: server processes that own live sessions."""

from __future__ import annotations

from django.db import models

from sessions_app.models.ids import node_id


class Node(models.Model):
    """One row a data folder, which keeps the id; `epoch` counts its starts, and what an earlier one held is worthless."""

    id = models.CharField(primary_key=True, max_length=40, default=node_id, editable=False)
    name = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    epoch = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name
