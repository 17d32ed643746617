"""Whether the addresses of PostgreSQL and Valkey lead over a network, encrypted there and with the server verified.

A socket, the machine itself and names without a dot, as compose gives its services on a network of one machine, stay
within it. Anything else crosses wires that others share.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

VERIFIED_DATABASE = "sslmode=verify-full&sslrootcert=<the authority's PEM file>"
VERIFIED_VALKEY = "rediss:// and ssl_cert_reqs=required&ssl_ca_certs=<the authority's PEM file>"


def leaves_the_machine(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    if not host or host.startswith("/") or host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host


def unverified_addresses(addresses: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(setting, what its address needs) of each that leads over a network without a verified server."""
    for name, address in addresses.items():
        if not address or not leaves_the_machine(address):
            continue
        parts = urlsplit(address)
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if parts.scheme in ("redis", "rediss", "valkey", "valkeys"):
            verified = parts.scheme in ("rediss", "valkeys") and options.get("ssl_cert_reqs") == "required"
            needed = VERIFIED_VALKEY
        else:
            verified, needed = options.get("sslmode") == "verify-full", VERIFIED_DATABASE
        if not verified:
            yield name, needed
