from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0023_open_pages")]

    operations = [
        migrations.RemoveConstraint("moveddate", "moved_once_a_recount"),
        migrations.RemoveIndex("moveddate", "dossiers_mo_recalen_47fc3f_idx"),
        migrations.RenameModel("Recalendar", "DeadlineRecalculation"),
        migrations.RenameField("moveddate", "recalendar", "recalculation"),
        migrations.AddIndex(
            "moveddate",
            models.Index(fields=["recalculation", "agency", "id"], name="dossiers_mo_recalcu_d55eb5_idx"),
        ),
        migrations.AddConstraint(
            "moveddate",
            models.UniqueConstraint(
                fields=["recalculation", "kind", "record"], name="moved_once_a_recalculation"
            ),
        ),
    ]
