"""Search by words in the folded `search_key` of a table that has a word index on it."""

import re
from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from core.sealed_numbers import number_word
from vietnam.phone import InvalidPhone, normalise_phone
from vietnam.text import fold
from vietnam.typed import plain_characters

MOST_WORDS = 8
_ONLY_DIGITS = re.compile(r"[\s+(]*[0-9](?:[\s.()+-]*[0-9]){4,19}[\s.)-]*")
_MAYBE_NUMBER = re.compile(r"(?=.*[0-9])[a-z0-9]{5,20}")


def having_words(queryset: QuerySet, text: str) -> QuerySet:
    """Rows whose key has a word beginning with each word of `text`; none when `text` has no word."""
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return queryset.none()
    query = SearchQuery(search_expression(words, text), search_type="raw", config="simple")
    return queryset.alias(words=SearchVector("search_key", config="simple")).filter(words=query)


def search_expression(words: Sequence[str], text: str) -> str:
    """What PostgreSQL looks for when somebody types `text`, folded to `words`: all of them, or the one number that it
    is with separators or the country's own number before it ("0912 345 678", "+84 912345678")."""
    every = " & ".join(map(search_term, words))
    number = _number_meant(text)
    return f"({every}) | {search_term(number)}" if number and [number] != list(words) else every


def _number_meant(text: str) -> str:
    """The digits of a text that has nothing but a number: a telephone's as they are kept; "" for any other text."""
    typed = plain_characters(text)
    if not _ONLY_DIGITS.fullmatch(typed):
        return ""
    try:
        return normalise_phone(typed)
    except InvalidPhone:
        return re.sub(r"[^0-9]", "", typed)


def search_term(word: str) -> str:
    """What PostgreSQL looks for when somebody types a folded word: its beginning, or the whole number that it is."""
    return f"({word}:* | {number_word(word.upper())})" if _MAYBE_NUMBER.fullmatch(word) else f"{word}:*"


def in_byte_order(key: str) -> Collate:
    """To order by a folded key alike everywhere: a server's locale may pass over spaces, or have letters elsewhere."""
    return Collate(F(key), "C")
