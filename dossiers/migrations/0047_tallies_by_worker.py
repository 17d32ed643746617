"""Tell tallies of an agency apart by who works on a dossier: figures by unit and person looked it up in the steps of
each dossier of the period.

Whose work a dossier is stands on its row, and the database keeps it there: a step given to somebody, taken back or
deleted, and another settling agency, change it in the same transaction, whoever writes them.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

of_more = import_module("dossiers.migrations.0032_tallies_of_more")

OLD_CELL, CELL = of_more.CELL, f"{of_more.CELL}, worker_id"
COUNTED = of_more.COUNTED.replace("channel varchar,", "channel varchar, worker_id bigint,").replace(
    "d.channel, ", "d.channel, d.worker_id, "
)
TRIGGERS = of_more.TRIGGERS.replace(OLD_CELL, CELL)
for row in ("OLD", "NEW"):
    TRIGGERS = TRIGGERS.replace(f"{row}.channel, ", f"{row}.channel, {row}.worker_id, ")
NUMBERS = ", ".join(of_more.NUMBERS)
# A plan kept from an empty table would read the whole of a full one.
BY_INDEX = "SET enable_seqscan = off SET plan_cache_mode = force_generic_plan"
WORKERS = f"""
CREATE FUNCTION dossiers_worker_written() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    NEW.worker_id := dossiers_worker_of(NEW.id, NEW.settling_agency_id);
    RETURN NEW;
END $$;

CREATE FUNCTION dossiers_step_given() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE dossiers_dossier SET worker_id = NEW.holder_id
    WHERE id = NEW.dossier_id AND worker_id IS DISTINCT FROM NEW.holder_id
        AND settling_agency_id = (SELECT agency_id FROM accounts_staffpost WHERE id = NEW.holder_id);
    RETURN NULL;
END $$;

CREATE FUNCTION dossiers_step_regiven() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
DECLARE about bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.dossier_id ELSE NEW.dossier_id END;
BEGIN
    UPDATE dossiers_dossier SET worker_id = dossiers_worker_of(id, settling_agency_id)
    WHERE id = about AND worker_id IS DISTINCT FROM dossiers_worker_of(id, settling_agency_id);
    RETURN NULL;
END $$;

CREATE FUNCTION dossiers_post_moved() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    UPDATE dossiers_dossier SET worker_id = dossiers_worker_of(id, settling_agency_id)
    WHERE id IN (SELECT dossier_id FROM dossiers_steprun WHERE holder_id = NEW.id AND role = 'officer')
        AND worker_id IS DISTINCT FROM dossiers_worker_of(id, settling_agency_id);
    RETURN NULL;
END $$;

CREATE TRIGGER worker_new BEFORE INSERT ON dossiers_dossier FOR EACH ROW
WHEN (NEW.step_id IS NOT NULL OR NEW.worker_id IS NOT NULL) EXECUTE FUNCTION dossiers_worker_written();
CREATE TRIGGER worker_changed BEFORE UPDATE ON dossiers_dossier FOR EACH ROW
WHEN (OLD.settling_agency_id IS DISTINCT FROM NEW.settling_agency_id OR OLD.worker_id IS DISTINCT FROM NEW.worker_id)
EXECUTE FUNCTION dossiers_worker_written();

CREATE TRIGGER worker_given AFTER INSERT ON dossiers_steprun FOR EACH ROW
WHEN (NEW.role = 'officer' AND NEW.holder_id IS NOT NULL) EXECUTE FUNCTION dossiers_step_given();
CREATE TRIGGER worker_regiven AFTER UPDATE ON dossiers_steprun FOR EACH ROW
WHEN (
    (OLD.holder_id, OLD.role, OLD.dossier_id) IS DISTINCT FROM (NEW.holder_id, NEW.role, NEW.dossier_id)
    AND 'officer' IN (OLD.role, NEW.role)
) EXECUTE FUNCTION dossiers_step_regiven();
CREATE TRIGGER worker_gone AFTER DELETE ON dossiers_steprun FOR EACH ROW
WHEN (OLD.role = 'officer' AND OLD.holder_id IS NOT NULL) EXECUTE FUNCTION dossiers_step_regiven();
CREATE TRIGGER worker_post_moved AFTER UPDATE ON accounts_staffpost FOR EACH ROW
WHEN (OLD.agency_id IS DISTINCT FROM NEW.agency_id) EXECUTE FUNCTION dossiers_post_moved();
"""
NO_WORKERS = """
DROP TRIGGER worker_post_moved ON accounts_staffpost;
DROP FUNCTION dossiers_post_moved();
DROP TRIGGER worker_gone ON dossiers_steprun;
DROP TRIGGER worker_regiven ON dossiers_steprun;
DROP TRIGGER worker_given ON dossiers_steprun;
DROP TRIGGER worker_changed ON dossiers_dossier;
DROP TRIGGER worker_new ON dossiers_dossier;
DROP FUNCTION dossiers_step_regiven();
DROP FUNCTION dossiers_step_given();
DROP FUNCTION dossiers_worker_written();
"""
# Changes that wait know no workers: all is counted anew, while triggers hold back who would write others.
EMPTY = "DELETE FROM dossiers_tallychange; DELETE FROM dossiers_tally;"
FILL = f"""
WITH counted AS MATERIALIZED (
    SELECT {CELL}, {", ".join(f"sum({name}) AS {name}" for name in of_more.NUMBERS)}
    FROM dossiers_counted_now GROUP BY {CELL}
)
INSERT INTO dossiers_tally (grain, {CELL}, {NUMBERS})
SELECT kept.*, {", ".join(f"nullif(sum({name}), 0)" for name in of_more.NUMBERS)} FROM counted
CROSS JOIN LATERAL (VALUES
    (1, day, settling_agency_id, receiving_agency_id, edition_id, channel, NULL::bigint),
    (2, date_trunc('month', day)::date, settling_agency_id, receiving_agency_id, edition_id, channel, NULL),
    (3, day, settling_agency_id, NULL, NULL, '', NULL),
    (4, date_trunc('month', day)::date, settling_agency_id, NULL, NULL, '', NULL),
    (5, day, settling_agency_id, NULL, NULL, '', worker_id),
    (6, date_trunc('month', day)::date, settling_agency_id, NULL, NULL, '', worker_id)
) AS kept (grain, {CELL}) GROUP BY 1, 2, 3, 4, 5, 6, 7
HAVING {" OR ".join(f"sum({name}) <> 0" for name in of_more.NUMBERS)};
"""


def worker() -> models.ForeignKey:
    return models.ForeignKey(
        "accounts.staffpost",
        django.db.models.deletion.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


GRAINS = [
    (1, "Ngày"), (2, "Tháng"), (3, "Ngày của cơ quan"), (4, "Tháng của cơ quan"), (5, "Ngày của người thụ lý"),
    (6, "Tháng của người thụ lý"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0046_routes_stored_once")]

    operations = [
        migrations.RunSQL(of_more.UNDO, migrations.RunSQL.noop),
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddField("tally", "worker", worker()),
        migrations.AddField("tallychange", "worker", worker()),
        migrations.AlterField("tally", "grain", models.PositiveSmallIntegerField(choices=GRAINS)),
        migrations.RemoveConstraint("tally", "tally_cell"),
        migrations.AddConstraint(
            "tally",
            models.UniqueConstraint(
                fields=("grain", "day", "settling_agency", "edition", "channel", "receiving_agency", "worker"),
                name="tally_cell",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, of_more.UNDO),
        migrations.RunSQL(WORKERS, NO_WORKERS),
    ]
