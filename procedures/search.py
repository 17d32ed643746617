"""Finding a procedure by the words people use, with or without accents.

What is compared is folded text (vietnam.text.fold), written with the current edition. `search_text` has four lines:
title, synonyms (the procedure's own between bars), English title, field and code.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Case, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Length, Ln

from procedures.facts import CATALOGUE, yaml_data
from procedures.models import Edition, Procedure
from vietnam.text import fold

MAX_WORDS = 12
# Words of a question that name no procedure; left out when others remain.
_WORDS_WITHOUT_MEANING = """
lam xin thu tuc toi muon can o dau nhu the nao cho de ve gi bi co va la thi i want to how do my a the for of
"""
_FILLERS = frozenset(_WORDS_WITHOUT_MEANING.split())
_CODE = re.compile(r"\s*(\d\.\d{1,6})\S*\s*\Z")


@cache
def _synonyms() -> tuple[dict[str, list[str]], list[tuple[str, list[str]]]]:
    """(by code, by phrase of the title), folded."""
    table = yaml_data(CATALOGUE / "synonyms.yaml")["synonyms"]
    by_code: dict[str, list[str]] = {}
    by_phrase: list[tuple[str, list[str]]] = []
    for row in table:
        words = [fold(word) for word in row["words"]]
        for code in row.get("codes", []):
            by_code.setdefault(code, []).extend(words)
        by_phrase += [(fold(phrase), words) for phrase in row.get("titles_with", [])]
    return by_code, by_phrase


def words_of(edition: Edition) -> str:
    """The folded text of a procedure, four lines."""
    by_code, by_phrase = _synonyms()
    title = fold(edition.title).removeprefix("thu tuc ")
    own = by_code.get(edition.facts["code"], [])
    bars = "|" + "|".join(dict.fromkeys(own)) + "|" if own else ""
    for phrase, words in by_phrase:
        if f" {phrase} " in f" {title} ":
            bars += " " + " ".join(words)
    last = f"{fold(edition.field.name)} {fold(edition.facts['code'])}"
    return "\n".join((title, bars, fold(edition.title_en), last))


def index(editions: Iterable[Edition]) -> int:
    """Write the words of current editions where they changed; returns how many did."""
    found = {edition.procedure_id: words_of(edition) for edition in editions}
    known = dict(Procedure.objects.filter(pk__in=found).values_list("pk", "search_text"))
    changed = {pk: words for pk, words in found.items() if known.get(pk) != words}
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE procedures_procedure AS p
                SET search_text = v.words,
                    search_vector = setweight(to_tsvector('simple', split_part(v.words, E'\\n', 1)), 'A')
                        || setweight(to_tsvector('simple', replace(split_part(v.words, E'\\n', 2), '|', ' ')), 'B')
                        || setweight(to_tsvector('simple', split_part(v.words, E'\\n', 3)), 'C')
                        || setweight(to_tsvector('simple', split_part(v.words, E'\\n', 4)), 'D')
                FROM unnest(%s::bigint[], %s::text[]) AS v(id, words)
                WHERE p.id = v.id
                """,
                [list(changed), list(changed.values())],
            )
    return len(changed)


def index_all() -> int:
    """Write the words of every procedure anew, as after a change of the synonyms."""
    editions = Edition.objects.filter(status=Edition.Status.PUBLISHED).select_related("field")
    return index(editions)


def search(question: str, procedures: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """Narrow `procedures` to those that answer `question`, the likeliest first.

    All words must be found (each may be the beginning of a word); where none has them all, those that have at
    least half. A question without a word finds nothing.
    """
    if match := _CODE.match(question):
        return procedures.filter(code__startswith=match[1]).order_by("code")
    folded = fold(question[:400])
    words = list(dict.fromkeys(folded.split()))[:MAX_WORDS]
    words = [word for word in words if word not in _FILLERS] or words
    if not words:
        return procedures.none()
    every = procedures.filter(search_vector=_query(" & ", words))
    phrase = " ".join(folded.split()[:MAX_WORDS])
    if every.exists():
        return every.annotate(score=_score(phrase, words)).order_by("-score", "code")
    some = procedures.filter(search_vector=_query(" | ", words)).annotate(found=_coverage(words))
    return (
        some.filter(found__gte=(len(words) + 1) // 2)
        .annotate(score=F("found") + _score(phrase, words))
        .order_by("-score", "code")
    )


def _query(joint: str, words: list[str]) -> SearchQuery:
    return SearchQuery(joint.join(f"{word}:*" for word in words), search_type="raw", config="simple")


def _title() -> Func:
    return Func(F("search_text"), Value("\n"), Value(1), function="split_part")


def _score(phrase: str, words: list[str]) -> ExpressionWrapper:
    """Exact title or synonym, then titles that begin with the question or hold it, then rank; short titles first."""
    core = " ".join(words)
    rank = Func(
        F("search_vector"),
        _query(" | ", words),
        Value(1),
        function="ts_rank",
        output_field=FloatField(),
    )
    share = Cast(Value(float(len(core))), FloatField()) / (Length(_title()) + Value(len(core)))
    bonus = Case(
        When(search_text__startswith=f"{phrase}\n", then=Value(9.0)),
        When(search_text__contains=f"|{phrase}|", then=Value(8.0)),
        When(search_text__startswith=f"{core}\n", then=Value(7.0)),
        When(search_text__contains=f"|{core}|", then=Value(6.0)),
        When(search_text__startswith=core, then=Value(3.0)),
        When(search_text__contains=f" {core}", then=Value(2.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    common = Ln(Cast(F("popularity"), FloatField()) + 1.0) * Value(0.25)
    return ExpressionWrapper(bonus + share * Value(2.0) + rank + common, output_field=FloatField())


def _coverage(words: list[str]) -> ExpressionWrapper:
    """How many of the words a procedure has."""
    one = [Case(When(Q(search_vector=_query(" & ", [word])), then=Value(1.0)), default=Value(0.0)) for word in words]
    total: Any = one[0]
    for part in one[1:]:
        total = total + part
    return ExpressionWrapper(total, output_field=FloatField())
