"""Charges, payments and stray money of before enter the ledger; nothing of them changes."""

from django.db import migrations

from payments.ledger.opening import enter_what_is_missing


def enter(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        # The name that charges are counted under stood in their title, after the dossier's code.
        cursor.execute(
            "UPDATE payments_charge SET category_name = split_part(title, ' · ', 2) WHERE title LIKE '%% · %%'", []
        )
        enter_what_is_missing(cursor, place="vietqr")


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_and_accounts")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
