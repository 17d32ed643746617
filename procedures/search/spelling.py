"""The words of the catalogue that are meant by a word as typed.

Two words are near when one letter is missing, too many, wrong or changed places, or when they sound alike to somebody
(s and x, tr and ch, d, gi and r, l and n, i and y, c and k): then they share a form, and forms are rows of an index.
(Trigrams do not do: a Vietnamese syllable has four letters, and one mistake leaves it hardly any.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from procedures.models.search import SearchWord

# How sure it is that the one means the other.
SAME, ALIKE, NEAR = 1.0, 0.85, 0.7
SHORTEST = 3  # letters of a word that may be mistyped; shorter ones are near to everything
_SOUNDS = (
    ("ngh", "ng"),
    ("gh", "g"),
    ("tr", "ch"),
    ("gi", "d"),
    ("r", "d"),
    ("x", "s"),
    ("l", "n"),
    ("k", "c"),
    ("qu", "cu"),
    ("ph", "f"),
    ("z", "d"),  # as it is written for fun
    ("j", "d"),
    ("w", "cu"),
)
_NUMBERS = {"1": "mot", "2": "hai", "3": "ba", "4": "bon", "5": "nam"}
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Meant:
    """A word of the catalogue, how many procedures have it, and how sure it is that it was meant."""

    word: str
    procedures: int
    sure: float


def word_forms(word: str) -> list[str]:
    """What near words share with `word`: itself, itself without one letter, its sound."""
    found = {word, word_sound(word)}
    if len(word) >= SHORTEST and word.isalpha():
        found |= {word[:n] + word[n + 1 :] for n in range(len(word))}
    return sorted(found)


def word_sound(word: str) -> str:
    """How the word sounds to those who do not tell its letters apart; begins with a sign that no word has."""
    word = _NUMBERS.get(word, word)
    for written, heard in _SOUNDS:
        if word.startswith(written):
            word = heard + word[len(written) :]
            break
    return "~" + word.replace("y", "i")


def meant_by(words: Iterable[str]) -> dict[str, list[Meant]]:
    """For each word as typed the catalogue's words that may be meant, the surest first; one query."""
    asked = list(words)
    by_form: dict[str, set[str]] = {}
    for word in asked:
        for form in word_forms(word):
            by_form.setdefault(form, set()).add(word)
    found: dict[str, list[Meant]] = {word: [] for word in asked}
    rows = SearchWord.objects.filter(forms__overlap=list(by_form), procedures__gt=0)
    for known, shared, count in rows.values_list("word", "forms", "procedures"):
        for word in {word for form in shared for word in by_form.get(form, ())}:
            if sure := _sure(word, known):
                found[word].append(Meant(known, count, sure))
    for meant in found.values():
        meant.sort(key=lambda one: (-one.sure, -one.procedures, one.word))
    return found


def split_words(words: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For words written together ("khaisinh") the two words of the catalogue that they are; one query."""
    halves = {word: [(word[:n], word[n:]) for n in range(2, len(word) - 1)] for word in words if 4 <= len(word) <= 16}
    if not any(halves.values()):
        return {}
    wanted = {half for pairs in halves.values() for pair in pairs for half in pair}
    counts = dict(SearchWord.objects.filter(word__in=wanted, procedures__gt=0).values_list("word", "procedures"))
    found = {}
    for word, pairs in halves.items():
        known = [pair for pair in pairs if pair[0] in counts and pair[1] in counts]
        if known:
            found[word] = max(known, key=lambda pair: min(counts[pair[0]], counts[pair[1]]))
    return found


def _sure(typed: str, known: str) -> float:
    if typed == known or _NUMBERS.get(typed) == known:
        return SAME
    if word_sound(typed) == word_sound(known):
        return ALIKE
    same_start = typed[0] == known[0]
    return NEAR if same_start else NEAR - 0.15  # few mistype the first letter


def learn_words(before: Mapping[int, str], after: Mapping[int, str]) -> None:
    """Count anew the words of procedures whose text changed; both by procedure."""
    change: Counter[str] = Counter()
    for pk, text in after.items():
        change.update(set(_WORD.findall(text)))
        change.subtract(set(_WORD.findall(before.get(pk, ""))))
    # In one order for all, so that two loads at once wait for each other and never both.
    rows = sorted((word[:60], count) for word, count in change.items() if count)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO procedures_searchword (word, forms, procedures) VALUES (%s, %s, %s) ON CONFLICT (word)"
            " DO UPDATE SET procedures = procedures_searchword.procedures + EXCLUDED.procedures",
            [(word, word_forms(word), count) for word, count in rows],
        )
