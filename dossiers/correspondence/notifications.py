"""Whom messages, complaints and suggestions notify: outbox handlers, each safe to run twice."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dossiers.correspondence.feedback import HEADS
from dossiers.models import DeadlineRecalculation, Dossier, DossierMessage, Feedback
from dossiers.notifications import recipients as audiences
from journal.outbox import handler
from notices.choices import Recipient
from notices.notify import notify
from vietnam.dates import format_moment
from vietnam.text import excerpt

WATCHED = ("due_soon", "overdue")  # crossings of the date that is in force
EXCERPT = 300  # characters of a message that a notice repeats


@handler("dossiers.message")
def notify_of_message(payload: dict[str, Any]) -> None:
    message = DossierMessage.objects.get(pk=payload["message"])
    dossier = audiences.dossier_to_notify_of(message.dossier_id)
    if message.from_applicant:
        audience, kind, link = "answering", "message_staff", reverse("dossier-messages", args=[dossier.code])
    else:
        audience, kind, link = "applicant", "message_applicant", reverse("my-dossier-messages", args=[dossier.uid])
    for recipient in audiences.recipients_of(audience, dossier):
        if recipient.account is not None and recipient.account.pk == message.account_id:
            continue
        facts = _message_facts(message, dossier, recipient.language, shown_to_applicant=not message.from_applicant)
        notify(f"message:{message.pk}", [recipient], kind, facts, link=link, at=message.sent_at)


@handler("dossiers.message_crossing")
def notify_of_waiting_message(payload: dict[str, Any]) -> None:
    """Due soon: whoever owes the answer. Overdue: they too, then the head; of the applicant's, who works on it."""
    message = DossierMessage.objects.get(pk=payload["message"])
    if message.answered_at is not None or _iso(message.answer_by) != payload["answer_by"]:
        return  # answered, or counted anew, before this was handled
    dossier = audiences.dossier_to_notify_of(message.dossier_id)
    what = payload["what"]
    kinds = dict(_OWED[message.from_applicant, what])
    for audience, found in audiences.each_once(kinds, dossier):
        mine = audience == "applicant"
        link = (
            reverse("my-dossier-messages", args=[dossier.uid])
            if mine
            else reverse("dossier-messages", args=[dossier.code])
        )
        key = f"message:{message.pk}:{what}:{payload['answer_by']}:{audience}"
        for recipient in found:
            facts = _message_facts(message, dossier, recipient.language, shown_to_applicant=mine)
            notify(key, [recipient], kinds[audience], facts, link=link, at=timezone.now())


# Who is told of a question by whether the applicant asked it and what was crossed: audience and kind of notice.
_OWED = {
    (True, "due_soon"): [("answering", "message_due_soon")],
    (True, "overdue"): [("answering", "message_overdue"), ("head", "message_overdue")],
    (False, "due_soon"): [("applicant", "message_wanted")],
    (False, "overdue"): [("applicant", "message_missed"), ("answering", "message_silent")],
}


def _message_facts(
    message: DossierMessage, dossier: Dossier, language: str, *, shown_to_applicant: bool
) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "title": _title(dossier, language),
        "author": office_of(message, language) if shown_to_applicant else message.author,
        "text": _excerpt(message.text),
        "answer_by": _written(message.answer_by),
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def notify_writer_of_moved_date(feedback: Feedback, run: DeadlineRecalculation, *, at: datetime) -> None:
    """The date by which a complaint or suggestion is answered moved with the calendar."""
    writer = _writer(feedback)
    facts = _facts(feedback, writer.language)
    link = reverse("feedback", args=[feedback.uid])
    notify(f"feedback:{feedback.pk}:moved:{run.pk}", [writer], "feedback_moved", facts, link=link, at=at)


@handler("dossiers.feedback")
def notify_of_feedback(payload: dict[str, Any]) -> None:
    """Filed: its writer with the date of the answer, and who answers. Answered: its writer. Due soon, overdue: who
    answers, then the other heads of the agency."""
    feedback = Feedback.objects.select_related("agency", "account", "assigned__account", "dossier", "desk").get(
        pk=payload["feedback"]
    )
    what = payload["what"]
    if what in WATCHED and feedback.answered_at is not None:
        return  # answered before the message was handled
    for kind, recipients, link in _told(feedback, what):
        for recipient in recipients:
            notify(
                f"feedback:{feedback.pk}:{what}" + (f":{feedback.due_at.isoformat()}" if what in WATCHED else ""),
                [recipient],
                kind,
                _facts(feedback, recipient.language),
                link=link,
                at=feedback.filed_at if what == "filed" else feedback.answered_at or timezone.now(),
            )


def _told(feedback: Feedback, what: str) -> list[tuple[str, list[Recipient], str]]:
    theirs = reverse("work-feedback-one", args=[feedback.uid])
    own = reverse("feedback", args=[feedback.uid])
    heads = audiences.staff_recipients(audiences.posts_of(feedback.agency_id, list(HEADS)))
    first = audiences.staff_recipients([feedback.assigned]) if feedback.assigned else heads
    match what:
        case "filed":
            return [("feedback_filed", first, theirs), ("feedback_received", [_writer(feedback)], own)]
        case "answered":
            return [("feedback_answered", [_writer(feedback)], own)]
        case "due_soon":
            return [("feedback_due_soon", first, theirs)]
        case "overdue":
            return [("feedback_overdue", heads, theirs)]
    return []


def _writer(feedback: Feedback) -> Recipient:
    account = feedback.account
    return Recipient(
        account, feedback.contact_email, account.language if account else "vi", phone=feedback.contact_phone
    )


def _facts(feedback: Feedback, language: str) -> dict[str, Any]:
    english = language == "en"
    about = feedback.dossier.code if feedback.dossier else str(feedback.desk)
    return {
        "about": about,
        "agency": (english and feedback.agency.name_en) or feedback.agency.name,
        "author": feedback.author,
        "text": _excerpt(feedback.text),
        "answer": _excerpt(feedback.answer),
        "due": _written(feedback.due_at),
    }


def _title(dossier: Dossier, language: str) -> str:
    edition = dossier.edition
    return edition.title_en if language == "en" and edition.title_en else edition.title


def _excerpt(text: str) -> str:
    return excerpt(text, EXCERPT)


def _written(moment: Any) -> str:
    return format_moment(timezone.localtime(moment)) if moment else ""


def office_of(message: DossierMessage, language: str | None = None) -> str:
    """Who wrote, as the applicant reads it: an office, not a named officer, as in the dossier's history."""
    name, _comma, title = message.author.partition(", ")
    if not title:
        return name
    with translation.override(language or translation.get_language()):
        return _(title)
