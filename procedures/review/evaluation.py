"""How procedures are used, and which of them should be changed: findings with their evidence.

What dossiers tell comes from a provider that an upper app registers at start-up; this app knows readers' votes. The
thresholds are settings, since no law names them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from core.refusals import Stale
from core.second_person import SecondPersonMissing
from journal import audit_log
from procedures.models import ClarityVote, Improvement, Procedure

UNUSED, SUPPLEMENTED, LATE, EARLY, PAPER_MONEY, UNCLEAR = (
    "unused",
    "supplemented",
    "late",
    "early",
    "paper_money",
    "unclear",
)
FINDINGS: dict[str, tuple[Promise, Promise]] = {
    UNUSED: (
        gettext_lazy("Có trong danh mục mà không ai dùng"),
        gettext_lazy("Xem lại sự cần thiết hoặc cách giới thiệu."),
    ),
    SUPPLEMENTED: (
        gettext_lazy("Hay phải bổ sung"),
        gettext_lazy("Viết lại giấy tờ hay bị thiếu, hoặc bỏ giấy tờ đó."),
    ),
    LATE: (gettext_lazy("Luôn trễ hạn"), gettext_lazy("Xem lại quy trình, hoặc thời hạn.")),
    EARLY: (gettext_lazy("Luôn sớm hạn"), gettext_lazy("Xét rút ngắn thời hạn.")),
    PAPER_MONEY: (gettext_lazy("Chỉ thu tiền mặt"), gettext_lazy("Xem vì sao không ai trả trực tuyến.")),
    UNCLEAR: (gettext_lazy("Người đọc thấy khó hiểu"), gettext_lazy("Viết lại hướng dẫn bằng lời dễ hiểu.")),
}


@dataclass(frozen=True)
class Usage:
    """What dossiers of one procedure tell of a period. `reasons` are (paper asked for, how often), most often first."""

    filed: int = 0
    supplemented: int = 0
    finished: int = 0
    late: int = 0
    early: int = 0
    paid: int = 0
    paid_online: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that stands out: `evidence` as a sentence, `weight` to sort by (0 to 1 of its kind)."""

    kind: str
    code: str
    evidence: str
    weight: float
    reasons: tuple[tuple[str, int], ...] = field(default=())


# (since, until) -> usage by procedure code; a procedure without dossiers is left out
Provider = Callable[[datetime, datetime], dict[str, Usage]]
_providers: list[Provider] = []


def register_usage(provider: Provider) -> Provider:
    """Register the function that knows how procedures are used; the last one registered answers."""
    _providers.append(provider)
    return provider


def usage_of(since: datetime, until: datetime) -> dict[str, Usage]:
    return _providers[-1](since, until) if _providers else {}


def findings(
    codes: Iterable[str],
    used: dict[str, Usage],
    votes: dict[str, tuple[int, int]],
    *,
    young: frozenset[str] = frozenset(),
) -> list[Finding]:
    """What stands out among procedures offered to the public (`codes`); `votes` are (clear, unclear). Pure.

    Those first published within the period (`young`) could not be used all of it and are never unused. The heaviest of
    each kind come first.
    """
    found = [
        finding
        for code in codes
        for finding in _of_one(code, used.get(code, Usage()), votes.get(code, (0, 0)))
        if finding.kind != UNUSED or code not in young
    ]
    order = list(FINDINGS)
    return sorted(found, key=lambda f: (order.index(f.kind), -f.weight, f.code))


def _of_one(code: str, used: Usage, votes: tuple[int, int]) -> list[Finding]:
    found = []
    if used.filed == 0:
        found.append(Finding(UNUSED, code, _("Không có hồ sơ nào trong kỳ."), 1.0))
    if used.filed >= settings.EVALUATION_FEWEST and _share(used.supplemented, used.filed) >= settings.EVALUATION_OFTEN:
        evidence = _("%(part)s trong %(whole)s hồ sơ phải bổ sung.") % {"part": used.supplemented, "whole": used.filed}
        found.append(Finding(SUPPLEMENTED, code, evidence, _share(used.supplemented, used.filed), used.reasons[:5]))
    for kind, number, words in (
        (LATE, used.late, _("%(part)s trong %(whole)s hồ sơ trễ hạn.")),
        (EARLY, used.early, _("%(part)s trong %(whole)s hồ sơ có kết quả trước ngày hẹn.")),
    ):
        share = _share(number, used.finished)
        if used.finished >= settings.EVALUATION_FEWEST and share >= settings.EVALUATION_ALWAYS:
            found.append(Finding(kind, code, words % {"part": number, "whole": used.finished}, share))
    if used.paid >= settings.EVALUATION_FEWEST and used.paid_online == 0:
        evidence = ngettext(
            "%(n)s lần thu, không lần nào trực tuyến.", "%(n)s lần thu, không lần nào trực tuyến.", used.paid
        )
        found.append(Finding(PAPER_MONEY, code, evidence % {"n": used.paid}, min(used.paid / 1000, 1.0)))
    clear, unclear = votes
    if clear + unclear >= settings.EVALUATION_FEWEST and _share(unclear, clear + unclear) >= settings.EVALUATION_OFTEN:
        evidence = _("%(part)s trong %(whole)s người đọc nói khó hiểu.") % {"part": unclear, "whole": clear + unclear}
        found.append(Finding(UNCLEAR, code, evidence, _share(unclear, clear + unclear)))
    return found


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def record_vote(procedure: Procedure, *, clear: bool, on: date) -> None:
    """Count a reader's answer; nothing of the reader is kept."""
    with transaction.atomic():
        ClarityVote.objects.get_or_create(procedure=procedure, day=on)
        name = "clear" if clear else "unclear"
        ClarityVote.objects.filter(procedure=procedure, day=on).update(**{name: F(name) + 1})


def votes(since: date, until: date) -> dict[str, tuple[int, int]]:
    """(clear, unclear) by procedure code over the days from `since` to before `until`."""
    rows = ClarityVote.objects.filter(day__gte=since, day__lt=until).values_list("procedure__code")
    counted = rows.annotate(yes=Sum("clear"), no=Sum("unclear"))
    return {code: (yes, no) for code, yes, no in counted}


def propose_improvement(
    procedure: Procedure, finding: str, evidence: str, proposal: str, by: Account, at: datetime
) -> Improvement:
    """Put a proposal about a finding on record."""
    with transaction.atomic():
        made = Improvement.objects.create(
            procedure=procedure, finding=finding, evidence=evidence, proposal=proposal, proposed_at=at, proposed_by=by
        )
        audit_log.record_entry("improvement.proposed", f"procedure:{procedure.code}", by=str(by), finding=finding)
    return made


def decide_improvement(improvement: Improvement, status: str, decision: str, by: Account, at: datetime) -> Improvement:
    """Decide a proposal, or say that an accepted one is done. By somebody else than who made it.

    Raises Stale, SecondPersonMissing.
    """
    ways = {
        Improvement.Status.OPEN: (Improvement.Status.ACCEPTED, Improvement.Status.REFUSED),
        Improvement.Status.ACCEPTED: (Improvement.Status.DONE,),
    }
    with transaction.atomic():
        locked = Improvement.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=improvement.pk)
        if status not in ways.get(Improvement.Status(locked.status), ()):
            raise Stale("stale", _("Kiến nghị không còn ở bước đó. Hãy tải lại trang."))
        if locked.proposed_by_id == by.pk:
            raise SecondPersonMissing("four_eyes", _("Người kiến nghị không tự quyết định. Hãy nhờ người khác."))
        locked.status, locked.decided_at, locked.decided_by = status, at, by
        locked.decision = f"{locked.decision}\n{decision}".strip()
        locked.save()
        audit_log.record_entry(
            "improvement.decided", f"procedure:{locked.procedure.code}", by=str(by), status=status, words=decision
        )
    return locked


def year_before(at: datetime) -> datetime:
    return at - timedelta(days=365)
