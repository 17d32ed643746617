"""Why a dossier stands where it stands: what it waits for, since when, and at whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kept_queries import ANY_KEYS, Among, KeptQuery
from dossiers.models import Dossier, Opinion, State, Substate, SupplementRequest, UnopenedLink

_SUPPLEMENTS = KeptQuery(
    lambda keys: SupplementRequest.objects.filter(Among("dossier", keys), answered_at=None).only("dossier", "asked_at"),
    keys=ANY_KEYS,
)
_OPINIONS = KeptQuery(
    lambda keys: Opinion.objects.filter(Among("dossier", keys), ended_at=None).select_related("agency"), keys=ANY_KEYS
)
_LINKS = KeptQuery(
    lambda keys: UnopenedLink.objects.filter(Among("dossier", keys), opened_at=None).only("dossier", "since"),
    keys=ANY_KEYS,
)


@dataclass(frozen=True)
class Reason:
    """One thing that is waited for, in words, and since when."""

    text: str
    since: datetime | None


def reasons_of(dossiers: Sequence[Dossier], *, at: datetime) -> dict[int, list[Reason]]:
    """For each dossier (with `step`, `holder__account` and `edition` loaded) why it is not further, the outer causes
    before the step. Three statements, however many there are."""
    pks = [dossier.pk for dossier in dossiers]
    found: dict[int, list[Reason]] = {pk: [] for pk in pks}
    for asked in _SUPPLEMENTS.records(keys=pks) if pks else ():
        found[asked.dossier_id].append(Reason(_("Chờ người nộp bổ sung giấy tờ"), asked.asked_at))
    for opinion in _OPINIONS.records(keys=pks) if pks else ():
        words = (
            _("Chờ ý kiến của %(agency)s, quá hạn trả lời") if opinion.due_at < at else _("Chờ ý kiến của %(agency)s")
        )
        found[opinion.dossier_id].append(Reason(words % {"agency": opinion.agency.local_name}, opinion.asked_at))
    for link in _LINKS.records(keys=pks) if pks else ():
        found[link.dossier_id].append(Reason(_("Chưa mở được hồ sơ liên thông"), link.since))
    for dossier in dossiers:
        found[dossier.pk] += _of_state(dossier) + _of_step(dossier, at)
    return found


def _of_state(dossier: Dossier) -> list[Reason]:
    if dossier.state == State.FINANCIAL:
        return [Reason(_("Chờ người nộp thực hiện nghĩa vụ tài chính"), dossier.waiting_since)]
    if dossier.state == State.FILED:
        return [Reason(_("Bộ phận một cửa chưa trả lời hồ sơ trực tuyến"), dossier.filed_at)]
    if dossier.state == State.DONE:
        return [Reason(_("Có kết quả, chờ người nộp đến nhận"), dossier.finished_at)]
    if dossier.state == State.PROCESSING and dossier.substate == Substate.SUSPENDED:
        return [Reason(_("Thời hạn tạm dừng theo luật chuyên ngành"), None)]
    return []


def _of_step(dossier: Dossier, at: datetime) -> list[Reason]:
    step, holder = dossier.step, dossier.holder
    if step is None or step.follows_the_result:
        return []
    name = (get_language() == "en" and step.name_en) or step.name
    if holder is not None and (holder.valid_to is not None or not holder.account.is_active):
        return [
            Reason(_("Người giữ bước “%(step)s” không còn làm việc ở vị trí này") % {"step": name}, step.started_at)
        ]
    if holder is None:
        return [Reason(_("Chưa ai nhận bước “%(step)s”") % {"step": name}, step.started_at)]
    if step.due_at is not None and step.due_at < at:
        return [Reason(_("Quá hạn của bước “%(step)s”, ở bước này") % {"step": name}, step.started_at)]
    return [Reason(_("Đang ở bước “%(step)s”") % {"step": name}, step.started_at)]
