"""Search by words in the folded `search_key` of a table that has a word index on it."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from vietnam.text import fold

MOST_WORDS = 8


def having_words(queryset: QuerySet, text: str) -> QuerySet:
    """Rows whose key has a word beginning with each word of `text`; none when `text` has no word."""
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return queryset.none()
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    return queryset.alias(words=SearchVector("search_key", config="simple")).filter(words=query)
