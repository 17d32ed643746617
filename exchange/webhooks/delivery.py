"""Delivering: at least once, each dossier's events in their order, again after a passing fault.

A message is claimed by one statement and its outcome written by another, so no lock is held while a receiver is called;
a worker that dies in between leaves it to be claimed again. The receiver knows a repetition by ``webhook-id``.
What waits of one dossier is claimed as a chain: one thread sends it in its order, and what follows a message that did
not arrive waits as before.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook

from accounts.permissions import visible
from core.time_budget import TimeBudget
from dossiers.models import Dossier
from exchange.attempts import Waits
from exchange.models import WebhookEndpoint, WebhookMessage
from exchange.systems import actor_of_system
from exchange.webhooks.messages import ToldEvent, content_of
from journal.outgoing_calls import RESTS_AFTER, Outcome, Request, may_call, record_calls, send_request

State = WebhookMessage.State
BATCH, AT_ONCE = 256, 8
CHAIN = 32  # messages of one dossier that are claimed together
_CLAIMING = 0x77656268  # advisory lock: who claims sees what the one before has claimed
LEASE = timedelta(minutes=2)  # longer than a batch of calls that all end by their time limit
PATIENCE_SECONDS = 10.0
REFUSALS_UNTIL_PARKED = 8  # answers that say the request itself is wrong; one that is merely away is asked on and on
_WAITS = Waits(first=timedelta(seconds=5), longest=timedelta(minutes=10))
# Claims and gives all that the content needs, in one statement. What waits is read in its order, and of each row alone
# it is asked whether an earlier one of its dossier waits: as one join of all with all it cost their square. To each
# first one come those behind it, up to one that is not due; the first ones of all dossiers go before any second one.
_CLAIM = """
    WITH heads AS MATERIALIZED (
        SELECT waiting.id, waiting.endpoint_id, waiting.dossier_id, waiting.event_id, waiting.available_at
        FROM exchange_webhookmessage AS waiting
        WHERE waiting.state = 'waiting' AND waiting.available_at <= %(now)s
          AND waiting.endpoint_id = ANY(ARRAY(
              SELECT endpoint.id FROM exchange_webhookendpoint AS endpoint
              LEFT JOIN journal_connection AS neighbour ON neighbour.name = 'webhook:' || endpoint.id
              WHERE endpoint.active AND endpoint.id <> ALL(%(slow)s::bigint[])
                AND (neighbour.resting_until IS NULL OR neighbour.resting_until <= %(now)s)))
          AND (
              SELECT min(earlier.event_id) FROM exchange_webhookmessage AS earlier
              WHERE earlier.endpoint_id = waiting.endpoint_id AND earlier.dossier_id = waiting.dossier_id
                AND earlier.state IN ('waiting', 'parked')) = waiting.event_id
        ORDER BY waiting.available_at, waiting.id LIMIT %(batch)s FOR UPDATE OF waiting SKIP LOCKED),
    chosen AS MATERIALIZED (
        SELECT link.id FROM heads CROSS JOIN LATERAL (
            SELECT own.id, row_number() OVER chain AS place, bool_and(own.due) OVER chain AS unbroken
            FROM (
                SELECT id, event_id, state = 'waiting' AND available_at <= %(now)s AS due
                FROM exchange_webhookmessage
                WHERE endpoint_id = heads.endpoint_id AND dossier_id = heads.dossier_id
                  AND event_id >= heads.event_id AND state IN ('waiting', 'parked')
                ORDER BY event_id LIMIT %(chain)s) AS own
            WINDOW chain AS (ORDER BY own.event_id)) AS link
        WHERE link.unbroken ORDER BY link.place, heads.available_at, heads.id LIMIT %(batch)s),
    claimed AS (
        UPDATE exchange_webhookmessage AS message SET attempts = attempts + 1, available_at = %(lease)s
        WHERE id IN (SELECT id FROM chosen)
        RETURNING id, uid, endpoint_id, dossier_id, attempts, event_id)
    SELECT claimed.id, claimed.uid, claimed.endpoint_id, claimed.dossier_id, claimed.attempts,
           dossier.code, dossier.uid, procedure.code, event.revision, event.action, event.from_state, event.to_state,
           event.at, event.automatic
    FROM claimed
    JOIN dossiers_dossierevent AS event ON event.id = claimed.event_id
    JOIN dossiers_dossier AS dossier ON dossier.id = claimed.dossier_id
    JOIN procedures_edition AS edition ON edition.id = dossier.edition_id
    JOIN procedures_procedure AS procedure ON procedure.id = edition.procedure_id
    ORDER BY claimed.endpoint_id, claimed.event_id
"""


@dataclass(frozen=True)
class Claimed:
    """A message that this worker sends and no other; `attempts` counts this one."""

    pk: int
    uid: UUID
    endpoint_id: int
    dossier_id: int
    attempts: int
    event: ToldEvent


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
            endpoints = WebhookEndpoint.objects.select_related("system__post").in_bulk(
                {message.endpoint_id for message in claimed}
            )
            for endpoint_id, messages in groupby(claimed, key=lambda message: message.endpoint_id):
                share = shares.setdefault(endpoint_id, budget.new_share())
                arrived += _deliver(endpoints[endpoint_id], list(messages), partial(_send_within, pool, share), at)
    return arrived


def connection_name(endpoint_id: int) -> str:
    return f"webhook:{endpoint_id}"


def _claim(at: datetime, shares: dict[int, TimeBudget]) -> list[Claimed]:
    """Messages that no other worker tries, by endpoint; where a share is spent last, with a new one."""
    slow = [endpoint_id for endpoint_id, share in shares.items() if share.is_spent]
    claimed = _claim_due(at, slow)
    if not claimed and slow:
        shares.clear()
        claimed = _claim_due(at, [])
    return claimed


def _claim_due(at: datetime, slow: list[int]) -> list[Claimed]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])
        cursor.execute(_CLAIM, {"now": at, "lease": at + LEASE, "batch": BATCH, "chain": CHAIN, "slow": slow})
        return [
            Claimed(pk, uid, endpoint_id, dossier_id, attempts, ToldEvent(*event))
            for pk, uid, endpoint_id, dossier_id, attempts, *event in cursor.fetchall()
        ]


def _send_within(pool: ThreadPoolExecutor, share: TimeBudget, chains: list[list[Request]]) -> list[list[Outcome]]:
    """The outcomes of each chain's requests, sent one after another, up to the first that was not accepted.

    Nothing is begun where the time is up or the receiver is away; a chain then has fewer outcomes than requests.
    """
    failures = 0

    def send(chain: list[Request]) -> list[Outcome]:
        nonlocal failures
        outcomes: list[Outcome] = []
        for request in chain:
            if share.is_spent or failures >= RESTS_AFTER:
                break
            outcomes.append(send_request(request))
            failures = failures + 1 if outcomes[-1].failed else 0
            if not _accepted(outcomes[-1]):
                break
        return outcomes

    return list(pool.map(send, chains))


def _deliver(
    endpoint: WebhookEndpoint,
    messages: list[Claimed],
    send: Callable[[list[list[Request]]], list[list[Outcome]]],
    at: datetime,
) -> int:
    messages = _within_reach(endpoint, messages)
    name = connection_name(endpoint.pk)
    if not messages or not may_call(name, at=at):
        return 0
    signers = [Webhook(secret) for secret in _secrets(endpoint, at)]
    chains: dict[int, list[tuple[Claimed, Request]]] = {}
    for message in messages:  # in the order of their events
        chains.setdefault(message.dossier_id, []).append((message, _request(endpoint, signers, message)))
    ended = send([[request for message, request in chain] for chain in chains.values()])
    sent = [
        (message, request, outcome)
        for chain, outcomes in zip(chains.values(), ended, strict=True)
        for (message, request), outcome in zip(chain, outcomes, strict=False)
    ]
    record_calls(name, [(request, outcome) for message, request, outcome in sent], at=at)
    arrived = [message.pk for message, request, outcome in sent if _accepted(outcome)]
    WebhookMessage.objects.filter(pk__in=arrived, state=State.WAITING).update(
        state=State.DELIVERED, delivered_at=at, last_error=""
    )
    for message, _sent, outcome in sent:
        if not _accepted(outcome):
            _postpone(message, outcome, at)
    if len(sent) < len(messages):
        tried = {message.pk for message, request, outcome in sent}
        _give_back([message.pk for message in messages if message.pk not in tried], at)
    return len(arrived)


def _give_back(ids: list[int], at: datetime) -> None:
    """Claimed and not sent: due as before, and no attempt of theirs."""
    unsent = WebhookMessage.objects.filter(pk__in=ids, state=State.WAITING)
    unsent.update(attempts=F("attempts") - 1, available_at=at)


def _within_reach(endpoint: WebhookEndpoint, messages: list[Claimed]) -> list[Claimed]:
    """Those whose dossier the endpoint's system may see; the others are withheld."""
    actor = actor_of_system(endpoint.system)
    mine = {message.dossier_id for message in messages}
    seen = set(visible(actor, Dossier.objects.sent()).filter(pk__in=mine).values_list("pk", flat=True))
    hidden = [message.pk for message in messages if message.dossier_id not in seen]
    if hidden:
        WebhookMessage.objects.filter(pk__in=hidden).update(state=State.WITHHELD)
    return [message for message in messages if message.dossier_id in seen]


def _request(endpoint: WebhookEndpoint, signers: list[Webhook], message: Claimed) -> Request:
    body = json.dumps(content_of(message.event), ensure_ascii=False, separators=(",", ":"))
    identifier, moment = f"msg_{message.uid.hex}", timezone.now().replace(microsecond=0)
    return Request(
        "POST",
        endpoint.url,
        operation=f"dossier.{message.event.action}",
        reference=f"webhook:{message.pk}",
        headers={
            "Content-Type": "application/json",
            "webhook-id": identifier,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signer.sign(identifier, moment, body) for signer in signers),
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


def _postpone(message: Claimed, outcome: Outcome, at: datetime) -> None:
    wrong = not outcome.failed  # an answer that blames the request
    error = outcome.error or f"HTTP {outcome.status}"
    WebhookMessage.objects.filter(pk=message.pk, state=State.WAITING).update(
        state=State.PARKED if wrong and message.attempts >= REFUSALS_UNTIL_PARKED else State.WAITING,
        available_at=at + _WAITS.after(message.attempts),
        last_error=error[:300],
    )
