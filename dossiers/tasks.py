"""What the timetable calls. Long works have their task beside their rule: registers, bulk, recalculation."""

from celery import shared_task
from django.utils import timezone

from digitization import unused
from dossiers.access.tracking import forget_old_pins
from dossiers.correspondence import deadlines, feedback
from dossiers.deadlines import watch
from dossiers.lifecycle import due_waits
from dossiers.reorganisation import carrying_out
from dossiers.statistics import tallies


@shared_task
def watch_due_dates() -> dict[str, int]:
    at = timezone.now()
    return {
        **watch.watch_due_dates(at=at),
        "apology": watch.prepare_apologies(at=at),
        "escalated": watch.escalate_overdue(at=at),
    }


@shared_task
def begin_agency_changes() -> int:
    return carrying_out.begin_due_changes(today=timezone.localdate())


@shared_task
def end_waits() -> dict[str, int]:
    return due_waits.end_waits(at=timezone.now())


@shared_task
def watch_correspondence() -> dict[str, int]:
    at = timezone.now()
    return {**feedback.watch_feedback(at=at), **deadlines.watch_message_deadlines(at=at)}


@shared_task
def fold_tallies() -> int:
    """Add waiting changes to the daily counts, a batch after the other until none is left."""
    folded = 0
    while done := tallies.fold_changes():
        folded += done
    return folded


@shared_task
def sweep_left_intakes() -> int:
    now = timezone.now()
    return unused.take_back_unused_files(now) + forget_old_pins(now)
