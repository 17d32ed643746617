"""The one list of addresses this installation may connect to; every other connection is refused within the process.

What is written by citizens must not leave the machine through a library's habit (a geocoder, telemetry, a cloud's
metadata address). So names and connections are asked about here, whichever library opens them. PostgreSQL's client
library connects by itself, to DATABASE_URL alone.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

log = logging.getLogger(__name__)

REFUSED_EVENT = "oss_portal.outgoing.refused"  # sys.audit(event, host, port)
_DEFAULT_PORTS = {
    "http": 80,
    "https": 443,
    "redis": 6379,
    "tcp": 3310,
    "rediss": 6379,
    "postgres": 5432,
    "postgresql": 5432,
}
_resolved: set[tuple[str, int]] = set()  # what an allowed name resolved to in this process
_installed = False


class NotAllowedOut(OSError):
    """A connection to an address that nobody configured; callers treat it as one that does not answer."""


def allowed() -> Iterator[tuple[str, int | None]]:
    """(host, port) by the settings; a host that begins with a dot stands for all names below it, port None for any."""
    for name in settings.OUTGOING_URL_SETTINGS:
        named = getattr(settings, name, "")
        for address in [named] if isinstance(named, str) else named.values():
            if not address:
                continue
            parts = urlsplit(address)
            yield (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme)
    for provider in settings.OPENID_PROVIDERS:
        parts = urlsplit(provider["server_url"])
        yield (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme)
    if settings.EMAIL_HOST:
        yield settings.EMAIL_HOST.lower(), settings.EMAIL_PORT
    for entry in settings.OUTGOING_ALSO:
        host, _colon, port = entry.strip().lower().rpartition(":")
        yield (host.strip("[]"), int(port)) if host and port.isdecimal() else (entry.strip().lower(), None)


def is_allowed(host: str, port: int | None) -> bool:
    """Whether a connection may be opened. What does not leave the machine always may."""
    host = host.lower().rstrip(".").partition("%")[0]
    if not host or host == "localhost" or _is_loopback(host) or (host, port) in _resolved:
        return True
    return any(
        (host == name or (name.startswith(".") and host.endswith(name))) and (number in (None, port) or port is None)
        for name, number in allowed()
        if name
    )


def install() -> None:
    """Puts the list in force for this process, once."""
    global _installed
    if _installed:
        return
    _installed = True
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)  # type: ignore[assignment]
    for name, place in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name), place))


def _guarded_lookup(lookup: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        name = host.decode("idna") if isinstance(host, bytes) else host
        number = int(port) if isinstance(port, int) or (isinstance(port, str) and port.isdecimal()) else None
        if name is not None and not is_allowed(name, number):
            _refuse(name, number)
        found = lookup(host, port, *args, **options)
        _resolved.update((address[0], address[1]) for *_rest, address in found if len(address) >= 2)
        return found

    return getaddrinfo


def _guarded(method: Callable[..., Any], place: int) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and args:
            host, port = args[place][:2]
            if not is_allowed(host, port):
                _refuse(host, port)
        return method(self, *args)

    return guarded


def _refuse(host: str, port: int | None) -> None:
    sys.audit(REFUSED_EVENT, host, port)
    log.error("connection refused: not a configured address", extra={"host": host, "port": port})
    raise NotAllowedOut(
        f"{host}:{port or '*'} is no address that this installation may connect to; "
        "name it in OUTGOING_ALSO when it should be."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
