"""Words that begin with z, j or w sound as those with d and qu, for which some write them (procedures.search.spelling)."""

from django.db import migrations

_ALIKE = (("z", "d"), ("j", "d"), ("w", "cu"))


class Migration(migrations.Migration):
    dependencies = [("procedures", "0014_retention_periods")]

    operations = [
        migrations.RunSQL(
            f"UPDATE procedures_searchword SET forms = array_append(forms, '~{heard}' || "  # noqa: S608 (letters above)
            f"replace(substr(word, 2), 'y', 'i')) WHERE word LIKE '{written}%'",
            migrations.RunSQL.noop,
        )
        for written, heard in _ALIKE
    ]
