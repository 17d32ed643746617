"""What the portal keeps about a person in dossiers, as plain values for whoever asks for a copy."""

from typing import Any

from accounts.actors import Actor
from dossiers.access.policies import of_applicant
from dossiers.filing.open_pages import pages_of
from dossiers.lifecycle.table import reason_for_applicant
from dossiers.models import Dossier, Feedback
from payments.models import Charge


def own_dossiers(actor: Actor) -> list[dict[str, Any]]:
    """Dossiers that the person filed or owns, with what was said and sent; staff by their part, not by name."""
    mine = of_applicant(actor, Dossier.objects.all()).select_related("edition__procedure", "settling_agency", "pages")
    mine = mine.prefetch_related("messages", "documents__file", "events").order_by("id")
    charges: dict[str, list[Charge]] = {}
    for charge in Charge.objects.filter(owner__in=[dossier.reference for dossier in mine]).order_by("id"):
        charges.setdefault(charge.owner, []).append(charge)
    return [_dossier(dossier, charges.get(dossier.reference, [])) for dossier in mine]


def _dossier(dossier: Dossier, charges: list[Charge]) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "procedure": dossier.edition.procedure.code,
        "title": dossier.edition.title,
        "agency": dossier.settling_agency.name if dossier.settling_agency else "",
        "state": dossier.get_state_display(),
        "owner": dossier.owner_name,
        "content": dossier.content,
        "answers": dossier.answers,
        "typed": pages.typed if (pages := pages_of(dossier)) else {},  # not sent yet
        "contact": {
            "phone": dossier.contact_phone,
            "email": dossier.contact_email,
            "address": dossier.contact_address,
        },
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "finished_at": dossier.finished_at,
        "documents": [
            {"name": line.name, "file": line.file.name if line.file else "", "size": line.file.size if line.file else 0}
            for line in dossier.documents.all()
        ],
        "messages": [
            {"at": message.sent_at, "text": message.text, "from_applicant": message.from_applicant}
            for message in dossier.messages.all()
        ],
        "history": [
            {"at": event.at, "action": event.action, "reason": reason_for_applicant(event)}
            for event in dossier.events.all()
            if event.public
        ],
        "charges": [
            {"title": charge.title, "amount": charge.amount, "settled_at": charge.settled_at} for charge in charges
        ],
    }


def own_feedback(actor: Actor) -> list[dict[str, Any]]:
    written = Feedback.objects.filter(account=actor.account).order_by("id") if actor.account else []
    return [
        {"at": each.filed_at, "text": each.text, "answer": each.answer, "answered_at": each.answered_at}
        for each in written
    ]
