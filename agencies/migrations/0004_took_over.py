from django.db import migrations, models

KNOWN = "UPDATE agencies_agency SET took_over = true WHERE id IN (SELECT successor_id FROM agencies_agency)"


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_hours_with_their_days")]

    operations = [
        migrations.AddField(model_name="agency", name="took_over", field=models.BooleanField(default=False)),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
