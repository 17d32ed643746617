"""What dossiers hear from the apps below."""

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, automatic_actor
from accounts.models import Person
from accounts.signals import own_data_wanted, person_changed
from agencies.models import CalendarDay
from agencies.signals import calendar_changed
from digitization.models import Scan
from digitization.signals import document_ready, paper_scanned, upload_completed
from digitization.slots import Slot
from digitization.uploads import UploadRefused
from dossiers import search
from dossiers.access import own_data, person_changes
from dossiers.access.record_reference import dossier_of
from dossiers.filing import upload_targets
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier
from dossiers.recalculation import job
from payments.signals import charge_reopened, charge_settled


@receiver(charge_settled)
def on_charge_settled(sender: Any, charge: Any, payment: Any, receipt: Any, **_kw: Any) -> None:
    """Within the payment's transaction: the money and the dossier know of each other, or neither does."""
    if dossier := dossier_of(charge.owner):
        execute_transition(
            dossier,
            "payment_made",
            automatic_actor("payments"),
            at=payment.confirmed_at or timezone.now(),
            amount=charge.amount,
            method=payment.method,
            receipt=receipt.number,
            charge_reason=charge.reason,
        )


@receiver(charge_reopened)
def on_charge_reopened(sender: Any, charge: Any, payment: Any, at: datetime, why: str, **_kw: Any) -> None:
    """Within the reversal's transaction: what the bank took back is owed again, and people are told."""
    if dossier := dossier_of(charge.owner):
        execute_transition(
            dossier,
            "payment_reversed",
            automatic_actor("payments"),
            at=at,
            amount=payment.amount,
            charge_reason=charge.reason,
            reason=why,
        )


@receiver(upload_completed)
def on_upload_completed(sender: Any, file: Any, purpose: str, **_kw: Any) -> None:
    """Within the upload's transaction: the file has its line of the checklist, or it is not kept."""
    try:
        upload_targets.file_upload(file, purpose)
    except Refused as refusal:
        raise UploadRefused(refusal.code, refusal.sentence) from refusal


@receiver(paper_scanned)
def on_paper_scanned(sender: Any, file: Any, slot: Slot, actor: Actor, at: datetime, **_kw: Any) -> None:
    """Within the placing's transaction: the scan is a paper of the dossier and in its history, or waits in the tray."""
    dossier = dossier_of(slot.owner)
    if dossier is None:
        raise UploadRefused("no_place", _("Không còn hồ sơ mà mã trên tờ ngăn chỉ đến. Hãy gõ mã hồ sơ."))
    try:
        execute_transition(dossier, "add_scan", actor, at=at, scan=file, paper=slot.key)
    except Refused as refusal:
        raise UploadRefused(refusal.code, refusal.sentence) from refusal


@receiver(person_changed)
def on_person_changed(sender: Any, person: Person, merged: Person | None, by: Actor, at: datetime, **_kw: Any) -> None:
    """Within the correction's transaction: each of the person's dossiers says so and is found by what now holds."""
    person_changes.note(person, merged=merged, by=by, at=at)


@receiver(own_data_wanted)
def on_own_data_wanted(sender: Any, actor: Actor, **_kw: Any) -> dict[str, Any]:
    return {"dossiers": own_data.own_dossiers(actor), "feedback": own_data.own_feedback(actor)}


@receiver(document_ready)
def on_document_ready(sender: Any, file: Any, **_kw: Any) -> None:
    """A scan was read, often while its dossier is still a draft: its text can be found from the dossier."""
    dossier = dossier_of(file.owner)
    if dossier is None:
        return
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("edition").get(pk=dossier.pk)
    texts = Scan.objects.filter(file__owner=dossier.reference, file__removed_at__isnull=True).values_list(
        "text_folded", flat=True
    )
    search.index_text(locked, " ".join(texts))


@receiver(calendar_changed)
def on_calendar_changed(
    sender: Any, calendars: list[int], first_day: date, last_day: date, by: str = "", **_kw: Any
) -> None:
    """Within the change's transaction: whoever changes a calendar has open dossiers counted anew."""
    reason = job.ground_of_change(CalendarDay.objects.filter(calendar=calendars[0], date=first_day).first(), first_day)
    job.request_recalculation(calendars, first_day, last_day, reason=reason, by=by, at=timezone.now())
