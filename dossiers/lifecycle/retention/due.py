"""Which dossiers are due for destruction, by the periods in force, and what still needs one of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import CharField, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.versions import UNDECIDED
from dossiers.access.record_reference import PREFIX
from dossiers.models import (
    ENDED_STATES,
    Correction,
    DestructionItem,
    Dossier,
    DossierEvent,
    Feedback,
    Folder,
    Place,
)
from payments.models import Charge, Refund
from procedures.models import RetentionPeriod
from procedures.review.retention import periods_in_force

# Why a dossier stays though its time is over.
HINDRANCES: Mapping[str, str | Promise] = {
    "linked": _("Hồ sơ liên thông với hồ sơ này chưa kết thúc"),
    "correction": _("Còn yêu cầu đính chính chưa quyết định"),
    "feedback": _("Còn phản ánh, kiến nghị chưa trả lời"),
    "money": _("Còn khoản phải nộp hoặc phải hoàn"),
    "travelling": _("Túi hồ sơ giấy đang luân chuyển"),
    "not_due": _("Chưa hết thời hạn bảo quản theo bản đang áp dụng"),
}


class Periods:
    """The periods in force: a procedure's own before its field's."""

    def __init__(self) -> None:
        found = periods_in_force()
        self.by_procedure = {period.procedure_id: period for period in found if period.procedure_id}
        self.by_field = {period.field_id: period for period in found if period.field_id}

    def of(self, dossier: Dossier) -> RetentionPeriod | None:
        """That of a dossier whose edition is loaded."""
        edition = dossier.edition
        return self.by_procedure.get(edition.procedure_id) or self.by_field.get(edition.field_id)

    def over(self, at: datetime) -> Q:
        """Dossiers (with `ended_at`) whose period was over at `at`. Whole calendar years are counted, after the one in
        which the dossier ended."""
        condition = Q(pk__in=[])
        year = timezone.localdate(at).year
        for period in (*self.by_procedure.values(), *self.by_field.values()):
            if period.years is None or year - period.years < 1:
                continue
            ended = Q(ended_at__lt=timezone.make_aware(datetime(year - period.years, 1, 1)))
            if period.procedure_id:
                condition |= ended & Q(edition__procedure=period.procedure_id)
            else:
                own = list(self.by_procedure)
                condition |= ended & Q(edition__field=period.field_id) & ~Q(edition__procedure__in=own)
        return condition


def due_dossiers(agencies: Sequence[Agency] | QuerySet[Agency], at: datetime) -> QuerySet[Dossier]:
    """Dossiers of the agencies whose period is over, that nothing needs, and that stand on no other list."""
    own = Q(settling_agency__in=agencies) | Q(settling_agency__isnull=True, receiving_agency__in=agencies)
    found = with_end(Dossier.objects.filter(own, state__in=ENDED_STATES, destroyed_at__isnull=True))
    found = found.filter(Periods().over(at)).exclude(Exists(_listed(at)))
    for needed in _needed().values():
        found = found.exclude(needed)
    return found


def with_end(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Annotated with `ended_at`: when it was closed, or of one that was withdrawn the last that happened to it."""
    last = DossierEvent.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier").annotate(last=Max("at"))
    return dossiers.annotate(
        ended_at=Coalesce("closed_at", Subquery(last.values("last")), F("created_at"), output_field=DateTimeField())
    )


def hindrance(dossier: Dossier, at: datetime) -> str:
    """Key of `HINDRANCES`: what stands against the destruction of a dossier on an approved list now; "" nothing."""
    row = with_end(Dossier.objects.filter(pk=dossier.pk))
    if not row.filter(Periods().over(at)).exists():
        return "not_due"
    return next((name for name, needed in _needed().items() if row.filter(needed).exists()), "")


def _needed() -> dict[str, Exists | Q]:
    running = Dossier.objects.exclude(state__in=ENDED_STATES)
    reference = Concat(Value(f"{PREFIX}:"), Cast(OuterRef("uid"), CharField()))
    charges = Charge.objects.filter(owner=reference)
    owed = charges.filter(settled_at__isnull=True, cancelled_at__isnull=True)
    going_back = Refund.objects.filter(
        charge__owner=reference, state__in=(Refund.State.ASKED, Refund.State.GRANTED, Refund.State.SENT)
    )
    return {
        "linked": Q(
            Exists(running.filter(opened_by=OuterRef("pk"))) | Exists(running.filter(pk=OuterRef("opened_by")))
        ),
        "correction": Exists(Correction.objects.filter(dossier=OuterRef("pk"), decided_at__isnull=True)),
        "feedback": Exists(Feedback.objects.filter(dossier=OuterRef("pk"), answered_at__isnull=True)),
        "money": Q(Exists(owed) | Exists(going_back)),
        "travelling": Exists(Folder.objects.filter(dossier=OuterRef("pk"), place=Place.COURIER)),
    }


def _listed(at: datetime) -> QuerySet[DestructionItem]:
    """On a list that is not through, or kept by somebody until a later day."""
    waits = Q(list__status__in=UNDECIDED) | Q(list__status="in_force", list__finished_at__isnull=True)
    kept = Q(kept_until__gte=timezone.localdate(at), list__status="in_force")
    return DestructionItem.objects.filter(waits | kept, dossier=OuterRef("pk"))
