"""The words by which a procedure is found, written with its current edition.

`search_text` has five lines of folded text (vietnam.text.fold): title, synonyms (the procedure's own between bars),
English title, field and code; and the words of title and own synonyms with their accents, which tell "sổ đỏ" from
"số đo" when the question has accents.
"""

from collections.abc import Iterable

from django.db import connection

from procedures.models import Edition, Procedure
from procedures.search import spelling
from procedures.search.synonyms import accented_words, named, synonyms_in_use
from vietnam.text import fold


def search_text_of(edition: Edition) -> str:
    """The text of a procedure by which it is found, five lines."""
    by_code, by_phrase = synonyms_in_use()
    title = fold(named(edition.title)).removeprefix("thu tuc ")
    own = by_code.get(edition.facts["code"], [])
    own = [named(phrase) for phrase in own]
    bars = "|" + "|".join(dict.fromkeys(fold(phrase) for phrase in own)) + "|" if own else ""
    beside = [named(word) for phrase, words in by_phrase if f" {phrase} " in f" {title} " for word in words]
    if beside:
        bars += " " + " ".join(fold(word) for word in beside)
    last = f"{fold(edition.field.name)} {fold(edition.facts['code'])}"
    written = accented_words(named(edition.title), *own, *beside, edition.field.name)
    return "\n".join((title, bars, fold(named(edition.title_en)), last, " ".join(sorted(written))))


def index_procedures(editions: Iterable[Edition]) -> int:
    """Write the words of current editions where they changed; returns how many did."""
    found = {edition.procedure_id: search_text_of(edition) for edition in editions}
    known = dict(Procedure.objects.filter(pk__in=found).values_list("pk", "search_text"))
    changed = {pk: words for pk, words in found.items() if known.get(pk) != words}
    if changed:
        spelling.learn_words(
            {pk: _folded(text) for pk, text in known.items()}, {pk: _folded(text) for pk, text in changed.items()}
        )
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


def _folded(text: str) -> str:
    return "\n".join(text.split("\n")[:4])


def index_all() -> int:
    """Write the words of every procedure anew, as after a change of the synonyms."""
    editions = Edition.objects.filter(status=Edition.Status.PUBLISHED).select_related("field")
    return index_procedures(editions)
