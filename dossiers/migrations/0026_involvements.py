"""Which agency has to do with which dossier, and why: a table kept by triggers (docs/decisions/involvements.md)."""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = "dossier_id, agency_id, kind, state, suspended, step_role, holder_id, listed_at"

# What must be in the table, said once: the triggers, the first filling and the check draw from it.
VIEW = """
CREATE VIEW dossiers_involvement_now AS
SELECT d.id AS dossier_id, d.settling_agency_id AS agency_id, 1::smallint AS kind, d.state,
       d.substate = 'suspended' AS suspended,
       CASE WHEN step.agency_id = d.settling_agency_id THEN step.role ELSE '' END::varchar(14) AS step_role,
       d.holder_id, step.due_at AS listed_at
FROM dossiers_dossier AS d LEFT JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE d.settling_agency_id IS NOT NULL
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
UNION ALL
SELECT d.id, step.agency_id, 2::smallint, d.state, d.substate = 'suspended', step.role, d.holder_id, step.due_at
FROM dossiers_dossier AS d JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE step.agency_id IS DISTINCT FROM d.settling_agency_id
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
UNION ALL
SELECT d.id, opinion.agency_id, (CASE WHEN bool_or(opinion.ended_at IS NULL) THEN 3 ELSE 4 END)::smallint, d.state,
       d.substate = 'suspended', '', d.holder_id, step.due_at
FROM dossiers_dossier AS d JOIN dossiers_opinion AS opinion ON opinion.dossier_id = d.id
LEFT JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
GROUP BY d.id, opinion.agency_id, step.due_at
UNION ALL
SELECT DISTINCT d.id, place.agency_id, 5::smallint, d.state, d.substate = 'suspended', '', d.holder_id,
       CASE d.state WHEN 1 THEN d.answer_due_at WHEN 9 THEN d.finished_at END
FROM dossiers_dossier AS d
LEFT JOIN agencies_desk AS help ON help.id = d.help_desk_id
LEFT JOIN agencies_desk AS giving ON giving.id = d.return_desk_id
CROSS JOIN LATERAL (VALUES (d.receiving_agency_id), (help.agency_id), (giving.agency_id)) AS place (agency_id)
WHERE place.agency_id IS NOT NULL
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
"""

# Writes what differs and nothing else. Whoever changes a dossier, its step or its opinions holds the dossier's lock.
FUNCTIONS = f"""
CREATE FUNCTION dossiers_involve(changed bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM dossiers_involvement AS i WHERE i.dossier_id = changed AND NOT EXISTS (
        SELECT FROM dossiers_involvement_now AS n
        WHERE n.dossier_id = changed AND n.agency_id = i.agency_id AND n.kind = i.kind
    );
    INSERT INTO dossiers_involvement AS i ({COLUMNS})
    SELECT {COLUMNS} FROM dossiers_involvement_now WHERE dossier_id = changed
    ON CONFLICT (dossier_id, agency_id, kind) DO UPDATE SET
        state = excluded.state, suspended = excluded.suspended, step_role = excluded.step_role,
        holder_id = excluded.holder_id, listed_at = excluded.listed_at
    WHERE (i.state, i.suspended, i.step_role, i.holder_id, i.listed_at) IS DISTINCT FROM
        (excluded.state, excluded.suspended, excluded.step_role, excluded.holder_id, excluded.listed_at);
END $$;

CREATE FUNCTION dossiers_dossier_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dossiers_involve(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION dossiers_opinion_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dossiers_involve(NEW.dossier_id);
    RETURN NULL;
END $$;

CREATE FUNCTION dossiers_step_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dossiers_involvement AS i SET listed_at = NEW.due_at FROM dossiers_dossier AS d
    WHERE d.id = NEW.dossier_id AND d.step_id = NEW.id AND i.dossier_id = d.id AND i.kind IN (1, 2, 3, 4);
    RETURN NULL;
END $$;

CREATE FUNCTION dossiers_desk_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dossiers_involve(id) FROM dossiers_dossier WHERE help_desk_id = NEW.id OR return_desk_id = NEW.id;
    RETURN NULL;
END $$;
"""

_SEEN = (
    "state", "substate", "step_id", "holder_id", "settling_agency_id", "receiving_agency_id", "help_desk_id",
    "return_desk_id", "answer_due_at", "finished_at", "discarded_at",
)  # fmt: skip
TRIGGERS = f"""
CREATE TRIGGER involve_new AFTER INSERT ON dossiers_dossier FOR EACH ROW
WHEN (NEW.state <> 0 OR NEW.help_desk_id IS NOT NULL) EXECUTE FUNCTION dossiers_dossier_changed();

CREATE TRIGGER involve_changed AFTER UPDATE ON dossiers_dossier FOR EACH ROW
WHEN (
    ({", ".join(f"OLD.{name}" for name in _SEEN)}) IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in _SEEN)})
    AND (OLD.state <> 0 OR NEW.state <> 0 OR OLD.help_desk_id IS NOT NULL OR NEW.help_desk_id IS NOT NULL)
) EXECUTE FUNCTION dossiers_dossier_changed();

CREATE TRIGGER involve_step_moved AFTER UPDATE ON dossiers_steprun FOR EACH ROW
WHEN (OLD.due_at IS DISTINCT FROM NEW.due_at) EXECUTE FUNCTION dossiers_step_moved();

CREATE TRIGGER involve_opinion AFTER INSERT ON dossiers_opinion FOR EACH ROW
EXECUTE FUNCTION dossiers_opinion_changed();

CREATE TRIGGER involve_opinion_ended AFTER UPDATE ON dossiers_opinion FOR EACH ROW
WHEN ((OLD.ended_at, OLD.agency_id) IS DISTINCT FROM (NEW.ended_at, NEW.agency_id))
EXECUTE FUNCTION dossiers_opinion_changed();

CREATE TRIGGER involve_desk_moved AFTER UPDATE ON agencies_desk FOR EACH ROW
WHEN (OLD.agency_id IS DISTINCT FROM NEW.agency_id) EXECUTE FUNCTION dossiers_desk_moved();
"""
UNDO = """
DROP TRIGGER involve_desk_moved ON agencies_desk;
DROP TRIGGER involve_opinion_ended ON dossiers_opinion;
DROP TRIGGER involve_opinion ON dossiers_opinion;
DROP TRIGGER involve_step_moved ON dossiers_steprun;
DROP TRIGGER involve_changed ON dossiers_dossier;
DROP TRIGGER involve_new ON dossiers_dossier;
DROP FUNCTION dossiers_desk_moved, dossiers_step_moved, dossiers_opinion_changed, dossiers_dossier_changed;
DROP FUNCTION dossiers_involve(bigint);
"""
FILL = f"INSERT INTO dossiers_involvement ({COLUMNS}) SELECT {COLUMNS} FROM dossiers_involvement_now"  # noqa: S608
# Indexes and the look-up of references come after the filling, with the end of the migration.


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("agencies", "0001_initial"),
        ("dossiers", "0025_codes_of_other_systems"),
    ]

    operations = [
        migrations.CreateModel(
            name="Involvement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "dossier_id", "agency_id", "kind",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="involvements", to="dossiers.dossier",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="agencies.agency",
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Giải quyết"),
                            (2, "Giữ bước hiện tại"),
                            (3, "Được hỏi ý kiến"),
                            (4, "Đã được hỏi ý kiến"),
                            (5, "Tiếp nhận, hướng dẫn hoặc trả kết quả"),
                        ]
                    ),
                ),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Bản nháp"),
                            (1, "Mới đăng ký"),
                            (2, "Được tiếp nhận"),
                            (3, "Không được tiếp nhận"),
                            (4, "Đang xử lý"),
                            (5, "Yêu cầu bổ sung giấy tờ"),
                            (6, "Yêu cầu thực hiện nghĩa vụ tài chính"),
                            (7, "Công dân yêu cầu rút hồ sơ"),
                            (8, "Dừng xử lý"),
                            (9, "Đã xử lý xong"),
                            (10, "Đã trả kết quả"),
                        ]
                    ),
                ),
                ("suspended", models.BooleanField(default=False)),
                ("step_role", models.CharField(blank=True, max_length=14)),
                (
                    "holder",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="accounts.staffpost",
                    ),
                ),
                ("listed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "dossier", "kind"], name="involved_agency"),
                    models.Index(
                        condition=models.Q(("state__in", (3, 8, 10)), _negated=True),
                        fields=["agency", "listed_at", "dossier"],
                        name="involved_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW dossiers_involvement_now"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO),
    ]  # fmt: skip
