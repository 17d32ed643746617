"""Search by words in the folded `search_key` of a table that has a word index on it."""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from core.sealed_numbers import number_word
from vietnam.text import fold

MOST_WORDS = 8
_MAYBE_NUMBER = re.compile(r"(?=.*[0-9])[a-z0-9]{5,20}")


def having_words(queryset: QuerySet, text: str) -> QuerySet:
    """Rows whose key has a word beginning with each word of `text`; none when `text` has no word."""
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return queryset.none()
    query = SearchQuery(" & ".join(map(search_term, words)), search_type="raw", config="simple")
    return queryset.alias(words=SearchVector("search_key", config="simple")).filter(words=query)


def search_term(word: str) -> str:
    """What PostgreSQL looks for when somebody types a folded word: its beginning, or the whole number that it is."""
    return f"({word}:* | {number_word(word.upper())})" if _MAYBE_NUMBER.fullmatch(word) else f"{word}:*"


def in_byte_order(key: str) -> Collate:
    """To order by a folded key alike everywhere: a server's locale may pass over spaces, or have letters elsewhere."""
    return Collate(F(key), "C")
