"""A day of birth is kept at the precision that is known: a day, a month or a year."""

from django.db import migrations, models

import accounts.models.birth


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_registry_lookups")]

    operations = [
        migrations.AlterField("person", "birth_date", accounts.models.birth.BirthDateColumn(max_length=10, null=True)),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(birth_date__isnull=True)
                | models.Q(birth_date__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
                name="birth_date_iso",
            ),
        ),
    ]
