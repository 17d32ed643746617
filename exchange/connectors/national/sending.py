"""Telling the portal how our dossiers stand: again after any fault, in the order of each history, once in effect."""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.models import DossierEvent
from exchange.attempts import attempt_due
from exchange.connectors.national import NAME, taking, transport, values
from exchange.models import Arrival, Synchronisation

log = logging.getLogger(__name__)
REFUSALS_UNTIL_PARKED = 5
_WANT = """
    INSERT INTO exchange_synchronisation
        (system, dossier_id, external_id, wanted_revision, told_revision, available_at, attempts, last_error)
    SELECT %(system)s, event.dossier_id, '', max(event.revision), 0, %(now)s, 0, ''
    FROM dossiers_dossierevent AS event
    JOIN dossiers_dossier AS dossier ON dossier.id = event.dossier_id AND dossier.code IS NOT NULL
    WHERE event.id = ANY(%(events)s) GROUP BY event.dossier_id
    ON CONFLICT (system, dossier_id) DO UPDATE SET
        wanted_revision = GREATEST(exchange_synchronisation.wanted_revision, EXCLUDED.wanted_revision),
        parked_at = NULL, attempts = 0,
        available_at = LEAST(exchange_synchronisation.available_at, EXCLUDED.available_at)
"""


def want_told(event_ids: list[int]) -> None:
    """Note in the present transaction that the portal must learn of these events."""
    with connection.cursor() as cursor:
        cursor.execute(_WANT, {"system": NAME, "now": timezone.now(), "events": event_ids})


def tell_waiting(*, at: datetime, limit: int = 200, budget: TimeBudget | None = None) -> int:
    """Tell the portal what waits at `at`; returns how many dossiers it knows anew. Two at once share the work."""
    if not transport.is_configured():
        return 0
    return attempt_due(
        Synchronisation.objects.filter(system=NAME, parked_at=None, told_revision__lt=F("wanted_revision")),
        lambda row: _tell(row, at),
        at=at,
        refusals=(transport.ServiceRefused,),
        settle_refusal=lambda row, _refusal: _park_refused(row, at),
        budget=budget or TimeBudget(),
        limit=limit,
    )


def _tell(row: Synchronisation, at: datetime) -> None:
    """The dossier as it stands, then the actions that the portal has not heard of.

    Of one that was filed at the portal, what its applicant did there meanwhile is done here first.
    """
    reference = f"sync:{row.pk}"
    known = follow_applicant(row, at=at) if row.external_id else row.told_revision > 0
    dossier = values.load_dossiers([row.dossier_id])[row.dossier_id]
    if not (known or row.external_id):
        known = bool(taking.look_up_item(dossier.code or "", reference=reference))
    told, item = row.told_revision, values.dossier_item(dossier, row.external_id)
    try:
        transport.call_service("DongBoHoSoMC", reference=reference, isUpdating=str(known), data=[item])
    except transport.ServiceRefused:
        # Which code says that it has lost what it took is not public: so it is asked.
        code = row.external_id or dossier.code or ""
        if not told or taking.look_up_item(code, reference=reference):
            raise
        told = 0
        transport.call_service("DongBoHoSoMC", reference=reference, isUpdating="False", data=[item])
    events = DossierEvent.objects.filter(dossier=dossier, revision__gt=told, revision__lte=dossier.revision).order_by(
        "revision"
    )
    if items := values.progress_items(dossier, events, row.external_id):
        transport.call_service("CapNhatTienDoHoSoMC", reference=reference, data=items)
    Synchronisation.objects.filter(pk=row.pk).update(
        told_revision=dossier.revision,
        wanted_revision=Greatest(F("wanted_revision"), dossier.revision),
        told_at=at,
        attempts=0,
        last_error="",
        available_at=at,
    )


def follow_applicant(row: Synchronisation, *, at: datetime) -> bool:
    """Do here what the applicant did at the portal with a dossier that came from it; whether the portal has it still.

    What cannot be done is left to the fetching, which parks it with the reason. Raises CallFailed, ServiceRefused.
    """
    item = taking.look_up_item(row.external_id, reference=f"sync:{row.pk}")
    arrival = Arrival.objects.filter(system=NAME, external_id=row.external_id).first()
    if item is not None and arrival is not None:
        with suppress(Refused):
            taking.take_item(arrival, item, at=at)
    return item is not None


def _park_refused(row: Synchronisation, at: datetime) -> dict[str, Any]:
    """After some refusals a person must look."""
    if row.attempts < REFUSALS_UNTIL_PARKED:
        return {}
    log.error("a dossier could not be told to the national portal", extra={"synchronisation": row.pk})
    return {"parked_at": at}
