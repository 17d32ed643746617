"""The life cycle, whole: every action, from where, by whom, with what effect.

Pages' buttons, the API's actions and the diagram in docs/ are made from these rows. States are the national
portal's. Automatic rows can be executed by no person.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.lifecycle.rows import (
    consulting,
    correcting,
    ending,
    lateness,
    receiving,
    rerouting,
    scanning,
    settling,
    waiting,
)
from dossiers.lifecycle.transitions import Transition
from dossiers.models import DossierEvent

_ROWS = (
    *receiving.ROWS,
    *waiting.ROWS,
    *settling.ROWS,
    *consulting.ROWS,
    *lateness.ROWS,
    *ending.ROWS,
    *correcting.ROWS,
    *rerouting.ROWS,
    *scanning.ROWS,
)

TABLE: dict[str, Transition] = {row.action: row for row in _ROWS}

# What the set-based writers of a dossier leave in its history (docs/decisions), as the timeline says it.
SET_BASED: dict[str, str | Promise] = {
    "recalendar": _("Lịch làm việc thay đổi, các hạn được tính lại"),
    "moved_in": _("Hồ sơ được chuyển từ hệ thống khác"),
    "done_elsewhere": _("Đã làm ở hệ thống trước"),
    "taken_back": _("Hồ sơ chuyển nhầm được rút lại"),
    "agency_changed": _("Cơ quan được sắp xếp lại, hồ sơ chuyển cơ quan"),
    "agency_restored": _("Việc sắp xếp cơ quan được hủy, hồ sơ về cơ quan cũ"),
    "person_changed": _("Họ tên, số định danh của người nộp được xác thực hoặc sửa theo căn cước"),
}


def action_title(action: str) -> str:
    """What was done, as the timeline says it."""
    rule = TABLE.get(action)
    return str((rule.done or rule.label) if rule else SET_BASED.get(action, action))


def reason_for_applicant(event: DossierEvent) -> str:
    """What the applicant reads of why something was done; empty where officers only told each other."""
    rule = TABLE.get(event.action)
    return "" if rule is not None and rule.remarked else event.reason
