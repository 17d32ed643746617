"""Dossiers counted by day, agency, edition and channel, kept by a trigger (docs/decisions/tallies.md)."""

import django.db.models.deletion
from django.db import migrations, models

# What a dossier counts as, said once: the trigger, the first count and the check draw from it. As
# vietnam.working_time.standing judges: late after the due moment, early on a day before the due day.
COUNTED = """
CREATE FUNCTION dossiers_counted(d dossiers_dossier)
RETURNS TABLE (what smallint, day date, agency_id bigint, edition_id bigint, channel varchar)
LANGUAGE sql IMMUTABLE AS $$
    SELECT 1::smallint, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, d.settling_agency_id, d.edition_id,
           d.channel
    WHERE d.received_at IS NOT NULL
    UNION ALL
    SELECT (CASE WHEN d.due_at IS NULL THEN 5 WHEN d.finished_at > d.due_at THEN 4
                 WHEN (d.finished_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                      < (d.due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN 2
                 ELSE 3 END)::smallint,
           (d.finished_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, d.settling_agency_id, d.edition_id, d.channel
    WHERE d.state IN (9, 10) AND d.finished_at IS NOT NULL
$$;
CREATE VIEW dossiers_counted_now AS
SELECT counted.* FROM dossiers_dossier AS d CROSS JOIN LATERAL dossiers_counted(d) AS counted;
"""
TRIGGERS = """
CREATE FUNCTION dossiers_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossiers_tallychange (what, day, agency_id, edition_id, channel, number)
    SELECT what, day, agency_id, edition_id, channel, sum(number) FROM (
        SELECT counted.*, 1 AS number FROM dossiers_counted(NEW) AS counted WHERE TG_OP <> 'DELETE'
        UNION ALL
        SELECT counted.*, -1 FROM dossiers_counted(OLD) AS counted WHERE TG_OP <> 'INSERT'
    ) AS changed GROUP BY what, day, agency_id, edition_id, channel HAVING sum(number) <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER tally_new AFTER INSERT ON dossiers_dossier FOR EACH ROW
WHEN (NEW.received_at IS NOT NULL OR NEW.finished_at IS NOT NULL) EXECUTE FUNCTION dossiers_tally();

CREATE TRIGGER tally_changed AFTER UPDATE ON dossiers_dossier FOR EACH ROW
WHEN (
    (OLD.received_at, OLD.finished_at, OLD.settling_agency_id, OLD.edition_id, OLD.channel, OLD.state IN (9, 10),
     CASE WHEN OLD.state IN (9, 10) THEN OLD.due_at END)
    IS DISTINCT FROM
    (NEW.received_at, NEW.finished_at, NEW.settling_agency_id, NEW.edition_id, NEW.channel, NEW.state IN (9, 10),
     CASE WHEN NEW.state IN (9, 10) THEN NEW.due_at END)
    AND (OLD.received_at IS NOT NULL OR NEW.received_at IS NOT NULL
         OR OLD.finished_at IS NOT NULL OR NEW.finished_at IS NOT NULL)
) EXECUTE FUNCTION dossiers_tally();

CREATE TRIGGER tally_gone AFTER DELETE ON dossiers_dossier FOR EACH ROW
WHEN (OLD.received_at IS NOT NULL OR OLD.finished_at IS NOT NULL) EXECUTE FUNCTION dossiers_tally();
"""
UNDO = """
DROP TRIGGER tally_gone ON dossiers_dossier;
DROP TRIGGER tally_changed ON dossiers_dossier;
DROP TRIGGER tally_new ON dossiers_dossier;
DROP FUNCTION dossiers_tally();
DROP VIEW dossiers_counted_now;
DROP FUNCTION dossiers_counted(dossiers_dossier);
"""
FILL = """
INSERT INTO dossiers_tally (what, day, agency_id, edition_id, channel, number)
SELECT what, day, agency_id, edition_id, channel, count(*) FROM dossiers_counted_now GROUP BY 1, 2, 3, 4, 5
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("dossiers", "0027_indexes_with_a_query"),
        ("procedures", "0012_words_of_l_and_n_sound_alike"),
    ]

    operations = [
        migrations.CreateModel(
            name="TallyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Đã tiếp nhận"),
                            (2, "Sớm hạn"),
                            (3, "Đúng hạn"),
                            (4, "Quá hạn"),
                            (5, "Không quy định thời hạn"),
                        ]
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("online", "Trực tuyến"), ("counter", "Trực tiếp"), ("post", "Bưu chính")],
                        max_length=8,
                    ),
                ),
                ("number", models.IntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procedures.edition",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Đã tiếp nhận"),
                            (2, "Sớm hạn"),
                            (3, "Đúng hạn"),
                            (4, "Quá hạn"),
                            (5, "Không quy định thời hạn"),
                        ]
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        choices=[("online", "Trực tuyến"), ("counter", "Trực tiếp"), ("post", "Bưu chính")],
                        max_length=8,
                    ),
                ),
                ("number", models.IntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procedures.edition",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="tally_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "what", "day", "edition", "channel"), name="tally_cell", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
