"""Points of the service index that nobody can compute: entered by a supervisor, with the ground, and never rewritten.

A later entry of the same criterion counts in place of an earlier one, which stays. Those who are assessed do not enter.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import NotAllowed, Refused
from journal import audit_log
from reports.models import IndexEntry
from reports.periods import Period
from reports.service_index.formulas import Criterion

Entries = Mapping[tuple[int | None, str], IndexEntry]  # by agency (None: the province) and criterion


def may_enter(actor: Actor) -> bool:
    return actor.role == StaffPost.Role.SUPERVISOR


def entries_of(period: Period) -> Entries:
    """What counts of each agency in a period; none for days that somebody chose."""
    if not period.lasting:
        return {}
    rows = IndexEntry.objects.filter(period=period.lasting).order_by("agency_id", "criterion", "-id")
    return {(row.agency_id, row.criterion): row for row in rows.distinct("agency_id", "criterion")}


def enter_points(
    actor: Actor,
    criterion: Criterion,
    agency: Agency | None,
    period: Period,
    *,
    points: Decimal,
    ground: str,
    at: datetime,
    today: date,
) -> IndexEntry:
    """Record the points that an agency, or the province, has for a criterion. Raises NotAllowed and Refused."""
    if not may_enter(actor):
        raise NotAllowed("not_allowed", _("Chỉ người giám sát nhập được điểm không tính tự động."))
    if criterion.share is not None:
        raise Refused("computed", _("Điểm của tiêu chí này được tính từ hồ sơ, không nhập tay."), field="criterion")
    if not period.lasting or period.first > today:
        raise Refused("bad_period", _("Điểm nhập tay thuộc một tháng, quý hoặc năm đã bắt đầu. Hãy chọn kỳ khác."))
    if not 0 <= points <= Decimal(str(criterion.points)):
        most = f"{criterion.points:g}"
        raise Refused("bad_points", _("Điểm của tiêu chí này từ 0 đến %s.") % most, field="points")
    with transaction.atomic():
        made = IndexEntry.objects.create(
            agency=agency,
            period=period.lasting,
            criterion=criterion.key,
            points=points,
            ground=ground,
            entered_at=at,
            entered_by=actor.label[:200],
        )
        audit_log.record_entry(
            "service_index.entered",
            f"agency:{agency.pk}" if agency else "province",
            by=actor.label,
            period=made.period,
            criterion=made.criterion,
            points=str(points),
        )
    return made
