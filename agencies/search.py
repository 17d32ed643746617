"""Find territories and agencies by what people type, with or without accents."""

from django.db.models import Q, QuerySet

from agencies.models import Agency, Territory
from vietnam.text import fold

LIMIT = 20
MOST_WORDS = 12


def matching(queryset: QuerySet, text: str) -> QuerySet:
    """Those whose search key holds every word of `text`, or `text` as it is (a code has dots); all of them when it
    has no word."""
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return queryset
    every = Q()
    for word in words:
        every &= Q(search_key__contains=word)
    return queryset.filter(every | Q(search_key__contains=text.strip().lower().replace("\0", "")))


def find_territories(text: str, *, limit: int = LIMIT) -> list[Territory]:
    """Territories of today, in Vietnamese order, at most `limit`."""
    return list(matching(Territory.objects.valid(), text)[:limit])


def find_agencies(text: str, *, limit: int = LIMIT) -> list[Agency]:
    """Agencies of today with their territory, in Vietnamese order, at most `limit`."""
    return list(matching(Agency.objects.valid().select_related("territory"), text)[:limit])
