"""How often something may be done: counters in Valkey that forget by themselves.

A limit has its number and its span in the setting LIMITS. Whose events are counted stands in Valkey as a keyed hash
only, so that nobody reads addresses or names there. While Valkey is away each process counts for itself, and the log
says so: people must be able to sign in; whatever must not be guessed even then (codes of few digits) counts its tries
in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import ngettext

from core import valkey
from core.cache import count
from core.refusals import Refused


class TooMany(Refused):
    """The limit is reached; `seconds` until the events counted are forgotten."""

    status = 429
    seconds: int

    def __init__(self, limit: str, seconds: int) -> None:
        self.limit, self.seconds = limit, max(seconds, 1)
        minutes = -(-self.seconds // 60)
        super().__init__(
            "too_many",
            ngettext(
                "Có quá nhiều lần thử trong một thời gian ngắn. Hãy thử lại sau %(n)s phút.",
                "Có quá nhiều lần thử trong một thời gian ngắn. Hãy thử lại sau %(n)s phút.",
                minutes,
            )
            % {"n": minutes},
        )


@dataclass(frozen=True)
class Event:
    """Something of `who` that is limited by LIMITS[limit], `share` times as often where that is not 1."""

    limit: str
    who: str
    share: float = 1.0

    @property
    def key(self) -> str:
        secret = f"{settings.SECRET_KEY}:limits".encode()
        return f"limit:{self.limit}:{hmac.new(secret, self.who.encode(), hashlib.sha256).hexdigest()[:32]}"

    @property
    def most(self) -> int:
        return max(1, int(settings.LIMITS[self.limit][0] * self.share))

    @property
    def seconds(self) -> int:
        return settings.LIMITS[self.limit][1]


def count_events(*events: Event) -> None:
    """Count each event, then raise TooMany for the first whose limit is passed.

    Counting comes before the thing itself, so that many at once cannot all slip in under the limit; what turns out
    harmless is given back.
    """
    for event, (number, left) in zip(events, _count(events, 1), strict=False):
        if number > event.most:
            raise TooMany(event.limit, left)


def give_back(*events: Event) -> None:
    """Take back what `take` counted."""
    _count(events, -1)


def number_of(event: Event) -> int:
    """How many events of this kind are counted now; 0 when nobody knows."""
    try:
        with valkey.attempt():
            return int(valkey.valkey_client().get(event.key) or 0)  # type: ignore[arg-type]
    except valkey.Away:
        return 0


def _count(events: tuple[Event, ...], by: int) -> list[tuple[int, int]]:
    """(number, seconds left) of each; while Valkey is away each process counts for itself."""
    try:
        with valkey.attempt(), valkey.valkey_client().pipeline(transaction=False) as calls:
            for event in events:
                calls.set(event.key, 0, ex=event.seconds, nx=True)
                calls.incrby(event.key, by)
                calls.ttl(event.key)
            answers = calls.execute()
    except valkey.Away:
        return [(count(event.key, seconds=event.seconds), event.seconds) for event in events] if by > 0 else []
    return [(answers[place + 1], answers[place + 2]) for place in range(0, len(answers), 3)]


def neighbourhood(address: str) -> str:
    """The range that one connection's holder can move in: a /24 of IPv4, a /48 of IPv6."""
    return _network(address, 24, 48)


def line(address: str) -> str:
    """One connection: an IPv4 address, or the /64 that one household of IPv6 has."""
    return _network(address, 32, 64)


def is_office(address: str) -> bool:
    """Whether it is one of our offices (OFFICE_NETWORKS), where hundreds of people share one address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(entry, strict=False) for entry in settings.OFFICE_NETWORKS)


def _network(address: str, four: int, six: int) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/{four if found.version == 4 else six}", strict=False))
