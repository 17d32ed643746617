"""Conditions of the acts in an edition's life. Each raises EditionRefused with what to do next."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from procedures.editions.document import digest_of, problems_of
from procedures.editions.lifecycle.completeness import gaps_in
from procedures.editions.lifecycle.effects import today_of
from procedures.editions.lifecycle.refusals import EditionRefused
from procedures.models import UNDER_WAY, Edition

if TYPE_CHECKING:
    from procedures.editions.lifecycle.table import Act

FARTHEST = timedelta(days=366)


def valid(act: "Act") -> None:
    if found := problems_of(act.edition.facts):
        raise EditionRefused(
            "invalid", _("Dự thảo còn chỗ chưa đúng: %(problems)s") % {"problems": "; ".join(found[:5])}
        )


def complete(act: "Act") -> None:
    """The first edition of a procedure says everything that people and desks need; later ones change it."""
    if act.edition.based_on_id is None and (missing := gaps_in(act.edition.facts)):
        text = _("Thủ tục mới còn thiếu: %(gaps)s Hãy điền rồi soát lại.")
        raise EditionRefused("gaps", text % {"gaps": " ".join(sentence for _part, sentence in missing)})


def changes_something(act: "Act") -> None:
    base = act.edition.based_on
    if base is not None and base.facts_sha256 == digest_of(act.edition.facts):
        raise EditionRefused("nothing", _("Dự thảo chưa khác bản đang áp dụng. Hãy sửa ít nhất một điều rồi soát lại."))


def follows_the_present(act: "Act") -> None:
    if act.edition.procedure.current_id != act.edition.based_on_id:
        raise EditionRefused(
            "overtaken",
            _(
                "Bản đang áp dụng đã đổi từ khi lập dự thảo này. Hãy trả lại dự thảo rồi bấm "
                "“Cập nhật theo bản đang áp dụng” để không mất điểm nào."
            ),
        )


def somebody_else(act: "Act") -> None:
    """Four eyes: nobody approves or ends what they drafted, changed or reviewed. The database holds it too."""
    if act.by.account_id is None or act.by.account_id in act.edition.editors:
        raise EditionRefused(
            "four_eyes", _("Người soạn hoặc người soát không được tự duyệt. Hãy nhờ người khác có thẩm quyền.")
        )


def decided_already(act: "Act") -> None:
    if act.said["decision_date"] > today_of(act.at):
        raise EditionRefused("future", _("Ngày ký quyết định không được sau hôm nay."), field="decision_date")


def begins_in_reach(act: "Act") -> None:
    """A slip of the year is the likeliest mistake; nothing is announced more than a year ahead."""
    distance = act.said["effective_from"] - today_of(act.at)
    if abs(distance) > FARTHEST:
        raise EditionRefused(
            "far", _("Ngày áp dụng cách hôm nay hơn một năm. Hãy kiểm tra lại năm."), field="effective_from"
        )


def day_has_come(act: "Act") -> None:
    if act.edition.effective_from and act.edition.effective_from > today_of(act.at):
        raise EditionRefused("early", _("Chưa đến ngày áp dụng."))


def route_is_awaited(act: "Act") -> None:
    if act.edition.route_by is None or act.edition.route_ready_at is not None:
        raise EditionRefused("not_awaited", _("Bản này không chờ xác nhận quy trình điện tử."))


def nothing_under_way(act: "Act") -> None:
    waiting = [*UNDER_WAY, Edition.Status.UPCOMING]
    if Edition.objects.filter(procedure_id=act.edition.procedure_id, status__in=waiting).exists():
        raise EditionRefused(
            "under_way", _("Thủ tục còn một dự thảo hoặc một bản chờ hiệu lực. Hãy rút bản đó trước khi bãi bỏ.")
        )
