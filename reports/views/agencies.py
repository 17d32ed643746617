"""The supervisor's table of agencies: sorted by any column, with totals, a page at a time."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from reports import figures
from reports.indicators import MEASURES
from reports.links import list_url
from reports.periods import Period
from reports.scope import agencies_listed
from reports.views.navigation import page_asked
from vietnam.numbers import format_number

AGENCIES_SHOWN = 30
_COLUMNS = ("received", "early", "on_time", "late", "in_time", "due_soon", "overdue", "paused", "unanswered")
_SHARE, _NAME = "share", "name"
_BAD = ("late", "overdue")


def province_table(
    request: HttpRequest, period: Period, by_agency: Mapping[int | None, Mapping[str, int]]
) -> dict[str, Any]:
    """What `reports/agencies.html` shows. `by_agency` are all numbers (`figures.figures`)."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    agencies = agencies_listed(words, by_agency)
    nothing = dict.fromkeys(MEASURES, 0)
    numbers = {agency.pk: by_agency.get(agency.pk, nothing) for agency in agencies}
    sort = request.GET.get("sort", _NAME)
    if sort.removeprefix("-") not in (_NAME, _SHARE, *_COLUMNS):
        sort = _NAME
    ordered = _ordered(agencies, numbers, sort)
    page = page_asked(request.GET.get("page", ""), len(ordered), AGENCIES_SHOWN)
    begin = page * AGENCIES_SHOWN
    query = {**period.query, **({"q": words} if words else {}), **({"sort": sort} if sort != _NAME else {})}
    return {
        "agencies": [_row(agency, numbers[agency.pk], period) for agency in ordered[begin : begin + AGENCIES_SHOWN]],
        "total_row": _total(numbers, period, whole=not words) if ordered else None,
        "columns": [MEASURES[name] for name in _COLUMNS],
        "words": words,
        "sort": sort if sort != _NAME else "",
        "previous_url": f"?{urlencode({**query, 'page': page})}" if page else "",
        "next_url": f"?{urlencode({**query, 'page': page + 2})}" if begin + AGENCIES_SHOWN < len(ordered) else "",
    }


def _ordered(agencies: list[Agency], numbers: Mapping[int, Mapping[str, int]], sort: str) -> list[Agency]:
    """By the column; who has no share comes last either way, and equals stay in the order of the alphabet."""
    column, falling = sort.removeprefix("-"), sort.startswith("-")
    if column == _NAME:
        return agencies[::-1] if falling else agencies
    values: dict[int, float | None] = {
        pk: figures.shares(row)["on_time_share"] if column == _SHARE else row[column] for pk, row in numbers.items()
    }

    def place(agency: Agency) -> tuple[bool, float]:
        value = values[agency.pk]
        return value is None, 0 if value is None else (-value if falling else value)

    return sorted(agencies, key=place)


def _row(agency: Agency, numbers: Mapping[str, int], period: Period) -> dict[str, Any]:
    chosen = {"agency": str(agency.pk)}
    return {
        "name": agency.local_name,
        "url": f"?{urlencode({**period.query, **chosen})}",
        "cells": [*_cells(numbers, period, chosen), _share(numbers)],
    }


def _total(numbers: Mapping[int, Mapping[str, int]], period: Period, *, whole: bool) -> dict[str, Any]:
    """All agencies of the table, not only of this page; their lists open where the table is the whole province's."""
    summed = figures.summed(numbers.values(), MEASURES)
    count = len(numbers)
    name = ngettext("Cộng %(count)s cơ quan", "Cộng %(count)s cơ quan", count) % {"count": format_number(count)}
    return {
        "name": name,
        "cells": [*_cells(summed, period, {}, links=whole), _share(summed)],
    }


def _share(numbers: Mapping[str, int]) -> dict[str, Any]:
    share = figures.shares(numbers)["on_time_share"]
    return {"label": _("Sớm và đúng hạn"), "is_share": True, "share": share, "number": "", "url": ""}


def _cells(
    numbers: Mapping[str, int], period: Period, chosen: Mapping[str, str], *, links: bool = True
) -> list[dict[str, Any]]:
    return [
        {
            "number": format_number(numbers[name]),
            "url": list_url(name, period, chosen) if numbers[name] and links else "",
            "label": MEASURES[name].label,
            "bad": bool(numbers[name]) and name in _BAD,
        }
        for name in _COLUMNS
    ]
