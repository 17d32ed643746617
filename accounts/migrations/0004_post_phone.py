from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions")]

    operations = [
        migrations.AddField(
            model_name="staffpost",
            name="phone",
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
