"""What is unusual, and why it is said: a step that grew slower, a procedure often supplemented, a pile with one person,
a procedure that is offered and that nobody uses.

Thresholds are settings; each finding names the numbers it rests on.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from core.durations import in_full
from dossiers.models import OPEN_STATES
from reports import cuts, figures
from reports.causes import StepLoss, step_losses
from reports.indicators import offered
from reports.indicators.kinds import Asked
from reports.links import list_url
from reports.periods import Period
from reports.scope import Scope
from vietnam.numbers import format_number

_MOST_OF_A_KIND = 5


@dataclass(frozen=True)
class Finding:
    """`url` is the list behind it, where there is one."""

    text: str
    url: str = ""


def findings(scope: Scope, period: Period, asked: Asked, losses: list[StepLoss]) -> list[Finding]:
    """What stands out in the period, a bounded number of each kind. A fixed number of statements.

    `losses` are the period's (`step_losses`).
    """
    return [
        *_slower_steps(scope, asked, losses),
        *_often_supplemented(scope, period, asked),
        *_piles(scope),
        *_never_used(scope, asked),
    ]


def _slower_steps(scope: Scope, asked: Asked, now: list[StepLoss]) -> list[Finding]:
    """Against the same number of days before the period."""
    before = replace(asked, since=asked.since - (asked.end - asked.since), until=asked.since)
    then = step_losses(before, agency=scope.agency)
    known = {(one.key, one.agency.pk): one for one in then if one.runs >= settings.UNUSUAL_LEAST_COUNT}
    found: list[tuple[float, StepLoss, StepLoss]] = []
    for one in now:
        former = known.get((one.key, one.agency.pk))
        if former is None or one.runs < settings.UNUSUAL_LEAST_COUNT:
            continue
        factor = one.mean / max(former.mean, 1)
        if factor >= settings.UNUSUAL_SLOWER:
            found.append((factor, one, former))
    found.sort(key=lambda each: -each[0])
    sentence = _(
        "Bước “%(step)s” của %(agency)s chậm hơn: thời gian làm việc trung bình là %(now)s, trước đó %(then)s "
        "(%(runs)s lượt)."
    )
    return [
        Finding(
            sentence
            % {
                "step": one.name,
                "agency": one.agency.local_name,
                "now": in_full(one.mean),
                "then": in_full(former.mean),
                "runs": format_number(one.runs),
            }
        )
        for _factor, one, former in found[:_MOST_OF_A_KIND]
    ]


def _often_supplemented(scope: Scope, period: Period, asked: Asked) -> list[Finding]:
    cut = cuts.CUTS["procedure"]
    counted = figures.figures(scope.population, asked, ("received", "supplemented"), cut=cut)
    shares = {
        key: row["supplemented"] / row["received"]
        for key, row in counted.items()
        if row["received"] >= settings.UNUSUAL_LEAST_COUNT
    }
    often = [key for key, share in shares.items() if share >= settings.UNUSUAL_SUPPLEMENTED]
    often = sorted(often, key=lambda key: -shares[key])[:_MOST_OF_A_KIND]
    names = cuts.names_of(cut, often)
    sentence = _("“%(name)s” hay phải bổ sung: %(part)s trên %(whole)s hồ sơ tiếp nhận.")
    return [
        Finding(
            sentence
            % {
                "name": names[key],
                "part": format_number(counted[key]["supplemented"]),
                "whole": format_number(counted[key]["received"]),
            },
            list_url("supplemented", period, {**scope.query, "by": cut.key, "of": str(key)}),
        )
        for key in often
    ]


def _piles(scope: Scope) -> list[Finding]:
    """One person who holds many times what the colleagues of the same agency and role hold."""
    held = scope.dossiers.filter(state__in=OPEN_STATES, holder__isnull=False).order_by()
    rows = held.values_list("holder", "holder__agency", "holder__role").annotate(n=Count("pk"))
    groups: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for holder, agency, role, n in rows:
        groups.setdefault((agency, role), []).append((n, holder))
    found: list[tuple[int, int, float]] = []
    for group in groups.values():
        for n, holder in group:
            others = [m for m, other in group if other != holder]
            mean = sum(others) / len(others) if others else 0
            if others and n >= settings.UNUSUAL_LEAST_COUNT and n >= settings.UNUSUAL_PILE * max(mean, 1):
                found.append((n, holder, mean))
    found = sorted(found, reverse=True)[:_MOST_OF_A_KIND]
    posts = StaffPost.objects.select_related("account", "agency").in_bulk([holder for _n, holder, _mean in found])
    sentence = _("%(name)s, %(agency)s, đang giữ %(count)s hồ sơ; đồng nghiệp cùng vị trí giữ trung bình %(mean)s.")
    return [
        Finding(
            sentence
            % {
                "name": posts[holder].account.full_name,
                "agency": posts[holder].agency.local_name,
                "count": format_number(n),
                "mean": format_number(round(mean, 1)),
            }
        )
        for n, holder, mean in found
    ]


def _never_used(scope: Scope, asked: Asked) -> list[Finding]:
    """Procedures in force of which nobody filed anything for a year; only of the whole province."""
    if scope.agency is not None:
        return []
    year = replace(asked, since=asked.until - timedelta(days=365))
    filed = figures.procedures_filed(scope.population, year, cuts.CUTS["procedure"])
    counted = offered.offered_in_all(set(filed))
    unused = counted["offered"] - counted["offered_filed"]
    if not unused:
        return []
    sentence = _("%(count)s trên %(whole)s thủ tục đang áp dụng không có hồ sơ nào trong một năm.")
    return [Finding(sentence % {"count": format_number(unused), "whole": format_number(counted["offered"])})]
