"""Say of a step that it was broken off: the last one of each dossier that was stopped, until now told from its state."""

from django.db import migrations, models

NOTE = """
    UPDATE dossiers_steprun AS run SET broken_off = true FROM (
        SELECT DISTINCT ON (step.dossier_id) step.id, step.key FROM dossiers_steprun AS step
        JOIN dossiers_dossier AS dossier ON dossier.id = step.dossier_id
        WHERE dossier.state = 8 ORDER BY step.dossier_id, step.id DESC
    ) AS last WHERE run.id = last.id AND last.key <> 'return'
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0049_steps_by_about_when_they_ended")]

    operations = [
        migrations.AddField(
            model_name="steprun", name="broken_off", field=models.BooleanField(default=False)
        ),
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
    ]
