"""Keyset paging: a deep page costs what the first does, and rows that come in meanwhile shift nothing."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

SIZE = 30


@dataclass
class Page:
    rows: list[Any] = field(default_factory=list)
    next_url: str = ""
    first_url: str = ""


def page_of(request: HttpRequest, queryset: Any, *, key: str, newest_first: bool = False, size: int = SIZE) -> Page:
    """One page of `queryset` in the order of `key` ("id" or a date, empty dates last) after ``?after=``."""
    after = request.GET.get("after", "")
    if key == "id":
        queryset = _after_id(queryset, after, newest_first).order_by("-id" if newest_first else "id")
    else:
        queryset = _after_date(queryset, after, key).order_by(F(key).asc(nulls_last=True), "id")
    rows = list(queryset[: size + 1])
    page = Page(rows[:size])
    query = request.GET.copy()
    query.pop("after", None)
    if after:
        page.first_url = f"?{query.urlencode()}"
    if len(rows) > size:
        query["after"] = _mark(rows[size - 1], key)
        page.next_url = f"?{query.urlencode()}"
    return page


def _mark(row: Any, key: str) -> str:
    if key == "id":
        return str(row.pk)
    value = getattr(row, key)
    return f"{value.isoformat() if value else ''}|{row.pk}"


def _after_id(queryset: Any, after: str, newest_first: bool) -> Any:
    if not (after.isdigit() and len(after) < 19):
        return queryset
    return queryset.filter(pk__lt=int(after)) if newest_first else queryset.filter(pk__gt=int(after))


def _after_date(queryset: Any, after: str, key: str) -> Any:
    text, _bar, pk = after.partition("|")
    if not (pk.isdigit() and len(pk) < 19):
        return queryset
    if not text:
        return queryset.filter(**{f"{key}__isnull": True}, pk__gt=int(pk))
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        return queryset
    return queryset.filter(
        Q(**{f"{key}__gt": moment}) | Q(**{key: moment}, pk__gt=int(pk)) | Q(**{f"{key}__isnull": True})
    )
