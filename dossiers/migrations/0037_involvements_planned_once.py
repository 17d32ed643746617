"""Keep the plan for involvements where the tables are large and measured, which saves most of the trigger's time.

In a new province, and through a long first import, it is still planned for each row (0036).
"""

from django.db import migrations

# The same rule under a second name, so that a session keeps no plan of it before there is something to plan with.
OFTEN = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('dossiers_involve(bigint)'::regprocedure), 'dossiers_involve(', 'dossiers_involve_often(');
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
UNDO = """
CREATE OR REPLACE FUNCTION dossiers_dossier_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dossiers_involve(NEW.id);
    RETURN NULL;
END $$;
DROP FUNCTION dossiers_involve_often(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0036_involvements_planned_anew")]

    operations = [migrations.RunSQL(OFTEN, UNDO)]
