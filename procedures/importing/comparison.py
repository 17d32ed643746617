"""Bundled facts beside those of an extract, cell by cell: what differs, with both texts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procedures import display
from procedures.editions.bundled import read_bundled
from procedures.editions.diff import LABELS, Difference, document_words, fee_words, term_words
from procedures.editions.document import CONFIRMED, Facts, free_channels
from procedures.importing.judgements import Judgements, mark_of, read_judgements
from procedures.importing.rows import FieldNames, RefusedRow, read_row
from vietnam.text import fold

NOTHING = "–"
# Papers whose names share at least this part of their words are the same paper.
_ALIKE = 0.3
_FIFTEEN = re.compile(r"15\s*(?:giờ|h\b)", re.I)


@dataclass(frozen=True)
class CellDifference(Difference):
    """A difference with its kind, a key of KINDS, and the mark by which a judgement names it."""

    kind: str = ""
    mark: str = ""


# What an open difference is counted as, in the order of a summary.
KINDS: dict[str, str] = {
    "title": "name",
    "levels": "levels",
    "applicants": "applicants",
    "limit": "limits",
    "limit_note": "notes of limits",
    "after_15h": "rule of 15 hours that the extract does not know",
    "fee": "fees",
    "result_bundled": "result codes that only the bundle names",
    "result_offered": "result codes that only the extract names",
    "result_name": "names of result codes",
    "legal_basis": "legal acts",
    "paper_bundled": "papers that only the bundle names",
    "paper_offered": "papers that only the extract names",
    "paper_counts": "originals and copies",
}


@dataclass(frozen=True)
class Comparison:
    """One procedure's differences; `before` of each is the bundled text, `after` the extract's."""

    code: str
    title: str
    differences: tuple[CellDifference, ...]


@dataclass(frozen=True)
class Compared:
    """`found` are the procedures with open differences, in the order of their codes; `number` were compared.

    `judged` counts the differences that were judged, by ground; `stale` the judgements whose difference is no more.
    """

    found: tuple[Comparison, ...]
    number: int
    judged: Mapping[str, int]
    stale: int = 0

    @property
    def judged_number(self) -> int:
        return sum(self.judged.values())

    @property
    def open_by_kind(self) -> Mapping[str, int]:
        counts = Counter(each.kind for comparison in self.found for each in comparison.differences)
        return {kind: counts[kind] for kind in KINDS if counts[kind]}


def compare_with_bundled(
    rows: Iterable[Mapping[str, Any]], names: FieldNames, judgements: Judgements | None = None
) -> Compared:
    """Every bundled procedure that the rows name beside what they say of it, without what was judged. A read."""
    judged_before = judgements or read_judgements()
    bundled = {facts["code"]: facts for facts in read_bundled()}
    found: dict[str, Comparison] = {}
    judged: Counter[str] = Counter()
    met: set[tuple[str, str]] = set()
    for row in rows:
        code = str(row.get("code", "")).strip()
        if code not in bundled or code in found:
            continue
        try:
            offered = read_row(row, names)
        except RefusedRow:
            continue
        still_open = []
        for each in compare_cells(bundled[code], offered, str(row.get("steps") or "")):
            ground = judged_before.find_ground(code, each.mark)
            if ground is None:
                still_open.append(each)
            else:
                judged[ground] += 1
                met.add((code, each.mark))
        found[code] = Comparison(code, bundled[code]["title"], tuple(still_open))
    differing = tuple(found[code] for code in sorted(found) if found[code].differences)
    return Compared(differing, len(found), judged, judged_before.count_stale(found, met))


def compare_cells(bundled: Facts, offered: Facts, steps: str = "") -> Iterator[CellDifference]:
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


def _difference(part: str, before: str, after: str, kind: str = "", sides: Any = None) -> CellDifference:
    """`sides` are the facts behind the two texts, where the texts are put into a reader's language."""
    bundled, offered = (" ".join(text.split()) or NOTHING for text in (before, after))
    mark = mark_of(kind or part, *(sides or (bundled, offered)))
    return CellDifference(LABELS[part], bundled, offered, part, kind or part, mark)


def _plain_title(facts: Facts) -> str:
    return fold(facts["title"]).removeprefix("thu tuc ")


def _sets(part: str, bundled: Facts, offered: Facts) -> Iterator[CellDifference]:
    old, new = set(bundled[part]), set(offered[part])
    names: dict[str, Any] = {"levels": display.LEVELS, "applicants": display.APPLICANTS}.get(part, {})
    if old != new:
        sides = [sorted(side) for side in (old - new, new - old)]
        yield _difference(part, *(", ".join(str(names.get(key, key)) for key in side) for side in sides), sides=sides)


def _limits(channel: str, bundled: Facts, offered: Facts, steps: str) -> Iterator[CellDifference]:
    """Amounts and units of a channel, its notes, and the rule of 15 hours where only one side knows it."""
    old = [term for term in bundled["terms"] if channel in term["channels"]]
    new = [term for term in offered["terms"] if channel in term["channels"]]
    if {_limit(term) for term in old} != {_limit(term) for term in new}:
        before, after = _lines(map(term_words, old)), _lines(map(_offered_term, new))
        sides = [channel, *(_plain_lines(side, _TERM) for side in (old, new))]
        yield _difference("terms", before, after, "limit", sides)
    notes = [_lines(filter(None, (term.get("note", "") for term in terms))) for terms in (old, new)]
    if fold(notes[0]) != fold(notes[1]):
        before, after = (f"{display.CHANNELS[channel]}: {note or NOTHING}" for note in notes)
        yield _difference("terms", before, after, "limit_note", [channel, *notes])
    ruled = any(term.get("after_15h_next_day") for term in old)
    if ruled and not _FIFTEEN.search(notes[1] + steps):
        said = f"{display.CHANNELS[channel]}: sau 15 giờ tính từ ngày làm việc tiếp theo"
        yield _difference("terms", said, "", "after_15h", [channel, notes[1]])


# What a line's mark is made of.
_TERM = ("case", "amount", "unit", "state", "raw")
_FEE = ("name", "case", "amount", "per", "state", "set_by", "valid_from", "valid_to", "raw")


def _plain_lines(lines: Iterable[Facts], keys: Iterable[str]) -> list[list[Any]]:
    return [[line.get(key) for key in keys] for line in lines]


def _limit(term: Facts) -> tuple[Any, Any]:
    return (0 if term["unit"] == "at_once" else term["amount"], term["unit"])


def _offered_term(term: Facts) -> str:
    return " · ".join(filter(None, (term_words(term), term.get("raw", ""))))


def _fees(channel: str, bundled: Facts, offered: Facts) -> Iterator[CellDifference]:
    """Amounts of a channel; that nothing is paid is an amount of its own."""
    sides, plain = [], []
    for facts in (bundled, offered):
        lines = [fee for fee in facts["fees"] if channel in fee["channels"]]
        words = [" · ".join(filter(None, (fee_words(fee), fee.get("raw")))) for fee in lines]
        amounts: set[Any] = {(fee["amount"], fee["state"]) for fee in lines}
        if channel in free_channels(facts):
            amounts.add("free")
            doubted = isinstance(facts["free"], dict) and facts["free"]["state"] != CONFIRMED
            words.append(f"{display.CHANNELS[channel]}: miễn phí" + (" (chờ xác nhận)" if doubted else ""))
        sides.append((amounts, words))
        plain.append([_plain_lines(lines, _FEE), channel in free_channels(facts)])
    (old, before), (new, after) = sides
    if old != new:
        yield _difference("fees", _lines(before), _lines(after), "fee", [channel, *plain])


def _results(bundled: Facts, offered: Facts) -> Iterator[CellDifference]:
    """Codes that one side lacks, and codes that name another result on the other side."""
    old, new = (_by_code(facts) for facts in (bundled, offered))
    for code in sorted(old.keys() | new.keys()):
        names = [f"{code} {side[code]}" if code in side else "" for side in (old, new)]
        if fold(names[0]) != fold(names[1]):
            kind = "result_name" if all(names) else "result_bundled" if names[0] else "result_offered"
            yield _difference("results", names[0], names[1], kind, names)


def _by_code(facts: Facts) -> dict[str, str]:
    """Names by code in the language of the catalogue, so that a comparison reads the same to everybody."""
    return {result["code"]: result["name"] for result in facts["results"] if result.get("code")}


def _papers(bundled: Facts, offered: Facts) -> Iterator[CellDifference]:
    """Papers by the likeness of their names: those that one side lacks, and other numbers of originals and copies."""
    left = list(offered["documents"])
    for paper in bundled["documents"]:
        words = set(fold(paper["name"]).split())
        best = max(left, key=lambda other: _likeness(words, other), default=None)
        if best is None or _likeness(words, best) < _ALIKE:
            yield _difference("documents", document_words(paper), "", "paper_bundled", [_paper(paper), None])
            continue
        left.remove(best)
        if (paper["originals"], paper["copies"]) != (best["originals"], best["copies"]):
            sides = [_paper(paper), _paper(best)]
            yield _difference("documents", document_words(paper), document_words(best), "paper_counts", sides)
    for paper in left:
        yield _difference("documents", "", document_words(paper), "paper_offered", [None, _paper(paper)])


def _paper(paper: Facts) -> list[Any]:
    return [paper.get(key) for key in ("name", "case", "originals", "copies", "required", "kind", "state")]


def _likeness(words: set[str], other: Facts) -> float:
    theirs = set(fold(other["name"]).split())
    return len(words & theirs) / min(len(words), len(theirs)) if words and theirs else 0.0


def _lines(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))
