"""Every act in the life of an edition: from where, to where, by whom, with what asked. Pages are made from these rows.

The order of the ways follows the control of administrative procedures: the unit drafts and reviews, whoever has the
competence approves, the decision is announced, and what was announced is publicised in time. Who approves is a setting
(CATALOGUE_APPROVERS), since provinces delegate it differently.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from procedures.editions.lifecycle import effects, guards
from procedures.models import Edition

Status = Edition.Status


class Who(Enum):
    DRAFTER = "drafter"  # the catalogue controller
    REVIEWER = "reviewer"  # the catalogue controller or the supervisor of procedures
    APPROVER = "approver"  # a leader of the agencies named by CATALOGUE_APPROVERS
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Asked:
    """Something that must be said with an act. `kind`: line, text or date."""

    name: str
    label: Promise
    kind: str = "line"
    required: bool = True
    hint: Promise | str = ""


@dataclass
class Act:
    """One act under way: the locked edition, who acts, when, and what was said."""

    edition: Edition
    by: Actor
    at: datetime
    said: dict[str, Any]
    recorded: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    action: str
    label: Promise
    done: Promise
    sources: tuple[Status, ...]
    target: Status | Callable[[Act], str]
    who: Who
    asks: tuple[Asked, ...] = ()
    guards: tuple[Callable[[Act], None], ...] = ()
    effects: tuple[Callable[[Act], None], ...] = ()
    tells: tuple[Who, ...] = ()  # who has something to do next
    danger: bool = False


REASON = Asked("reason", _("Lý do"), kind="text")
NUMBER = Asked("decision_number", _("Số quyết định"), hint=_("Ví dụ 1582/QĐ-UBND"))
DAY = Asked("decision_date", _("Ngày ký quyết định"), kind="date")
FROM = Asked("effective_from", _("Áp dụng từ ngày"), kind="date", hint=_("Có thể là một ngày sắp tới."))

_ROWS = (
    Move(
        "review",
        _("Xác nhận đã soát"),
        _("Đã soát dự thảo"),
        (Status.DRAFT,),
        Status.REVIEWED,
        Who.REVIEWER,
        guards=(guards.valid, guards.complete, guards.changes_something, guards.follows_the_present),
        effects=(effects.reviewed,),
        tells=(Who.APPROVER,),
    ),
    Move(
        "approve",
        _("Duyệt"),
        _("Đã duyệt"),
        (Status.REVIEWED,),
        Status.APPROVED,
        Who.APPROVER,
        guards=(guards.somebody_else, guards.follows_the_present),
        effects=(effects.approved,),
        tells=(Who.DRAFTER,),
    ),
    Move(
        "announce",
        _("Ghi quyết định công bố"),
        _("Đã có quyết định công bố"),
        (Status.APPROVED,),
        Status.ANNOUNCED,
        Who.DRAFTER,
        asks=(NUMBER, DAY, FROM),
        guards=(guards.decided_already, guards.begins_in_reach),
        effects=(effects.announced,),
        tells=(Who.DRAFTER,),
    ),
    Move(
        "publish",
        _("Công khai"),
        _("Đã công khai"),
        (Status.ANNOUNCED,),
        effects.begins_today,
        Who.DRAFTER,
        guards=(guards.follows_the_present,),
        effects=(effects.publicised,),
    ),
    Move(
        "begin",
        _("Bắt đầu áp dụng"),
        _("Bắt đầu áp dụng"),
        (Status.UPCOMING,),
        Status.PUBLISHED,
        Who.AUTOMATIC,
        guards=(guards.day_has_come,),
        effects=(effects.begun,),
    ),
    Move(
        "confirm_route",
        _("Xác nhận quy trình điện tử đã sẵn sàng"),
        _("Quy trình điện tử đã sẵn sàng"),
        (Status.ANNOUNCED, Status.UPCOMING, Status.PUBLISHED),
        effects.stays,
        Who.DRAFTER,
        guards=(guards.route_is_awaited,),
        effects=(effects.route_ready,),
    ),
    Move(
        "send_back",
        _("Trả lại để sửa"),
        _("Đã trả lại để sửa"),
        (Status.REVIEWED, Status.APPROVED, Status.ANNOUNCED),
        Status.DRAFT,
        Who.REVIEWER,
        asks=(REASON,),
        effects=(effects.sent_back,),
        tells=(Who.DRAFTER,),
    ),
    Move(
        "refuse",
        _("Không duyệt, trả lại"),
        _("Không duyệt, đã trả lại"),
        (Status.REVIEWED,),
        Status.DRAFT,
        Who.APPROVER,
        asks=(REASON,),
        effects=(effects.sent_back,),
        tells=(Who.DRAFTER,),
    ),
    Move(
        "withdraw",
        _("Rút dự thảo"),
        _("Đã rút dự thảo"),
        (Status.DRAFT, Status.REVIEWED, Status.APPROVED),
        Status.WITHDRAWN,
        Who.DRAFTER,
        asks=(REASON,),
        effects=(effects.ended,),
        danger=True,
    ),
    Move(
        "suspend",
        _("Tạm ngừng"),
        _("Đã tạm ngừng"),
        (Status.PUBLISHED,),
        Status.SUSPENDED,
        Who.APPROVER,
        asks=(NUMBER, DAY, REASON),
        guards=(guards.somebody_else, guards.decided_already),
        effects=(effects.decided_by,),
        danger=True,
    ),
    Move(
        "resume",
        _("Áp dụng trở lại"),
        _("Áp dụng trở lại"),
        (Status.SUSPENDED,),
        Status.PUBLISHED,
        Who.APPROVER,
        asks=(REASON,),
    ),
    Move(
        "abolish",
        _("Bãi bỏ thủ tục"),
        _("Đã bãi bỏ"),
        (Status.PUBLISHED, Status.SUSPENDED),
        Status.ABOLISHED,
        Who.APPROVER,
        asks=(NUMBER, DAY, REASON),
        guards=(guards.somebody_else, guards.decided_already, guards.nothing_under_way),
        effects=(effects.decided_by, effects.ended, effects.left_the_catalogue),
        danger=True,
    ),
)

TABLE: dict[str, Move] = {move.action: move for move in _ROWS}
# Acts that others write: what is said of them in a history.
OTHERS: dict[str, Promise] = {
    "draft": _("Đã lập dự thảo"),
    "edit": _("Đã sửa dự thảo"),
    "rebase": _("Đã cập nhật dự thảo theo bản đang áp dụng"),
    "confirm": _("Đã duyệt điều được đề xuất xác nhận"),
    "publish_directly": _("Công bố trực tiếp theo nguồn"),
    "supersede": _("Được bản mới thay thế"),
}


def done_words(action: str) -> str:
    return str(TABLE[action].done if action in TABLE else OTHERS.get(action, action))


def today_of(at: datetime) -> date:
    return effects.today_of(at)
