"""Lists page by page, by key: every page costs the same, and rows added meanwhile shift nothing."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True)
class KeysetPage:
    """One page of a list, with the addresses of its neighbours for components/pagination.html ("" at the ends)."""

    items: list[Any]
    next_url: str
    previous_url: str

    @property
    def shown(self) -> int:
        return len(self.items)


def page_of(queryset: QuerySet, request: HttpRequest, *, by: tuple[str, ...], size: int = SIZE) -> KeysetPage:
    """The page of `queryset` that the address asks for by `after` or `before`, in the order of the fields `by`
    (descending with a minus, empty values last in ascending order), the last of which must be unique. An address
    that makes no sense gives the first page.
    """
    after, before = _read(request.GET.get("after"), by), _read(request.GET.get("before"), by)
    backwards = before is not None and after is None
    cursor = before if backwards else after
    rows = queryset.order_by(*(_turned(name) if backwards else name for name in by))
    if cursor is not None:
        try:
            rows = rows.filter(_beyond(queryset.model, by, cursor, backwards))
        except (ValueError, TypeError, ValidationError):
            cursor, backwards = None, False
            rows = queryset.order_by(*by)
    items = list(rows[: size + 1])
    more, items = len(items) > size, items[:size]
    if backwards:
        items.reverse()
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    if not items:
        return KeysetPage([], "", "")
    return KeysetPage(
        items,
        next_url=_address(request, "after", items[-1], by) if has_next else "",
        previous_url=_address(request, "before", items[0], by) if has_previous else "",
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(model: type[Model], by: tuple[str, ...], cursor: list[Any], backwards: bool) -> Q:
    """(a, b) > (x, y) as a > x or (a = x and b > y); an empty value is beyond every other, as PostgreSQL sorts."""
    condition, equal = Q(pk__in=[]), Q()
    for name, value in zip(by, cursor, strict=True):
        field, up = name.removeprefix("-"), name.startswith("-") == backwards
        if value is None:
            further = Q(pk__in=[]) if up else Q(**{f"{field}__isnull": False})
            same = Q(**{f"{field}__isnull": True})
        else:
            further = Q(**{f"{field}__{'gt' if up else 'lt'}": value})
            if up and _may_be_empty(model, field):
                further |= Q(**{f"{field}__isnull": True})
            same = Q(**{field: value})
        condition |= equal & further
        equal &= same
    return condition


def _may_be_empty(model: type[Model], path: str) -> bool:
    """Asked so that an index is not given up for empty values that there cannot be."""
    for part in path.split("__"):
        try:
            field: Any = model._meta.get_field(part)
        except FieldDoesNotExist:  # something computed
            return True
        if field.null:
            return True
        model = field.related_model
    return False


def _read(text: str | None, by: tuple[str, ...]) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
    except ValueError:
        return None
    plain = isinstance(values, list) and all(
        isinstance(value, str | int | None) and "\0" not in str(value) for value in values
    )
    return values if plain and len(values) == len(by) else None


def _value_of(row: Any, path: str) -> Any:
    """Of a record, or of a named row that holds the path itself (`values_list(…, named=True)`)."""
    if isinstance(row, tuple):
        return getattr(row, path)
    for part in path.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def _address(request: HttpRequest, side: str, row: Any, by: tuple[str, ...]) -> str:
    values = []
    for name in by:
        value = _value_of(row, name.removeprefix("-"))
        values.append(value if isinstance(value, str | int | None) else str(value))
    query = request.GET.copy()
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    query[side] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"?{query.urlencode()}"


def record_number(text: str) -> int:
    """The key that a form's field names; 0, which no record has, for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
