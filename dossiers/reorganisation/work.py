"""What an agency has in hand: what a change would move, counted before and found again while it is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffPost
from agencies.models import Agency, Desk
from dossiers.models import (
    CLOSED_STATES,
    OPEN_STATES,
    AgencyChange,
    Dossier,
    Feedback,
    Folder,
    HandOver,
    Opinion,
    State,
    StepRun,
)
from dossiers.models.querysets import DossierQuerySet
from payments.models import CollectionAccount
from procedures.competence.lookup import COMMUNE_KEYS
from procedures.models import Competence

Kind = AgencyChange.Kind


@dataclass(frozen=True)
class Work:
    """One kind of thing in hand. `hinders`: an agency that ends without a successor may not have any."""

    label: str | Promise
    number: int
    hinders: bool = True


def _unclosed() -> DossierQuerySet:
    return Dossier.objects.kept().exclude(state__in=CLOSED_STATES)


def _settled(change: AgencyChange) -> DossierQuerySet:
    """What the agency has to settle, of a split in the fields given away only."""
    settled = _unclosed().filter(settling_agency=change.agency_id)
    return settled.filter(edition__field__key__in=change.field_keys) if change.kind == Kind.SPLIT else settled


def dossiers_of(change: AgencyChange) -> Sequence[tuple[QuerySet, str]]:
    """Where dossiers that a change moves are found, each with the column of their id."""
    agency = change.agency_id
    settled = (_settled(change), "pk")
    if change.kind == Kind.SPLIT:
        return [settled]
    return [
        settled,
        (_unclosed().filter(receiving_agency=agency), "pk"),
        (StepRun.objects.filter(agency=agency, finished_at=None), "dossier_id"),
        (Opinion.objects.filter(agency=agency, ended_at=None), "dossier_id"),
    ]


def dossiers_after(change: AgencyChange, limit: int) -> list[int]:
    """Ids of at most `limit` dossiers above the change's cursor, in order."""
    found: set[int] = set()
    for rows, column in dossiers_of(change):
        ids = rows.filter(**{f"{column}__gt": change.cursor}).order_by(column).values_list(column, flat=True)
        found.update(ids[:limit])
    return sorted(found)[:limit]


def folders_of(agency: int) -> QuerySet[Folder]:
    return Folder.objects.filter(Q(agency=agency) | Q(wanted_at=agency))


def feedback_of(agency: int) -> QuerySet[Feedback]:
    return Feedback.objects.filter(agency=agency, answered_at=None)


def hand_overs_of(agency: int) -> QuerySet[HandOver]:
    return HandOver.objects.filter(Q(from_agency=agency) | Q(to_agency=agency), taken_at=None)


def posts_of(agency: int, *, on: date) -> QuerySet[StaffPost]:
    return StaffPost.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), agency=agency)


def competence_of(agency: Agency, field_keys: Sequence[str] | None = None) -> QuerySet[Competence]:
    """Rows of who settles that name the agency, and perhaps only those about some fields and their procedures."""
    rows = Competence.objects.filter(agency_key=agency.key)
    if agency.key in COMMUNE_KEYS:
        rows = rows.filter(territory_code__in=("", agency.territory.code))
    if field_keys is not None:
        rows = rows.filter(Q(field__key__in=field_keys) | Q(procedure__current__field__key__in=field_keys))
    return rows


def work_of(change: AgencyChange) -> list[Work]:
    """What there is now of each kind that the change moves or ends; a constant number of statements."""
    agency = change.agency
    settled = _settled(change)
    filed = settled.exclude(state=State.DRAFT)
    found = [
        Work(_("Hồ sơ đang giải quyết"), filed.filter(state__in=OPEN_STATES).count()),
        Work(_("Hồ sơ trực tuyến chờ tiếp nhận"), filed.filter(state=State.FILED).count()),
        Work(
            _("Hồ sơ đã có kết quả hoặc đã rút, chưa trả xong"),
            filed.filter(state__in=(State.DONE, State.WITHDRAWN)).count(),
        ),
        Work(_("Bản nháp người dân đang soạn"), settled.filter(state=State.DRAFT).count()),
        Work(
            _("Dòng thẩm quyền (lĩnh vực, thủ tục)"),
            competence_of(agency, change.field_keys if change.kind == Kind.SPLIT else None).count(),
        ),
    ]
    if change.kind == Kind.SPLIT:
        return found
    pk = agency.pk
    received = _unclosed().filter(receiving_agency=agency).exclude(settling_agency=agency)
    steps = StepRun.objects.filter(agency=agency, finished_at=None).exclude(dossier__settling_agency=agency)
    return [
        *found,
        Work(_("Hồ sơ tiếp nhận cho cơ quan khác"), received.count()),
        Work(_("Bước đang làm của hồ sơ cơ quan khác"), steps.count()),
        Work(_("Ý kiến đang được hỏi"), Opinion.objects.filter(agency=agency, ended_at=None).count()),
        Work(_("Phản ánh, kiến nghị chưa trả lời"), feedback_of(pk).count()),
        Work(_("Tập hồ sơ giấy"), folders_of(pk).count()),
        Work(_("Biên bản bàn giao chưa xong"), hand_overs_of(pk).count()),
        Work(_("Quầy đang mở"), Desk.objects.filter(agency=agency, open=True).count()),
        Work(_("Vị trí của cán bộ"), posts_of(pk, on=change.first_day).count(), hinders=False),
        Work(_("Cơ quan trực thuộc"), agency.units.filter(valid_to=None).count()),
        Work(
            _("Tài khoản thu"),
            CollectionAccount.objects.filter(agency_code=agency.code, valid_to=None).count(),
            hinders=False,
        ),
    ]
