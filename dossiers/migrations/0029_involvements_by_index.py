"""Keep the rows of involvements by index alone, however small the tables were when the plan was made.

A session keeps the plan of a function. Made on the first dossiers of a new province it reads whole tables, and kept
through one long transaction (an import) it does so for every further dossier.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0028_tallies")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION dossiers_involve(bigint) SET enable_seqscan = off",
            "ALTER FUNCTION dossiers_involve(bigint) RESET enable_seqscan",
        )
    ]
