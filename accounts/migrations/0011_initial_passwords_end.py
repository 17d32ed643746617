from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_days_of_birth_as_known")]

    operations = [
        migrations.AddField("account", "password_set_at", models.DateTimeField(null=True)),
    ]
