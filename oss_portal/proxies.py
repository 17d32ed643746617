"""Whose word is taken for where a request came from: TRUSTED_PROXIES, and nobody else's.

Everything behind this middleware finds the client's own address in REMOTE_ADDR (records of origin, limits, brakes),
and the scheme the client used through SECURE_PROXY_SSL_HEADER. Headers of the same names that anybody else sent are
gone before somebody can believe them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

UNIX_SOCKET = "unix"  # in TRUSTED_PROXIES: who comes through a Unix socket, which has no address
_FORWARDED = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")
_OTHERS = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_X_CLUSTER_CLIENT_IP", "HTTP_TRUE_CLIENT_IP")
_MOST_HOPS = 20

Address = IPv4Address | IPv6Address


class TrustedProxyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sender = request.META.get("REMOTE_ADDR", "")
        forwarded_for = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if is_trusted(sender):
            request.META["REMOTE_ADDR"] = client_of(sender, forwarded_for)
        else:
            request.META["REMOTE_ADDR"] = written(address_of(sender)) or sender
            for name in _FORWARDED:
                request.META.pop(name, None)
        for name in _OTHERS:
            request.META.pop(name, None)
        return self.get_response(request)


def client_of(sender: str, forwarded_for: str) -> str:
    """The nearest address that no trusted proxy has: each proxy adds on the right whom it saw, and what stands further
    left is the client's own word. `sender` itself when the header says nothing that can be used."""
    nearest = written(address_of(sender)) or sender
    for hop in reversed(forwarded_for.split(",")[-_MOST_HOPS:]):
        address = address_of(hop)
        if address is None:
            break
        nearest = written(address)
        if not is_trusted(nearest):
            break
    return nearest


def is_trusted(sender: str) -> bool:
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    address = address_of(sender)
    if address is None:
        return not sender and UNIX_SOCKET in settings.TRUSTED_PROXIES
    return any(address in network for network in networks)


def address_of(text: str) -> Address | None:
    """An address as servers and proxies write it: with a port, in brackets, or an IPv4 one dressed as IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def written(address: Address | None) -> str:
    return str(address) if address is not None else ""


@lru_cache(maxsize=8)
def _networks(entries: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(entry, strict=False) for entry in entries if entry != UNIX_SOCKET)
