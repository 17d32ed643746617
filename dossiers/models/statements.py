"""Rows that every action reads and writes, by statements that are worded once.

The ORM words its statements anew for each call; for these few that took longer than PostgreSQL takes to carry them out.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model

from agencies.calendars import give_calendars, locking_calendars
from agencies.models import Agency
from core.together import Statement, execute_together
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
_PAUSES = "SELECT began_at, ended_at FROM dossiers_pause WHERE dossier_id = %s"
_LAST_HOLDER = """
    (SELECT id FROM accounts_staffpost WHERE valid_to IS NULL AND id = (
        SELECT holder_id FROM dossiers_steprun WHERE dossier_id = %s AND key = %s AND holder_id IS NOT NULL
        ORDER BY id DESC LIMIT 1))
"""
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
    """The dossier's present row in an object of its own, locked until the transaction ends; and no calendar changes
    until then (`lock_calendars`). When it was paused is read with it. Raises DoesNotExist."""
    agencies = [known for known in dossier._state.fields_cache.values() if isinstance(known, Agency)]
    rows, _lock, calendars, pauses = execute_together(
        Statement(_SQL, [dossier.pk]), *locking_calendars(*agencies), Statement(_PAUSES, [dossier.pk])
    )
    if not rows.rows:
        raise Dossier.DoesNotExist(f"no dossier with the id {dossier.pk}")
    (found,) = rows.rows
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
    give_calendars(calendars, *agencies)
    row.paused_times = pauses.rows
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


def insert_row(record: Model, *, after: Sequence[Statement] = ()) -> None:
    """INSERT a new record, which gets its key, in one message with what is to be done before."""
    fields = _without_key(type(record))
    *_before, made = execute_together(*after, Statement(_insert(type(record)), _values(record, fields)))
    _is_stored(record, made.rows[0][0])


def insert_step(run: StepRun, *, after: Sequence[Statement], route: PlannedRoute | None, last_held: bool) -> None:
    """INSERT a step that begins, in one message with what is to be done before, and in the same statement its route,
    where nobody has it yet. `last_held`: whoever had the step of this key last holds it, when the post still is."""
    fields = _without_key(StepRun)
    sql, values = _insert(StepRun), _values(run, fields)
    if last_held:
        at = next(place for place, field in enumerate(fields) if field.attname == "holder_id")
        sql, values = _insert_held(), [*values[:at], run.dossier_id, run.key, *values[at + 1 :]]
    if route is not None:
        sql, values = f"WITH kept AS ({_KEEP_ROUTE}) {sql}", [*_values(route, _ROUTE), *values]
    *_before, made = execute_together(*after, Statement(sql, values))
    _is_stored(run, made.rows[0][0])
    if last_held:
        run.holder_id = made.rows[0][1]


def insert_row_with_message(record: Model, topic: str, *, name: str, after: Sequence[Statement] = ()) -> None:
    """INSERT a new record, and the work about it (`journal.outbox`), in one statement; in one message with what is to
    be done before."""
    insert = Statement(_insert(type(record)), _values(record, _without_key(type(record))))
    _is_stored(record, outbox.insert_with_message(insert, topic, name=name, after=after))


def insert_dossier(dossier: Dossier) -> None:
    """INSERT a dossier that was never stored, which gets its key."""
    words, dossier.search_vector = dossier.search_vector, None
    if words is not None:  # the database makes them
        dossier.search_vector = words
        dossier.save(force_insert=True)
    else:
        insert_row(dossier)


def updating_row(record: Model, *columns: str) -> list[Statement]:
    """What UPDATEs the columns named (`Field.attname`) of a record whose row is locked, to be sent with what follows;
    nothing where it is done already."""
    values = _values(record, [_field(type(record), column) for column in columns])
    if any(hasattr(value, "resolve_expression") for value in values):
        record.save(update_fields=columns)  # the database makes it, as it does search words
        return []
    return [Statement(_update(type(record), columns), [*values, record.pk])]


def _is_stored(record: Model, key: int) -> None:
    record.pk = key
    record._state.adding, record._state.db = False, connection.alias


@lru_cache
def _without_key(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


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
def _insert_held() -> str:
    """A step's INSERT with who had it last in the place of the holder; both are returned."""
    places = ", ".join(_LAST_HOLDER if field.attname == "holder_id" else "%s" for field in _without_key(StepRun))
    return f'{_insert(StepRun).partition(" VALUES ")[0]} VALUES ({places}) RETURNING "id", "holder_id"'  # noqa: S608


@lru_cache
def _update(model: type[Model], columns: tuple[str, ...]) -> str:
    places = ", ".join(f'"{_field(model, column).column}" = %s' for column in columns)
    return f'UPDATE "{model._meta.db_table}" SET {places} WHERE "id" = %s'  # noqa: S608
