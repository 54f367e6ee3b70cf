"""What a person may do is said by project."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    # A migration of its own: PostgreSQL alters no table in the transaction that has just written to it.
    dependencies = [("sessions_app", "0003_projects_and_queue")]
    operations = [migrations.RemoveField(model_name="user", name="role")]
