"""Statistics for programs: the figures of the pages, by the same definitions, without data of any person."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.refusals import Refused
from reports import figures, periods
from reports.cuts import CUTS, CUTS_OF_PEOPLE
from reports.indicators import INDICATORS, formula_of
from reports.periods import Period
from reports.scope import Scope, scope_of
from reports.service_index import scoring
from reports.service_index.entries import entries_of
from reports.tables import DEFAULT_SET, SETS, Table, table_of
from reports.views.asking import ROLES
from reports.workbooks import plain_values, table_csv
from vietnam.working_time import VIETNAM

_SEPARATORS = (",", ":")


class CSVRenderer(BaseRenderer):
    """CSV that a view wrote itself; errors stay JSON."""

    media_type, format, charset = "text/csv", "csv", "utf-8"

    def render(self, data: Any, *_context: Any) -> Any:
        return data if isinstance(data, str) else json.dumps(data)


PARAMETERS = [
    OpenApiParameter(
        "by",
        str,
        enum=[*CUTS, *CUTS_OF_PEOPLE],
        default="agency",
        description="what the rows are; unit and person for heads alone, of their own agency",
    ),
    OpenApiParameter("set", str, enum=list(SETS), default=DEFAULT_SET, description="which indicators"),
    OpenApiParameter("indicators", str, description="names of indicators with commas between, instead of a set"),
    OpenApiParameter(
        "period",
        str,
        default=periods.DEFAULT,
        description=f"{', '.join(periods.LABELS)}, a year (2026), quarter (2026-Q3) or month (2026-09), or custom",
    ),
    OpenApiParameter("first", str, description="first day of a custom period, dd/mm/yyyy"),
    OpenApiParameter("last", str, description="last day of a custom period, dd/mm/yyyy"),
    OpenApiParameter(
        "org", str, enum=["then", "today"], default="then", description="agencies as they were, or today's"
    ),
]


class _Figures(APIView):
    """Figures for systems by their scope, and for those people whose pages show the same."""

    scope = "statistics"
    audience = frozenset(ROLES)
    refuses_query = True  # by 422, with a sentence

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if request.auth is None and request._request.actor.role not in ROLES:
            raise PermissionDenied


class Statistics(_Figures):
    """Figures by agency, field, procedure or channel: for a connected system of the whole province, for a head of the
    own agency. JSON, or CSV for `Accept: text/csv`."""

    renderer_classes = [JSONRenderer, CSVRenderer]

    @extend_schema(
        parameters=PARAMETERS,
        responses={(200, "application/json"): {"type": "object"}, (200, "text/csv"): {"type": "string"}},
    )
    def get(self, request: Request) -> Response | HttpResponse:
        given, at = request.query_params, timezone.now()
        period = _period(given, at)
        scope = _scope_of(request)
        cut = scope.cut_asked(given.get("by", "agency"))
        if cut is None:
            raise Refused("unknown_cut", _("Không xếp theo điều này được: %s.") % ", ".join(scope.cuts), field="by")
        if given.get("org", "then") not in ("then", "today"):
            raise Refused("unknown_org", _("org là then (cơ quan lúc đó) hoặc today (cơ quan hiện nay)."), field="org")
        table = table_of(
            scope.population,
            figures.period_asked(period.since, period.until, at=at),
            _indicators(given),
            cut,
            agency=scope.agency.pk if scope.agency else None,
            of_today=given.get("org") == "today",
        )
        if request.accepted_renderer.format == "csv":
            content: Any = table_csv(table)
        else:
            content = {
                "period": _days(period),
                "by": cut.key,
                "agency": scope.agency.code if scope.agency else None,
                **_rows(table),
            }
        return _answered(request, content)


class ServiceIndexStatistics(_Figures):
    """The service index: points by criterion with how each came about, and of a whole province the points of each
    agency. `points` is null where nothing was there to be counted or nobody has entered any."""

    @extend_schema(
        parameters=[one for one in PARAMETERS if one.name in ("period", "first", "last")],
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request) -> Response | HttpResponse:
        at = timezone.now()
        period, scope = _period(request.query_params, at), _scope_of(request)
        asked = figures.period_asked(period.since, period.until, at=at)
        entered = entries_of(period)
        index = scoring.service_index(scope.population, asked, entered, scope.agency.pk if scope.agency else None)
        agencies = scoring.indices_by_agency(scope.population, asked, entered) if scope.agency is None else []
        content = {
            "period": _days(period),
            "agency": scope.agency.code if scope.agency else None,
            "confirmed": False,
            **_points(index),
            "criteria": [_criterion(one) for one in index.scored],
            "agencies": [{"key": key, "name": name, **_points(its)} for key, name, its in agencies],
        }
        return _answered(request, content)


class Definitions(APIView):
    """Every indicator: name, definition, formula and unit in both languages, and its legal source."""

    public = True
    audience = frozenset({"public"})

    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request: Request) -> Response | HttpResponse:
        found: list[dict[str, Any]] = []
        for one in INDICATORS.values():
            words: dict[str, Any] = {"key": one.name}
            for language in ("vi", "en"):
                with override(language):
                    words[language] = {
                        "name": str(one.label),
                        "definition": str(one.means),
                        "formula": formula_of(one),
                        "unit": str(one.unit.value),
                    }
            with override("vi"):
                words["source"] = str(one.source)
            found.append(words)
        return _answered(request, {"indicators": found})


def _period(given: QueryDict, at: datetime) -> Period:
    period, form = periods.chosen(given, today=at.astimezone(VIETNAM).date())
    if form.is_bound and form.errors or not periods.is_named(given.get("period", periods.DEFAULT)):
        raise Refused("bad_period", _("Kỳ không đọc được. Ví dụ: period=2026-Q3."), field="period")
    return period


def _days(period: Period) -> dict[str, str]:
    return {"key": period.key, "first": period.first.isoformat(), "last": period.last.isoformat()}


def _points(index: scoring.ServiceIndex) -> dict[str, Any]:
    """Points, and of how many: criteria without a value are in neither."""
    groups = {one.key: None if one.points is None else round(one.points, 2) for one in index.groups}
    return {"points": round(index.points, 2), "of": round(index.known, 2), "groups": groups}


def _criterion(one: scoring.Scored) -> dict[str, Any]:
    share, entry = one.criterion.share, one.entry
    return {
        "key": one.criterion.key,
        "group": one.criterion.group,
        "name": one.criterion.name,
        "points": None if one.points is None else round(one.points, 2),
        "most": one.criterion.points,
        "indicator": share.name if share else None,
        "share": None if one.share is None else round(one.share * 100, 1),
        "part": one.part if share else None,
        "whole": one.whole if share else None,
        "by_hand": share is None,
        "entered": {"at": entry.entered_at.isoformat(), "ground": entry.ground} if entry else None,
    }


def _scope_of(request: Request) -> Scope:
    """A system that may read statistics reads the province's; people read what their page shows them."""
    if request.auth is not None:
        return Scope()
    return scope_of(request._request.actor, "")


def _indicators(given: QueryDict) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(name.strip() for name in given.get("indicators", "").split(",") if name.strip()))
    if unknown := [name for name in named if name not in INDICATORS]:
        sentence = _("Không có chỉ tiêu này: %s. Danh sách ở /api/v1/statistics/definitions/.")
        raise Refused("unknown_indicator", sentence % ", ".join(unknown)[:200], field="indicators")
    asked = given.get("set", DEFAULT_SET)
    if asked not in SETS:
        raise Refused("unknown_set", _("Không có nhóm chỉ tiêu này: %s.") % ", ".join(SETS), field="set")
    return named or SETS[asked][1]


def _rows(table: Table) -> dict[str, Any]:
    rows = [{"keys": list(row.keys), "name": row.name, **plain_values(table, row)} for row in table.rows]
    return {"rows": rows, "total": plain_values(table, table.total)}


def _answered(request: Request, content: Any) -> Response | HttpResponse:
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True, separators=_SEPARATORS)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request._request, etag=etag)
    answer = unchanged if unchanged is not None else Response(content)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
