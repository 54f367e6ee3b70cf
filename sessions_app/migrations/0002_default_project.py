"""The project that every row belongs to until there are more."""

from __future__ import annotations

from django.db import migrations


def make_default(apps, schema_editor):
    apps.get_model("sessions_app", "Project").objects.get_or_create(id="default", defaults={"name": "Default"})


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0001_first")]
    operations = [migrations.RunPython(make_default, migrations.RunPython.noop)]
