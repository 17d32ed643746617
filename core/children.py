"""Records of several tables read in one statement, as JSON: one read together with all that belongs to it.

`to_json(row)` of a table, or `json_agg(row ORDER BY …)`, gives what `read_records` takes. For models without decimal
numbers, which JSON would round. A column that is left out is read when somebody asks for it.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Manager, Model

Kind = TypeVar("Kind", bound=Model)


def read_records(model: type[Kind], text: str | None) -> list[Kind]:
    """The records of a JSON list of rows; none for NULL."""
    found = []
    for row in json.loads(text or "[]"):
        fields = [field for field in model._meta.concrete_fields if field.column in row]
        values = [field.to_python(row[field.column]) for field in fields]
        found.append(model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values))
    return found


def keep_children(records: "Manager[Any]", children: Sequence[Model]) -> None:
    """Let a record's manager (`edition.documents`) know its rows, as `prefetch_related` does."""
    found = records.all()
    found._result_cache, found._prefetch_done = list(children), True  # type: ignore[attr-defined]
    parent, field = records.instance, records.field  # type: ignore[attr-defined]
    parent.__dict__.setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = found
    for child in children:
        field.set_cached_value(child, parent)
