import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0012_words_of_l_and_n_sound_alike")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="route", name="immutable"),
        migrations.RemoveConstraint("confirmationitem", "one_decision_waiting_for_a_doubt"),
        migrations.RemoveConstraint("doubt", "doubt_once"),
        migrations.RenameModel("Doubt", "OpenQuery"),
        migrations.RenameField("confirmationitem", "doubt", "open_query"),
        migrations.RenameField("route", "doubts", "open_queries"),
        migrations.RenameIndex("openquery", new_name="open_query_undecided", old_name="doubt_open"),
        migrations.AlterField(
            "openquery",
            "edition",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="open_queries", to="procedures.edition"
            ),
        ),
        migrations.AlterField(
            "openquery",
            "procedure",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="open_queries", to="procedures.procedure"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='route',
            trigger=pgtrigger.compiler.Trigger(name='immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft')", func='RAISE EXCEPTION \'pgtrigger: Cannot update of "edition_id", "procedure_id", "level", "case", "agency_key", "territory_code", "name", "name_en", "decision", "steps", "open_queries", "editors" rows from % table\', TG_TABLE_NAME;', hash='45e30d186459fbeeea7922392fac62700bba731c', operation='UPDATE OF "edition_id", "procedure_id", "level", "case", "agency_key", "territory_code", "name", "name_en", "decision", "steps", "open_queries", "editors"', pgid='pgtrigger_immutable_38134', table='procedures_route', when='BEFORE')),
        ),
        migrations.AddConstraint(
            "confirmationitem",
            models.UniqueConstraint(
                condition=models.Q(("outcome", "waiting")),
                fields=("open_query",),
                name="one_decision_waiting_for_an_open_query",
            ),
        ),
        migrations.AddConstraint(
            "openquery",
            models.UniqueConstraint(fields=("edition", "kind", "path"), name="open_query_once"),
        ),
    ]
