"""Rows of other tables read in the statement of the record they belong to, instead of a statement for each table.

    Edition.objects.annotate(papers=ChildRows(RequiredDocument.objects.filter(edition=OuterRef("pk"))))
    read_children(RequiredDocument, edition.papers)

For models without numbers of decimals, which JSON would round.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Manager, Model, Subquery, TextField

Kind = TypeVar("Kind", bound=Model)


class ChildRows(Subquery):
    """All rows of a queryset in their order, as JSON text."""

    template = "(SELECT coalesce(json_agg(kept), '[]')::text FROM (%(subquery)s) AS kept)"
    output_field = TextField()


def read_children(model: type[Kind], text: str) -> list[Kind]:
    """The records of a `ChildRows`."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [
        model.from_db(DEFAULT_DB_ALIAS, names, [field.to_python(row[field.column]) for field in fields])
        for row in json.loads(text)
    ]


def keep_children(records: "Manager[Any]", children: Sequence[Model]) -> None:
    """Let a record's manager (`edition.documents`) know its rows, as `prefetch_related` does."""
    found = records.all()
    found._result_cache, found._prefetch_done = list(children), True  # type: ignore[attr-defined]
    parent, field = records.instance, records.field  # type: ignore[attr-defined]
    parent.__dict__.setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = found
    for child in children:
        field.set_cached_value(child, parent)
