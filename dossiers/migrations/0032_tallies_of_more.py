"""Tallies of all that a dossier's own columns say, by month and agency too (docs/decisions/tallies.md)."""

import django.db.models.deletion
from django.db import migrations, models

CELL = "day, settling_agency_id, receiving_agency_id, edition_id, channel"
NUMBERS = (
    "received", "fees_due_sum", "early", "on_time", "late", "unlimited", "early_original", "on_time_original",
    "late_original", "refused", "digital_result", "returned_by_post", "not_received", "stopped", "fees", "fees_noncash",
    "fees_sum", "fees_noncash_sum",
)  # fmt: skip
_SUMS = ("fees_due_sum", "fees_sum", "fees_noncash_sum")
_ZONE = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"


def _day(moment: str) -> str:
    return f"(d.{moment} {_ZONE})::date"


def _if(condition: str, number: str = "1") -> str:
    return f"CASE WHEN {condition} THEN {number} END"


def _happening(moment: str, when: str, **numbers: str) -> str:
    """The row of one happening: its day, its cell, and what it counts as; null for all that it does not."""
    columns = (
        f"({numbers.get(name, 'NULL')})::{'bigint' if name in _SUMS else 'int'}" for name in NUMBERS
    )
    return (
        f"SELECT {_day(moment)}, d.settling_agency_id, d.receiving_agency_id, d.edition_id, d.channel, "
        f"{', '.join(columns)} WHERE {when}"
    )


def _judged(due: str, suffix: str = "") -> dict[str, str]:
    """As vietnam.working_time.standing judges: late after the due moment, early on a day before the due day."""
    before = f"{_day('finished_at')} < {_day(due)}"
    return {
        f"late{suffix}": _if(f"d.finished_at > d.{due}"),
        f"early{suffix}": _if(f"d.finished_at <= d.{due} AND {before}"),
        f"on_time{suffix}": _if(f"d.finished_at <= d.{due} AND NOT {before}"),
    }


# What a dossier counts as, said once: the trigger, the first count and the check draw from it.
COUNTED = f"""
CREATE FUNCTION dossiers_counted(d dossiers_dossier)
RETURNS TABLE (day date, settling_agency_id bigint, receiving_agency_id bigint, edition_id bigint, channel varchar,
    {", ".join(f"{name} {'bigint' if name in _SUMS else 'int'}" for name in NUMBERS)})
LANGUAGE sql IMMUTABLE AS $$
    {_happening("received_at", "d.received_at IS NOT NULL", received="1",
                fees_due_sum=_if("d.fee_amount > 0", "d.fee_amount"))}
    UNION ALL
    {_happening("finished_at", "d.state IN (9, 10) AND d.finished_at IS NOT NULL",
                unlimited=_if("d.due_at IS NULL"), refused=_if("d.outcome = 'refused'"),
                digital_result=_if("d.has_digital_result"), returned_by_post=_if("d.return_method = 'post'"),
                **_judged("due_at"), **_judged("original_due_at", "_original"))}
    UNION ALL
    {_happening("closed_at", "d.state IN (3, 8) AND d.closed_at IS NOT NULL",
                not_received=_if("d.state = 3"), stopped=_if("d.state = 8"))}
    UNION ALL
    {_happening("fee_settled_at", "d.fee_settled_at IS NOT NULL AND d.fee_amount > 0", fees="1",
                fees_sum="d.fee_amount", fees_noncash=_if("d.fee_method <> 'cash'"),
                fees_noncash_sum=_if("d.fee_method <> 'cash'", "d.fee_amount"))}
$$;
CREATE VIEW dossiers_counted_now AS
SELECT counted.* FROM dossiers_dossier AS d CROSS JOIN LATERAL dossiers_counted(d) AS counted;
"""

_CHANGED = ", ".join(f"nullif(coalesce(sum({name} * sign), 0), 0)" for name in NUMBERS)
_HAPPENED = "({0}.received_at IS NOT NULL OR {0}.finished_at IS NOT NULL OR {0}.closed_at IS NOT NULL OR " \
    "{0}.fee_settled_at IS NOT NULL)"
_SEEN = (
    "{0}.received_at, {0}.fee_settled_at, {0}.fee_amount, {0}.settling_agency_id, {0}.receiving_agency_id, "
    "{0}.edition_id, {0}.channel, {0}.state IN (9, 10), CASE WHEN {0}.state IN (3, 8) THEN {0}.state END, "
    "CASE WHEN {0}.state IN (3, 8) THEN {0}.closed_at END, "
    "CASE WHEN {0}.fee_settled_at IS NOT NULL THEN {0}.fee_method END, "
    + ", ".join(
        f"CASE WHEN {{0}}.state IN (9, 10) THEN {{0}}.{name} END"
        for name in ("finished_at", "due_at", "original_due_at", "outcome", "has_digital_result", "return_method")
    )
)
# Planned once in a session: planning it for each row took eight times as long as running it.
TRIGGERS = f"""
CREATE FUNCTION dossiers_tally() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO dossiers_tallychange ({CELL}, {", ".join(NUMBERS)})
    SELECT {CELL}, {_CHANGED} FROM (
        SELECT counted.*, 1 AS sign FROM dossiers_counted(NEW) AS counted WHERE TG_OP <> 'DELETE'
        UNION ALL
        SELECT counted.*, -1 FROM dossiers_counted(OLD) AS counted WHERE TG_OP <> 'INSERT'
    ) AS changed GROUP BY {CELL} HAVING {" OR ".join(f"sum({name} * sign) <> 0" for name in NUMBERS)};
    RETURN NULL;
END $$;

CREATE TRIGGER tally_new AFTER INSERT ON dossiers_dossier FOR EACH ROW
WHEN ({_HAPPENED.format("NEW")}) EXECUTE FUNCTION dossiers_tally();

CREATE TRIGGER tally_changed AFTER UPDATE ON dossiers_dossier FOR EACH ROW
WHEN (
    ({_SEEN.format("OLD")}) IS DISTINCT FROM ({_SEEN.format("NEW")})
    AND ({_HAPPENED.format("OLD")} OR {_HAPPENED.format("NEW")})
) EXECUTE FUNCTION dossiers_tally();

CREATE TRIGGER tally_gone AFTER DELETE ON dossiers_dossier FOR EACH ROW
WHEN ({_HAPPENED.format("OLD")}) EXECUTE FUNCTION dossiers_tally();
"""
UNDO = """
DROP TRIGGER tally_gone ON dossiers_dossier;
DROP TRIGGER tally_changed ON dossiers_dossier;
DROP TRIGGER tally_new ON dossiers_dossier;
DROP FUNCTION dossiers_tally();
DROP VIEW dossiers_counted_now;
DROP FUNCTION dossiers_counted(dossiers_dossier);
"""
FILL = f"""
WITH counted AS MATERIALIZED (
    SELECT {CELL}, {", ".join(f"sum({name}) AS {name}" for name in NUMBERS)} FROM dossiers_counted_now GROUP BY {CELL}
)
INSERT INTO dossiers_tally (grain, {CELL}, {", ".join(NUMBERS)})
SELECT kept.*, {", ".join(f"sum({name})" for name in NUMBERS)} FROM counted CROSS JOIN LATERAL (VALUES
    (1, day, settling_agency_id, receiving_agency_id, edition_id, channel),
    (2, date_trunc('month', day)::date, settling_agency_id, receiving_agency_id, edition_id, channel),
    (3, day, settling_agency_id, NULL, NULL, ''),
    (4, date_trunc('month', day)::date, settling_agency_id, NULL, NULL, '')
) AS kept (grain, {CELL}) GROUP BY 1, 2, 3, 4, 5, 6
"""

def _reference(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        to, django.db.models.deletion.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )


def _cell() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("day", models.DateField()),
        ("settling_agency", _reference("agencies.agency")),
        ("receiving_agency", _reference("agencies.agency")),
        ("edition", _reference("procedures.edition")),
        (
            "channel",
            models.CharField(
                blank=True, choices=[("online", "Trực tuyến"), ("counter", "Trực tiếp"), ("post", "Bưu chính")], max_length=8
            ),
        ),
        *((name, (models.BigIntegerField if name in _SUMS else models.IntegerField)(null=True)) for name in NUMBERS),
    ]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0031_moving_in")]

    operations = [
        migrations.RunSQL(UNDO, migrations.RunSQL.noop),
        migrations.DeleteModel("Tally"),
        migrations.DeleteModel("TallyChange"),
        migrations.CreateModel(name="TallyChange", fields=_cell(), options={"abstract": False}),
        migrations.CreateModel(
            name="Tally",
            fields=[
                *_cell(),
                (
                    "grain",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Ngày"), (2, "Tháng"), (3, "Ngày của cơ quan"), (4, "Tháng của cơ quan")]
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["grain", "settling_agency", "day"], name="tally_agency")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grain", "day", "settling_agency", "edition", "channel", "receiving_agency"),
                        name="tally_cell",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
        migrations.RunSQL(
            "ALTER FUNCTION dossiers_involve(bigint) SET plan_cache_mode = force_generic_plan",
            "ALTER FUNCTION dossiers_involve(bigint) RESET plan_cache_mode",
        ),
    ]
