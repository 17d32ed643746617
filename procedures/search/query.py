"""Finding a procedure by the words people use, with or without accents.

What is compared is folded text (vietnam.text.fold), as `procedures.search.index` writes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, Case, F, FloatField, Func, QuerySet, Value, When

from procedures.models import Edition, Procedure
from procedures.search import spelling
from procedures.search.ranking import (
    LIGHTER,
    OTHER_ACCENTS,
    Names,
    Points,
    Word,
    for_whom,
    rank,
    says_little,
    says_nothing,
    weight,
)
from procedures.search.synonyms import accented_words, named, with_events
from vietnam.text import compose, fold

MAX_WORDS = 12
MOST_FORMS = 6  # of one mistyped word
ENOUGH = 0.4  # of the question, by weight of its words, that a procedure must answer to be shown
MOST_RANKED = 80  # by their names; who comes later was found by few of the words
OWN = 0.3  # who has synonyms of its own is looked at before others that answer somewhat more
NEAR_THE_BEST = 0.7  # and this part of what the best one answers
FITS = 0.7  # of the telling words of a question, that the best procedure has when it is meant
SHOWN_FIRST = 5  # on a page that says what it is not sure of
WELL = 0.85  # so much of a question answered, its words together, needs no other reading of it
OFFICIALLY = 0.05  # what a reading with official words is less sure
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\s*(\d\.\d{1,6})\S*\s*\Z")


def search_procedures(question: str, procedures: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """Narrow `procedures` to those that answer `question`, the likeliest first.

    A question without a word finds nothing. The order is that of `ranked`, whose points say why.
    """
    if match := _CODE.match(question):
        return procedures.filter(code__startswith=match[1]).order_by("code")
    order = [pk for pk, _points in ranked_procedures(question, procedures)]
    if not order:
        return procedures.none()
    place = Func(
        Value(order, output_field=ArrayField(BigIntegerField())),
        F("pk"),
        function="array_position",
        output_field=BigIntegerField(),
    )
    return procedures.filter(pk__in=order).order_by(place)


def ranked_procedures(question: str, procedures: QuerySet[Procedure]) -> list[tuple[int, Points]]:
    """Ids of those of `procedures` that answer a question in words, with their points, best first.

    Words are taken as typed where the catalogue knows them. Where nobody answers nearly all of the question, it is read
    with the official words for everyday ones too; where nobody answers most of it, near words are taken.
    """
    asked = _Asked.read(named(question[:400]))
    if asked is None:
        return []
    found = _answers(asked, procedures)
    event = with_events(asked.text)
    official = _Asked.read(named(event, "everyday"))
    if official and official.text != asked.text and (event != asked.text or not _well(found, WELL, WELL)):
        found = _better(found, _answers(official, procedures))
    if not _well(found, 0.8, 0.5):
        again = _answers(asked, procedures, doubted=True)
        if again and (not found or again[0][1].total > found[0][1].total):
            found = again
    return found


def fits_question(question: str, procedures: QuerySet[Procedure]) -> bool:
    """Whether some procedure of those shown first really answers a question in words; what is listed for another one
    is a guess."""
    if _CODE.match(question):
        return True
    first = [pk for pk, _points in ranked_procedures(question, procedures)[:SHOWN_FIRST]]
    if not first:
        return False
    read = named(question[:400])
    readings = {text: _Asked.read(text) for text in (read, named(with_events(read), "everyday"))}
    texts = procedures.filter(pk__in=first).values_list("search_text", flat=True)
    return any(
        asked is not None and _share_found(asked, _names(text)) >= FITS for text in texts for asked in readings.values()
    )


def _share_found(asked: "_Asked", names: Names) -> float:
    """How many of the telling words of a question a procedure has, whatever each says: one that the catalogue does not
    know counts like any other here. A slip counts where the word beside it stands beside what may be meant in a name
    too ("khai sing"), a word with other accents counts in part ("phở" is no "phố")."""
    written = _one_each(asked.accented)
    meant = {word: next((n.word for n in asked.near[word] if _sounds(n, names)), "") for word in asked.words}
    beside = names.pairs
    found = []
    for n, word in enumerate(asked.words):
        if word in asked.light:
            continue
        if meant[word]:
            accents = written.get(word)
            others = accents and accents not in names.written and any(fold(other) == word for other in names.written)
            found.append(OTHER_ACCENTS if others and meant[word] == word else 1.0)
            continue
        before = meant[asked.words[n - 1]] if n else ""
        after = meant[asked.words[n + 1]] if n + 1 < len(asked.words) else ""
        slips = (one.word for one in asked.near[word] if one.sure < spelling.ALIKE)
        found.append(spelling.NEAR if any({(before, s), (s, after)} & beside for s in slips) else 0.0)
    return sum(found) / len(found) if found else 1.0


def _sounds(one: spelling.Meant, names: Names) -> bool:
    return one.sure >= spelling.ALIKE and one.word in names.all


def _well(found: list[tuple[int, Points]], covered: float, together: float) -> bool:
    """Whether the first answers so much of the question, with so many of its words together."""
    return bool(found) and found[0][1].covered >= covered and found[0][1].together >= together


def _better(found: list[tuple[int, Points]], other: list[tuple[int, Points]]) -> list[tuple[int, Points]]:
    """Each procedure with the better of its two answers, the second of which is a little less sure."""
    best = dict(found)
    for pk, points in other:
        less = replace(points, total=points.total - OFFICIALLY)
        if pk not in best or less.total > best[pk].total:
            best[pk] = less
    return sorted(best.items(), key=lambda row: -row[1].total)


def _typed(text: str) -> list[str]:
    """The words as typed, in small letters."""
    return [word for word in _WORD.findall(compose(text).lower()) if fold(word)]


def _words(text: str) -> list[str]:
    """Folded, each once, without those that name no procedure where others remain."""
    said = dict.fromkeys(part for word in _typed(text) if not says_nothing(word) for part in fold(word).split())
    return list(said or dict.fromkeys(fold(text).split()))[:MAX_WORDS]


@dataclass(frozen=True)
class _Asked:
    """A question's words with what each may mean, how it was typed with its accents, and which say little in it."""

    text: str
    words: list[str]
    near: dict[str, list[spelling.Meant]]
    accented: frozenset[str]
    light: frozenset[str]

    @classmethod
    def read(cls, text: str) -> "_Asked | None":
        """None of a text without a word."""
        words = _words(text)
        if not words:
            return None
        near = spelling.meant_by(words)
        if apart := spelling.split_words(word for word in words if not near[word]):
            words = [half for word in words for half in apart.get(word, (word,))]
            near = spelling.meant_by(words)
        return cls(text, words, near, accented_words(text), _light(text))


def _light(text: str) -> frozenset[str]:
    """Folded words that say little in this question."""
    return frozenset(fold(word) for word in _typed(text) if says_little(word)) | for_whom(fold(text).split())


def _one_each(accented: Iterable[str]) -> dict[str, str]:
    """By folded word; one that stands in the question with two accents is left out."""
    found: dict[str, set[str]] = {}
    for word in accented:
        found.setdefault(fold(word), set()).add(word)
    return {folded: words.pop() for folded, words in found.items() if len(words) == 1}


def _word(typed: str, asked: _Asked, written: dict[str, str], *, doubted: bool = False) -> Word:
    """`doubted`: a word that the catalogue knows may stand for one that sounds alike ("tam chu" for "tam tru")."""
    near = asked.near[typed]
    exact = [one for one in near if one.sure == spelling.SAME]
    alike = [one for one in near if one.sure >= spelling.ALIKE]
    taken = (alike if doubted else exact) if exact else near[:MOST_FORMS]
    count = max((one.procedures for one in exact or taken), default=0)
    return Word(
        typed,
        {one.word: one.sure for one in taken},
        weight(count) * (LIGHTER if typed in asked.light else 1.0) if count else 0.0,
        open_ended=typed == asked.words[-1],
        accented=written.get(typed, ""),
    )


def _answers(asked: _Asked, procedures: QuerySet[Procedure], *, doubted: bool = False) -> list[tuple[int, Points]]:
    written = _one_each(asked.accented)
    question = [_word(word, asked, written, doubted=doubted) for word in asked.words]
    known = [word.weight for word in question if word.weight]
    # A word that the catalogue does not know tells procedures apart no more than a middling one.
    middle = median(known) * 0.4 if known else 1.0
    question = [replace(word, weight=word.weight or middle) for word in question]
    mass = sum(word.weight for word in question)
    telling = _telling(question, mass)
    if telling is None:
        return []
    found = list(
        procedures.filter(search_vector=telling)
        .annotate(part=_part(question, mass))
        .filter(part__gte=ENOUGH)
        .annotate(own=Case(When(search_text__contains="\n|", then=Value(OWN)), default=Value(0.0)))
        .order_by((F("part") + F("own")).desc(), "-popularity", "code")
        .values_list("pk", "part")
    )
    points = _points(question, asked.accented, procedures, [pk for pk, _part in found[:MOST_RANKED]])
    best = max((one.covered for one in points.values()), default=0.0)
    least = max(ENOUGH, NEAR_THE_BEST * best)
    kept = {pk: one for pk, one in points.items() if one.covered >= (ENOUGH if one.kept_to == 1.0 else least)}
    order = sorted(kept.items(), key=lambda row: -row[1].total)
    return order + [(pk, Points(covered=part)) for pk, part in found[MOST_RANKED:] if part >= least]


@lru_cache(maxsize=3000)
def _names(text: str) -> Names:
    """Read once: a question is read several times, and most questions are about the same procedures."""
    return Names.read(text)


def _points(
    question: list[Word], accented: frozenset[str], procedures: QuerySet[Procedure], chosen: list[int]
) -> dict[int, Points]:
    """By id, in the order of codes."""
    rows = procedures.filter(pk__in=chosen).order_by("code")
    return {
        pk: rank(
            question,
            _names(text),
            accented=accented,
            popularity=popularity,
            bundled=origin == Edition.Origin.BUNDLED,
            here=kind == Procedure.Kind.RECEIVABLE,
        )
        for pk, text, popularity, kind, origin in rows.values_list(
            "pk", "search_text", "popularity", "kind", "current__origin"
        )
    }


def _telling(question: list[Word], mass: float) -> SearchQuery | None:
    """Any of the words that say most: who has none of them cannot answer enough of the question."""
    words: list[Word] = []
    for word in sorted(question, key=lambda word: -word.weight):
        words.append(word)
        if sum(one.weight for one in words) > (1 - ENOUGH) * mass:
            break
    return _any_form(words)


def _part(question: list[Word], mass: float) -> Any:
    """How much of the question a procedure answers, as the database can tell."""
    parts = [
        Case(When(search_vector=query, then=Value(word.weight / mass)), default=Value(0.0), output_field=FloatField())
        for word in question
        if (query := _any_form([word])) is not None
    ]
    return sum(parts[1:], start=parts[0])


def _any_form(words: list[Word]) -> SearchQuery | None:
    parts = [form for word in words for form in (*word.forms, *([f"{word.typed}:*"] if word.open_ended else []))]
    return SearchQuery(" | ".join(parts), search_type="raw", config="simple") if parts else None
