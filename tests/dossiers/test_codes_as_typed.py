"""A dossier's code is found at every door where people type, paste or scan it, however it is written."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts import people
from accounts.models import Person
from core.word_search import having_words
from dossiers.custody.folders import folder_scanned
from dossiers.models import Dossier
from dossiers.search import dossiers_matching, index_dossier
from papers import codes as paper_codes
from payments.charges import NEW_ALPHABET, PREFIX, new_reference
from payments.statements.references import references_in
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.usefixtures("papers_drawn_once")


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    return received(cast, edition, at("2025-11-24 09:00"), limit_days="5")


WAYS = {
    "as printed": lambda code: code,
    "small": str.lower,
    "spaces": lambda code: re.sub(r"[.-]", " ", code),
    "blanks around": lambda code: f"  {code.replace('-', ' - ')} ",
    "underscores": lambda code: re.sub(r"[.-]", "_", code),
    "nothing between": lambda code: re.sub(r"[.-]", "", code),
    "dashes of a word processor": lambda code: code.replace("-", "\u2013"),
    "invisible": lambda code: "\ufeff" + code.replace("-", "\u200b-\u00a0") + "\u200e",
    "full width": lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
}
however = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


# By Telex and VNI, which are on while people type and while a scanner plays the keyboard, these become other letters:
# AA is Â, DD is Đ, W is Ư, and with a vowel in front F, R, X, J and the digits are tones.
CHANGED_BY_INPUT_METHODS = set("AEIOUYDW")


def test_no_code_has_a_letter_that_an_input_method_changes(dossier):
    made = {letter for _n in range(100) for letter in paper_codes.new_code() + new_reference()}
    assert not (made | set(dossier.code)) & CHANGED_BY_INPUT_METHODS
    assert len(made) == len({*paper_codes.NEW_LETTERS, *NEW_ALPHABET, *PREFIX})


def test_codes_with_the_letters_of_before_are_read():
    assert paper_codes.as_meant("abde-fghw-y346") == "ABDEFGHWY346"
    assert references_in("CT DEN: TT4ADEUWYKMNPQ le phi") == ["TT4ADEUWYKMNPQ"]


@however
def test_anybody_follows_it(dossier, way):
    typed, page = way(dossier.code), reverse("track-dossier", args=[dossier.code])
    assert Client().get(reverse("track"), {"code": typed}).headers["Location"] == page
    assert dossier.code in Client().get(reverse("track-dossier", args=[typed])).content.decode()
    answer = Client().get(f"/api/v1/track/{quote(typed)}/")
    assert (answer.status_code, answer.json()["code"]) == (200, dossier.code)


@however
def test_staff_find_and_open_it(cast, dossier, way):
    typed, counter = way(dossier.code), signed_in(cast.counter)
    assert counter.get(reverse("dossier", args=[typed])).status_code == 200
    found = counter.post(reverse("desk-search"), {"q": typed}, follow=True)
    assert reverse("dossier", args=[dossier.code]) in found.content.decode()
    assert list(dossiers_matching(Dossier.objects.all(), typed)) == [dossier]
    assert counter.get(reverse("desk-returns"), {"code": typed}).headers["Location"] == reverse(
        "dossier", args=[dossier.code]
    )


@however
def test_a_scanner_s_text_names_it(cast, edition, dossier, way):
    other = received(cast, edition, at("2025-11-24 10:00"), limit_days="5", key="b")
    found, unknown = folder_scanned(f"{way(dossier.code)}\n{way(other.code)}\n{way('H05.160-251124-9999')}")
    assert found == [dossier, other]
    assert unknown == ["H05.160-251124-9999"]


def test_what_is_no_code_is_told_so(cast, dossier):
    assert Client().get(reverse("track"), {"code": "khai sinh"}).status_code == 404
    assert signed_in(cast.counter).get(reverse("dossier", args=["khai-sinh"])).status_code == 404


@pytest.mark.parametrize("typed", ["abcd efgh jkmn", "ＡＢＣＤ－ＥＦＧＨ－ＪＫＭＮ", "\u200bABCDEFGHJKMN"])
def test_the_code_of_a_paper_too(typed):
    assert paper_codes.as_meant(typed) == "ABCDEFGHJKMN"


@pytest.mark.parametrize(
    "typed", ["0912345678", "0912 345 678", "84912345678", "+84 912.345.678", "0912\u2011345\u2011678", "(0912) 345678"]
)
def test_a_telephone_is_found_however_it_is_written(cast, dossier, typed):
    dossier.contact_phone = "0912345678"
    index_dossier(dossier)
    dossier.save()
    assert list(dossiers_matching(Dossier.objects.all(), typed)) == [dossier]


@pytest.mark.parametrize("written", ["{} {} {} {}", "{}-{}-{}-{}", "{}\u200b{}\u00a0{}{}"])
def test_an_applicant_s_number_is_found_however_it_is_written(cast, dossier, written):
    person, number = dossier.owner_person, dossier.owner_person.stated_number
    person.search_key = people.search_key(person.full_name, number, "")
    person.save()
    typed = written.format(*(number[n : n + 3] for n in range(0, 12, 3)))
    assert list(dossiers_matching(Dossier.objects.all(), typed)) == [dossier]
    assert list(having_words(Person.objects.all(), typed)) == [person]
