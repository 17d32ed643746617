"""Fetching what people file at the portal: the portal is asked what is new, each dossier is taken in once.

What cannot be taken in is parked with its reason for a person; what merely did not come is asked for again.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from core.refusals import Refused
from core.time_budget import SHARE_SECONDS, TimeBudget
from exchange.attempts import attempt_due
from exchange.connectors.national import NAME, taking, transport
from exchange.connectors.national.values import moment_text, present_mapping
from exchange.models import Arrival
from journal import audit_log
from journal.outgoing_calls import CallFailed
from vietnam.working_time import VIETNAM

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=1)  # asked again each time: the portal's clock is not ours
NIGHTLY = timedelta(days=7)
FIRST_LOOK_BACK = timedelta(days=30)
MOST_PAGES = 200
_SEEN = """
    INSERT INTO exchange_arrival (system, external_id, seen_version, taken_version, files, found_at, available_at,
                                  attempts, last_error)
    SELECT %(system)s, found.id, found.version, '', '[]'::jsonb, %(now)s, %(now)s, 0, ''
    FROM unnest(%(ids)s::text[], %(versions)s::text[]) AS found (id, version)
    ON CONFLICT (system, external_id) DO UPDATE SET
        seen_version = EXCLUDED.seen_version, attempts = 0, parked_at = NULL, available_at = EXCLUDED.available_at
        WHERE exchange_arrival.seen_version < EXCLUDED.seen_version
"""


def find_arrivals(*, at: datetime, back: timedelta = OVERLAP, budget: TimeBudget | None = None) -> int:
    """Note what the portal lists as new or changed since what we have seen, less `back`; returns how many rows came.

    Where the portal is slow the next round goes on: a round ends early only after a page that brought something new,
    else it would read the same pages for ever. Raises CallFailed, ServiceRefused.
    """
    budget = budget or TimeBudget(SHARE_SECONDS)
    inbox = present_mapping()["inbox"]
    names, size = inbox["list"], int(inbox["rows_a_page"])
    since, seen = moment_text(_seen_until(at) - back), 0
    for page in range(1, MOST_PAGES + 1):
        asked: dict[str, Any] = {names["since"]: since, names["page"]: page, names["size"]: size}
        rows = transport.call_service(names["service"], **asked).get("result")
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        found = {str(row.get(names["code"]) or "")[:80]: str(row.get(names["version"]) or "")[:40] for row in rows}
        found.pop("", None)
        new = _note_seen(found, at)
        seen += len(found)
        if len(rows) < size or (new and budget.is_spent):
            break
    return seen


def _seen_until(at: datetime) -> datetime:
    last = Arrival.objects.filter(system=NAME).aggregate(last=Max("seen_version"))["last"]
    try:
        return datetime.strptime(last or "", "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return at - FIRST_LOOK_BACK


def _note_seen(found: dict[str, str], at: datetime) -> int:
    """How many were new or had changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SEEN, {"system": NAME, "now": at, "ids": list(found), "versions": [found[key] for key in found]}
        )
        return cursor.rowcount


def waiting_arrivals() -> QuerySet[Arrival]:
    return Arrival.objects.filter(system=NAME, parked_at=None, set_aside_at=None).exclude(
        taken_version=F("seen_version")
    )


def parked_arrivals() -> QuerySet[Arrival]:
    return Arrival.objects.filter(system=NAME, parked_at__isnull=False, set_aside_at=None).order_by("-parked_at")


def take_waiting(*, at: datetime, limit: int = 500, budget: TimeBudget | None = None) -> int:
    """Take in what waits; returns how many dossiers were taken. Two at once share the work."""
    return attempt_due(
        waiting_arrivals(),
        lambda row: take_arrival(row, at=at),
        at=at,
        refusals=(transport.ServiceRefused, Refused),
        settle_refusal=lambda row, refusal: _park_refused(row, refusal, at),
        budget=budget or TimeBudget(),
        limit=limit,
    )


def _park_refused(row: Arrival, refusal: Exception, at: datetime) -> dict[str, Any]:
    """What we refuse needs a person at once; what the portal refuses is asked for again."""
    if not isinstance(refusal, Refused):
        return {}
    log.warning("a dossier of the national portal could not be taken in", extra={"arrival": row.pk})
    return {"parked_at": at}


def take_arrival(row: Arrival, *, at: datetime) -> bool:
    """Look one dossier up and take it in; whether anything was to do. Raises Refused, CallFailed, ServiceRefused."""
    item = taking.look_up_item(row.external_id, reference=f"arrival:{row.pk}")
    if item is None:
        raise CallFailed("the portal lists the dossier and does not give it")
    return taking.take_item(row, item, at=at)


def fetch_from_portal(*, at: datetime, back: timedelta = OVERLAP) -> int:
    """Ask what is new and take it in; nothing where people file here or the portal is not configured."""
    if settings.ONLINE_FILING != "national" or not transport.is_configured():
        return 0
    try:
        find_arrivals(at=at, back=back)
    except (CallFailed, transport.ServiceRefused) as failure:
        log.warning("the national portal does not tell what is new", extra={"why": str(failure)})
    return take_waiting(at=at)


@transaction.atomic
def retry_arrival(row: Arrival, *, by: Actor) -> None:
    """Take it in again, after its reason was mended."""
    Arrival.objects.filter(pk=row.pk).update(parked_at=None, attempts=0, available_at=timezone.now())
    _record("arrival_retried", row, by)


@transaction.atomic
def set_arrival_aside(row: Arrival, *, by: Actor) -> None:
    """It is not taken in; whoever decides so has settled it with the portal."""
    Arrival.objects.filter(pk=row.pk).update(set_aside_at=timezone.now())
    _record("arrival_set_aside", row, by)


def _record(verb: str, row: Arrival, by: Actor) -> None:
    audit_log.record_entry(verb, f"arrival:{row.pk}", by=by, code=row.external_id)
