"""Delivering: at least once, each dossier's events in their order, again after a passing fault.

A message is claimed by one statement and its outcome written by another, so no lock is held while a receiver is called;
a worker that dies in between leaves it to be claimed again. The receiver knows a repetition by ``webhook-id``.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F, Prefetch
from django.utils import timezone
from standardwebhooks import Webhook

from accounts.permissions import visible
from core.time_budget import TimeBudget
from dossiers.models import Dossier
from exchange.attempts import Waits
from exchange.models import WebhookEndpoint, WebhookMessage
from exchange.systems import actor_of_system
from exchange.webhooks.messages import content_of
from journal.outgoing_calls import Outcome, Request, may_call, record_calls, send_request

State = WebhookMessage.State
BATCH, AT_ONCE = 64, 8
LEASE = timedelta(minutes=2)  # longer than a batch of calls that all end by their time limit
PATIENCE_SECONDS = 10.0
REFUSALS_UNTIL_PARKED = 8  # answers that say the request itself is wrong; one that is merely away is asked on and on
_WAITS = Waits(first=timedelta(seconds=5), longest=timedelta(minutes=10))
# What is told of an event (`content_of`), and how its message stands.
_COLUMNS = (
    *("uid", "endpoint", "dossier", "state", "attempts"),
    *("event__revision", "event__action", "event__from_state", "event__to_state", "event__at", "event__automatic"),
    *("event__dossier__code", "event__dossier__uid", "event__dossier__edition__procedure__code"),
)
_CLAIM = """
    UPDATE exchange_webhookmessage AS message SET attempts = attempts + 1, available_at = %(lease)s
    WHERE id IN (
        SELECT waiting.id FROM exchange_webhookmessage AS waiting
        JOIN exchange_webhookendpoint AS endpoint ON endpoint.id = waiting.endpoint_id AND endpoint.active
        LEFT JOIN journal_connection AS neighbour ON neighbour.name = 'webhook:' || endpoint.id
        WHERE waiting.state = 'waiting' AND waiting.available_at <= %(now)s
          AND waiting.endpoint_id <> ALL(%(slow)s::bigint[])
          AND (neighbour.resting_until IS NULL OR neighbour.resting_until <= %(now)s)
          AND NOT EXISTS (
              SELECT FROM exchange_webhookmessage AS earlier
              WHERE earlier.endpoint_id = waiting.endpoint_id AND earlier.dossier_id = waiting.dossier_id
                AND earlier.event_id < waiting.event_id AND earlier.state IN ('waiting', 'parked'))
        ORDER BY waiting.available_at, waiting.id LIMIT %(batch)s FOR UPDATE OF waiting SKIP LOCKED)
    RETURNING id
"""


def deliver_waiting(*, at: datetime, batches: int = 50, budget: TimeBudget | None = None) -> int:
    """Deliver what is due at `at`; returns how many messages arrived.

    An endpoint that has spent its share of the time waits until no other one has anything due.
    """
    budget, arrived = budget or TimeBudget(), 0
    shares: dict[int, TimeBudget] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _n in range(batches):
            claimed = [] if budget.is_spent else _claim(at, shares)
            if not claimed:
                break
            for endpoint_id, messages in groupby(claimed, key=lambda message: message.endpoint_id):
                share = shares.setdefault(endpoint_id, budget.new_share())
                arrived += _deliver(endpoint_id, list(messages), partial(_send_within, pool, share), at)
    return arrived


def connection_name(endpoint_id: int) -> str:
    return f"webhook:{endpoint_id}"


def _claim(at: datetime, shares: dict[int, TimeBudget]) -> list[WebhookMessage]:
    """Messages that no other worker tries, grouped by endpoint, with all that their content needs.

    Those of endpoints whose share is spent come last, with a new share.
    """
    slow = [endpoint_id for endpoint_id, share in shares.items() if share.is_spent]
    ids = _claim_due(at, slow)
    if not ids and slow:
        shares.clear()
        ids = _claim_due(at, [])
    told = WebhookMessage.objects.filter(pk__in=ids).select_related("event__dossier__edition__procedure")
    endpoints = Prefetch("endpoint", WebhookEndpoint.objects.select_related("system__post"))
    return list(told.only(*_COLUMNS).prefetch_related(endpoints).order_by("endpoint_id", "event_id"))


def _claim_due(at: datetime, slow: list[int]) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": at, "lease": at + LEASE, "batch": BATCH, "slow": slow})
        return [pk for (pk,) in cursor.fetchall()]


def _send_within(pool: ThreadPoolExecutor, share: TimeBudget, requests: list[Request]) -> list[Outcome | None]:
    """The outcomes in their order; None for what was not begun because the time was up."""
    return list(pool.map(lambda request: None if share.is_spent else send_request(request), requests))


def _deliver(
    endpoint_id: int,
    messages: list[WebhookMessage],
    send: Callable[[list[Request]], list[Outcome | None]],
    at: datetime,
) -> int:
    messages = _within_reach(messages)
    name = connection_name(endpoint_id)
    if not messages or not may_call(name, at=at):
        return 0
    requests = [_request(message, at) for message in messages]
    ended = list(zip(messages, requests, send(requests), strict=True))
    sent = [(message, request, outcome) for message, request, outcome in ended if outcome is not None]
    record_calls(name, [(request, outcome) for message, request, outcome in sent], at=at)
    arrived = [message.pk for message, request, outcome in sent if _accepted(outcome)]
    WebhookMessage.objects.filter(pk__in=arrived, state=State.WAITING).update(
        state=State.DELIVERED, delivered_at=at, last_error=""
    )
    for message, _sent, outcome in sent:
        if not _accepted(outcome):
            _postpone(message, outcome, at)
    if len(sent) < len(ended):
        _give_back([message.pk for message, request, outcome in ended if outcome is None], at)
    return len(arrived)


def _give_back(ids: list[int], at: datetime) -> None:
    """Claimed and not sent: due as before, and no attempt of theirs."""
    unsent = WebhookMessage.objects.filter(pk__in=ids, state=State.WAITING)
    unsent.update(attempts=F("attempts") - 1, available_at=at)


def _within_reach(messages: list[WebhookMessage]) -> list[WebhookMessage]:
    """Those whose dossier the endpoint's system may see; the others are withheld."""
    if not messages:
        return []
    actor = actor_of_system(messages[0].endpoint.system)
    mine = {message.dossier_id for message in messages}
    seen = set(visible(actor, Dossier.objects.sent()).filter(pk__in=mine).values_list("pk", flat=True))
    hidden = [message.pk for message in messages if message.dossier_id not in seen]
    if hidden:
        WebhookMessage.objects.filter(pk__in=hidden).update(state=State.WITHHELD)
    return [message for message in messages if message.dossier_id in seen]


def _request(message: WebhookMessage, at: datetime) -> Request:
    endpoint = message.endpoint
    body = json.dumps(content_of(message.event), ensure_ascii=False, separators=(",", ":"))
    identifier, moment = f"msg_{message.uid.hex}", timezone.now().replace(microsecond=0)
    signatures = [Webhook(secret).sign(identifier, moment, body) for secret in _secrets(endpoint, at)]
    return Request(
        "POST",
        endpoint.url,
        operation=f"dossier.{message.event.action}",
        reference=f"webhook:{message.pk}",
        headers={
            "Content-Type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        },
        content=body.encode(),
        patience=PATIENCE_SECONDS,
        public_only=True,
    )


def _secrets(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    former = endpoint.former_secret_ends_at
    return [endpoint.secret, *([endpoint.former_secret] if former is not None and former > at else [])]


def _accepted(outcome: Outcome) -> bool:
    return outcome.status is not None and 200 <= outcome.status < 300


def _postpone(message: WebhookMessage, outcome: Outcome, at: datetime) -> None:
    wrong = not outcome.failed  # an answer that blames the request
    error = outcome.error or f"HTTP {outcome.status}"
    WebhookMessage.objects.filter(pk=message.pk, state=State.WAITING).update(
        state=State.PARKED if wrong and message.attempts >= REFUSALS_UNTIL_PARKED else State.WAITING,
        available_at=at + _WAITS.after(message.attempts),
        last_error=error[:300],
    )
