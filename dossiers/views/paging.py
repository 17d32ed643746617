"""Lists of dossiers page by page: by number, or by a date that some of them do not have."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from core import pagination

SIZE = 30


@dataclass
class Page:
    rows: list[Any] = field(default_factory=list)
    next_url: str = ""
    previous_url: str = ""


def page_in_order(request: HttpRequest, queryset: Any, by: tuple[str, ...], *, size: int = SIZE) -> Page:
    """One page of `queryset` (records, or named rows with these fields) in the order of the fields `by`, the last of
    which is unique."""
    found = pagination.page_of(queryset, request, by=by, size=size)
    return Page(found.items, found.next_url, found.previous_url)


def page_of(request: HttpRequest, queryset: Any, *, key: str, newest_first: bool = False, size: int = SIZE) -> Page:
    """One page of `queryset` in the order of `key`: "id", or a date with empty ones last."""
    number = "-id" if newest_first else "id"
    found = pagination.page_of(queryset, request, by=(number,) if key == "id" else (key, "id"), size=size)
    return Page(found.items, found.next_url, found.previous_url)
