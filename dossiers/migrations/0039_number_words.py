"""In what dossiers are found by, the keyed word of their owner's number instead of the number.

In batches of people; a second run changes nothing more.
"""

from django.db import migrations, transaction

from core.sealed_numbers import is_sealed, number_word, unseal_number
from vietnam.text import fold

_BATCH = 1_000
_NUMBERS = ("personal_number", "document_number", "claimed_number")
_TO_WORDS = """
    UPDATE dossiers_dossier AS row
    SET search_vector = ts_delete(row.search_vector, new.number)
        || setweight(to_tsvector('simple', CASE WHEN row.search_vector @@ plainto_tsquery('simple', new.word)
                                                THEN '' ELSE new.word END), 'A')
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new(person, number, word)
    WHERE row.owner_person_id = new.person AND row.owner_enterprise_id IS NULL AND row.search_vector IS NOT NULL
"""


def _number(values):
    for name, value in zip(_NUMBERS, values):
        if value:
            number = unseal_number(value, f"person.{name}") if is_sealed(value) else value
            return number.rpartition(":")[2]
    return ""


def _rewrite(connection, pair):
    last = 0
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {', '.join(_NUMBERS)} FROM accounts_person WHERE id > %s ORDER BY id LIMIT {_BATCH}",
                [last],
            )
            rows = cursor.fetchall()
            numbers = [(row[0], *pair(number)) for row in rows if (number := _number(row[1:]))]
            if numbers:
                cursor.execute(_TO_WORDS, [list(column) for column in zip(*numbers)])
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]


def to_words(apps, schema_editor):
    _rewrite(schema_editor.connection, lambda number: (fold(number), number_word(number)))


def to_numbers(apps, schema_editor):
    _rewrite(schema_editor.connection, lambda number: (number_word(number), fold(number)))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0013_seal_numbers"), ("dossiers", "0038_alerts_for_supervisors")]

    operations = [migrations.RunPython(to_words, to_numbers, atomic=False)]
