"""People and enterprises by number and by words."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import enterprises, people
from accounts.actors import Actor
from accounts.models import Account, Enterprise, Person, Representation
from demo import people as demo
from notices.models import Notice
from vietnam.identity import Fault, InvalidNumber
from vietnam.phone import InvalidPhone, normalise_phone

pytestmark = pytest.mark.django_db


def test_finds_by_number_in_any_spacing(bacninh):
    person = people.find_by_number("024 158 990001")
    assert person.full_name == "Nguyễn Thị Mai"
    assert people.find_by_number("024158990099") is None
    with pytest.raises(InvalidNumber):
        people.find_by_number("02415899000")


def test_one_number_makes_one_person(bacninh):
    first, made = people.find_or_create_person("027198000001", full_name="trần thị  hoa", phone="0912 345 678")
    again, made_again = people.find_or_create_person("027198000001", full_name="TRẦN THỊ HOA")
    assert (made, made_again) == (True, False)
    assert again.pk == first.pk
    assert again.full_name == "Trần Thị Hoa"
    assert again.sex == "female"


def test_a_birth_year_to_come_is_refused(bacninh):
    with pytest.raises(InvalidNumber) as refused:
        people.find_or_create_person("027299000001", full_name="Trần Hoa", today=date(2026, 11, 23))
    assert refused.value.reason == Fault.YEAR_IN_FUTURE


@pytest.mark.parametrize("text", ["nguyen thi mai", "NGUYỄN Mai", "mai nguyen", "024158990001", "0900000001"])
def test_searches_by_words_number_and_phone(bacninh, text):
    assert "Nguyễn Thị Mai" in [person.full_name for person in people.search_people(text)]


def test_a_part_of_a_number_finds_nobody(bacninh):
    assert people.search_people("0241589") == []


@pytest.mark.parametrize("text", ["", "   ", "'; drop", ":* & |", "\0", "(" * 500])
def test_any_text_is_answered(bacninh, text):
    assert people.search_people(text) == []


def test_search_is_bounded_and_uses_the_word_index(bacninh):
    assert len(people.search_people("n", limit=3)) == 3
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = people.having_words(Person.objects.all(), "mai")
        assert "person_words" in found.explain()


@pytest.mark.parametrize("model", [Person, Enterprise, Account])
def test_nothing_tempts_a_search_by_words_to_walk_the_whole_table(model):
    """PostgreSQL takes any word for one that two rows of a hundred have: with an index by `search_key` it walked that
    to its end for somebody who is not there (a second of 200,000 people)."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    assert not [name for name, each in found.items() if each["index"] and each["columns"][:1] == ["search_key"]]


def test_changed_details_are_found_at_once(bacninh):
    person = people.find_by_number("024158990001")
    people.change_details(person, phone="0977123123")
    assert people.search_people("0977123123") == [person]


def test_enterprises_by_tax_number(bacninh):
    known = Enterprise.objects.first()
    assert enterprises.find_by_tax_number(known.tax_number) == known
    made, new = enterprises.find_or_create_enterprise("0100109106", name="Tập đoàn  Thử")
    assert new
    assert enterprises.search_enterprises("tap doan thu") == [made]
    with pytest.raises(InvalidNumber):
        enterprises.find_or_create_enterprise("0100109107", name="Sai")


def test_who_may_act_for_an_enterprise_depends_on_the_day(bacninh):
    person = people.find_by_number("024172990003")
    held = Representation.objects.get(person=person)
    day = date(2026, 11, 23)
    assert enterprises.representation_of(person, held.enterprise, on=day).ground
    held.valid_to = date(2026, 11, 22)
    held.save()
    assert enterprises.representation_of(person, held.enterprise, on=day) is None
    assert enterprises.representation_of(person, held.enterprise, on=date(2026, 11, 22)) == held


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+84 912 345 678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("", ""),
        ("0168 123 4567", "0381234567"),  # as it was until 2018
        ("+84 168 123 4567", "0381234567"),
        ("0121.123.4567", "0791234567"),
        ("01991234567", "0591234567"),
        ("024 3825 1234", "02438251234"),
    ],
)
def test_phone_numbers(typed, kept):
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize("typed", ["912345678", "0012345678", "abc", "09123", "09123456789", "01301234567"])
def test_no_phone_numbers(typed):
    with pytest.raises(InvalidPhone):
        normalise_phone(typed)


def test_the_database_keeps_one_email_for_one_account(bacninh):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create_account("ai-do", None, full_name="Ai Đó", email="QUANTRI@bacninh.example")


MAI, BY = "024158990001", Actor(system="quầy")


@pytest.fixture
def mai(bacninh, sign_in):
    """Somebody with an account, a telephone and an e-mail, signed in."""
    sign_in(MAI)
    return Person.objects.select_related("account").get(personal_number=MAI)


def told(person, words):
    return Notice.objects.filter(account=person.account, kind="account_change", body__contains=words)


def test_whose_card_is_put_right_at_a_counter_hears_of_it(mai):
    facts = {"by": BY, "reason": "ghi sai", "at": timezone.now()}
    people.correct_person(mai, full_name=mai.full_name, **facts)
    assert not told(mai, "đã sửa thông tin").exists(), "nothing was changed"
    people.correct_person(mai, full_name="Nguyễn Thị Mây", **facts)
    assert told(mai, "đã sửa thông tin").exists()


@pytest.mark.parametrize("where", ["counter", "profile"])
def test_the_contacts_of_before_hear_of_new_ones(mai, sign_in, mailbox, where):
    """Or whoever sits at a counter, or at an open session, could have a victim's codes sent to their own telephone."""
    old, same = mai.phone, {"phone": mai.phone, "email": mai.email}
    people.confirm_contact(mai, **same, by=BY, at=timezone.now())
    assert not told(mai, "Liên hệ của bạn đã đổi").exists()
    if where == "counter":
        people.confirm_contact(mai, phone="0977111222", email=mai.email, by=BY, at=timezone.now())
    else:
        client = sign_in(MAI)
        answer = client.post(
            reverse("profile-details"), {"phone": "0977111222", "email": mai.email, "current": demo.PASSWORD}
        )
        assert answer.status_code == 302
    mai.refresh_from_db()
    assert mai.phone == "0977111222"
    assert bool(mai.phone_confirmed_at) == (where == "counter"), "nobody has shown that they hold it"
    addresses = set(told(mai, "Liên hệ của bạn đã đổi").values_list("address", flat=True))
    assert addresses & {old, mai.email}
    assert "0977111222" not in addresses
