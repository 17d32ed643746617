"""Numbers as they are pasted, at every door; and searches that ask for nothing."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.enterprises import search_enterprises
from accounts.models import Account
from accounts.people import find_by_number, find_or_create_person, search_people
from agencies.search import find_agencies, find_territories
from core.fields import (
    BirthDateField,
    DateField,
    DecimalField,
    IntegerField,
    PersonalNumberField,
    PhoneField,
    TaxNumberField,
    TimeField,
)
from digitization.models import StoredFile
from dossiers.models import Dossier
from dossiers.search import dossiers_matching
from procedures.models import Procedure
from procedures.search.query import search_procedures
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

ROOT = Path(__file__).resolve().parents[1]
ZERO_WIDTH = "\u200b"


@pytest.mark.parametrize(
    ("field", "typed", "clean"),
    [
        (PersonalNumberField(), ZERO_WIDTH.join("024158990001"), "024158990001"),
        (PersonalNumberField(), "０２４\u2011１５８\u2011990\u2011001", "024158990001"),
        (TaxNumberField(), "\ufeff0100109106\u20130 0\u00a01", "0100109106-001"),
        (PhoneField(), ZERO_WIDTH.join("84912345678"), "0912345678"),
        (BirthDateField(), ZERO_WIDTH.join("22/11/1990"), "1990-11-22"),
        (IntegerField(), "1" + ZERO_WIDTH + "２", "12"),
        (DecimalField(localize=True), "\u20601,５", "1.5"),
        (DateField(localize=True), ZERO_WIDTH + "22/11/2026", "2026-11-22"),
        (TimeField(), "09:１0" + ZERO_WIDTH, "09:10:00"),
    ],
    ids=lambda value: type(value).__name__ if hasattr(value, "clean") else "",
)
def test_a_field_reads_what_is_seen(field, typed, clean):
    assert str(field.clean(typed)) == clean
    assert "maxlength" not in field.widget.attrs or field.widget.attrs["maxlength"] is None


def test_no_field_for_numbers_or_days_goes_past_it():
    apps = [p for p in ROOT.iterdir() if (p / "__init__.py").exists() and p.name != "tests"]
    raw = re.compile(r"\bforms\.(?:Integer|Decimal|Float|Date|DateTime|Time)Field\(")
    found = [str(f) for app in apps for f in app.rglob("*.py") if raw.search(f.read_text())]
    assert found == []


def test_a_branch_is_counted_from_one():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="001"):
        TaxNumberField().clean("0100109106-000")


def test_people_sign_in_and_are_found_by_a_pasted_number(client, cast):
    pasted = ZERO_WIDTH.join(cast.person.personal_number)
    assert find_by_number(pasted) == cast.person
    counter = signed_in(cast.counter)
    page = counter.post(reverse("desk"), {"who": pasted}, follow=True).content.decode()
    assert cast.person.full_name in page
    client.post(reverse("sign-in"), {"login": pasted.replace(ZERO_WIDTH, "\u2011"), "password": "mat-khau-dai-01"})
    assert client.session.get("_auth_user_id") == str(Account.objects.get(person=cast.person).pk)


def test_names_with_strokes_and_other_scripts_are_found(cast):
    soren = find_or_create_person("101190000018", full_name="Søren Łukasz")[0]
    wang = find_or_create_person("101190000019", full_name="王伟")[0]
    for words in ("Soren", "søren", "Lukasz"):
        assert search_people(words) == [soren]
    for words in ("王伟", "wang wei", "WANG"):
        assert search_people(words) == [wang]


@pytest.mark.parametrize("words", ["!!!", "—", "\u200b", "★ ©", " . "])
def test_a_search_for_nothing_finds_nothing(cast, edition, words):
    received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    assert list(dossiers_matching(Dossier.objects.all(), words)) == []
    assert search_people(words) == search_enterprises(words) == []
    assert find_agencies(words) == find_territories(words) == []
    assert list(search_procedures(words, Procedure.objects.all())) == []
    assert list(StoredFile.objects.with_words(words)) == []
