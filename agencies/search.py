"""Find territories and agencies by what people type, with or without accents."""

from django.db.models import QuerySet

from agencies.models import Agency, Territory
from vietnam.text import fold

LIMIT = 20
MOST_WORDS = 12


def agencies_matching(queryset: QuerySet, text: str) -> QuerySet:
    """Those whose search key holds every word of `text`; all of them when nothing is asked, none when it has no word.
    A word with digits is a code and is looked for as it is written."""
    if text.strip() and not fold(text):
        return queryset.none()
    for piece in text.split()[:MOST_WORDS]:
        is_code = piece.isascii() and piece.isprintable() and any(letter.isdigit() for letter in piece)
        for word in [piece.lower()] if is_code else fold(piece).split():
            queryset = queryset.filter(search_key__contains=word)
    return queryset


def find_territories(text: str, *, limit: int = LIMIT) -> list[Territory]:
    """Territories of today, in Vietnamese order, at most `limit`."""
    return list(agencies_matching(Territory.objects.valid(), text)[:limit])


def find_agencies(text: str, *, limit: int = LIMIT) -> list[Agency]:
    """Agencies of today with their territory, in Vietnamese order, at most `limit`."""
    return list(agencies_matching(Agency.objects.valid().select_related("territory"), text)[:limit])
