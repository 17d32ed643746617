"""Stacks: begun when their file has arrived, split when it has been read; and warnings about malware."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from accounts.actors import Actor
from accounts.signals import warnings_wanted
from core.references import existing_by, register_answers, register_records
from digitization import batches, malware
from digitization.models import StoredFile
from digitization.permissions import FileRules
from digitization.signals import document_ready, document_skipped, upload_completed
from digitization.signing import checks
from journal import outbox

register_records(batches.PREFIX, existing_by("agencies.Desk", "id"))
register_answers(batches.PREFIX, FileRules(batches.may_use_batch, batches.may_use_batch))


@receiver(upload_completed)
def on_stack_arrived(sender: Any, file: StoredFile, actor: Actor, **_kw: Any) -> None:
    if batches.desk_of(file.owner) is not None:
        batches.take_in_stack(file, actor, timezone.now())


@receiver(document_ready)
def on_stack_read(sender: Any, file: StoredFile, **_kw: Any) -> None:
    """Within the finish: the splitting is recorded and done after it, so that a refusal undoes no reading."""
    if batches.desk_of(file.owner) is not None:
        outbox.record_message("split_stack", {"file": str(file.pk)}, key=f"split_stack:{file.pk}")


@receiver(document_skipped)
def on_stack_skipped(sender: Any, file: StoredFile, at: datetime, **_kw: Any) -> None:
    if batches.desk_of(file.owner) is not None:
        batches.keep_whole(file, at)


@receiver(document_ready)
def on_signed_file_read(sender: Any, file: StoredFile, **_kw: Any) -> None:
    """A file that came with signatures has them judged."""
    if checks.is_signed(file.scan):
        checks.ask_check(file, timezone.now())


@receiver(warnings_wanted, dispatch_uid="digitization.malware")
def warn_about_malware(**_said: Any) -> list[str]:
    return malware.warnings_for_administrators()
