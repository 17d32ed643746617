"""The table of separated duties is whole, each row is held by the database, and the documentation says the same."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from oss_portal.duties import DUTIES

_WORDS = ("by_another", "second_person", "four_eyes", "two_people", "by_two", "appraises_or_decides")


@pytest.mark.django_db
@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.constraint)
def test_the_database_holds_it(duty):
    model = apps.get_model(duty.model)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contype, convalidated, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conname = %s AND conrelid = %s::regclass",
            [duty.constraint, model._meta.db_table],
        )
        kind, valid, definition = cursor.fetchone()
    assert kind in ("c", "u")
    assert valid
    named = [f for f in model._meta.concrete_fields if f.remote_field and f.column in definition]
    people = [f for f in named if f.remote_field.model._meta.label == "accounts.Account"]
    assert people or "_account" in definition, definition


def test_no_such_constraint_is_missing_from_the_table():
    found = {
        (model._meta.label, constraint.name)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if any(word in constraint.name for word in _WORDS)
    }
    assert found == {(duty.model, duty.constraint) for duty in DUTIES}


def test_the_documentation_is_made_from_it():
    said = io.StringIO()
    call_command("list_duties", stdout=said)
    assert (Path(__file__).parents[2] / "docs" / "security" / "duties.md").read_text() == said.getvalue()
