"""What the outbox has this app do."""

from typing import Any

from digitization import tasks
from journal import outbox


@outbox.handler("scan")
def put_on_scan_queue(payload: dict[str, Any]) -> None:
    tasks.process.delay(payload["file"])
