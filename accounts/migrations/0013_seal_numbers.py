"""Seals the numbers on record, and puts their digests into what people and accounts are found by.

In batches of their own transactions, so that an interrupted run goes on where it stopped: what is sealed is known by
its shape. The way back puts the plain numbers in again.
"""

import re

from django.db import migrations, transaction

from core.sealed_numbers import current_key_name, is_sealed, number_digest, number_word, seal_number, unseal_number
from vietnam.text import fold

_BATCH = 2_000
_ALONE = (  # without anything beside it that is made of it
    ("accounts_authorisation", "grantor_number", "authorisation.grantor_number"),
    ("accounts_registrylookup", "number", "registry_lookup.number"),
)
_NUMBERS = ("personal_number", "document_number", "claimed_number")
_LOGIN = re.compile(r"([0-9]{9,12})|([a-z0-9]{5,20})@[a-z]{2}")


def _sealed(value, place):
    return seal_number(value, place) if value and not is_sealed(value) else value


def _plain(value, place):
    return unseal_number(value, place) if value and is_sealed(value) else value


def _bare(numbers):
    """The number alone of whichever a person has: of a claim by another paper what stands behind its kind."""
    return next((number for number in numbers if number), "").rpartition(":")[2]


def _seal_person(row):
    *numbers, key = row
    number = _bare(_plain(value, f"person.{name}") for name, value in zip(_NUMBERS, numbers))
    if number:
        key = " ".join(number_word(number) if word == number.lower() else word for word in key.split(" "))[:300]
    return (*(_sealed(value, f"person.{name}") for name, value in zip(_NUMBERS, numbers)), key)


def _open_person(row):
    *numbers, key = row
    numbers = [_plain(value, f"person.{name}") for name, value in zip(_NUMBERS, numbers)]
    number = _bare(numbers)
    if number:
        key = " ".join(number.lower() if word == number_word(number) else word for word in key.split(" "))
    return (*numbers, key)


def _words(username):
    number = _LOGIN.fullmatch(username)
    return f" {number_word((number[1] or number[2]).upper())}" if number else None


def _seal_account(row):
    username, key = _plain(row[0], "account.username"), row[1]
    words, before = _words(username), f" {username} {fold(username)}"
    if words and key.endswith(before):
        key = key.removesuffix(before) + words
    return _sealed(row[0], "account.username"), key


def _open_account(row):
    username, key = _plain(row[0], "account.username"), row[1]
    words = _words(username)
    if words and key.endswith(words):
        key = f"{key.removesuffix(words)} {username} {fold(username)}"[:320]
    return username, key


def _rewrite(connection, table, columns, change):
    last = 0
    names, news = ", ".join(columns), ", ".join(f"new_{name}" for name in columns)
    written = ", ".join(f"{name} = new.new_{name}" for name in columns)
    lists = ", ".join("%s::text[]" for _ in columns)
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {names} FROM {table} WHERE id > %s ORDER BY id LIMIT {_BATCH} FOR UPDATE", [last]
            )
            rows = cursor.fetchall()
            changes = [(row[0], *after) for row in rows if (after := change(row[1:])) != row[1:]]
            if changes:
                cursor.execute(
                    f"UPDATE {table} AS row SET {written} FROM unnest(%s::bigint[], {lists}) AS new(id, {news})"
                    " WHERE row.id = new.id",
                    [list(column) for column in zip(*changes)],
                )
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]


def seal(apps, schema_editor):
    number_digest(current_key_name())  # keys that are missing are named before anything is changed
    connection = schema_editor.connection
    _rewrite(connection, "accounts_person", (*_NUMBERS, "search_key"), _seal_person)
    _rewrite(connection, "accounts_account", ("username", "search_key"), _seal_account)
    for table, name, place in _ALONE:
        _rewrite(connection, table, (name,), lambda row, place=place: (_sealed(row[0], place),))


def unseal(apps, schema_editor):
    connection = schema_editor.connection
    _rewrite(connection, "accounts_person", (*_NUMBERS, "search_key"), _open_person)
    _rewrite(connection, "accounts_account", ("username", "search_key"), _open_account)
    for table, name, place in _ALONE:
        _rewrite(connection, table, (name,), lambda row, place=place: (_plain(row[0], place),))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0012_columns_for_sealed_numbers")]

    operations = [migrations.RunPython(seal, unseal, atomic=False)]
