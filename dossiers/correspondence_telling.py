"""Whom messages, complaints and suggestions tell: outbox handlers, each safe to run twice."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from dossiers import audiences
from dossiers.feedback import HEADS
from dossiers.models import Dossier, DossierMessage, Feedback
from journal.outbox import handler
from notices.choices import Recipient
from notices.telling import tell

EXCERPT = 300  # characters of a message that a notice repeats


@handler("dossiers.message")
def tell_of_message(payload: dict[str, Any]) -> None:
    message = DossierMessage.objects.get(pk=payload["message"])
    dossier = Dossier.objects.select_related(*audiences.LOADED).get(pk=message.dossier_id)
    if message.from_applicant:
        audience, kind, link = "answering", "message_staff", reverse("dossier-messages", args=[dossier.code])
    else:
        audience, kind, link = "applicant", "message_applicant", reverse("my-dossier-messages", args=[dossier.uid])
    for recipient in audiences.of(audience, dossier):
        if recipient.account is not None and recipient.account.pk == message.account_id:
            continue
        facts = {
            "code": dossier.code,
            "title": _title(dossier, recipient.language),
            "author": message.author,
            "text": _excerpt(message.text),
            "answer_by": _written(message.answer_by),
        }
        tell(f"message:{message.pk}", [recipient], kind, facts, link=link, at=message.sent_at)


@handler("dossiers.feedback")
def tell_of_feedback(payload: dict[str, Any]) -> None:
    """Filed: its writer with the date of the answer, and who answers. Answered: its writer. Due soon, overdue: who
    answers, then the other heads of the agency."""
    feedback = Feedback.objects.select_related("agency", "account", "assigned__account", "dossier", "desk").get(
        pk=payload["feedback"]
    )
    what = payload["what"]
    if what in ("due_soon", "overdue") and feedback.answered_at is not None:
        return  # answered before the message was handled
    for kind, recipients, link in _told(feedback, what):
        for recipient in recipients:
            tell(
                f"feedback:{feedback.pk}:{what}",
                [recipient],
                kind,
                _facts(feedback, recipient.language),
                link=link,
                at=feedback.filed_at if what == "filed" else feedback.answered_at or timezone.now(),
            )


def _told(feedback: Feedback, what: str) -> list[tuple[str, list[Recipient], str]]:
    theirs = reverse("work-feedback-one", args=[feedback.uid])
    own = reverse("feedback", args=[feedback.uid])
    heads = audiences.staff(audiences.posts_of(feedback.agency_id, list(HEADS)))
    first = audiences.staff([feedback.assigned]) if feedback.assigned else heads
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
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


def _written(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y") if moment else ""
