"""A day of birth of which the month or year alone is known is kept, compared and shown as such, at every door."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import people
from accounts.models import Person
from tests.factories.systems import connected_system
from vietnam.dates import ReducedDate, may_be_same_birth, parse_birth_date
from vietnam.documents import DocumentKind, IdentityDocument

pytestmark = pytest.mark.django_db
PASSPORT = IdentityDocument.parse(DocumentKind.PASSPORT, "M12345678", "DK")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1938", "05/1938", True),
        ("05/1938", "22/05/1938", True),
        ("22/05/1938", "1938", True),
        ("1938", "1939", False),
        ("05/1938", "06/1938", False),
        ("05/1938", "22/06/1938", False),
        ("22/05/1938", "23/05/1938", False),
    ],
)
def test_what_can_be_one_day_of_birth(one, other, same):
    assert may_be_same_birth(parse_birth_date(one), parse_birth_date(other)) is same


def test_what_is_known_is_kept_and_nothing_filled_in():
    person = people.find_or_create_person(PASSPORT, full_name="Søren", birth_date=ReducedDate("1938-05"))[0]
    assert Person.objects.get(pk=person.pk).birth_date == ReducedDate("1938-05")
    same = people.find_or_create_person(PASSPORT, full_name="Soren", birth_date=date(1938, 5, 22))
    assert same == (person, False)
    with pytest.raises(people.PersonDiffers):
        people.find_or_create_person(PASSPORT, full_name="Søren", birth_date=ReducedDate("1939"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(birth_date=ReducedDate("05/1938"))


@pytest.mark.parametrize(("typed", "kept", "shown"), [("1938", "1938", "1938"), ("05/1938", "1938-05", "05/1938")])
def test_at_the_counter(cast, client, typed, kept, shown):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    client.post(reverse("desk"), {"who": "M12345678"})
    facts = {"document": "passport", "number": "M12345678", "country": "DK", "full_name": "Søren", "birth_date": typed}
    assert client.post(reverse("desk-new-owner", args=["paper"]), facts).status_code == 302
    person = Person.objects.get(document_number="M12345678")
    assert person.birth_date.isoformat() == kept
    page = client.get(reverse("counter-person", args=[person.pk])).content.decode()
    assert f">{shown}</dd>" in page
    assert f'value="{shown}"' in page


def test_the_number_says_the_year_of_a_reduced_day_too(cast, client):
    facts = {"number": "027190000011", "full_name": "Nguyễn Thị Ánh", "birth_date": "1991"}
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    answer = client.post(reverse("desk-new-owner", args=["person"]), facts)
    assert "birth_date" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("sent", "status"), [("1938", 422), ("1990-02", 201), ("1990", 201), ("1990-02-31", 422), ("02/1990", 400)]
)
def test_through_the_api(cast, edition, sent, status):
    owner = {"personal_number": "027190000077", "name": "Nguyễn Thị Bình", "birth_date": sent}
    papers = [{"key": paper.key, "originals": 1} for paper in edition.documents.all() if paper.required]
    facts = {
        "procedure": edition.procedure.code, "owner": owner, "territory": cast.agency.territory.code,
        "content": "Thử", "documents": papers, "limit_days": "3",
    }  # fmt: skip
    answer = connected_system("counter", post=cast.counter.post).post(
        "intakes/", facts, **{"Idempotency-Key": "birth-dates-1"}
    )
    assert answer.status_code == status, answer.json()
    if status == 201:
        assert Person.objects.get(personal_number="027190000077").birth_date.isoformat() == sent
