"""What is to be told: written in the transaction of the action, replayed on request."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from core.valkey import Away, attempt, valkey_client
from dossiers.models import State
from exchange.models import WebhookEndpoint, WebhookMessage
from journal import audit_log
from vietnam.working_time import VIETNAM

MOST_REPLAYED = 10_000
_CALLED, _CALL_SECONDS = "webhooks-called", 10


def record_events(event_ids: list[int]) -> int:
    """One message of each event for every endpoint that wants it, in the present transaction; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_record_events(%s::bigint[], %s)", [event_ids, timezone.now()])
        recorded: int = cursor.fetchone()[0]
    if recorded:
        transaction.on_commit(call_deliverer)
    return recorded


def call_deliverer() -> None:
    """Call a worker; without a broker the periodic delivery finds the messages."""
    with suppress(Away), attempt():
        if valkey_client().set(_CALLED, 1, nx=True, ex=_CALL_SECONDS):
            current_app.send_task("exchange.tasks.deliver_webhooks", retry=False)


def call_answered() -> None:
    """A worker is about to look: messages committed from now on need a call of their own."""
    with suppress(Away), attempt():
        valkey_client().delete(_CALLED)


@dataclass(frozen=True)
class ToldEvent:
    """What an endpoint is told of an event is made of."""

    code: str
    uid: UUID
    procedure_code: str
    revision: int
    action: str
    from_state: int
    to_state: int
    at: datetime
    automatic: bool


def content_of(event: ToldEvent) -> dict[str, Any]:
    """What an endpoint is told of an event: which dossier, what happened, how it stands. No personal data.

    `type` is ``dossier.<action>``; moments are ISO 8601 with Vietnam's offset.
    """
    return {
        "type": f"dossier.{event.action}",
        "timestamp": _moment(event.at),
        "data": {
            "code": event.code,
            "uid": str(event.uid),
            "procedure_code": event.procedure_code,
            "revision": event.revision,
            "action": event.action,
            "from_state": event.from_state,
            "state": {"number": event.to_state, "name": str(State(event.to_state).label)},
            "at": _moment(event.at),
            "automatic": event.automatic,
        },
    }


@transaction.atomic
def replay_messages(messages: QuerySet[WebhookMessage], *, by: Actor, at: datetime) -> int:
    """Send messages again under their identifiers, oldest first; returns how many wait now.

    Raises Refused when they are too many for one go.
    """
    chosen = messages.filter(endpoint__active=True).exclude(state=WebhookMessage.State.WITHHELD)
    ids = list(chosen.order_by("id").values_list("pk", flat=True)[: MOST_REPLAYED + 1])
    if len(ids) > MOST_REPLAYED:
        sentence = _("Mỗi lần gửi lại nhiều nhất %(most)s tin. Hãy chọn khoảng thời gian ngắn hơn.")
        raise Refused("too_many", sentence % {"most": MOST_REPLAYED})
    again = WebhookMessage.objects.filter(pk__in=ids)
    count = again.update(
        state=WebhookMessage.State.WAITING, delivered_at=None, attempts=0, available_at=at, last_error=""
    )
    if count:
        audit_log.record_entry("webhooks_replayed", "webhooks", by=by, count=count)
        transaction.on_commit(call_deliverer)
    return count


def skip_message(message: WebhookMessage, *, by: Actor) -> bool:
    """Give up a parked message, so that the later ones of its dossier go on; returns whether it was parked."""
    parked = WebhookMessage.objects.filter(pk=message.pk, state=WebhookMessage.State.PARKED)
    with transaction.atomic():
        if not parked.update(state=WebhookMessage.State.WITHHELD):
            return False
        audit_log.record_entry(
            "webhook_skipped",
            f"webhook:{message.pk}",
            by=by,
        )
        transaction.on_commit(call_deliverer)
    return True


def messages_of(endpoint: WebhookEndpoint) -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(endpoint=endpoint).order_by("-id")


def _moment(value: datetime) -> str:
    return value.astimezone(VIETNAM).isoformat(timespec="seconds")
