"""Lists page by page, by key: every page costs the same, and rows added meanwhile shift nothing."""

import base64
import json
from dataclasses import dataclass
from typing import Any

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
    """The page of `queryset` that the address asks for by `after` or `before`, in ascending order of the fields
    `by`, the last of which must be unique. An address that makes no sense gives the first page.
    """
    after, before = _read(request.GET.get("after"), by), _read(request.GET.get("before"), by)
    backwards = before is not None and after is None
    cursor = before if backwards else after
    rows = queryset.order_by(*(f"-{name}" if backwards else name for name in by))
    if cursor is not None:
        try:
            rows = rows.filter(_beyond(by, cursor, "lt" if backwards else "gt"))
        except (ValueError, TypeError):
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


def _beyond(by: tuple[str, ...], cursor: list[Any], side: str) -> Q:
    """(a, b) > (x, y) as a > x or (a = x and b > y)."""
    condition, equal = Q(), Q()
    for name, value in zip(by, cursor, strict=True):
        condition |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    return condition


def _read(text: str | None, by: tuple[str, ...]) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text.encode() + b"=="))
    except ValueError:
        return None
    plain = isinstance(values, list) and all(
        isinstance(value, str | int) and "\0" not in str(value) for value in values
    )
    return values if plain and len(values) == len(by) else None


def _address(request: HttpRequest, side: str, row: Model, by: tuple[str, ...]) -> str:
    values = []
    for name in by:
        value: Any = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append(value if isinstance(value, str | int) else str(value))
    query = request.GET.copy()
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    query[side] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"?{query.urlencode()}"
