"""Whoever gets the database without the keys, as a dump or a backup, reads nobody's number in it."""

import json
import re
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.authorisations import state_authorisation
from accounts.models import Person
from accounts.people import change_details, correct_person, find_or_create_person, merge_people
from accounts.registration import account_at_counter, register_account
from core.sealed_rotation import sealed_fields
from journal.models import Entry
from oss_portal.data_map import NUMBERS, PLACES
from tests.databases import acting_as
from tests.factories.dossiers import received
from tests.factories.people import signed_in
from vietnam.documents import DocumentKind, IdentityDocument

KIM = IdentityDocument(DocumentKind.PASSPORT, "KR", "M71293846")
CLAIMED, WRONG, RIGHT = "027198123456", "027190998877", "027190998878"


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in cursor.fetchall()]


def columns_with(numbers: list[str]) -> set[str]:
    """Where the rows of the database, read as its owner, say one of the numbers."""
    found, said = set(), "|".join(numbers)
    with acting_as(None), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT to_jsonb(row) FROM {table} AS row WHERE row::text ~* %s", [said])
            for (row,) in cursor.fetchall():
                values = row if isinstance(row, dict) else json.loads(row)
                found |= {f"{table}.{name}" for name, value in values.items() if re.search(said, str(value), re.I)}
    return found


@pytest.mark.django_db
def test_a_planted_number_stands_nowhere_in_the_rows(cast, edition):
    now, by = timezone.now(), cast.counter
    change_details(cast.person, email="")  # which says the number in this cast
    received(cast, edition, now)
    register_account(CLAIMED, full_name="Thảo", password="mat-khau-dai-2026", phone="", today=date(2026, 11, 23))
    passport = find_or_create_person(KIM, full_name="Kim Min Jun")[0]
    account_at_counter(passport, by=by, at=now)
    state_authorisation(None, cast.person, number=KIM.key, name="Kim Min Jun", paper="Số 1", on=date(2026, 11, 23))
    person = find_or_create_person(WRONG, full_name="Lê Thị Cả")[0]
    correct_person(person, by=by, reason="nhập sai", at=now, personal_number=RIGHT)
    merge_people(
        find_or_create_person("027190998879", full_name="Lê Thị Cả")[0], into=person, by=by, reason="x", at=now
    )
    signed_in(cast.officer).get("/work/")
    planted = [cast.person.personal_number, CLAIMED, KIM.number, WRONG, RIGHT, "027190998879"]
    assert columns_with(["Lê Thị Cả"]) >= {"accounts_person.full_name"}, "rows are looked through"
    expected = {"papers_paper.facts"} & columns_with(planted)  # what was printed; see the data map
    assert columns_with(planted) == expected


@pytest.mark.django_db
def test_what_a_person_was_known_by_is_kept_and_the_history_says_its_end(cast):
    person = find_or_create_person(WRONG, full_name="Lê Thị Cả")[0]
    correct_person(person, by=cast.counter, reason="nhập sai", at=timezone.now(), personal_number=RIGHT)
    assert [(each.document.number, str(each)) for each in person.former_numbers.all()] == [
        (WRONG, f"Số định danh cá nhân {WRONG}")
    ]
    changes = Entry.objects.get(verb="person_corrected").changes
    assert (changes["before"]["personal_number"], changes["after"]["personal_number"]) == (
        "•••••••••877",
        "•••••••••878",
    )
    assert WRONG in signed_in(cast.counter).get(reverse("counter-person", args=[person.pk])).content.decode()


@pytest.mark.django_db
def test_a_number_that_stays_is_no_former_one(cast):
    old = find_or_create_person(IdentityDocument(DocumentKind.OLD_CARD, "VN", "121234567"), full_name="Lê Thị Cả")[0]
    into = find_or_create_person(RIGHT, full_name="Lê Thị Cả")[0]
    kept = merge_people(old, into=into, by=cast.counter, reason="x", at=timezone.now())
    assert Person.objects.get(document_number="121234567") == kept
    assert not kept.former_numbers.exists()


def test_the_map_of_numbers_names_columns_that_are_there():
    sealed = {(field.model._meta.label, field.name) for field in sealed_fields()}
    for place in NUMBERS:
        apps.get_model(place.model)._meta.get_field(place.field)
        assert (place.model, place.field) not in sealed
    assert sealed <= {(place.model, name) for place in PLACES for name in place.fields}
