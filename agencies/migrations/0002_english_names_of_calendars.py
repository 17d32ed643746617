"""Calendars have an English name; those that come with the product get theirs."""

from typing import Any

from django.db import migrations, models

NAMES = {"state": "Days off of state offices", "bacninh": "Working calendar of Bac Ninh Province"}


def name_in_english(apps: Any, schema_editor: Any) -> None:
    calendars = apps.get_model("agencies", "WorkCalendar").objects
    for key, name in NAMES.items():
        calendars.filter(key=key, name_en="").update(name_en=name)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [
        migrations.AddField("workcalendar", "name_en", models.CharField(blank=True, max_length=120, default=""), preserve_default=False),
        migrations.RunPython(name_in_english, migrations.RunPython.noop),
    ]
