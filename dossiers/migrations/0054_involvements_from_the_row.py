"""Keep the involvements of a dossier from the row that was written, where its agencies stay as they were.

The view joins four tables, and planning it took 2 ms of each act in a new province (0036); what a session keeps of
these statements is right however small the tables were, as each looks a row up by the whole of a key. Where agencies or
counters change, or a dossier is taken out of the lists, the view says what must stand, as before.
"""

from django.db import migrations

COLUMNS = "state, suspended, step_role, holder_id, listed_at, edition_id, step_act"
WRITTEN = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", "))
OLD, NEW = (", ".join(f"{row}.{name}" for name in COLUMNS.split(", ")) for row in ("i", "excluded"))
PLACES = "settling_agency_id, receiving_agency_id, help_desk_id, return_desk_id"
WERE, ARE = (", ".join(f"{row}.{name}" for name in PLACES.split(", ")) for row in ("OLD", "NEW"))

FROM_THE_ROW = f"""
CREATE OR REPLACE FUNCTION dossiers_dossier_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    listed boolean := NOT (NEW.state = 0 AND NEW.help_desk_id IS NULL) AND NEW.discarded_at IS NULL;
    was_listed boolean := false;
    left_to bigint;
    helping bigint;
    giving bigint;
    elsewhere bigint;
    works bigint;
    its_role varchar(14) := '';
    its_act varchar(50) := '';
    its_due timestamptz;
    waits timestamptz := CASE NEW.state WHEN 1 THEN NEW.answer_due_at WHEN 9 THEN NEW.finished_at END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was_listed := NOT (OLD.state = 0 AND OLD.help_desk_id IS NULL) AND OLD.discarded_at IS NULL;
    END IF;
    IF NOT (listed OR was_listed) THEN
        RETURN NULL;
    END IF;
    IF was_listed THEN
        IF NOT listed OR ({WERE}) IS DISTINCT FROM ({ARE}) THEN
            PERFORM dossiers_involve(NEW.id);
            RETURN NULL;
        END IF;
        IF OLD.step_id IS DISTINCT FROM NEW.step_id THEN
            SELECT agency_id INTO left_to FROM dossiers_steprun WHERE id = OLD.step_id;
        END IF;
    END IF;
    IF NEW.step_id IS NOT NULL THEN
        SELECT agency_id, role, coalesce(nullif(act, ''), key), due_at INTO works, its_role, its_act, its_due
        FROM dossiers_steprun WHERE id = NEW.step_id;
        IF works IS DISTINCT FROM NEW.settling_agency_id THEN
            elsewhere := works;
        END IF;
    END IF;
    IF NEW.help_desk_id IS NOT NULL THEN
        SELECT agency_id INTO helping FROM agencies_desk WHERE id = NEW.help_desk_id;
    END IF;
    IF NEW.return_desk_id IS NOT NULL THEN
        SELECT agency_id INTO giving FROM agencies_desk WHERE id = NEW.return_desk_id;
    END IF;
    IF left_to <> coalesce(NEW.settling_agency_id, 0) AND left_to IS DISTINCT FROM elsewhere THEN
        DELETE FROM dossiers_involvement WHERE dossier_id = NEW.id AND agency_id = left_to AND kind = 2;
    END IF;
    INSERT INTO dossiers_involvement AS i (
        dossier_id, agency_id, kind, state, suspended, step_role, holder_id, listed_at, edition_id, step_act
    )
    SELECT NEW.id, place.agency, place.kind, NEW.state, NEW.substate = 'suspended', place.role, NEW.holder_id,
        place.moment, NEW.edition_id, place.act
    FROM (
        VALUES
        (NEW.settling_agency_id, 1::smallint, CASE WHEN elsewhere IS NULL THEN its_role ELSE '' END, its_due, its_act),
        (elsewhere, 2::smallint, its_role, its_due, its_act),
        (NEW.receiving_agency_id, 5::smallint, '', waits, ''),
        (nullif(helping, NEW.receiving_agency_id), 5::smallint, '', waits, ''),
        (nullif(nullif(giving, NEW.receiving_agency_id), helping), 5::smallint, '', waits, '')
    ) AS place (agency, kind, role, moment, act)
    WHERE place.agency IS NOT NULL
    UNION ALL
    SELECT NEW.id, asked.agency_id, (CASE WHEN bool_or(asked.ended_at IS NULL) THEN 3 ELSE 4 END)::smallint, NEW.state,
        NEW.substate = 'suspended', '', NEW.holder_id, its_due, NEW.edition_id, its_act
    FROM (  -- apart, so that an empty table is not read in the order of its agencies
        SELECT agency_id, ended_at FROM dossiers_opinion WHERE dossier_id = NEW.id OFFSET 0
    ) AS asked GROUP BY asked.agency_id
    ON CONFLICT (dossier_id, agency_id, kind) DO UPDATE SET {WRITTEN}
    WHERE ({OLD}) IS DISTINCT FROM ({NEW});
    RETURN NULL;
END $$;
DROP FUNCTION dossiers_involve_often(bigint);
"""
FROM_THE_VIEW = """
DO $do$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('dossiers_involve(bigint)'::regprocedure), 'dossiers_involve(', 'dossiers_involve_often('
    );
END $do$;
ALTER FUNCTION dossiers_involve_often(bigint) SET plan_cache_mode = force_generic_plan;
CREATE OR REPLACE FUNCTION dossiers_dossier_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT relpages > 1000 FROM pg_class WHERE oid = 'dossiers_dossier'::regclass) THEN
        PERFORM dossiers_involve_often(NEW.id);
    ELSE
        PERFORM dossiers_involve(NEW.id);
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0053_discarded_drafts")]

    operations = [migrations.RunSQL(FROM_THE_ROW, FROM_THE_VIEW)]
