"""Keys to order by are compared byte by byte, whatever the server's locale is."""

from django.apps import apps
from django.db import connection, models

from accounts.enterprises import search_enterprises
from accounts.models import Enterprise
from dossiers.forms.action import officers_of
from dossiers.models import Dossier
from journal.roles import OWNER
from tests.databases import acting_as

# A locale that passes over spaces, as those of the C library do.
LOCALE = "CREATE COLLATION passes_over_spaces (provider = icu, locale = 'vi-u-ka-shifted')"


def test_every_sort_key_has_the_order_of_its_bytes():
    keys = [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name == "sort_key" and isinstance(field, models.CharField)
    ]
    assert len(keys) >= 3
    assert {field.db_collation for field in keys} == {"C"}


def test_the_database_orders_them_so(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation"
            " WHERE attname = 'sort_key' AND collname <> 'C'"
        )
        assert cursor.fetchall() == []


def test_names_are_ordered_alike_in_any_locale(db):
    for n, name in enumerate(("van b", "vana a", "van c")):
        Enterprise.objects.create(name=name, search_key=name, tax_number=str(n))
    with acting_as(OWNER), connection.cursor() as cursor:
        cursor.execute(LOCALE)
        cursor.execute("ALTER TABLE accounts_enterprise ALTER search_key TYPE varchar(400) COLLATE passes_over_spaces")
    assert [row.name for row in search_enterprises("van")] == ["van b", "van c", "vana a"]
    assert str(officers_of(Dossier(settling_agency_id=1)).query).count('COLLATE "C"') == 1
