from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_papers_of_people_without_a_number")]

    operations = [
        migrations.AddField("account", "password_set_at", models.DateTimeField(null=True)),
    ]
