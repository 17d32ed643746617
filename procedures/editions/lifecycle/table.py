"""The approval workflow of an edition, whole: every action, from where, to where, by whom.

Pages are made from these rows. Their order follows the control of administrative procedures: the unit drafts and
reviews, whoever has the competence approves, the decision is announced, and what was announced is publicised in time.
Who approves is a setting (CATALOGUE_APPROVERS), since provinces delegate it differently.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procedures.editions.lifecycle import effects, guards
from procedures.editions.lifecycle.transitions import ActionField, Relation, Status, Transition

REASON = ActionField("reason", _("Lý do"), kind="text")
NUMBER = ActionField("decision_number", _("Số quyết định"), kind="line", hint=_("Ví dụ 1582/QĐ-UBND"))
DAY = ActionField("decision_date", _("Ngày ký quyết định"), kind="date")
FROM = ActionField("effective_from", _("Áp dụng từ ngày"), kind="date", hint=_("Có thể là một ngày sắp tới."))

_ROWS = (
    Transition(
        "review",
        _("Xác nhận đã soát"),
        (Status.DRAFT,),
        Status.REVIEWED,
        (Relation.REVIEWER,),
        done=_("Đã soát dự thảo"),
        guards=(guards.valid, guards.complete, guards.changes_something, guards.follows_the_present),
        effects=(effects.reviewed,),
    ),
    Transition(
        "approve",
        _("Duyệt"),
        (Status.REVIEWED,),
        Status.APPROVED,
        (Relation.APPROVER,),
        done=_("Đã duyệt"),
        guards=(guards.somebody_else, guards.follows_the_present),
        effects=(effects.approved,),
    ),
    Transition(
        "announce",
        _("Ghi quyết định công bố"),
        (Status.APPROVED,),
        Status.ANNOUNCED,
        (Relation.DRAFTER,),
        done=_("Đã có quyết định công bố"),
        fields=(NUMBER, DAY, FROM),
        guards=(guards.decided_already, guards.begins_in_reach),
        effects=(effects.announced,),
    ),
    Transition(
        "publish",
        _("Công khai"),
        (Status.ANNOUNCED,),
        effects.begins_today,
        (Relation.DRAFTER,),
        done=_("Đã công khai"),
        guards=(guards.follows_the_present,),
        effects=(effects.publicised,),
    ),
    Transition(
        "begin",
        _("Bắt đầu áp dụng"),
        (Status.UPCOMING,),
        Status.PUBLISHED,
        (Relation.AUTOMATIC,),
        done=_("Bắt đầu áp dụng"),
        guards=(guards.day_has_come,),
        effects=(effects.begun,),
    ),
    Transition(
        "confirm_route",
        _("Xác nhận quy trình điện tử đã sẵn sàng"),
        (Status.ANNOUNCED, Status.UPCOMING, Status.PUBLISHED),
        effects.stays,
        (Relation.DRAFTER,),
        done=_("Quy trình điện tử đã sẵn sàng"),
        guards=(guards.route_is_awaited,),
        effects=(effects.route_ready,),
    ),
    Transition(
        "send_back",
        _("Trả lại để sửa"),
        (Status.REVIEWED, Status.APPROVED, Status.ANNOUNCED),
        Status.DRAFT,
        (Relation.REVIEWER,),
        done=_("Đã trả lại để sửa"),
        fields=(REASON,),
        effects=(effects.sent_back,),
    ),
    Transition(
        "refuse",
        _("Không duyệt, trả lại"),
        (Status.REVIEWED,),
        Status.DRAFT,
        (Relation.APPROVER,),
        done=_("Không duyệt, đã trả lại"),
        fields=(REASON,),
        effects=(effects.sent_back,),
    ),
    Transition(
        "withdraw",
        _("Rút dự thảo"),
        (Status.DRAFT, Status.REVIEWED, Status.APPROVED),
        Status.WITHDRAWN,
        (Relation.DRAFTER,),
        done=_("Đã rút dự thảo"),
        fields=(REASON,),
        effects=(effects.ended,),
        danger=True,
    ),
    Transition(
        "suspend",
        _("Tạm ngừng"),
        (Status.PUBLISHED,),
        Status.SUSPENDED,
        (Relation.APPROVER,),
        done=_("Đã tạm ngừng"),
        fields=(NUMBER, DAY, REASON),
        guards=(guards.somebody_else, guards.decided_already),
        effects=(effects.decided_by,),
        danger=True,
    ),
    Transition(
        "resume",
        _("Áp dụng trở lại"),
        (Status.SUSPENDED,),
        Status.PUBLISHED,
        (Relation.APPROVER,),
        done=_("Áp dụng trở lại"),
        fields=(REASON,),
    ),
    Transition(
        "abolish",
        _("Bãi bỏ thủ tục"),
        (Status.PUBLISHED, Status.SUSPENDED),
        Status.ABOLISHED,
        (Relation.APPROVER,),
        done=_("Đã bãi bỏ"),
        fields=(NUMBER, DAY, REASON),
        guards=(guards.somebody_else, guards.decided_already, guards.nothing_under_way),
        effects=(effects.decided_by, effects.ended, effects.left_the_catalogue),
        danger=True,
    ),
)

TABLE: dict[str, Transition] = {row.action: row for row in _ROWS}
# What other writers of an edition leave in its history, in words.
WRITTEN_ELSEWHERE: dict[str, Promise] = {
    "draft": _("Đã lập dự thảo"),
    "edit": _("Đã sửa dự thảo"),
    "rebase": _("Đã cập nhật dự thảo theo bản đang áp dụng"),
    "confirm": _("Đã duyệt điều được đề xuất xác nhận"),
    "publish_directly": _("Công bố trực tiếp theo nguồn"),
    "supersede": _("Được bản mới thay thế"),
}


def done_words(action: str) -> str:
    return str(TABLE[action].done if action in TABLE else WRITTEN_ELSEWHERE.get(action, action))
