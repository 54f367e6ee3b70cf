"""How a server did, for the charts."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0004_roles_by_membership"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seconds", models.PositiveIntegerField()),
                ("values", models.JSONField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="sessions_app.node",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["seconds", "at"], name="sample_in_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("node", "seconds", "at"), name="sample_once")
                ],
            },
        ),
    ]
