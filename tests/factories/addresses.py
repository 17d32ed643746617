"""Every address of the portal with the mark of who may open it, and one account for each role."""

import uuid

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.permissions import SIGNED_IN, STAFF

SYSTEM = "system"  # connected systems, let in by their token (exchange.authentication)
# Values for the parts of an address that name nothing which exists.
DUMMIES = {
    "int": 999_999,
    "slug": "khong-co",
    "uuid": uuid.UUID(int=7),
    "str": "khong-co",
    "path": "khong/co",
}


def walk(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern


ADDRESSES = list(walk(get_resolver().url_patterns))
NAMED = sorted({(pattern.name, route) for route, pattern in ADDRESSES if pattern.name})


def audience_of(view):
    for known in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if getattr(known, "audience", None):
            return frozenset({known.audience} if isinstance(known.audience, str) else known.audience)
    return frozenset()


def address_of(name, pattern):
    values = {key: DUMMIES[_kind(converter)] for key, converter in pattern.pattern.converters.items()}
    return reverse(name, kwargs=values)


def _kind(converter):
    kind = type(converter).__name__.removesuffix("Converter").lower()
    return {"string": "str"}.get(kind, kind) if kind in DUMMIES or kind == "string" else "str"


def is_let_in(role, audience):
    return SIGNED_IN in audience or role in audience or (STAFF in audience and role != "citizen")


def is_api(pattern):
    return hasattr(pattern.callback, "cls")
