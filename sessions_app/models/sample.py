"""How a server did, moment by moment: what the charts are drawn from."""

from __future__ import annotations

from django.db import models

from sessions_app.models.node import Node


class Sample(models.Model):
    """The mean over `seconds` from `at` on; a coarser one replaces the finer ones that it was made of."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="samples")
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "seconds", "at"], name="sample_once")]
        indexes = [models.Index(fields=["seconds", "at"], name="sample_in_order")]

    def __str__(self) -> str:
        return f"{self.seconds} s from {self.at:%Y-%m-%d %H:%M:%S}"
