"""Projects with members, keys with scopes, a queue and an audit log."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def roles_to_memberships(apps, schema_editor):
    members = apps.get_model("sessions_app", "Membership").objects
    for user in apps.get_model("sessions_app", "User").objects.all():
        members.create(user=user, project_id="default", role=user.role, created_at=user.date_joined)


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0002_default_project"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_id", models.CharField(max_length=64)),
                ("actor_name", models.CharField(max_length=255)),
                ("action", models.CharField(max_length=64)),
                ("target", models.CharField(blank=True, max_length=255)),
                ("detail", models.JSONField(default=dict)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("request_id", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("viewer", "Viewer"), ("operator", "Operator"), ("admin", "Admin")],
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="session",
            name="session_known_status",
        ),
        migrations.RemoveConstraint(
            model_name="session",
            name="session_ended_at",
        ),
        migrations.AddField(
            model_name="apikey",
            name="created_by",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="apikey",
            name="rate_limit",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="scopes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="invitation",
            name="project",
            field=models.ForeignKey(
                default="default",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="sessions_app.project",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="on_crash",
            field=models.CharField(
                choices=[("end", "End"), ("restart", "Restart")], default="end", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="restarts",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="session",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("starting", "Starting"),
                    ("running", "Running"),
                    ("releasing", "Releasing"),
                    ("released", "Released"),
                    ("expired", "Expired"),
                    ("failed", "Failed"),
                    ("lost", "Lost"),
                ],
                default="starting",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                fields=["project", "status", "-created_at", "-id"], name="session_newest_of_status"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["ended_at"], name="session_ended"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "queued",
                            "starting",
                            "running",
                            "releasing",
                            "released",
                            "expired",
                            "failed",
                            "lost",
                        ],
                    )
                ),
                name="session_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        ("status__in", ("queued", "starting", "running", "releasing")),
                    ),
                    models.Q(
                        ("ended_at__isnull", False), ("status__in", ("released", "expired", "failed", "lost"))
                    ),
                    _connector="OR",
                ),
                name="session_ended_at",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="audit_entries",
                to="sessions_app.project",
            ),
        ),
        migrations.AddField(
            model_name="idempotencykey",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_keys",
                to="sessions_app.project",
            ),
        ),
        migrations.AddField(
            model_name="idempotencykey",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_keys",
                to="sessions_app.session",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="sessions_app.project",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["project", "-id"], name="audit_newest"),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(fields=("project", "key"), name="idempotency_key_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("user", "project"), name="membership_once"),
        ),
        migrations.RunPython(roles_to_memberships, migrations.RunPython.noop),
    ]
