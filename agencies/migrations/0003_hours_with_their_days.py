"""Weekly hours know from which day on they hold, and until when: a change leaves days before as they were worked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_english_names_of_calendars")]

    operations = [
        migrations.AddField("officehours", "since", models.DateField(null=True)),
        migrations.AddField("officehours", "until", models.DateField(null=True)),
    ]
