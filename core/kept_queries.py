"""Queries asked in every request, worded once: the ORM takes longer to describe them than PostgreSQL to answer."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.query import get_related_populators

Kind = TypeVar("Kind", bound=Model)


ANY_KEYS = [-1]  # a stand-in for keys


class Among(Func):
    """Whether a key is one of `keys`: one place in the statement, where `pk__in` makes one for each key."""

    output_field = BooleanField()
    template, arg_joiner = "(%(expressions)s))", " = ANY("

    def __init__(self, column: str, keys: list[int]) -> None:
        super().__init__(F(column), Value(keys, output_field=ArrayField(BigIntegerField())))


class _Worded(NamedTuple):
    sql: str
    places: list[tuple[str, Any]]  # of each place in the statement the name of its value, or "" and the value
    columns: slice  # of the record itself; what it joins comes after
    names: list[str]
    joined: list[Any]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


class KeptQuery(Generic[Kind]):
    """A query described by a function of some values, which only ever stand in the statement's places: its wording must
    not depend on them. `stand_ins` are one for each value, of its type and equal to nothing else in the query."""

    def __init__(self, describe: Callable[..., QuerySet[Kind]], **stand_ins: Any) -> None:
        self._describe, self._stand_ins = describe, stand_ins

    def records(self, **values: Any) -> list[Kind]:
        """The records found with these values, each with what it joins, as the query described would give them."""
        worded = self._worded
        with connection.cursor() as cursor:
            cursor.execute(worded.sql, [values[name] if name else value for name, value in worded.places])
            rows = cursor.fetchall()
        return [self._record(worded, list(row)) for row in rows]

    @cached_property
    def _worded(self) -> _Worded:
        queryset = self._describe(**self._stand_ins)
        compiler: Any = queryset.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        named = [next((name for name, own in self._stand_ins.items() if own == value), "") for value in values]
        if missing := set(self._stand_ins) - set(named):
            raise ValueError(f"the query has no place for {', '.join(sorted(missing))}")
        populators: Any = get_related_populators
        select, info = compiler.select, compiler.klass_info
        fields = info["select_fields"]
        return _Worded(
            sql,
            list(zip(named, values, strict=True)),
            slice(fields[0], fields[-1] + 1),
            [select[place][0].target.attname for place in fields],
            populators(info, select, connection.alias),
            compiler.get_converters([column for column, *_rest in select]),
        )

    def _record(self, worded: _Worded, row: list[Any]) -> Kind:
        for place, (converters, column) in worded.converters.items():
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        record: Kind = self._model.from_db(connection.alias, worded.names, row[worded.columns])
        for joined in worded.joined:
            joined.populate(row, record)
        return record

    @cached_property
    def _model(self) -> type[Kind]:
        return self._describe(**self._stand_ins).model
