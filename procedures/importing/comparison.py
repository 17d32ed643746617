"""Bundled facts beside those of an extract, cell by cell: what differs, with both texts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procedures import display
from procedures.editions.bundled import read_bundled
from procedures.editions.diff import LABELS, Difference, document_words, fee_words, term_words
from procedures.editions.document import Facts, free_channels
from procedures.importing.rows import FieldNames, RefusedRow, read_row
from vietnam.text import fold

NOTHING = "–"
# Papers whose names share at least this part of their words are the same paper.
_ALIKE = 0.3
_FIFTEEN = re.compile(r"15\s*(?:giờ|h\b)", re.I)


@dataclass(frozen=True)
class Comparison:
    """One procedure's differences; `before` of each is the bundled text, `after` the extract's."""

    code: str
    title: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Compared:
    """`found` are the procedures that differ, in the order of their codes; `number` were compared."""

    found: tuple[Comparison, ...]
    number: int


def compare_with_bundled(rows: Iterable[Mapping[str, Any]], names: FieldNames) -> Compared:
    """Every bundled procedure that the rows name beside what they say of it. A read."""
    bundled = {facts["code"]: facts for facts in read_bundled()}
    found: dict[str, Comparison] = {}
    for row in rows:
        code = str(row.get("code", "")).strip()
        if code not in bundled or code in found:
            continue
        try:
            offered = read_row(row, names)
        except RefusedRow:
            continue
        differences = tuple(compare_cells(bundled[code], offered, str(row.get("steps") or "")))
        found[code] = Comparison(code, bundled[code]["title"], differences)
    return Compared(tuple(found[code] for code in sorted(found) if found[code].differences), len(found))


def compare_cells(bundled: Facts, offered: Facts, steps: str = "") -> Iterator[Difference]:
    """The differences of one procedure, from its name to its papers. Pure."""
    if _plain_title(bundled) != _plain_title(offered):
        yield _difference("title", bundled["title"], offered["title"])
    yield from _sets("levels", bundled, offered)
    yield from _sets("applicants", bundled, offered)
    for channel in ("online", "counter", "post"):
        yield from _limits(channel, bundled, offered, steps)
        yield from _fees(channel, bundled, offered)
    yield from _results(bundled, offered)
    yield from _sets("legal_basis", bundled, offered)
    yield from _papers(bundled, offered)


def _difference(part: str, before: str, after: str) -> Difference:
    bundled, offered = (" ".join(text.split()) or NOTHING for text in (before, after))
    return Difference(LABELS[part], bundled, offered, part)


def _plain_title(facts: Facts) -> str:
    return fold(facts["title"]).removeprefix("thu tuc ")


def _sets(part: str, bundled: Facts, offered: Facts) -> Iterator[Difference]:
    old, new = set(bundled[part]), set(offered[part])
    names: dict[str, Any] = {"levels": display.LEVELS, "applicants": display.APPLICANTS}.get(part, {})
    if old != new:
        yield _difference(
            part, *(", ".join(str(names.get(key, key)) for key in sorted(side)) for side in (old - new, new - old))
        )


def _limits(channel: str, bundled: Facts, offered: Facts, steps: str) -> Iterator[Difference]:
    """Amounts and units of a channel, its notes, and the rule of 15 hours where only one side knows it."""
    old = [term for term in bundled["terms"] if channel in term["channels"]]
    new = [term for term in offered["terms"] if channel in term["channels"]]
    if {_limit(term) for term in old} != {_limit(term) for term in new}:
        yield _difference("terms", _lines(map(term_words, old)), _lines(map(_offered_term, new)))
    notes = [_lines(filter(None, (term.get("note", "") for term in terms))) for terms in (old, new)]
    if fold(notes[0]) != fold(notes[1]):
        yield _difference("terms", *(f"{display.CHANNELS[channel]}: {note or NOTHING}" for note in notes))
    ruled = any(term.get("after_15h_next_day") for term in old)
    if ruled and not _FIFTEEN.search(notes[1] + steps):
        yield _difference("terms", f"{display.CHANNELS[channel]}: sau 15 giờ tính từ ngày làm việc tiếp theo", "")


def _limit(term: Facts) -> tuple[Any, Any]:
    return (0 if term["unit"] == "at_once" else term["amount"], term["unit"])


def _offered_term(term: Facts) -> str:
    return " · ".join(filter(None, (term_words(term), term.get("raw", ""))))


def _fees(channel: str, bundled: Facts, offered: Facts) -> Iterator[Difference]:
    """Amounts of a channel; that nothing is paid is an amount of its own."""
    sides = []
    for facts in (bundled, offered):
        lines = [fee for fee in facts["fees"] if channel in fee["channels"]]
        words = [" · ".join(filter(None, (fee_words(fee), fee.get("raw")))) for fee in lines]
        amounts: set[Any] = {(fee["amount"], fee["state"]) for fee in lines}
        if channel in free_channels(facts):
            amounts.add("free")
            words.append(f"{display.CHANNELS[channel]}: miễn phí")
        sides.append((amounts, words))
    (old, before), (new, after) = sides
    if old != new:
        yield _difference("fees", _lines(before), _lines(after))


def _results(bundled: Facts, offered: Facts) -> Iterator[Difference]:
    """Codes that one side lacks, and codes that name another result on the other side."""
    old, new = (_by_code(facts) for facts in (bundled, offered))
    for code in sorted(old.keys() | new.keys()):
        names = [f"{code} {side[code]}" if code in side else "" for side in (old, new)]
        if fold(names[0]) != fold(names[1]):
            yield _difference("results", *names)


def _by_code(facts: Facts) -> dict[str, str]:
    return {result["code"]: result["name"] for result in facts["results"] if result.get("code")}


def _papers(bundled: Facts, offered: Facts) -> Iterator[Difference]:
    """Papers by the likeness of their names: those that one side lacks, and other numbers of originals and copies."""
    left = list(offered["documents"])
    for paper in bundled["documents"]:
        words = set(fold(paper["name"]).split())
        best = max(left, key=lambda other: _likeness(words, other), default=None)
        if best is None or _likeness(words, best) < _ALIKE:
            yield _difference("documents", document_words(paper), "")
            continue
        left.remove(best)
        if (paper["originals"], paper["copies"]) != (best["originals"], best["copies"]):
            yield _difference("documents", document_words(paper), document_words(best))
    for paper in left:
        yield _difference("documents", "", document_words(paper))


def _likeness(words: set[str], other: Facts) -> float:
    theirs = set(fold(other["name"]).split())
    return len(words & theirs) / min(len(words), len(theirs)) if words and theirs else 0.0


def _lines(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))
