"""What the outbox has this app do."""

from typing import Any

from django.utils import timezone

from accounts.models import StaffPost
from digitization import batches, malware, tasks
from digitization.models import StoredFile
from digitization.signing import checks, copies
from journal import outbox


@outbox.handler("scan")
def put_on_scan_queue(payload: dict[str, Any]) -> None:
    # The broker hands out smaller numbers first.
    tasks.process.apply_async([payload["file"]], priority=9 if payload.get("later") else 0)


@outbox.handler(malware.TOPIC)
def put_on_malware_queue(payload: dict[str, Any]) -> None:
    tasks.check_malware.delay(payload["file"])


@outbox.handler("split_stack")
def split_stack(payload: dict[str, Any]) -> None:
    file = StoredFile.objects.present().filter(pk=payload["file"]).first()
    if file is not None:
        batches.split_batch(file, timezone.now())


@outbox.handler(checks.TOPIC)
def check_signatures(payload: dict[str, Any]) -> None:
    file = StoredFile.objects.present().filter(pk=payload["file"]).first()
    if file is not None and malware.may_be_opened(file):
        checks.check_signatures(file, timezone.now())


@outbox.handler(copies.TOPIC)
def sign_copy(payload: dict[str, Any]) -> None:
    file = StoredFile.objects.present().select_related("scan").filter(pk=payload["file"]).first()
    post = StaffPost.objects.select_related("account", "agency").filter(pk=payload["post"]).first()
    if file is not None and post is not None and malware.may_be_opened(file):
        copies.sign_copy(file, post, timezone.now())
