"""Finding dossiers: folded words of code, owner, number, phone, title, content and what the scans say."""

import re

from django.contrib.postgres.search import (
    SearchConfig,
    SearchQuery,
    SearchVector,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from core.sealed_numbers import number_word
from core.word_search import search_expression
from dossiers.models import Dossier, OtherCode
from vietnam.codes import dossier_codes_meant
from vietnam.text import fold, sort_key

TEXT_LIMIT = 200_000
LONGEST_OTHER_CODE, SHORTEST_KEY = 80, 5
LONGEST_CODE = 300  # characters of what may be a code, or the address of a page about it


class _WordsOfScans(SearchVectorCombinable, Func):
    """What a stored search column has of the scans (weight D)."""

    template = "COALESCE(ts_filter(%(expressions)s, '{d}'), ''::tsvector)"
    output_field = SearchVectorField()
    config = SearchConfig.from_parameter("simple")


def words_of(dossier: Dossier) -> str:
    body, code = dossier.owner_enterprise, dossier.code or ""
    parts = [code, *code.replace(".", " ").split("-"), dossier.owner_name, body.number if body else ""]
    words = fold(" ".join([*parts, dossier.contact_phone, dossier.edition.title, dossier.content]))
    person = None if body else dossier.owner_person
    return f"{words} {number_word(person.stated_number)}" if person else words


def search_vector(words: str, text: str = "") -> Combinable:
    found = SearchVector(Value(words), config="simple", weight="A")
    return found + SearchVector(Value(text[:TEXT_LIMIT]), config="simple", weight="D") if text else found


def index_dossier(dossier: Dossier) -> None:
    """Set the search columns on a dossier that the caller is about to save; what its scans say stays in them."""
    words = search_vector(words_of(dossier))
    dossier.search_vector = words if dossier._state.adding else _WordsOfScans(F("search_vector")) + words
    dossier.sort_key = sort_key(dossier.owner_name)[:500]


def index_text(dossier: Dossier, text: str) -> None:
    """Write the search column anew with the text of the dossier's documents (already folded)."""
    Dossier.objects.filter(pk=dossier.pk, destroyed_at__isnull=True).update(
        search_vector=search_vector(words_of(dossier), text)
    )


def dossiers_matching(queryset: QuerySet[Dossier], words: str) -> QuerySet[Dossier]:
    """Dossiers with every word of `words` (accents and case do not matter; a word may be a beginning, an applicant's
    number stands in whole); none when there is no word."""
    terms = fold(words).split()
    if not terms:
        return queryset.none()
    expression = search_expression(terms, words)
    matches = Q(search_vector=SearchQuery(expression, config="simple", search_type="raw"))
    if codes := dossier_codes_meant(words):
        matches |= Q(code__in=codes)
    if others := _known_elsewhere(words):
        matches |= Q(pk__in=others)
    return queryset.filter(matches)


def dossier_by_code(dossiers: QuerySet[Dossier], text: str) -> Dossier | None:
    """The one of `dossiers` whose code somebody typed, scanned or pasted, however it was written; by a code of another
    system only where just one dossier has it."""
    codes = dossier_codes_meant(text[:LONGEST_CODE])
    found = {dossier.code: dossier for dossier in dossiers.filter(code__in=codes)} if codes else {}
    if own := next((found[code] for code in codes if code in found), None):
        return own
    others = _known_elsewhere(text)
    return dossiers.filter(pk=others[0]).first() if len(others) == 1 else None


def code_key(code: str) -> str:
    """What counts of a code, whatever separators it is written with: capital letters and digits."""
    return re.sub(r"[^A-Z0-9]", "", fold(code).upper())[:80]


def _known_elsewhere(text: str) -> list[int]:
    """Keys of the dossiers that other systems know by this code; none for what can be no code."""
    key = code_key(text) if len(text) <= LONGEST_OTHER_CODE else ""
    if len(key) < SHORTEST_KEY or not any(character.isdigit() for character in key):
        return []
    return list(OtherCode.objects.filter(key=key).values_list("dossier", flat=True).distinct()[:2])
