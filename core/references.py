"""Record references: ``<prefix>:<key>`` names a record where no foreign key can point, because its app stands above.

Files, papers and charges belong to a record, and the audit log speaks of one, by such a text. The app that owns a
prefix registers it at start-up (AppConfig.ready): which of its keys exist, and what it answers to the apps below
(`register_answers`; the kind of answer is a class of the app that asks). Each column that holds references is
registered too, with what becomes of its rows when their record is deleted. `manage.py check_references` compares.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.refusals import Refused

T = TypeVar("T")
Existing = Callable[[Collection[str]], set[str]]
BATCH = 2_000


class WhenDeleted(Enum):
    """What becomes of a row when the record that it names is deleted."""

    KEEP = "keep"  # it is history
    PROTECT = "protect"  # the record cannot be deleted
    DISCARD = "discard"  # it ends with the record


@dataclass(frozen=True)
class Column:
    """A column that holds record references; `rows` narrows to those that count."""

    model: str  # "app.Model"
    field: str
    when_deleted: WhenDeleted
    rows: Q = Q()
    discard: Callable[[QuerySet[Any], datetime], None] | None = None

    def all_rows(self) -> QuerySet[Any]:
        return apps.get_model(self.model)._base_manager.filter(self.rows)


@dataclass(frozen=True)
class Finding:
    """References of a column that name nothing."""

    column: Column
    prefix: str
    known: bool  # an app has registered the prefix
    number: int
    example: str


_existing: dict[str, Existing] = {}
_answers: dict[tuple[str, type], Any] = {}
_columns: dict[tuple[str, str], Column] = {}


def split_reference(reference: str) -> tuple[str, str]:
    """(prefix, key); the key is empty when the text is no reference."""
    prefix, _colon, key = reference.partition(":")
    return prefix, key


def register_records(prefix: str, existing: Existing) -> None:
    """Say that ``<prefix>:…`` names records of this app; `existing(keys)` returns those keys whose record is there."""
    if not prefix or ":" in prefix:
        raise ValueError(f"a prefix is one word without a colon: {prefix!r}")
    _existing[prefix] = existing


def register_subject(prefix: str) -> None:
    """Say that the audit log may speak of `prefix`, with or without a key, though it is no record."""
    register_records(prefix, set)


def register_answers(prefix: str, answers: object) -> None:
    """Answer for references ``<prefix>:…`` what an app below asks; registering the same class again replaces."""
    if not prefix or ":" in prefix:
        raise ValueError(f"a prefix is one word without a colon: {prefix!r}")
    _answers[prefix, type(answers)] = answers


def register_column(column: Column) -> None:
    _columns[column.model, column.field] = column


def registered_columns() -> list[Column]:
    return list(_columns.values())


def answers_for(reference: str, kind: type[T]) -> T | None:
    """What the owner of the reference's prefix answers; None for a text that is none, or a prefix without answers."""
    prefix, key = split_reference(reference)
    return _answers.get((prefix, kind)) if key else None


def answers_by_prefix(kind: type[T]) -> dict[str, T]:
    return {prefix: answers for (prefix, asked), answers in _answers.items() if asked is kind}


def existing_by(model: str, field: str, part: int = 0) -> Existing:
    """`Existing` for keys (or their `part` between colons) that are values of a unique field of "app.Model"."""

    def existing(keys: Collection[str]) -> set[str]:
        found_model: type[Model] = apps.get_model(model)
        column: Any = found_model._meta.get_field(field)
        named: dict[Any, list[str]] = {}
        for key in keys:
            value = (key.split(":") + [""] * part)[part]
            if "\0" in value or len(value) > 100 or (value.isdigit() and len(value) > 18):
                continue
            try:
                named.setdefault(column.to_python(value), []).append(key)
            except ValidationError:
                continue
        there = found_model._base_manager.filter(**{f"{field}__in": named}).values_list(field, flat=True)
        return {key for value in there for key in named[value]}

    return existing


def release_record(reference: str, *, at: datetime) -> None:
    """The record is about to be deleted, in this transaction: what belongs to it alone ends with it.

    Raises Refused while something protects it.
    """
    for column in _columns.values():
        rows = column.all_rows().filter(**{column.field: reference})
        if column.when_deleted is WhenDeleted.PROTECT and rows.exists():
            raise Refused("protected", _("Không xóa được vì đã có giấy tờ hoặc khoản thu kèm theo."))
    for column in _columns.values():
        if column.discard is not None:
            column.discard(column.all_rows().filter(**{column.field: reference}), at)


def missing_records() -> Iterator[Finding]:
    """References that name nothing: of a prefix that nobody registered, or of a record that is gone where it may not
    be. One batch of keys is in memory at a time."""
    for column in _columns.values():
        missing: dict[str, tuple[int, str]] = {}
        texts = column.all_rows().order_by(column.field).values_list(column.field, flat=True).distinct()
        for batch in _batches(texts.iterator(BATCH)):
            for reference in _missing_in(batch, column):
                prefix = split_reference(reference)[0]
                number, example = missing.get(prefix, (0, reference))
                missing[prefix] = number + 1, example
        for prefix, (number, example) in missing.items():
            yield Finding(column, prefix, prefix in _existing, number, example)


def _missing_in(references: Iterable[str], column: Column) -> list[str]:
    by_prefix: dict[str, list[str]] = {}
    for reference in references:
        by_prefix.setdefault(split_reference(reference)[0], []).append(reference)
    found = []
    for prefix, texts in by_prefix.items():
        if prefix not in _existing:
            found += texts
        elif column.when_deleted is not WhenDeleted.KEEP:
            there = _existing[prefix]([split_reference(text)[1] for text in texts])
            found += [text for text in texts if split_reference(text)[1] not in there]
    return found


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
