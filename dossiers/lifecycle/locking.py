"""The row of a dossier as it is now, locked, with its running step.

Every act begins here, so the statement is worded once and not anew for each act.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

from dossiers.models import Dossier, StepRun

Kind = TypeVar("Kind", bound=Model)
# What its scans say (up to a megabyte) stays in the database.
_ROW = [field for field in Dossier._meta.concrete_fields if field.attname != "search_vector"]
_STEP = list(StepRun._meta.concrete_fields)
_COLUMNS = ", ".join([f'dossier."{field.column}"' for field in _ROW] + [f'step."{field.column}"' for field in _STEP])
_SQL = f"""
    SELECT {_COLUMNS}
    FROM dossiers_dossier AS dossier LEFT JOIN dossiers_steprun AS step ON step.id = dossier.step_id
    WHERE dossier.id = %s FOR UPDATE OF dossier
"""  # noqa: S608 (names of columns only)
# Records that acts read and never write: the caller's copies serve, where they are still the ones pointed at.
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


def locked(dossier: Dossier) -> Dossier:
    """The dossier's present row in an object of its own, locked until the transaction ends. Raises DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [dossier.pk])
        found = cursor.fetchone()
    if found is None:
        raise Dossier.DoesNotExist(f"no dossier with the id {dossier.pk}")
    row = _read(Dossier, _ROW, found[: len(_ROW)])
    step = _read(StepRun, _STEP, found[len(_ROW) :])
    # Whoever waited for the lock sees the new row beside the step of before, which is then none: asked for anew.
    if step.pk == row.step_id:
        row.step = step if step.pk else None
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
