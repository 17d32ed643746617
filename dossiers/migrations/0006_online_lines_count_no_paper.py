"""What was sent online came as a file: its lines had been given the counts that the checklist asks for on paper.

Lines of a dossier that has a folder of papers stay as they are; somebody handed those in.
"""

from django.db import migrations

NONE_ON_PAPER = """
UPDATE dossiers_dossierdocument line SET originals = 0, copies = 0
FROM dossiers_dossier dossier
WHERE line.dossier_id = dossier.id AND dossier.channel = 'online' AND line.kind <> 'result'
  AND (line.originals > 0 OR line.copies > 0)
  AND NOT EXISTS (SELECT FROM dossiers_folder folder WHERE folder.dossier_id = dossier.id AND folder.kind = 'papers')
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_moved_dates")]
    operations = [migrations.RunSQL(NONE_ON_PAPER, migrations.RunSQL.noop)]
