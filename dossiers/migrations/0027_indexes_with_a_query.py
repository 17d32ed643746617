"""The indexes of dossiers that a query uses (docs/decisions/indexes-of-dossiers.md); the others cost each action."""

import django.db.models.deletion
from django.db import migrations, models


# Beside a unique text column Django makes an index for searches by its beginning; nobody searches codes so.
NO_BEGINNINGS = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT indexname FROM pg_indexes
        WHERE schemaname = 'public' AND tablename = 'dossiers_dossier' AND indexdef LIKE '%varchar_pattern_ops%'
    LOOP EXECUTE format('DROP INDEX %I', name); END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_papers_of_people_without_a_number"),
        ("agencies", "0001_initial"),
        ("dossiers", "0026_involvements"),
        ("procedures", "0012_words_of_l_and_n_sound_alike"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="dossier",
            name="dossier_held",
        ),
        migrations.AlterField(
            model_name="dossier",
            name="authorisation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="accounts.authorisation",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="filer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filed_dossiers",
                to="accounts.person",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="holder",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.staffpost",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opened",
                to="dossiers.dossier",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="owner_enterprise",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="accounts.enterprise",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="owner_person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned_dossiers",
                to="accounts.person",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="receiving_agency",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.agency",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="return_desk",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.desk",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="settling_agency",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="agencies.agency",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="step",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="dossiers.steprun",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("holder__isnull", False)), fields=["holder"], name="dossier_held_by"
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("authorisation__isnull", False)),
                fields=["authorisation"],
                name="dossier_authorised",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("opened_by__isnull", False)), fields=["opened_by"], name="dossier_opened_by"
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procedures.edition",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["edition", "settling_agency"], name="dossier_edition"),
        ),
        migrations.RunSQL(NO_BEGINNINGS, migrations.RunSQL.noop),
    ]
