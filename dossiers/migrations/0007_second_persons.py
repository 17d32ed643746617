import django.db.models.deletion
from django.db import migrations, models

# Whoever appraised before this table was kept does not decide from now on; of somebody who has done both already, the
# appraisal is noted.
NOTE_PARTICIPATIONS = """
    INSERT INTO dossiers_participation (dossier_id, account_id, part, at)
    SELECT DISTINCT ON (event.dossier_id, coalesce(event.account_id, post.account_id))
        event.dossier_id,
        coalesce(event.account_id, post.account_id),
        CASE WHEN event.action IN ('approve', 'reject') THEN 'decided' ELSE 'appraised' END,
        event.at
    FROM dossiers_dossierevent AS event LEFT JOIN accounts_staffpost AS post ON post.id = event.post_id
    WHERE coalesce(event.account_id, post.account_id) IS NOT NULL
        AND (event.action IN ('verify', 'approve', 'reject') OR (event.action = 'submit' AND post.role = 'officer'))
    ORDER BY event.dossier_id, coalesce(event.account_id, post.account_id),
        event.action IN ('approve', 'reject'), event.id
"""
NAME_PEOPLE_OF_CORRECTIONS = """
    UPDATE dossiers_correction AS correction SET
        asked_by_account_id = (SELECT account_id FROM accounts_staffpost WHERE id = correction.asked_by_id),
        decided_by_account_id = (SELECT account_id FROM accounts_staffpost WHERE id = correction.decided_by_id);
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_identities"), ("dossiers", "0006_online_lines_count_no_paper")]

    operations = [
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(choices=[("appraised", "Thẩm định"), ("decided", "Phê duyệt")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="dossiers.dossier",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "account"), name="appraises_or_decides"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ("appraised", "decided"))), name="part_known"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="correction", name="correction_by_a_second_person"),
        migrations.AddField(
            model_name="correction",
            name="asked_by_account",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="decided_by_account",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.RunSQL(NAME_PEOPLE_OF_CORRECTIONS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="correction",
            name="asked_by_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by_account__isnull", True)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by_account__isnull", False),
                        models.Q(("decided_by_account", models.F("asked_by_account")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="correction_by_a_second_person",
            ),
        ),
        migrations.RunSQL(NOTE_PARTICIPATIONS, migrations.RunSQL.noop),
    ]
