"""Plan the keeping of involvements for each row, by what the tables hold at that moment.

A plan that a session keeps is made on what it found first. On an empty table an index that only contains the dossier's id
costs as little as its key, and kept through an import it reads the whole of that index for each further dossier.
"""

from django.db import migrations

KEEPING = ("dossiers_involve(bigint)", "dossiers_step_moved()")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0035_people_of_hand_overs")]

    operations = [
        migrations.RunSQL(
            "; ".join(f"ALTER FUNCTION {name} SET plan_cache_mode = force_custom_plan" for name in KEEPING),
            "; ".join(f"ALTER FUNCTION {name} RESET plan_cache_mode" for name in KEEPING),
        )
    ]
