"""Words that begin with l are found by those who say n, and the other way round (procedures.search.spelling)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procedures", "0011_papers_replaced_in_part")]

    operations = [
        migrations.RunSQL(
            "UPDATE procedures_searchword SET forms = array_append(forms, '~n' || replace(substr(word, 2), 'y', 'i'))"
            " WHERE word LIKE 'l%'",
            migrations.RunSQL.noop,
        )
    ]
