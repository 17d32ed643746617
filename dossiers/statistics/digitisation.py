"""The three rates of digitisation, counted in the database: of receptions, of results, of reuse.

Definitions (`DEFINITIONS` says them to readers; those of Index 766 are not confirmed):

- digitised at reception: of the dossiers received in the period that have papers to digitise, those all of whose
  papers have a file. Papers only to be shown, replies to verifications and secret papers need none, nor does a paper
  that data stand for, or a line that is brought later and is not there yet.
- results digitised: of the dossiers settled in the period, those whose result is there as a file.
- reuse: of the dossiers received in the period, those with a document used again in place of an upload.

Reception and reuse count for the intake agency and its day of receipt, results for the competent agency and its day
of settling, in local time.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier, DossierDocument, State
from procedures.editions.papers import not_digitised

DEFINITIONS: dict[str, str | Promise] = {
    "received": _(
        "Số hóa khi tiếp nhận: hồ sơ tiếp nhận trong kỳ mà mọi giấy tờ phải số hóa đều có tệp, trên số hồ sơ "
        "có giấy tờ phải số hóa. Giấy tờ chỉ xuất trình, văn bản xác minh và giấy tờ mật không phải số hóa."
    ),
    "results": _(
        "Số hóa kết quả: hồ sơ giải quyết xong trong kỳ có kết quả bản điện tử, trên số hồ sơ giải quyết xong."
    ),
    "reused": _("Dùng lại: hồ sơ tiếp nhận trong kỳ có giấy tờ lấy từ kho, không nộp lại, trên số hồ sơ tiếp nhận."),
}


class Group(Enum):
    """What the figures are counted by; `value`: columns of a reception and of a result."""

    ALL = ("", "")
    AGENCY = ("receiving_agency", "settling_agency")
    LEVEL = ("receiving_agency__kind", "settling_agency__kind")
    PROCEDURE = ("edition__procedure", "edition__procedure")
    MONTH = ("month", "month")


@dataclass
class DigitisationFigures:
    """`key` is a primary key, a kind of agency or the first day of a month, by the group; None for all together."""

    key: Any = None
    received: int = 0
    to_digitise: int = 0
    digitised: int = 0
    reused: int = 0
    settled: int = 0
    results: int = 0

    @property
    def reception_rate(self) -> float | None:
        return _share(self.digitised, self.to_digitise)

    @property
    def result_rate(self) -> float | None:
        return _share(self.results, self.settled)

    @property
    def reuse_rate(self) -> float | None:
        return _share(self.reused, self.received)


def count_digitisation(
    first: date, last: date, by: Group = Group.ALL, *, dossiers: QuerySet[Dossier] | None = None
) -> list[DigitisationFigures]:
    """The figures of both days and those between, in two queries; `dossiers` narrows whose."""
    among = Dossier.objects.all() if dossiers is None else dossiers
    begins = timezone.make_aware(datetime.combine(first, time.min))
    ends = timezone.make_aware(datetime.combine(last, time.max))
    found: dict[Any, DigitisationFigures] = {}
    papers = papers_to_digitise()
    received = among.filter(received_at__range=(begins, ends)).annotate(
        has_papers=Exists(papers),
        lacks_file=Exists(papers.filter(file=None)),
        uses_again=Exists(lines_used_again()),
    )
    for row in _grouped(received, by, 0, "received_at").annotate(
        n=Count("pk"),
        to_digitise=Count("pk", filter=Q(has_papers=True)),
        digitised=Count("pk", filter=Q(has_papers=True, lacks_file=False)),
        reused=Count("pk", filter=Q(uses_again=True)),
    ):
        each = found.setdefault(row["key"], DigitisationFigures(row["key"]))
        each.received, each.to_digitise = row["n"], row["to_digitise"]
        each.digitised, each.reused = row["digitised"], row["reused"]
    settled = among.filter(finished_at__range=(begins, ends), state__in=(State.DONE, State.RETURNED))
    for row in _grouped(settled, by, 1, "finished_at").annotate(
        n=Count("pk"), results=Count("pk", filter=Q(has_digital_result=True))
    ):
        each = found.setdefault(row["key"], DigitisationFigures(row["key"]))
        each.settled, each.results = row["n"], row["results"]
    return [found[key] for key in sorted(found, key=str)] or ([DigitisationFigures()] if by is Group.ALL else [])


def papers_to_digitise() -> QuerySet[DossierDocument]:
    """The papers of an outer dossier that must be digitised, with a file or without."""
    papers = DossierDocument.objects.filter(
        dossier=OuterRef("pk"), kind=DossierDocument.Kind.COMPONENT, later=False
    ).exclude(not_digitised("required_document__"))
    by_data = Q(required_document__replaced_by__gt="", originals=0, copies=0, file=None)
    return papers.exclude(by_data)


def lines_used_again() -> QuerySet[DossierDocument]:
    """The lines of an outer dossier that a document of the register stands for."""
    again = Q(file__reused_from__isnull=False) | Q(further__file__reused_from__isnull=False)
    return DossierDocument.objects.filter(again, dossier=OuterRef("pk"))


def _grouped(dossiers: QuerySet[Dossier], by: Group, place: int, day: str) -> QuerySet[Any]:
    if by is Group.ALL:
        key: Any = Value(0)
    elif by is Group.MONTH:
        key = TruncMonth(day)
    else:
        key = F(by.value[place])
    return dossiers.order_by().annotate(key=key).values("key")


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
