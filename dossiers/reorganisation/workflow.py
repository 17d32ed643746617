"""Deciding that an agency merges, is split or ends: drafted by one administrator, put in force by another."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from core.versions import UNDECIDED, Status, Workflow
from dossiers.models import AgencyChange
from dossiers.reorganisation import work
from journal import audit_log, long_work
from payments.models import CollectionAccount
from procedures.competence.lookup import COMMUNE_KEYS
from vietnam.dates import format_date

Kind = AgencyChange.Kind
TOPIC = "dossiers.agency_change"
_CENTRES = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)


class AgencyChanges(Workflow[AgencyChange]):
    """The one writer of changes of agencies."""

    model = AgencyChange
    scope = ("agency_id", "kind", "successor_id", "first_day")

    def record(self, verb: str, version: AgencyChange, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"agency_change.{verb}",
            version.reference,
            by=by,
            agency=version.agency_id,
            kind=version.kind,
            successor=version.successor_id,
            first_day=version.first_day.isoformat(),
            fields=version.field_keys,
            document=version.document,
            **facts,
        )

    def blockers(self, version: AgencyChange) -> list[str]:
        return [*_past(version), *impossible(version)]

    def came_into_force(self, version: AgencyChange) -> None:
        if version.first_day <= timezone.localdate():
            long_work.begin_work(TOPIC, change=version.pk)

    def was_undone(self, version: AgencyChange) -> None:
        if version.began_at is not None:
            long_work.begin_work(TOPIC, change=version.pk)


CHANGES = AgencyChanges()


def _past(change: AgencyChange) -> list[str]:
    if change.first_day >= timezone.localdate():
        return []
    return [
        _("Ngày áp dụng %(day)s đã qua. Hãy chọn hôm nay hoặc một ngày sau.") % {"day": format_date(change.first_day)}
    ]


def ended(agency: Agency) -> list[str]:
    """Why nothing can be begun with an agency at all: it is no more. Empty while it is."""
    return [] if agency.valid_to is None else [_("Cơ quan này đã kết thúc hoạt động.")]


def impossible(change: AgencyChange) -> list[str]:
    """Why the change cannot be carried out as things are, in sentences that say what to do."""
    agency, said = change.agency, []
    if over := ended(agency):
        return over
    others = AgencyChange.objects.exclude(pk=change.pk).filter(finished_at=None)
    waiting = others.filter(status__in=(*UNDECIDED, Status.IN_FORCE))
    if waiting.filter(agency=agency).exists():
        said.append(_("Cơ quan này đang có một thay đổi khác chưa xong. Hãy làm xong hoặc bỏ thay đổi đó trước."))
    if change.kind == Kind.END:
        return [*said, *_not_finished(change)]
    successor = change.successor
    if successor is None:
        return [*said, _("Hãy chọn cơ quan tiếp nhận.")]
    if successor.valid_to is not None or successor.valid_from > change.first_day:
        said.append(
            _("%(name)s không hoạt động vào ngày đó. Hãy chọn cơ quan khác hoặc ngày khác.")
            % {"name": successor.local_name}
        )
    if waiting.filter(agency=successor).exclude(kind=Kind.SPLIT).exists():
        said.append(
            _("%(name)s cũng sắp sáp nhập hoặc kết thúc. Hãy chọn cơ quan cuối cùng nhận việc.")
            % {"name": successor.local_name}
        )
    return [
        *said,
        *(_unfit_split(change, successor) if change.kind == Kind.SPLIT else _unfit_merger(agency, successor)),
    ]


def _not_finished(change: AgencyChange) -> list[str]:
    found = [item for item in work.work_of(change) if item.hinders and item.number]
    if not found:
        return []
    words = "; ".join(f"{item.label}: {item.number}" for item in found)
    return [
        _("Cơ quan còn việc (%(work)s). Hãy chọn sáp nhập để chuyển việc sang cơ quan khác, hoặc làm xong trước.")
        % {"work": words}
    ]


def _unfit_merger(agency: Agency, successor: Agency) -> list[str]:
    if (agency.kind in _CENTRES) != (successor.kind in _CENTRES):
        return [
            _("Trung tâm Phục vụ hành chính công chỉ sáp nhập với một trung tâm, cơ quan khác chỉ với cơ quan khác.")
        ]
    named = settings.PROVINCE_ADMINISTRATORS
    if agency.key in named and successor.key not in named:
        return [
            _(
                "Quản trị viên toàn tỉnh thuộc cơ quan này. Hãy đặt khóa của cơ quan tiếp nhận vào "
                "PROVINCE_ADMINISTRATORS trước, nếu không sẽ không còn ai quản trị toàn tỉnh."
            )
        ]
    above: Agency | None = successor
    while above is not None:
        if above.parent_id == agency.pk and above.pk != successor.pk:
            return [_("Cơ quan tiếp nhận nằm dưới một đơn vị của cơ quan này. Hãy đổi chỗ trực thuộc trước.")]
        above = above.parent
    return []


def _unfit_split(change: AgencyChange, successor: Agency) -> list[str]:
    agency = change.agency
    if not change.field_keys:
        return [_("Hãy chọn ít nhất một lĩnh vực được chuyển.")]
    if agency.key == successor.key:
        return [_("Hai cơ quan cùng khóa trong bảng thẩm quyền nên không chia lĩnh vực được. Hãy chọn cơ quan khác.")]
    near = {agency.territory_id, agency.territory.parent_id}
    if (
        successor.territory_id not in near
        or successor.key in COMMUNE_KEYS
        and successor.territory_id != agency.territory_id
    ):
        return [_("Cơ quan nhận lĩnh vực phải cùng địa bàn, hoặc của tỉnh.")]
    return []


def warnings_of(change: AgencyChange, *, today: date) -> list[str]:
    """What an administrator should know before deciding, though nothing stands against it."""
    agency, successor, said = change.agency, change.successor, []
    if successor is None:
        return []
    if change.kind == Kind.SPLIT:
        said.append(_("Vị trí của cán bộ không chuyển theo lĩnh vực: hãy chuyển từng vị trí ở trang Cán bộ và vị trí."))
        return said
    if agency.calendar_id != successor.calendar_id:
        said.append(
            _("Hai cơ quan theo lịch khác nhau: hạn của hồ sơ đang mở được tính lại theo lịch của cơ quan tiếp nhận.")
        )
    own = set(
        CollectionAccount.objects.valid(on=today).filter(agency_code=agency.code).values_list("provider", flat=True)
    )
    theirs = (
        CollectionAccount.objects.valid(on=today).filter(agency_code=successor.code).values_list("provider", flat=True)
    )
    if own - set(theirs):
        said.append(
            _(
                "Cơ quan tiếp nhận chưa khai tài khoản thu như cơ quan này: tiền nộp sau ngày đó vào tài khoản "
                "của tỉnh. Hãy khai trước."
            )
        )
    return said
