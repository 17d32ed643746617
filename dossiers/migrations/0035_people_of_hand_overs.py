import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Confirmed records stay as they are, hence without their trigger. Of one that a person confirmed on both sides before
# anybody looked at it, the giver alone is named.
NAME_PEOPLE = """
    ALTER TABLE dossiers_handover DISABLE TRIGGER USER;
    UPDATE dossiers_handover AS record SET
        given_account_id = (SELECT account_id FROM accounts_staffpost WHERE id = record.given_by_id),
        taken_account_id = (
            SELECT taker.account_id FROM accounts_staffpost AS taker
            WHERE taker.id = record.taken_by_id AND taker.account_id IS DISTINCT FROM
                (SELECT account_id FROM accounts_staffpost WHERE id = record.given_by_id)
        );
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    ALTER TABLE dossiers_handover ENABLE TRIGGER USER
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_papers_of_people_without_a_number'),
        ('agencies', '0002_english_names_of_calendars'),
        ('dossiers', '0034_destruction'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='handover',
            name='hand_over_two_people',
        ),
        migrations.AddField(
            model_name='handover',
            name='given_account',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='taken_account',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(NAME_PEOPLE, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='names_the_people', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    NEW.given_account_id := (SELECT account_id FROM accounts_staffpost WHERE id = NEW.given_by_id);\n                    NEW.taken_account_id := (SELECT account_id FROM accounts_staffpost WHERE id = NEW.taken_by_id);\n                    RETURN NEW;\n                ', hash='100add5c338713f412fe6e9fe92c5470c0a24516', operation='INSERT OR UPDATE', pgid='pgtrigger_names_the_people_31416', table='dossiers_handover', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('taken_account__isnull', True), ('given_account__isnull', True), models.Q(('taken_account', models.F('given_account')), _negated=True), _connector='OR'), name='hand_over_two_people'),
        ),
    ]
