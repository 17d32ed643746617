"""A model field whose numbers are sealed in the database and plain in Python; callers need not know.

`exact`, `in` and `isnull` work as on any field, by the digest; every other look-up raises FieldError, because the
database could not answer it. Uniqueness is a `UniqueConstraint(NumberDigest(name), …)`, which is the index that
look-ups use as well.
"""

import re
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull, Lookup
from django.db.models.sql.compiler import SQLCompiler

from core.sealed_numbers import DIGEST_LENGTH, SEALED_OR_EMPTY, number_digest, seal_number, unseal_number

Sql = tuple[str, Any]


class SealedField(models.CharField):
    """`place` is authenticated with each number and never changes, though table or column be renamed. `shape` is the
    regular expression that a number fits as a whole: the database cannot check what it cannot read."""

    def __init__(self, place: str = "", *, shape: str = r".+", **options: Any) -> None:
        self.place, self.shape = place, shape
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "place": self.place, "shape": self.shape}

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        number = super().get_db_prep_value(value, connection, prepared)
        if not number or not isinstance(number, str):
            return number
        if not re.fullmatch(self.shape, number) or len(number) > (self.max_length or len(number)):
            raise ValueError(f"{self.place}: not the shape of such a number")  # which is not said: this is logged
        return seal_number(number, self.place)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return unseal_number(value, self.place) if value else value

    def get_lookup(self, lookup_name: str) -> type[Lookup] | None:
        return _LOOKUPS.get(lookup_name)


class NumberDigest(models.Func):
    """The digest of a sealed column: for constraints, indexes and joins."""

    template = f"left(%(expressions)s, {DIGEST_LENGTH})"
    arity = 1
    output_field = models.CharField()


def _has_digest(column: str, digest: str) -> str:
    """That `column` has a digest; it says too what partial indexes say, that the column is not empty."""
    return f"({column} <> '' AND {_digest_of(column)} = {digest})"


def _digest_of(column: str) -> str:
    return NumberDigest.template % {"expressions": column}


class _Exactly(Lookup):
    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        if self.rhs is None or isinstance(self.rhs, str):
            return self.rhs
        if isinstance(getattr(self.rhs, "output_field", None), SealedField):
            return self.rhs
        raise FieldError("A sealed number is compared with a text or with another sealed number.")

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        if not isinstance(self.rhs, str):
            other, more = compiler.compile(self.rhs)
            return _has_digest(column, _digest_of(other)), [*params, *params, *more]
        if not self.rhs:
            return f"{column} = ''", list(params)
        return _has_digest(column, "%s"), [*params, *params, number_digest(self.rhs)]


class _Among(Lookup):
    lookup_name = "in"

    def get_prep_lookup(self) -> list[str]:
        if hasattr(self.rhs, "resolve_expression") or not all(isinstance(each, str) and each for each in self.rhs):
            raise FieldError("Sealed numbers are looked for among a list of numbers.")
        return list(self.rhs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        digests = sorted({number_digest(each) for each in self.rhs})
        return _has_digest(column, "ANY(%s)"), [*params, *params, digests]


class _Sealed(Lookup):
    """`field__sealed=True`: the database sees to it that no plain number gets in, whoever writes."""

    lookup_name = "sealed"

    def get_prep_lookup(self) -> bool:
        if self.rhs is not True:
            raise FieldError("Only sealed=True can be asked.")
        return True

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} ~ %s", [*params, SEALED_OR_EMPTY]


_LOOKUPS: dict[str, type[Lookup]] = {each.lookup_name: each for each in (_Exactly, _Among, _Sealed, IsNull)}
