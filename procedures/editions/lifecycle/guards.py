"""What must hold before an action on an edition; each guard raises Refused with what to do next."""

from datetime import timedelta

from django.utils.translation import gettext as _

from core.refusals import NotAllowed, Refused
from procedures.editions.document import digest_of, problems_of
from procedures.editions.lifecycle.completeness import gaps_in
from procedures.editions.lifecycle.effects import today_of
from procedures.editions.lifecycle.transitions import Action
from procedures.models import UNDER_WAY, Edition

FARTHEST = timedelta(days=366)


def valid(action: Action) -> None:
    if found := problems_of(action.edition.facts):
        raise Refused("invalid", _("Dự thảo còn chỗ chưa đúng: %(problems)s") % {"problems": "; ".join(found[:5])})


def complete(action: Action) -> None:
    """The first edition of a procedure says everything that people and desks need; later ones change it."""
    if action.edition.based_on_id is None and (missing := gaps_in(action.edition.facts)):
        text = _("Thủ tục mới còn thiếu: %(gaps)s Hãy điền rồi soát lại.")
        raise Refused("gaps", text % {"gaps": " ".join(sentence for _part, sentence in missing)})


def changes_something(action: Action) -> None:
    base = action.edition.based_on
    if base is not None and base.facts_sha256 == digest_of(action.edition.facts):
        raise Refused("nothing", _("Dự thảo chưa khác bản đang áp dụng. Hãy sửa ít nhất một điều rồi soát lại."))


def follows_the_present(action: Action) -> None:
    if action.edition.procedure.current_id != action.edition.based_on_id:
        raise Refused(
            "overtaken",
            _(
                "Bản đang áp dụng đã đổi từ khi lập dự thảo này. Hãy trả lại dự thảo rồi bấm "
                "“Cập nhật theo bản đang áp dụng” để không mất điểm nào."
            ),
        )


def somebody_else(action: Action) -> None:
    """Four eyes: nobody approves or ends what they drafted, changed or reviewed. The database holds it too."""
    if action.by.account_id is None or action.by.account_id in action.edition.editors:
        raise NotAllowed(
            "four_eyes", _("Người soạn hoặc người soát không được tự duyệt. Hãy nhờ người khác có thẩm quyền.")
        )


def decided_already(action: Action) -> None:
    if action.inputs["decision_date"] > today_of(action.at):
        raise Refused("future", _("Ngày ký quyết định không được sau hôm nay."), field="decision_date")


def begins_in_reach(action: Action) -> None:
    """A slip of the year is the likeliest mistake; nothing is announced more than a year ahead."""
    distance = action.inputs["effective_from"] - today_of(action.at)
    if abs(distance) > FARTHEST:
        raise Refused("far", _("Ngày áp dụng cách hôm nay hơn một năm. Hãy kiểm tra lại năm."), field="effective_from")


def day_has_come(action: Action) -> None:
    if action.edition.effective_from and action.edition.effective_from > today_of(action.at):
        raise Refused("early", _("Chưa đến ngày áp dụng."))


def route_is_awaited(action: Action) -> None:
    if action.edition.route_by is None or action.edition.route_ready_at is not None:
        raise Refused("not_awaited", _("Bản này không chờ xác nhận quy trình điện tử."))


def nothing_under_way(action: Action) -> None:
    waiting = [*UNDER_WAY, Edition.Status.UPCOMING]
    if Edition.objects.filter(procedure_id=action.edition.procedure_id, status__in=waiting).exists():
        raise Refused(
            "under_way", _("Thủ tục còn một dự thảo hoặc một bản chờ hiệu lực. Hãy rút bản đó trước khi bãi bỏ.")
        )
