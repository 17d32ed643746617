"""Rows that every action reads and writes, by statements that are worded once.

The ORM words its statements anew for each call; for these few that took longer than PostgreSQL takes to carry them out.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import DatabaseError, connection
from django.db.models import Field, Model

from dossiers.models import Dossier, PlannedRoute, StepRun
from journal import outbox

Kind = TypeVar("Kind", bound=Model)
# What its scans say (up to a megabyte) stays in the database.
_ROW = [field for field in Dossier._meta.concrete_fields if field.attname != "search_vector"]
_STEP = list(StepRun._meta.concrete_fields)
_ROUTE = list(PlannedRoute._meta.concrete_fields)
_COLUMNS = ", ".join(
    f'{name}."{field.column}"'
    for name, fields in (("dossier", _ROW), ("step", _STEP), ("route", _ROUTE))
    for field in fields
)
_SQL = f"""
    SELECT {_COLUMNS}
    FROM dossiers_dossier AS dossier LEFT JOIN dossiers_steprun AS step ON step.id = dossier.step_id
        LEFT JOIN dossiers_plannedroute AS route ON route.digest = dossier.planned_route_id
    WHERE dossier.id = %s FOR UPDATE OF dossier
"""  # noqa: S608 (names of columns only)
_KEEP_ROUTE = "INSERT INTO dossiers_plannedroute (digest, steps) VALUES (%s, %s) ON CONFLICT DO NOTHING"
# Records that actions read and never write: the caller's copies serve, where they are still the ones pointed at.
_READ_ONLY = (
    "edition",
    "filer",
    "owner_person",
    "owner_enterprise",
    "settling_agency",
    "receiving_agency",
    "help_desk",
    "return_desk",
)


def locked_dossier(dossier: Dossier) -> Dossier:
    """The dossier's present row in an object of its own, locked until the transaction ends. Raises DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [dossier.pk])
        found = cursor.fetchone()
    if found is None:
        raise Dossier.DoesNotExist(f"no dossier with the id {dossier.pk}")
    row = _read(Dossier, _ROW, found[: len(_ROW)])
    step = _read(StepRun, _STEP, found[len(_ROW) : -len(_ROUTE)])
    route = _read(PlannedRoute, _ROUTE, found[-len(_ROUTE) :])
    # Whoever waited for the lock sees the new row beside step and route of before, which are then asked for anew.
    if step.pk == row.step_id:
        row.step = step if step.pk else None
    if route.pk == row.planned_route_id:
        row.planned_route = route if route.pk else None
    for name in _READ_ONLY:
        known = dossier._state.fields_cache.get(name)
        if known is not None and known.pk == getattr(row, f"{name}_id"):
            row._state.fields_cache[name] = known
    return row


def _read(model: type[Kind], fields: Sequence[Field], values: Sequence[Any]) -> Kind:
    """What the ORM makes of a row: JSON arrives as text."""
    return model.from_db(
        connection.alias,
        [field.attname for field in fields],
        [
            field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
            for field, value in zip(fields, values, strict=True)
        ],
    )


def insert_row(record: Model, *, beside: PlannedRoute | None = None) -> None:
    """INSERT a new record, which gets its key, and in the same statement the route named, where nobody has it yet."""
    fields = [field for field in record._meta.concrete_fields if not field.primary_key]
    sql, values = _insert(type(record)), _values(record, fields)
    if beside is not None:
        sql, values = f"WITH kept AS ({_KEEP_ROUTE}) {sql}", [*_values(beside, _ROUTE), *values]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        record.pk = cursor.fetchone()[0]
    record._state.adding, record._state.db = False, connection.alias


def insert_row_with_message(record: Model, topic: str, *, name: str) -> None:
    """INSERT a new record, and the work about it (`journal.outbox`), in one statement."""
    fields = [field for field in record._meta.concrete_fields if not field.primary_key]
    record.pk = outbox.insert_with_message(_insert(type(record)), _values(record, fields), topic, name=name)
    record._state.adding, record._state.db = False, connection.alias


def insert_dossier(dossier: Dossier) -> None:
    """INSERT a dossier that was never stored, which gets its key."""
    words, dossier.search_vector = dossier.search_vector, None
    if words is not None:  # the database makes them
        dossier.search_vector = words
        dossier.save(force_insert=True)
    else:
        insert_row(dossier)


def update_row(record: Model, *columns: str) -> None:
    """UPDATE the columns named (`Field.attname`) of a record. Raises DatabaseError when its row is gone."""
    fields = [_field(type(record), column) for column in columns]
    values = _values(record, fields)
    if any(hasattr(value, "resolve_expression") for value in values):
        record.save(update_fields=columns)  # the database makes it, as it does search words
        return
    with connection.cursor() as cursor:
        cursor.execute(_update(type(record), columns), [*values, record.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"no row for {record!r}")


def _values(record: Model, fields: Sequence[Field]) -> list[Any]:
    return [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]


def _field(model: type[Model], column: str) -> Field:
    return cast(Field, model._meta.get_field(column))


@lru_cache
def _insert(model: type[Model]) -> str:
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields if not field.primary_key]
    places = ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) VALUES ({places}) RETURNING "id"'  # noqa: S608


@lru_cache
def _update(model: type[Model], columns: tuple[str, ...]) -> str:
    places = ", ".join(f'"{_field(model, column).column}" = %s' for column in columns)
    return f'UPDATE "{model._meta.db_table}" SET {places} WHERE "id" = %s'  # noqa: S608
