"""The buttons under a version, the same for every kind: templates/components/version_buttons.html draws them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.second_person import LOST, Author
from core.versions import Status, V, VersionRefused, Workflow

LARGEST_REVISION = 2**31 - 1


def posted_revision(data: Mapping[str, Any]) -> int:
    """The revision that a page was drawn with; LOST for what is no number."""
    text = str(data.get("revision", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else LOST


def version_buttons(
    workflow: Workflow[V], version: V, by: Author, *, may_edit: bool, may_decide: bool
) -> dict[str, Any]:
    """What the component needs: which buttons `by` has, and what stands against them.

    `anything` says whether it draws something at all; a pane that holds nothing else is left out without it.
    """
    decides = version.status == Status.SUBMITTED and may_decide
    edits = version.status in (Status.DRAFT, Status.SUBMITTED) and may_edit
    returned = version.status == Status.DRAFT and bool(version.returned_reason)
    return {
        "version": version,
        "anything": edits or decides or returned or (version.status == Status.IN_FORCE and may_decide),
        "blockers": workflow.blockers(version) if version.status == Status.DRAFT else [],
        "obstacles": workflow.obstacles(version, by) if decides else [],
        "may_edit": may_edit,
        "may_decide": may_decide,
        "own": not version.has_second_person(by),
        "needs_reason": workflow.needs_reason,
    }


def press_version_button(
    workflow: Workflow[V],
    version: V,
    data: Mapping[str, Any],
    *,
    by: Author,
    at: datetime,
    may_edit: bool,
    may_decide: bool,
) -> str:
    """Do what the posted button `do` says; returns the sentence for who pressed it. Raises Refused."""
    do, revision = str(data.get("do", "")), posted_revision(data)
    reason = str(data.get("reason", "")).replace("\x00", "")
    if do == "submit" and may_edit:
        workflow.submit_draft(version.pk, revision=revision, by=by, at=at)
        return _("Đã trình. Bản này áp dụng khi người thứ hai đồng ý.")
    if do == "return" and (may_edit or may_decide):
        workflow.return_draft(version.pk, reason=reason, by=by)
        return _("Đã trả lại để sửa.")
    if do == "discard" and may_edit:
        workflow.discard_draft(version.pk, by=by)
        return _("Đã bỏ bản nháp.")
    if do == "force" and may_decide:
        workflow.put_in_force(version.pk, revision=revision, by=by, at=at, reason=reason)
        return _("Đã đưa vào áp dụng.")
    if do == "undo" and may_decide:
        former = workflow.undo(version.pk, reason=reason, by=by, at=at)
        if former is None:
            return _("Đã hủy áp dụng. Không còn bản nào đang áp dụng.")
        return _("Đã hủy áp dụng. Bản %(n)s được áp dụng trở lại.") % {"n": former.number}
    raise VersionRefused(_("Trang không có nút đó. Hãy tải lại trang rồi thử lại."))


def overwrite_sentence() -> str:
    """Beside a StaleDraft, on a page that keeps what was typed."""
    return _("Hãy mở bản đã lưu ở một cửa sổ khác để so. Nếu bấm lưu lần nữa, bản của bạn thay bản đó.")
