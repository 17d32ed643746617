"""Let involvements say edition and step too, with an index for each list, so that lists are narrowed and offer their
choices without a look at dossiers and steps."""

import django.db.models.deletion
from django.db import migrations, models

NEW = "edition_id, step_act"
COLUMNS = "dossier_id, agency_id, kind, state, suspended, step_role, holder_id, listed_at"
_KEPT = ("state", "suspended", "step_role", "holder_id", "listed_at", "edition_id", "step_act")
_BEFORE = _KEPT[:5]
_ACT = "coalesce(nullif(step.act, ''), step.key, '')::varchar(50)"

VIEW = f"""
CREATE OR REPLACE VIEW dossiers_involvement_now AS
SELECT d.id AS dossier_id, d.settling_agency_id AS agency_id, 1::smallint AS kind, d.state,
       d.substate = 'suspended' AS suspended,
       CASE WHEN step.agency_id = d.settling_agency_id THEN step.role ELSE '' END::varchar(14) AS step_role,
       d.holder_id, step.due_at AS listed_at, d.edition_id, {_ACT} AS step_act
FROM dossiers_dossier AS d LEFT JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE d.settling_agency_id IS NOT NULL
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
UNION ALL
SELECT d.id, step.agency_id, 2::smallint, d.state, d.substate = 'suspended', step.role, d.holder_id, step.due_at,
       d.edition_id, {_ACT}
FROM dossiers_dossier AS d JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE step.agency_id IS DISTINCT FROM d.settling_agency_id
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
UNION ALL
SELECT d.id, opinion.agency_id, (CASE WHEN bool_or(opinion.ended_at IS NULL) THEN 3 ELSE 4 END)::smallint, d.state,
       d.substate = 'suspended', '', d.holder_id, step.due_at, d.edition_id, {_ACT}
FROM dossiers_dossier AS d JOIN dossiers_opinion AS opinion ON opinion.dossier_id = d.id
LEFT JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
GROUP BY d.id, opinion.agency_id, step.due_at, step.act, step.key
UNION ALL
SELECT DISTINCT d.id, place.agency_id, 5::smallint, d.state, d.substate = 'suspended', '', d.holder_id,
       CASE d.state WHEN 1 THEN d.answer_due_at WHEN 9 THEN d.finished_at END, d.edition_id, ''::varchar(50)
FROM dossiers_dossier AS d
LEFT JOIN agencies_desk AS help ON help.id = d.help_desk_id
LEFT JOIN agencies_desk AS giving ON giving.id = d.return_desk_id
CROSS JOIN LATERAL (VALUES (d.receiving_agency_id), (help.agency_id), (giving.agency_id)) AS place (agency_id)
WHERE place.agency_id IS NOT NULL
  AND NOT (d.state = 0 AND d.help_desk_id IS NULL) AND d.discarded_at IS NULL
"""


def _keeping(columns: str, kept: tuple[str, ...]) -> str:
    """The function that writes what differs, as 0026 made it, and its second name for large tables (0037)."""
    written = ", ".join(f"{name} = excluded.{name}" for name in kept)
    old, new = (", ".join(f"{row}.{name}" for name in kept) for row in ("i", "excluded"))
    body = f"""
CREATE OR REPLACE FUNCTION dossiers_involve(changed bigint) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    DELETE FROM dossiers_involvement AS i WHERE i.dossier_id = changed AND NOT EXISTS (
        SELECT FROM dossiers_involvement_now AS n
        WHERE n.dossier_id = changed AND n.agency_id = i.agency_id AND n.kind = i.kind
    );
    INSERT INTO dossiers_involvement AS i ({columns})
    SELECT {columns} FROM dossiers_involvement_now WHERE dossier_id = changed
    ON CONFLICT (dossier_id, agency_id, kind) DO UPDATE SET {written}
    WHERE ({old}) IS DISTINCT FROM ({new});
END $$;
"""
    often = body.replace("dossiers_involve(", "dossiers_involve_often(").replace("custom_plan", "generic_plan")
    return body + often


# What a row says comes from its dossier and the step that runs; indexes are made afterwards.
FILL = f"""
UPDATE dossiers_involvement AS i
SET edition_id = d.edition_id, step_act = CASE i.kind WHEN 5 THEN '' ELSE {_ACT} END
FROM dossiers_dossier AS d LEFT JOIN dossiers_steprun AS step ON step.id = d.step_id
WHERE d.id = i.dossier_id
"""  # noqa: S608 (text of ours)
_SEEN = (
    "state", "substate", "step_id", "holder_id", "settling_agency_id", "receiving_agency_id", "help_desk_id",
    "return_desk_id", "answer_due_at", "finished_at", "discarded_at",
)  # fmt: skip


def _changes(*seen: str) -> str:
    """The trigger that keeps the rows of a dossier when one of its columns `seen` changes (0026)."""
    old, new = (", ".join(f"{row}.{name}" for name in seen) for row in ("OLD", "NEW"))
    return f"""
DROP TRIGGER involve_changed ON dossiers_dossier;
CREATE TRIGGER involve_changed AFTER UPDATE ON dossiers_dossier FOR EACH ROW
WHEN (
    ({old}) IS DISTINCT FROM ({new})
    AND (OLD.state <> 0 OR NEW.state <> 0 OR OLD.help_desk_id IS NOT NULL OR NEW.help_desk_id IS NOT NULL)
) EXECUTE FUNCTION dossiers_dossier_changed();
"""


_LISTED = ["agency", "listed_at", "dossier"]
_RUNNING = models.Q(kind__in=(1, 2), state__in=(4, 7))
_PAUSED = models.Q(kind__in=(1, 2)) & (models.Q(state__in=(5, 6)) | models.Q(state=4, suspended=True))
_SHOWN = ("kind", "state", "suspended", "step_role", "holder", "edition", "step_act")
INDEXES = (
    models.Index(fields=_LISTED, include=_SHOWN, name="involved_running", condition=_RUNNING),
    models.Index(fields=_LISTED, include=_SHOWN, name="involved_paused", condition=_PAUSED),
    models.Index(
        fields=["agency", "dossier"],
        include=_SHOWN,
        name="involved_settled",
        condition=models.Q(kind__in=(1, 2), state=9),
    ),
    models.Index(fields=_LISTED, name="involved_returns", condition=models.Q(kind=5, state=9)),
)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0040_open_work_by_index_alone"), ("procedures", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="involvement",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, null=True,
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="procedures.edition",
            ),
        ),
        migrations.AddField(
            model_name="involvement", name="step_act", field=models.CharField(blank=True, default="", max_length=50),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="involvement", name="involved_open"),
        migrations.RemoveIndex(model_name="involvement", name="involved_agency"),
        migrations.RunSQL(VIEW, migrations.RunSQL.noop),
        migrations.RunSQL(_keeping(f"{COLUMNS}, {NEW}", _KEPT), _keeping(COLUMNS, _BEFORE)),
        migrations.RunSQL(_changes(*_SEEN, "edition_id"), _changes(*_SEEN)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="involvement",
            index=models.Index(fields=["agency", "dossier", "kind"], name="involved_agency"),
        ),
        *(migrations.AddIndex(model_name="involvement", index=index) for index in INDEXES),
    ]
