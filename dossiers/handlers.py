"""What the outbox has this room do."""

from typing import Any

from dossiers import tasks
from journal import outbox


@outbox.handler("book")
def put_on_reports_queue(payload: dict[str, Any]) -> None:
    tasks.make_book.delay(payload["run"])
