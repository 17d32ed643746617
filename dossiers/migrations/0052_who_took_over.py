"""Mark the agencies to which fields were given; a merger names its successor itself."""

from django.db import migrations

KNOWN = """
    UPDATE agencies_agency SET took_over = true
    WHERE id IN (SELECT successor_id FROM dossiers_agencychange WHERE began_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0051_reminders_by_moment"), ("agencies", "0004_took_over")]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
