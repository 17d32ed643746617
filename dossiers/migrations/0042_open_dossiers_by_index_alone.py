"""Count what is open from an index that holds nothing else, and let PostgreSQL look after lists before a fifth of the
years has changed: what is open is a hundredth of them, and read by index alone only where it was vacuumed."""

from django.db import migrations, models

TABLES = ("dossiers_dossier", "dossiers_involvement", "dossiers_steprun")
OFTEN = (
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_insert_scale_factor",
    "autovacuum_analyze_scale_factor",
)
SET = "; ".join(f"ALTER TABLE {table} SET ({', '.join(f'{name} = 0.01' for name in OFTEN)})" for table in TABLES)
RESET = "; ".join(f"ALTER TABLE {table} RESET ({', '.join(OFTEN)})" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0041_lists_by_index_alone")]

    operations = [
        migrations.RemoveIndex(model_name="dossier", name="dossiers_do_settlin_f62d7c_idx"),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(state__in=(1, 2, 4, 5, 6)),
                fields=["settling_agency", "state", "due_at", "id"],
                include=("received_at", "answer_due_at", "substate", "receiving_agency", "edition", "channel"),
                name="dossier_open",
            ),
        ),
        migrations.RunSQL(SET, RESET),
    ]
