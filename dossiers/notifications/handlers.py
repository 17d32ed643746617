"""Whom an action notifies: outbox handlers, each safe to run twice."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dossiers.access.tracking import PIN_ORDER, make_pin
from dossiers.correspondence import notifications  # noqa: F401
from dossiers.fees import amounts, display
from dossiers.lifecycle import TABLE
from dossiers.models import ENDED_STATES, Dossier, DossierEvent, State, TrackingPin
from dossiers.notifications import kinds, recipients  # noqa: F401
from dossiers.recalculation import notifications as recalculation_notifications  # noqa: F401
from journal.outbox import handler
from notices.models import Notice
from notices.notify import Recipient, notify
from vietnam.dates import format_moment
from vietnam.money import format_money


@handler("dossiers.tell")
def notify_of_action(payload: dict[str, Any]) -> None:
    event = DossierEvent.objects.get(pk=payload["event"])
    dossier = recipients.dossier_to_notify_of(event.dossier_id)
    rule = TABLE[event.action]
    for audience, found in recipients.each_once(rule.notifies, dossier):
        # Nobody needs to be told what they did themselves.
        others = [each for each in found if each.account is None or each.account.pk != event.account_id]
        for language, readers in recipients.by_language(others).items():
            notify(
                f"event:{event.pk}:{audience}",
                readers,
                "dossier_applicant" if audience == "applicant" else "dossier_staff",
                _context(dossier, language, event),
                link=recipients.link_for(audience, dossier),
                at=min(event.at, event.recorded_at),
            )


_NOTIFIED = {"due_soon": ["holder"], "overdue": ["holder", "head"], "escalated": ["supervisor"], "apology": ["head"]}


@handler("dossiers.crossing")
def notify_of_deadline_alert(payload: dict[str, Any]) -> None:
    """Due soon: whoever works on it. Overdue: that person, and then the head. For long: who supervises. The letter to
    sign: the head."""
    dossier = recipients.dossier_to_notify_of(payload["dossier"])
    due_at = datetime.fromisoformat(payload["due_at"])
    if dossier.due_at != due_at or dossier.state not in (State.RECEIVED, State.PROCESSING):
        return  # it moved on before the message was handled
    for audience, found in recipients.each_once(_NOTIFIED[payload["kind"]], dossier):
        for language, readers in recipients.by_language(found).items():
            notify(
                f"crossing:{payload['kind']}:{dossier.pk}:{payload['due_at']}:{audience}",
                readers,
                payload["kind"],
                _context(dossier, language),
                link=recipients.link_for(audience, dossier),
                at=timezone.now(),
            )


@handler("dossiers.pin")
def send_pin(payload: dict[str, Any]) -> None:
    pin = TrackingPin.objects.filter(uid=payload["pin"]).first()
    if pin is None:
        return  # asked for more than a day ago
    dossier = recipients.dossier_to_notify_of(pin.dossier_id)
    key = f"pin:{pin.uid.hex}"
    if Notice.objects.filter(key=key).exists():
        return  # another one would make the first void
    applicant = dossier.filer.account
    language = applicant.language if applicant else "vi"
    notify(
        key,
        [Recipient(None, dossier.contact_email, language, dossier.contact_phone, order=PIN_ORDER)],
        "pin",
        {**_context(dossier, language), "pin": make_pin(pin, at=timezone.now())},
        link=reverse("track-dossier", args=[dossier.code]),
        at=timezone.now(),
        on_portal=False,
    )


def _context(dossier: Dossier, language: str, event: DossierEvent | None = None) -> dict[str, Any]:
    edition = dossier.edition
    title = edition.title_en if language == "en" and edition.title_en else edition.title
    due = format_moment(timezone.localtime(dossier.due_at)) if dossier.due_at else ""
    facts: dict[str, Any] = {"code": dossier.code, "owner": dossier.owner_name, "title": title, "due": due}
    if (agency := dossier.settling_agency) is not None:
        facts["agency"] = (language == "en" and agency.name_en) or agency.name
    if event is None:
        return facts
    with translation.override(language):
        rule = TABLE[event.action]
        return facts | {
            "done": str(rule.done or rule.label),
            "actor": event.local_actor,
            "reason": event.reason,
            "items": event.facts.get("items", []),
            "fee": display.fee_notice_lines(dossier, event.facts),
            "next": _next(dossier, event),
            "answer_due": _answer_due(dossier),
            "public_url": settings.PUBLIC_URL,
        }


def _answer_due(dossier: Dossier) -> str:
    """Until when the counter answers an online filing; empty once it has."""
    waits = dossier.state == State.FILED and dossier.answer_due_at is not None
    return format_moment(timezone.localtime(dossier.answer_due_at)) if waits else ""


def _next(dossier: Dossier, event: DossierEvent) -> str:
    """What the applicant should expect or do now, in the language in force. While a fee is open that comes first.

    News of an earlier act may be written after a later one: it does not list what the later one asks for.
    """
    if dossier.fee_amount and dossier.fee_settled_at is None and dossier.state not in ENDED_STATES:
        return _("hãy nộp phí, lệ phí %(amount)s; mở hồ sơ để xem cách nộp.") % {
            "amount": format_money(amounts.open_fee(dossier) or dossier.fee_amount)
        }
    if dossier.state in (State.SUPPLEMENT, State.FINANCIAL) and event.to_state != dossier.state:
        return _("cơ quan đang chờ bạn; mở hồ sơ để xem cần bổ sung hoặc nộp gì.")
    return {
        State.FILED: _("bộ phận một cửa kiểm tra và trả lời bạn trong giờ làm việc."),
        State.PROCESSING: _("cơ quan giải quyết xử lý hồ sơ, bạn chưa phải làm gì."),
        State.SUPPLEMENT: _("hãy bổ sung giấy tờ nêu trên; thời gian chờ không tính vào hạn."),
        State.FINANCIAL: _("hãy nộp khoản tiền nêu trên; thời gian chờ không tính vào hạn."),
        State.DONE: _("hãy nhận kết quả theo cách bạn đã chọn."),
        State.WITHDRAWN: _("bộ phận một cửa dừng giải quyết và trả lại giấy tờ; không phải bạn yêu cầu thì gọi ngay."),
    }.get(State(dossier.state), "")
