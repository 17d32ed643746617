"""What an applicant reads first on a dossier's page: what happened last; of a refusal why, and what they can do."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dossiers.models import Dossier, State

_AGAIN = (State.NOT_RECEIVED, State.STOPPED)


def latest_of(dossier: Dossier, timeline: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest line of the public history with its tone, and the next step where it is a refusal; None before any."""
    if not timeline:
        return None
    refused = dossier.state in _AGAIN or dossier.outcome == "refused"
    return {**timeline[0], "refused": refused, "next": _next_step(dossier) if refused else [], "reason": _why(timeline)}


def _why(timeline: list[dict[str, Any]]) -> str:
    """The newest words that say why; the last action may have none, as when a refusal is returned."""
    return next((line["text"] for line in timeline if line["text"]), "")


def _next_step(dossier: Dossier) -> list[dict[str, str]]:
    steps = []
    if dossier.state in _AGAIN:
        steps.append(
            {
                "label": _("Sửa theo lý do trên rồi nộp hồ sơ mới"),
                "url": reverse("file-start", args=[dossier.edition.procedure.code]),
            }
        )
    else:
        steps.append({"label": _("Đọc văn bản trả lời ở phần Kết quả; đủ điều kiện thì nộp lại"), "url": ""})
    if dossier.destroyed_at is None:
        steps.append(
            {
                "label": _("Chưa rõ hoặc không đồng ý: gửi phản ánh, kiến nghị"),
                "url": reverse("feedback-dossier", args=[dossier.code]),
            }
        )
    return steps
