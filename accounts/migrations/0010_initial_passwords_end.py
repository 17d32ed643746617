from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_registry_lookups")]

    operations = [
        migrations.AddField("account", "password_set_at", models.DateTimeField(null=True)),
    ]
