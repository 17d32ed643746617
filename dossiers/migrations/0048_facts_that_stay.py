import django.db.models.deletion
from django.db import migrations, models

# What a dossier is given once stays: its address, code and moments. The database says so itself, because rights by
# columns cannot tell the first time from the second. Only a dossier that was moved in by mistake, and on which nobody
# has acted since, becomes a deleted draft again (dossiers.moving_in.taking_back).
FACTS_STAY = """
CREATE FUNCTION dossier_facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.code IS NULL AND NEW.filed_at IS NULL AND NEW.received_at IS NULL AND NEW.destroyed_at IS NULL
            AND NEW.state = 0 AND NEW.discarded_at IS NOT NULL
            AND NEW.uid = OLD.uid AND NEW.created_at = OLD.created_at AND EXISTS (
                SELECT FROM dossiers_dossierevent AS event
                WHERE event.dossier_id = OLD.id AND event.revision = OLD.revision AND event.action = 'moved_in'
            )
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'what a dossier was given once stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RAISE EXCEPTION 'a dossier with a code stays' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER facts_stay BEFORE UPDATE OF uid, code, created_at, filed_at, received_at, destroyed_at
ON dossiers_dossier FOR EACH ROW
WHEN (
    OLD.uid <> NEW.uid OR OLD.created_at <> NEW.created_at
    OR OLD.code IS NOT NULL AND NEW.code IS DISTINCT FROM OLD.code
    OR OLD.filed_at IS NOT NULL AND NEW.filed_at IS DISTINCT FROM OLD.filed_at
    OR OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at
    OR OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at
)
EXECUTE FUNCTION dossier_facts_stay();

CREATE TRIGGER row_stays BEFORE DELETE ON dossiers_dossier FOR EACH ROW
WHEN (OLD.code IS NOT NULL) EXECUTE FUNCTION dossier_facts_stay();

CREATE FUNCTION rows_of_a_code_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM dossiers_dossier WHERE id = OLD.dossier_id AND code IS NOT NULL) THEN
        RAISE EXCEPTION 'what belongs to a dossier with a code stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
"""
FACTS_GO = """
DROP TRIGGER facts_stay ON dossiers_dossier;
DROP TRIGGER row_stays ON dossiers_dossier;
DROP FUNCTION dossier_facts_stay();
DROP FUNCTION rows_of_a_code_stay() CASCADE;
"""
TABLES = ("pause", "duedatechange", "supplementrequest", "dossierdocument", "othercode", "moveddossier")
ROWS_STAY = "".join(
    f"""
    CREATE TRIGGER stays_with_its_code BEFORE DELETE ON dossiers_{table} FOR EACH ROW
    EXECUTE FUNCTION rows_of_a_code_stay();
    """
    for table in TABLES
)


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0047_tallies_by_worker'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bulkitem',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='deadlinealert',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='dossiermessage',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='folder',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='folders', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='foldermove',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='dossiers.folder'),
        ),
        migrations.AlterField(
            model_name='moveddate',
            name='dossier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_dates', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='moveddate',
            name='feedback',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_dates', to='dossiers.feedback'),
        ),
        migrations.AlterField(
            model_name='moveddate',
            name='recalculation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='dossiers.deadlinerecalculation'),
        ),
        migrations.AlterField(
            model_name='opinion',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='participation',
            name='dossier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='dossier',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='steprun',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='dossiers.dossier'),
        ),
        migrations.AlterField(
            model_name='unopenedlink',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unopened_links', to='dossiers.dossier'),
        ),
        migrations.RunSQL(FACTS_STAY + ROWS_STAY, FACTS_GO),
    ]
