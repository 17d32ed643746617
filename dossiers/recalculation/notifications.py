"""Notifying those to whom a date was promised when a calendar change moved it: one notice a record and change.

Set-based where the stream is: a message of the outbox names many dossiers, whose moved dates are read at once.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from dossiers.correspondence import notifications
from dossiers.models import DeadlineRecalculation, Dossier, Feedback, MovedDate, State, SupplementRequest
from dossiers.notifications import recipients
from dossiers.recalculation.writing import TOLD, TOPIC
from journal.outbox import handler
from notices.notify import notify
from vietnam.dates import format_moment

Kind = MovedDate.Kind


@handler(TOPIC)
def notify_of_moved_dates(payload: dict[str, Any]) -> None:
    """Safe to run twice. A date that has moved on since, or is owed no more, is told to nobody."""
    run = DeadlineRecalculation.objects.get(pk=payload["run"])
    if "feedback" in payload:
        _notify_writers(run, payload["feedback"])
        return
    rows = MovedDate.objects.filter(recalculation=run, kind__in=TOLD, dossier__in=payload["dossiers"]).order_by("id")
    dossiers = Dossier.objects.select_related(*recipients.LOADED_FOR_MANY).in_bulk(payload["dossiers"])
    wanted = SupplementRequest.objects.filter(dossier__in=dossiers, answered_at=None).in_bulk()
    by_dossier = defaultdict[int, list[MovedDate]](list)
    for row in rows:
        dossier = dossiers[row.dossier_id]
        request = wanted.get(row.record)
        if row.new_at == (_due(dossier) if row.kind == Kind.DUE else request and request.answer_by):
            by_dossier[dossier.pk].append(row)
    for pk, moved in by_dossier.items():
        _notify_applicant(run, dossiers[pk], moved)


def _due(dossier: Dossier) -> datetime | None:
    return dossier.due_at if dossier.state in (State.RECEIVED, State.PROCESSING) else None


def _notify_applicant(run: DeadlineRecalculation, dossier: Dossier, moved: list[MovedDate]) -> None:
    for recipient in recipients.recipients_of("applicant", dossier):
        english = recipient.language == "en"
        facts = {
            "code": dossier.code,
            "owner": dossier.owner_name,
            "title": (english and dossier.edition.title_en) or dossier.edition.title,
            "reason": run.reason,
            "items": _said(moved, recipient.language),
        }
        link = recipients.link_for("applicant", dossier)
        notify(f"moved:{run.pk}:{dossier.pk}", [recipient], "dates_moved", facts, link=link, at=moved[0].at)


def _notify_writers(run: DeadlineRecalculation, ids: Iterable[int]) -> None:
    known = Feedback.objects.select_related("agency", "account", "dossier", "desk").filter(answered_at=None)
    found = known.in_bulk(list(ids))
    for row in MovedDate.objects.filter(recalculation=run, kind=Kind.FEEDBACK, feedback__in=found).order_by("id"):
        feedback = found[row.record]
        if feedback.due_at == row.new_at:
            notifications.notify_writer_of_moved_date(feedback, run, at=row.at)


def _said(moved: Iterable[MovedDate], language: str) -> list[dict[str, str]]:
    with translation.override(language):
        return [
            {"name": str(Kind(row.kind).label), "old": _written(row.old_at), "new": _written(row.new_at)}
            for row in moved
        ]


def _written(moment: datetime) -> str:
    return format_moment(timezone.localtime(moment))
