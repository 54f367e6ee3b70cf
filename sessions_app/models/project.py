"""Projects: what keeps one team's rows from another's."""

from __future__ import annotations

from django.db import models

DEFAULT_PROJECT = "default"


class Project(models.Model):
    id = models.SlugField(primary_key=True, max_length=63)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
