"""How each neighbour is doing, from the record of calls and the queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Avg, Count, F, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Registry
from accounts.openid.adapter import connection_name as name_of_openid
from accounts.openid.configuration import providers
from accounts.registries.client import connection_name as connection_name_of
from exchange.connectors.national import NAME as NATIONAL
from exchange.connectors.specialised.work import connection_name as name_of_specialised
from exchange.models import Arrival, SpecialisedSystem, Synchronisation, WebhookEndpoint, WebhookMessage
from exchange.webhooks.delivery import connection_name
from journal.models import Connection, OutgoingCall
from notices.providers.esms import CONNECTION as SMS
from papers.signing.outside import OCSP, TSA
from payments.providers.vietqr.bank import CONNECTION as BANK
from payments.providers.vnpay.gateway import CONNECTION as VNPAY

_WINDOW = timedelta(days=1)
_BAD_SHARE = 0.2
_OLD_QUEUE = timedelta(minutes=15)
_LABELS = {  # of connections that no administrator names
    "national": gettext_lazy("Cổng Dịch vụ công quốc gia"),
    "post": gettext_lazy("Bưu chính công ích"),
    TSA: gettext_lazy("Dấu thời gian cho chữ ký số (TSA)"),
    SMS: gettext_lazy("Cổng gửi tin nhắn SMS và Zalo"),
    VNPAY: gettext_lazy("Cổng thanh toán VNPAY"),
    OCSP: gettext_lazy("Tình trạng chứng thư chữ ký số (OCSP)"),
    **{connection_name_of(registry): registry.label for registry in Registry},
}


@dataclass(frozen=True)
class Health:
    """`errors` is a share between 0 and 1 of the last day's calls; `oldest` is since when the queue's first waits."""

    name: str
    label: str
    last_success_at: datetime | None
    last_error: str
    resting_until: datetime | None
    calls: int
    errors: float | None
    mean_milliseconds: int | None
    waiting: int
    parked: int
    oldest: datetime | None
    in_trouble: bool
    endpoint: WebhookEndpoint | None = None


def healths(*, at: datetime) -> list[Health]:
    """Every neighbour that was ever called and every webhook, those in trouble first. Seven queries."""
    known = {row.name: row for row in Connection.objects.all()}
    failed = Q(status=None) | Q(status__gte=400)
    called = {
        row["connection"]: row
        for row in OutgoingCall.objects.filter(at__gte=at - _WINDOW)
        .values("connection")
        .annotate(calls=Count("pk"), failed=Count("pk", filter=failed), mean=Avg("milliseconds"))
        .order_by()
    }
    queues: dict[str, Mapping[str, Any]] = {
        connection_name(row["endpoint"]): row
        for row in WebhookMessage.objects.filter(state__in=("waiting", "parked"), endpoint__active=True)
        .values("endpoint")
        .annotate(
            waiting=Count("pk", filter=Q(state="waiting")),
            parked=Count("pk", filter=Q(state="parked")),
            oldest=Min("created_at"),
        )
        .order_by()
    }
    queues |= _national_queue()
    webhooks = {
        connection_name(endpoint.pk): endpoint
        for endpoint in WebhookEndpoint.objects.filter(active=True).select_related("system")
    }
    ended = {name for name in known if name.startswith("webhook:") and name not in webhooks}
    names = (set(known) | set(webhooks) | set(queues)) - ended
    labels = {name: str(label) for name, label in _LABELS.items()}
    labels |= {
        name: _("Ngân hàng (%(host)s)") % {"host": name.removeprefix(BANK)} for name in names if name.startswith(BANK)
    }
    ways: dict[str, list[str]] = {}  # two ways in may lead to one host
    for each in providers():
        ways.setdefault(name_of_openid(each.server_url), []).append(each.local_name)
    labels |= {name: _("Đăng nhập bằng %(names)s") % {"names": ", ".join(known)} for name, known in ways.items()}
    labels |= {name_of_specialised(system): system.name for system in SpecialisedSystem.objects.only("key", "name")}
    found = [
        _health(name, known.get(name), called.get(name), queues.get(name), webhooks.get(name), labels, at)
        for name in names
    ]
    return sorted(found, key=lambda health: (not health.in_trouble, health.label))


def _national_queue() -> dict[str, Mapping[str, Any]]:
    """What is still to be told to the national portal and taken from it; nothing where it was never used."""
    waiting, parked = Q(parked_at=None), Q(parked_at__isnull=False)
    told = Synchronisation.objects.filter(system=NATIONAL).aggregate(
        waiting=Count("pk", filter=waiting & Q(told_revision__lt=F("wanted_revision"))),
        parked=Count("pk", filter=parked),
        oldest=Min("available_at", filter=waiting & Q(told_revision__lt=F("wanted_revision"))),
    )
    arriving = Arrival.objects.filter(system=NATIONAL, set_aside_at=None).aggregate(
        waiting=Count("pk", filter=waiting & ~Q(taken_version=F("seen_version"))),
        parked=Count("pk", filter=parked),
        oldest=Min("found_at", filter=waiting & ~Q(taken_version=F("seen_version"))),
    )
    both = {name: told[name] + arriving[name] for name in ("waiting", "parked")}
    if not any(both.values()):
        return {}
    return {NATIONAL: both | {"oldest": min(filter(None, (told["oldest"], arriving["oldest"])), default=None)}}


def _health(
    name: str,
    known: Connection | None,
    called: Mapping[str, Any] | None,
    queue: Mapping[str, Any] | None,
    webhook: WebhookEndpoint | None,
    labels: Mapping[str, str],
    at: datetime,
) -> Health:
    calls = called["calls"] if called else 0
    errors = called["failed"] / calls if called and calls else None
    resting = known.resting_until if known and known.resting_until and known.resting_until > at else None
    oldest = queue["oldest"] if queue else None
    parked = queue["parked"] if queue else 0
    late = oldest is not None and at - oldest > _OLD_QUEUE
    return Health(
        name=name,
        label=_("Báo tin cho %(system)s (%(host)s)")
        % {"system": webhook.system.name, "host": urlsplit(webhook.url).netloc}
        if webhook
        else labels.get(name, name),
        last_success_at=known.last_success_at if known else None,
        last_error=known.last_error if known and known.failures else "",
        resting_until=resting,
        calls=calls,
        errors=errors,
        mean_milliseconds=round(called["mean"]) if called and called["mean"] is not None else None,
        waiting=queue["waiting"] if queue else 0,
        parked=parked,
        oldest=oldest,
        in_trouble=bool(resting or parked or late or (errors or 0) > _BAD_SHARE),
        endpoint=webhook,
    )
