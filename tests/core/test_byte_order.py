"""Keys to order by are compared byte by byte, whatever the server's locale is."""

from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from accounts.enterprises import search_enterprises
from accounts.people import search_people
from dossiers.forms.action import officers_of
from dossiers.models import Dossier


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


def test_lists_by_name_are_ordered_so(db):
    with CaptureQueriesContext(connection) as asked:
        search_enterprises("van")
        search_people("van")
        list(officers_of(Dossier(settling_agency_id=1)))
    ordered = [query["sql"] for query in asked if "ORDER BY" in query["sql"]]
    assert len(ordered) == 3
    assert all('search_key" COLLATE "C"' in statement for statement in ordered)
