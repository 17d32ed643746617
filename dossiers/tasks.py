from celery import shared_task
from django.utils import timezone

from dossiers import books, bulk, correspondence_watch, feedback, upload_places, waiting, watch
from dossiers import recalendar as stream


@shared_task
def watch_due_dates() -> dict[str, int]:
    at = timezone.now()
    return {**watch.watch(at=at), "apology": watch.prepare_apologies(at=at)}


@shared_task
def end_waits() -> dict[str, int]:
    return waiting.end_waits(at=timezone.now())


@shared_task
def watch_correspondence() -> dict[str, int]:
    at = timezone.now()
    return {**feedback.watch(at=at), **correspondence_watch.watch(at=at)}


@shared_task
def sweep_left_intakes() -> int:
    return upload_places.sweep(timezone.now())


@shared_task
def carry_out_bulk(run: int, language: str, address: str = "", request_id: str = "") -> None:
    while bulk.carry_on(run, language=language, address=address, request_id=request_id, at=timezone.now()):
        pass


@shared_task
def recalendar(run: int) -> None:
    while stream.carry_on(run, at=timezone.now()):
        pass


@shared_task
def make_book(run: int) -> None:
    books.make(run)
