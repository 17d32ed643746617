"""Sealed numbers: opened by the ring of keys alone, for their own place, found by their digest, and by nothing else."""

import re
from importlib import import_module
from io import StringIO

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account, Person
from accounts.people import find_by_number, search_people
from core.sealed_numbers import (
    UnreadableNumber,
    current_key_name,
    is_sealed,
    number_digest,
    number_word,
    seal_number,
    unseal_number,
)
from tests.factories.people import AccountFactory, PersonFactory

NUMBER, OTHER = "027198123456", "027198123457"
FIRST, SECOND, INDEX = "first-key-" + "1" * 32, "second-key-" + "2" * 32, "another-index-key-" + "3" * 32


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_whatever_is_sealed_comes_back_and_is_never_seen(number):
    sealed = seal_number(number, "a.place")
    assert is_sealed(sealed)
    assert unseal_number(sealed, "a.place") == number
    assert seal_number(number, "a.place") != sealed  # nobody learns from the text itself that two are equal
    assert sealed.startswith(number_digest(number))
    assert not is_sealed(number) or number == sealed


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: number_digest(OTHER) + sealed[32:],  # found as somebody else
        lambda sealed: sealed[:-3] + ("AAA" if sealed[-3:] != "AAA" else "BBB"),
        lambda sealed: sealed[:50],
        lambda sealed: NUMBER,
        lambda sealed: seal_number(NUMBER, "another.place"),
    ],
)
def test_what_was_changed_or_moved_is_refused(change):
    with pytest.raises(UnreadableNumber) as refused:
        unseal_number(change(seal_number(NUMBER, "a.place")), "a.place")
    assert NUMBER not in str(refused.value)


def test_old_and_new_keys_read_each_other_while_the_ring_has_both(settings):
    settings.NUMBER_KEYS = [FIRST]
    before = seal_number(NUMBER, "p")
    settings.NUMBER_KEYS = [FIRST, SECOND]  # every process can read the new key before any writes with it
    assert unseal_number(before, "p") == NUMBER
    settings.NUMBER_KEYS = [SECOND, FIRST]
    after = seal_number(NUMBER, "p")
    assert unseal_number(before, "p") == unseal_number(after, "p") == NUMBER
    settings.NUMBER_KEYS = [FIRST, SECOND]  # a worker that was started before
    assert unseal_number(after, "p") == NUMBER
    settings.NUMBER_KEYS = [SECOND]
    assert unseal_number(after, "p") == NUMBER
    with pytest.raises(ImproperlyConfigured, match=before.split(".")[1]):
        unseal_number(before, "p")


@pytest.mark.parametrize("name", ["NUMBER_KEYS", "NUMBER_INDEX_KEY"])
def test_without_keys_nothing_is_kept(settings, name):
    setattr(settings, name, type(getattr(settings, name))())
    with pytest.raises(ImproperlyConfigured, match=name):
        seal_number(NUMBER, "p")


@pytest.mark.parametrize("text", ["a", "dd", "0", "d0", "đ", "n1", "027198"])
def test_no_beginning_that_is_typed_reaches_the_word_of_a_number(text):
    from vietnam.text import fold

    assert not number_word(NUMBER).startswith(fold(text))


# Look-ups


@pytest.mark.django_db
def test_exact_in_and_empty_are_answered_by_the_index():
    person, other = PersonFactory(personal_number=NUMBER), PersonFactory(personal_number=OTHER, account=None)
    people = Person.objects
    assert people.get(personal_number=NUMBER) == person
    assert people.get(account__username=NUMBER) == person
    assert set(people.filter(personal_number__in=[NUMBER, OTHER, "000000000000"])) == {person, other}
    assert not people.filter(personal_number__in=[]).exists()
    assert person not in people.exclude(personal_number=NUMBER)
    assert other in people.filter(document_number="", claimed_number="", personal_number__isnull=False)
    assert set(people.filter(account__username=F("personal_number"))) == {person}  # joined by the digest
    assert list(people.filter(pk=person.pk).values_list("personal_number", flat=True)) == [NUMBER]
    assert people.get_or_create(personal_number=NUMBER, defaults={"full_name": "x"}) == (person, False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for field, index in (
            ("personal_number", "personal_number_once"),
            ("document_number", "identity_document_once"),
            ("claimed_number", "number_claimed_once"),
        ):
            assert index in people.filter(**{field: NUMBER}).explain()
            assert index in people.filter(**{f"{field}__in": [NUMBER, OTHER]}).explain()
        assert "account_username_once" in Account.objects.filter(username=NUMBER).explain()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lookup", "value"),
    [
        ("startswith", "027"), ("icontains", "198"), ("iexact", NUMBER), ("regex", "^0"), ("gt", "0"),
        ("range", ("0", "1")), ("exact", 27198123456), ("in", [None]), ("in", [""]), ("sealed", False),
        ("exact", F("full_name")), ("in", Person.objects.values("personal_number")),
    ],
)  # fmt: skip
def test_what_the_database_cannot_answer_is_refused_loudly(lookup, value):
    with pytest.raises(FieldError):
        list(Person.objects.filter(**{f"personal_number__{lookup}": value}))


@pytest.mark.django_db
def test_every_way_of_writing_seals():
    person = PersonFactory(personal_number=NUMBER, account=None)
    Person.objects.filter(pk=person.pk).update(personal_number=OTHER)
    person.refresh_from_db()
    assert person.personal_number == OTHER
    person.personal_number = NUMBER
    Person.objects.bulk_update([person], ["personal_number"])
    Person.objects.bulk_create([Person(full_name="B", search_key="b", personal_number=OTHER)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT personal_number FROM accounts_person WHERE personal_number IS NOT NULL")
        kept = [text for (text,) in cursor.fetchall()]
    assert len(kept) >= 2
    assert all(is_sealed(text) for text in kept)
    assert find_by_number(NUMBER) == person


@pytest.mark.django_db
def test_the_database_takes_no_plain_number_and_none_twice():
    person = PersonFactory(personal_number=NUMBER)
    writes = (
        ("person_numbers_sealed", "UPDATE accounts_person SET personal_number = '027198123457' WHERE id = %s"),
        (
            "person_numbers_sealed",
            "UPDATE accounts_person SET (document_kind, document_country, document_number)"
            " = ('passport', 'KR', 'M1234567') WHERE id = %s",
        ),
        ("account_username_sealed", f"UPDATE accounts_account SET username = '{NUMBER}' WHERE %s > 0"),
    )
    for name, statement in writes:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [person.pk])
    with pytest.raises(IntegrityError, match="personal_number_once"), transaction.atomic():
        PersonFactory(personal_number=NUMBER, account=None)
    with pytest.raises(IntegrityError, match="account_username_once"), transaction.atomic():
        AccountFactory(username=NUMBER)
    for wrong in ("02719812345", "0271981234567", "02719812345x"):
        with pytest.raises(ValueError, match=r"person\.personal_number") as refused:
            Person.objects.create(full_name="x", search_key="x", personal_number=wrong)
        assert wrong not in str(refused.value)


# Other keys


def _said(**options) -> str:
    said = StringIO()
    call_command("rotate_keys", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_rotation_seals_anew_goes_on_where_it_stopped_and_counts(settings, monkeypatch):
    settings.NUMBER_KEYS = [FIRST]
    people = [PersonFactory(personal_number=f"0271981{n:05}") for n in range(5)]
    former = current_key_name()
    settings.NUMBER_KEYS = [SECOND, FIRST]
    late = PersonFactory(personal_number=OTHER, account=None)
    rotation = import_module("core.sealed_rotation")
    monkeypatch.setattr(rotation, "BATCH", 2)
    interrupted = rotation.rotate_numbers()
    next(interrupted)
    interrupted.close()
    said = _said()
    assert re.search(r"\d accounts_person\.personal_number \(left: 0\)", said)
    assert former not in said
    assert f"key {current_key_name()}:" in said
    settings.NUMBER_KEYS = [SECOND]
    for person in [*people, late]:
        found = Person.objects.select_related("account").get(personal_number=person.personal_number)
        assert found == person
        assert found.account is None or found.account.username == person.personal_number
    assert all(line.split()[0] == "0" for line in _said().splitlines() if "left" in line)


@pytest.mark.django_db
def test_what_is_written_meanwhile_is_not_overwritten(settings):
    settings.NUMBER_KEYS = [FIRST]
    person = PersonFactory(personal_number=NUMBER, account=None)
    settings.NUMBER_KEYS = [SECOND, FIRST]
    rotation = import_module("core.sealed_rotation")
    field = Person._meta.get_field("personal_number")
    (batch,) = rotation._batches(field, every=False)
    Person.objects.filter(pk=person.pk).update(personal_number=OTHER)  # by a worker, between reading and writing
    assert rotation._rotate_batch(field, batch) == len(batch) - 1
    assert find_by_number(OTHER) == person


@pytest.mark.django_db
def test_another_index_key_makes_digests_and_words_anew(settings):
    person = PersonFactory(personal_number=NUMBER)
    settings.NUMBER_INDEX_KEY = INDEX
    assert find_by_number(NUMBER) is None
    _said(index=True)
    assert find_by_number(NUMBER) == person
    assert search_people(NUMBER) == [person]
    assert Account.objects.get(username=NUMBER) == person.account


# The way of the rows of before


@pytest.mark.django_db
def test_rows_of_before_are_sealed_and_come_back_whole():
    step = import_module("accounts.migrations.0013_seal_numbers")
    keyed = Person.objects.create(
        full_name="Kim", search_key="", claimed_number="passport:KR:M12345678", self_declared=True
    )
    person = PersonFactory(personal_number=NUMBER, phone="0912345678")
    from tests.databases import acting_as

    rows = {
        "accounts_person": (
            "personal_number, claimed_number, search_key",
            {
                person.pk: (NUMBER, "", f"nguyen thi anh {NUMBER} 0912345678"),
                keyed.pk: (None, "passport:KR:M12345678", "kim m12345678"),
            },
        ),
        "accounts_account": (
            "username, search_key",
            {person.account_id: (NUMBER, f"nguyen thi anh {NUMBER} {NUMBER}")},
        ),
    }

    class Editor:
        pass

    editor = Editor()
    editor.connection = connection
    with acting_as(None), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_person DROP CONSTRAINT person_numbers_sealed")
        cursor.execute("ALTER TABLE accounts_account DROP CONSTRAINT account_username_sealed")
        for table, (columns, kept) in rows.items():
            for key, values in kept.items():
                marks = ", ".join("%s" for _ in values)
                cursor.execute(f"UPDATE {table} SET ({columns}) = ROW({marks}) WHERE id = %s", [*values, key])
        for _twice in range(2):  # an interrupted run is begun again
            step.seal(None, editor)
            assert find_by_number(NUMBER) == person
            assert search_people(NUMBER) == [person]
            assert search_people("M12345678") == search_people("kim m12345678") == [keyed]
            assert Account.objects.get(username=NUMBER).search_key == f"nguyen thi anh {number_word(NUMBER)}"
        cursor.execute("SELECT count(*) FROM accounts_person AS row WHERE row::text ~* %s", [f"{NUMBER}|m12345678"])
        assert cursor.fetchone() == (0,)
        step.unseal(None, editor)
        for table, (columns, kept) in rows.items():
            cursor.execute(f"SELECT id, {columns} FROM {table} WHERE id = ANY(%s)", [list(kept)])
            assert {row[0]: row[1:] for row in cursor.fetchall()} == kept
