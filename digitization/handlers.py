"""What the outbox has this app do."""

from typing import Any

from digitization import malware, tasks
from journal import outbox


@outbox.handler("scan")
def put_on_scan_queue(payload: dict[str, Any]) -> None:
    tasks.process.delay(payload["file"])


@outbox.handler(malware.TOPIC)
def put_on_malware_queue(payload: dict[str, Any]) -> None:
    tasks.check_malware.delay(payload["file"])
