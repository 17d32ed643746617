"""Indicators of what is offered: procedures in force by who settles them, and which of them anybody filed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from procedures.competence.lookup import COMMUNE_KEYS
from procedures.models import Competence, Edition, Procedure
from reports.indicators.kinds import DECISION_766, Text, Unit

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Offered:
    """Counts procedures in force: of an online level, or with at least one dossier in the period."""

    name: str
    label: Text
    means: Text
    levels: tuple[str, ...] = ()
    filed: bool = False
    source: Text = DECISION_766
    unit: Unit = Unit.PROCEDURES


_Level = Edition.OnlineLevel
OFFERED = (
    Offered("offered", _("Thủ tục cung cấp"), _("Thủ tục đang áp dụng mà cơ quan giải quyết.")),
    Offered(
        "offered_full",
        _("Thủ tục toàn trình"),
        _("Thủ tục đang áp dụng, cung cấp trực tuyến toàn trình."),
        (_Level.FULL,),
    ),
    Offered(
        "offered_partial",
        _("Thủ tục một phần"),
        _("Thủ tục đang áp dụng, cung cấp trực tuyến một phần."),
        (_Level.PARTIAL,),
    ),
    Offered(
        "offered_filed",
        _("Thủ tục có hồ sơ"),
        _("Thủ tục đang áp dụng có ít nhất một hồ sơ tiếp nhận trong kỳ."),
        filed=True,
    ),
)


def offered_in_all(filed: Collection[int]) -> dict[str, int]:
    """The indicators of the whole province; `filed` are the procedures with a dossier."""
    return _counted([(pk, level) for pk, _field, level, _levels in _in_force()], filed)


def offered_by_field(filed: dict[int, set[int]]) -> dict[int, dict[str, int]]:
    """By field's id; `filed` are the procedures with a dossier, by field."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, field, level, _levels in _in_force():
        found[field].append((pk, level))
    return {field: _counted(rows, filed.get(field, set())) for field, rows in found.items()}


def offered_by_agency(filed: dict[int, set[int]]) -> dict[int, dict[str, int]]:
    """By the id of the agency that settles now; `filed` are the procedures with a dossier, by agency."""
    by_key: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = _competence_rows()
    for pk, field, online, levels in _in_force():
        for key in _keys(rows.get(("procedure", pk), []), rows.get(("field", field), []), levels):
            by_key[key].append((pk, online))
    agencies = Agency.objects.filter(valid_to=None, key__in=by_key).select_related("territory")
    return {
        agency.pk: _counted(by_key[agency.key], filed.get(agency.pk, set()))
        for agency in agencies
        if (agency.key in COMMUNE_KEYS) == agency.of_commune
    }


def _in_force() -> list[tuple[int, int, str, list[str]]]:
    """(procedure, field, online level, levels) of what is received in the province."""
    rows = Procedure.objects.filter(current__isnull=False, kind=Procedure.Kind.RECEIVABLE)
    return list(rows.values_list("pk", "current__field", "current__online_level", "current__levels"))


def _competence_rows() -> dict[tuple[str, int], list[Competence]]:
    found: dict[tuple[str, int], list[Competence]] = defaultdict(list)
    for row in Competence.objects.all():
        scope = ("procedure", row.procedure_id) if row.procedure_id else ("field", row.field_id or 0)
        found[scope].append(row)
    return found


def _keys(own: list[Competence], of_field: list[Competence], levels: list[str]) -> set[str]:
    """Who settles a procedure in some case or place: its own rows, its field's where it has no general one."""
    found: set[str] = set()
    for level in levels:
        mine = [row for row in own if row.level == level]
        general = any(not row.case and not row.territory_code for row in mine)
        rows = mine if general else [*mine, *(row for row in of_field if row.level == level)]
        found.update(row.agency_key for row in rows)
    return found


def _counted(rows: list[tuple[int, str]], filed: Collection[int]) -> dict[str, int]:
    return {
        one.name: sum((not one.levels or level in one.levels) and (not one.filed or pk in filed) for pk, level in rows)
        for one in OFFERED
    }
