"""Results that their applicant cannot open yet, since what the dossier costs is not paid."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from digitization.models import RegisteredDocument
from dossiers.models import Dossier, State

# A result once returned stays readable, though a higher fee was fixed afterwards.
_HELD = Q(state=State.DONE, fee_amount__gt=0, fee_settled_at__isnull=True)


def is_result_held(dossier: Dossier) -> bool:
    return bool(dossier.state == State.DONE and dossier.fee_amount and dossier.fee_settled_at is None)


def held_results(documents: Iterable[RegisteredDocument]) -> dict[int, UUID]:
    """Which of the documents are results held back: by primary key, the uid of the dossier to pay for. One query."""
    sources = {
        document.pk: document.source.partition(":")[2]
        for document in documents
        if document.kind == RegisteredDocument.Kind.RESULT and document.source.startswith("dossier:")
    }
    if not sources:
        return {}
    held = Dossier.objects.filter(_HELD, uid__in=set(sources.values())).values_list("uid", flat=True)
    uids = {str(uid): uid for uid in held}
    return {pk: uids[uid] for pk, uid in sources.items() if uid in uids}
