"""Web addresses that people type: read without surprises."""

from urllib.parse import SplitResult, urlsplit


def address_parts(address: str) -> SplitResult | None:
    """The parts of an address that names a host; None for one that cannot be read, such as a port above 65535."""
    try:
        parts = urlsplit(address.strip())
        readable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if readable else None
