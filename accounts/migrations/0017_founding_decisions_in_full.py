"""The day and the authority of founding decisions; what is on record has neither, and stays one row a number."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_units_of_posts'),
    ]

    operations = [
        migrations.AddField(
            model_name='enterprise',
            name='decision_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='enterprise',
            name='decision_issuer',
            field=models.CharField(blank=True, max_length=200, default=''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='enterprise',
            name='decision_issuer_key',
            field=models.CharField(blank=True, max_length=400, default=''),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(
            model_name='enterprise',
            name='decision_once',
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.UniqueConstraint(
                condition=models.Q(('decision_number', ''), _negated=True),
                fields=('decision_country', 'decision_number', 'decision_date', 'decision_issuer_key'),
                name='decision_once',
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('decision_issuer', ''), ('decision_issuer_key', '')),
                    models.Q(
                        models.Q(('decision_issuer', ''), _negated=True),
                        models.Q(('decision_issuer_key', ''), _negated=True),
                        models.Q(('decision_number', ''), _negated=True),
                    ),
                    _connector='OR',
                ),
                name='issuer_with_its_key',
            ),
        ),
    ]
