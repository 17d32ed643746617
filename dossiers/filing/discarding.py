"""Drafts that their writer deleted: kept for a while, taken back at a press, then gone with their files."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import references
from core.refusals import Refused
from dossiers.filing.open_pages import locked_draft
from dossiers.models import Dossier, State


@transaction.atomic
def discard_draft(dossier: Dossier, *, at: datetime) -> None:
    """Delete a draft that was never sent; it can be taken back for DISCARDED_DRAFT_DAYS. Raises Refused."""
    draft = locked_draft(dossier)
    if draft.state != State.DRAFT or draft.code:
        raise Refused("sent", _("Hồ sơ đã có mã nên không xóa được."))
    draft.discarded_at = at
    draft.save(update_fields=["discarded_at"])


@transaction.atomic
def restore_draft(dossier: Dossier) -> None:
    """Take a deleted draft back as it was. Doing it twice changes nothing."""
    Dossier.objects.filter(pk=dossier.pk, state=State.DRAFT, revision=0).update(discarded_at=None)


def kept_until(draft: Dossier) -> datetime | None:
    """When a deleted draft goes for good; None of one that is not deleted."""
    if draft.discarded_at is None:
        return None
    return draft.discarded_at + timedelta(days=settings.DISCARDED_DRAFT_DAYS)


def drafts_to_delete(before: datetime) -> QuerySet[Dossier]:
    """Drafts that were deleted before a moment; a dossier that was moved in by mistake stays with its history."""
    return Dossier.objects.filter(state=State.DRAFT, code__isnull=True, revision=0, discarded_at__lt=before)


def delete_discarded(before: datetime) -> int:
    """Delete them with the files that were sent for them alone; returns how many. One that money or papers speak of
    stays.
    """
    return sum(_delete_discarded(pk, before) for pk in list(drafts_to_delete(before).values_list("pk", flat=True)))


def _delete_discarded(pk: int, before: datetime) -> bool:
    try:
        with transaction.atomic():
            draft = drafts_to_delete(before).select_for_update(of=("self",)).filter(pk=pk).first()
            if draft is None:
                return False  # taken back meanwhile
            references.release_record(draft.reference, at=timezone.now())
            draft.delete()
            return True
    except Refused:
        return False
