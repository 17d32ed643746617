"""Opinions of other bodies: asked by the officer or by the route, answered or given up, before the dossier goes on."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.calendars import calendar_of
from agencies.models import Agency
from core.refusals import Refused
from dossiers.lifecycle.transitions import Action
from dossiers.models import Opinion
from procedures.competence.lookup import agency_at
from vietnam import working_time

AT_MOST = 10  # bodies asked at once
_WAITED_FOR = """
    SELECT agency.name FROM dossiers_opinion AS opinion JOIN agencies_agency AS agency ON agency.id = opinion.agency_id
    WHERE opinion.dossier_id = %s AND opinion.ended_at IS NULL ORDER BY opinion.id LIMIT %s
"""


def request_opinions(action: Action) -> None:
    """Each body gets the same working time from its own office hours; none outlives the dossier's due date."""
    agencies: list[Agency] = list(action.inputs["agencies"])
    if len(agencies) > AT_MOST:
        raise Refused("too_many", _("Chỉ hỏi tối đa %(n)s cơ quan một lần.") % {"n": AT_MOST}, field="agencies")
    if any(agency.pk == action.dossier.settling_agency_id for agency in agencies):
        raise Refused("own_agency", _("Cơ quan giải quyết không lấy ý kiến chính mình."), field="agencies")
    waiting = set(action.dossier.opinions.filter(ended_at=None).values_list("agency_id", flat=True))
    for agency in agencies:
        if agency.pk in waiting:
            raise Refused(
                "asked_before", _("%(agency)s đang được hỏi, chưa trả lời.") % {"agency": agency.name}, field="agencies"
            )
    minutes = _minutes(action.inputs["limit_days"])
    for agency in agencies:
        _open(action, agency, action.inputs["question"], minutes)
    action.recorded["agencies"] = [agency.name for agency in agencies]


def ask_planned(action: Action) -> None:
    """What the route asks at the step that has just begun; a body that answered before is not asked again."""
    dossier = action.dossier
    if dossier.step is None:
        return
    here: dict[str, Any] = next((step for step in dossier.route if step["key"] == dossier.step.key), {})
    planned = here.get("opinions", [])
    if not planned:
        return
    asked = set(dossier.opinions.values_list("agency_id", flat=True))
    territory, names = dossier.settler.territory, []
    for wanted in planned:
        agency = agency_at(wanted["agency_key"], territory, timezone.localdate(action.at))
        if agency is None or agency.pk in asked or agency.pk == dossier.settling_agency_id:
            continue
        _open(action, agency, wanted.get("question") or _("Đề nghị cho ý kiến về hồ sơ."), wanted["minutes"])
        asked.add(agency.pk)
        names.append(agency.name)
    if names:
        action.recorded["agencies"] = names


def give_opinion(action: Action) -> None:
    opinion = action.dossier.opinions.select_for_update().get(agency=action.by.post.agency_id, ended_at=None)
    if action.inputs["view"] not in Opinion.View.values:
        raise Refused("unknown_view", _("Hãy chọn một ý kiến trong danh sách."), field="view")
    opinion.view, opinion.answer, opinion.file = (
        action.inputs["view"],
        action.inputs["answer"],
        action.inputs.get("file"),
    )
    opinion.answered_by = action.by.post
    _end(opinion, action)
    action.recorded |= {"agency": opinion.agency.name, "view": opinion.view, "answer": opinion.answer}


def close_opinions(action: Action) -> None:
    """The officer goes on without an answer and says why; the body's time stays on record."""
    wanted = action.inputs["opinion"]
    opinion = action.dossier.opinions.filter(ended_at=None, pk=getattr(wanted, "pk", wanted)).first()
    if opinion is None:
        raise Refused("unknown_opinion", _("Cơ quan này không còn được chờ ý kiến."), field="opinion")
    _end(opinion, action)
    action.recorded["agency"] = opinion.agency.name


def some_open(action: Action) -> None:
    if not action.dossier.opinions.filter(ended_at=None).exists():
        raise Refused("none_open", _("Hồ sơ không chờ ý kiến của cơ quan nào."))


def all_in(action: Action) -> None:
    """The join of the parallel branches."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITED_FOR, [action.dossier.pk, AT_MOST])
        names = ", ".join(name for (name,) in cursor.fetchall())
    if names:
        raise Refused(
            "opinions_open",
            _("Còn chờ ý kiến của: %(names)s. Hãy chờ trả lời, hoặc thôi chờ và nêu lý do.") % {"names": names},
        )


def _open(action: Action, agency: Agency, question: str, minutes: int) -> None:
    due_at = working_time.step_due(calendar_of(agency), action.at, minutes, ceiling=action.dossier.due_at)
    Opinion.objects.create(
        dossier=action.dossier,
        agency=agency,
        question=question,
        minutes=minutes,
        asked_by=action.by.post,
        asked_at=action.at,
        due_at=due_at,
    )


def _end(opinion: Opinion, action: Action) -> None:
    opinion.ended_at = max(action.at, opinion.asked_at)
    opinion.used_minutes = working_time.minutes_between(calendar_of(opinion.agency), opinion.asked_at, opinion.ended_at)
    opinion.save()


def _minutes(given: object) -> int:
    try:
        days = Decimal(str(given).replace(",", "."))
    except InvalidOperation:
        days = Decimal(0)
    if not Decimal("0.25") <= days <= 60 or days % Decimal("0.25"):
        raise Refused(
            "bad_limit", _("Hãy nhập thời hạn từ 0,25 đến 60 ngày làm việc, lẻ đến 0,25 ngày."), field="limit_days"
        )
    return int(days * working_time.MINUTES_OF_WORKING_DAY)
