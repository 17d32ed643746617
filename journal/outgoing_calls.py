"""The client for every HTTP call to a neighbour: time limits, a rest after repeated failures, a record of each call.

Whether an address may be called at all is decided below, for every library alike (oss_portal.outgoing). A neighbour
that keeps failing rests: it is asked again by single calls, further and further apart, so that a dead one slows nobody.
"""

import ipaddress
import os
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings
from django.db import connection as database
from django.db.models import F, Q
from django.utils import timezone

from core.kept_queries import KeptQuery
from journal.models import Connection, OutgoingCall
from vietnam.scrubbing import scrub_error

PATIENCE_SECONDS = 10.0
MOST_BYTES = 32 * 1024 * 1024
_LONGEST_SECONDS = 60.0  # for a whole answer, however steadily it trickles
RESTS_AFTER = 5  # failures in a row
_REST, _LONGEST_REST = timedelta(seconds=15), timedelta(minutes=10)
_HEADERS = {"User-Agent": "oss-portal", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
_SUCCESS_NOTED_EVERY = timedelta(seconds=10)
_KNOWN = KeptQuery(lambda name: Connection.objects.filter(name=name), name="?")
_KEEP = """
    INSERT INTO journal_outgoingcall (connection, operation, reference, at, status, milliseconds, error)
    SELECT %s, operation, reference, %s, status, milliseconds, error
    FROM unnest(%s::text[], %s::text[], %s::smallint[], %s::int[], %s::text[])
        AS call(operation, reference, status, milliseconds, error)
"""


class CallFailed(Exception):
    """No usable answer came. `in_doubt`: the neighbour may have got the request all the same."""

    def __init__(self, reason: str, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt


class Resting(CallFailed):
    """The neighbour rests after repeated failures; nothing was sent."""


@dataclass(frozen=True)
class Request:
    """`operation` says in a word what is asked; `reference` names the record it is asked for, without personal data."""

    method: str
    url: str
    operation: str
    reference: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    form: Mapping[str, Any] | None = None
    patience: float = PATIENCE_SECONDS
    public_only: bool = False  # refuse addresses of private networks, for addresses that people typed


@dataclass(frozen=True)
class Outcome:
    """`status` None: no answer, `error` says why."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    milliseconds: int = 0
    error: str = ""
    in_doubt: bool = False

    @property
    def failed(self) -> bool:
        """Whether the neighbour is to blame, and a later attempt may go better."""
        return self.status is None or self.status >= 500 or self.status == 429


def call_neighbour(connection: str, request: Request) -> Outcome:
    """Send one request and keep a record of it; the outcome always holds an answer. Raises CallFailed, Resting."""
    now = timezone.now()
    known = _known(connection)
    if not _is_awake(known, at=now):
        raise Resting(f"{connection} rests after repeated failures")
    outcome = send_request(request)
    _keep_calls(connection, [(request, outcome)], now)
    if outcome.failed or known is None or not _is_fine(known, at=now):
        _note_health(connection, [outcome], at=now)
    if outcome.status is None:
        raise CallFailed(outcome.error, in_doubt=outcome.in_doubt)
    return outcome


def send_request(request: Request) -> Outcome:
    """The bare exchange, without the database: safe in a thread."""
    begun = time.monotonic()

    def ended(**known: Any) -> Outcome:
        return Outcome(milliseconds=round((time.monotonic() - begun) * 1000), **known)

    try:
        url, headers, extensions = _addressed(request)
        certificate = settings.CLIENT_CERTIFICATES.get(_parsed(request.url).host, "")
        transport = _transport(os.getpid(), certificate, settings.NEIGHBOUR_AUTHORITIES)
        extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), request.patience)
        response = transport.handle_request(
            httpx.Request(
                request.method,
                url,
                headers=_HEADERS | headers,
                content=request.content,
                data=request.form,
                extensions=extensions,
            )
        )
        try:
            body = bytearray()
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    return ended(status=None, error="the answer is too long", in_doubt=True)
                if time.monotonic() - begun > _LONGEST_SECONDS:
                    return ended(status=None, error="the answer takes too long", in_doubt=True)
            return ended(status=response.status_code, headers=response.headers, body=bytes(body))
        finally:
            response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol, OSError) as error:
        return ended(status=None, error=_reason(error))
    except httpx.HTTPError as error:
        return ended(status=None, error=_reason(error), in_doubt=True)


def may_call(connection: str, *, at: datetime) -> bool:
    """Whether the neighbour is awake; of those who find it at the end of its rest, one is let through to try."""
    return _is_awake(_known(connection), at=at)


def _known(connection: str) -> Connection | None:
    return next(iter(_KNOWN.records(name=connection)), None)


def _is_awake(row: Connection | None, *, at: datetime) -> bool:
    if row is None or row.resting_until is None:
        return True
    if row.resting_until > at:
        return False
    tried = Connection.objects.filter(pk=row.pk, resting_until=row.resting_until)
    return bool(tried.update(resting_until=at + _REST))


def record_calls(connection: str, calls: list[tuple[Request, Outcome]], *, at: datetime) -> None:
    """Keep how calls to one neighbour ended, and what that says of it."""
    _keep_calls(connection, calls, at)
    known, outcomes = _known(connection), [outcome for _request, outcome in calls]
    if known is None or not _is_fine(known, at=at) or all(outcome.failed for outcome in outcomes):
        _note_health(connection, outcomes, at=at)


def _keep_calls(connection: str, calls: list[tuple[Request, Outcome]], at: datetime) -> None:
    columns = zip(
        *(
            (request.operation, request.reference, outcome.status, outcome.milliseconds, outcome.error[:300])
            for request, outcome in calls
        ),
        strict=True,
    )
    if calls:
        with database.cursor() as cursor:
            cursor.execute(_KEEP, [connection, at, *map(list, columns)])


def _is_fine(row: Connection, *, at: datetime) -> bool:
    """Whether one more success would say nothing new of it."""
    fresh = row.last_success_at is not None and row.last_success_at >= at - _SUCCESS_NOTED_EVERY
    return fresh and not row.failures and row.resting_until is None


def _note_health(connection: str, outcomes: list[Outcome], *, at: datetime) -> None:
    failed = [outcome for outcome in outcomes if outcome.failed]
    if len(failed) < len(outcomes):
        stale = Q(last_success_at=None) | Q(last_success_at__lt=at - _SUCCESS_NOTED_EVERY) | Q(failures__gt=0)
        known = Connection.objects.filter(name=connection)
        if not known.filter(stale).update(last_success_at=at, failures=0, resting_until=None):
            Connection.objects.get_or_create(name=connection, defaults={"last_success_at": at})
    elif failed:
        row, _new = Connection.objects.get_or_create(name=connection)
        failures = row.failures + len(failed)
        rest = None
        if failures >= RESTS_AFTER:
            rest = at + min(_REST * 2 ** min(failures - RESTS_AFTER, 10), _LONGEST_REST)
        Connection.objects.filter(pk=row.pk).update(
            failures=F("failures") + len(failed),
            last_failure_at=at,
            last_error=(failed[-1].error or f"HTTP {failed[-1].status}")[:300],
            resting_until=rest,
        )


def last_calls(references: Iterable[str]) -> dict[str, OutgoingCall]:
    """The latest call made for each of these records, by reference, in one query."""
    rows = OutgoingCall.objects.filter(reference__in=list(references)).order_by("reference", "-id")
    return {row.reference: row for row in rows.distinct("reference")}


def is_private(host: str, port: int) -> bool:
    """Whether a host name leads, by any of its addresses, into a private network. Raises OSError when unknown."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return any(not ipaddress.ip_address(address[4][0].partition("%")[0]).is_global for address in found)


def _addressed(request: Request) -> tuple[httpx.URL, dict[str, str], dict[str, Any]]:
    """URL, headers and TLS name; for a public address the one that was judged is the one connected to."""
    url, headers = _parsed(request.url), dict(request.headers)
    if not request.public_only or url.host in settings.OUTGOING_PRIVATE_HOSTS:
        return url, headers, {}
    found = socket.getaddrinfo(url.host, url.port or {"http": 80, "https": 443}[url.scheme], type=socket.SOCK_STREAM)
    addresses = [str(address[4][0]).partition("%")[0] for address in found]
    if not addresses or not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise OSError("the address leads into a private network")
    headers["Host"] = url.netloc.decode()
    return url.copy_with(host=addresses[0]), headers, {"sni_hostname": url.host}


_parsed = lru_cache(maxsize=64)(httpx.URL)  # an endpoint's address is the same in each of its calls


@lru_cache(maxsize=16)
def _transport(_process: int, certificate: str, authorities: str) -> httpx.HTTPTransport:
    """One pool of connections for each process (a forked child must not share its parent's) and each certificate of
    ours; "" is none, else a PEM file with certificate and key. Authorities that `authorities`, a PEM file, names are
    believed beside the public ones. Raises OSError when a file cannot be read.

    No client around it: of redirects, cookies, proxies and a line in the log for each address we want none.
    """
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30)
    context = httpx.create_ssl_context(trust_env=False)
    if certificate:
        context.load_cert_chain(certificate)
    if authorities:
        context.load_verify_locations(authorities)
    return httpx.HTTPTransport(limits=limits, trust_env=False, verify=context)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {scrub_error(str(error))}"[:300]
