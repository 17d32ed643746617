"""The parent of an interlinked dossier was written into its filing key (``linked:<parent>:<step>``) only."""

from django.db import migrations

FILL = r"""
UPDATE dossiers_dossier AS child SET opened_by_id = parent.id
FROM dossiers_dossier AS parent
WHERE child.filing_key LIKE 'linked:%' AND child.opened_by_id IS NULL
  AND parent.id = CASE WHEN split_part(child.filing_key, ':', 2) ~ '^[0-9]{1,18}$'
                       THEN split_part(child.filing_key, ':', 2)::bigint END
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0013_chosen_words_and_opened_by")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
