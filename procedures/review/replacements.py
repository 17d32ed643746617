"""Which papers need not be brought because data replaces them (Resolution 66.7/2025/NQ-CP), from a table.

A row whose paper one paper of the procedure is called exactly is proposed at once. Where a paper is only alike, a
person chooses; a row of a procedure or a paper that is not here waits and is counted. What is proposed is applied by a
second person, as new editions.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused, Stale
from journal import audit_log
from journal.models import Entry
from procedures.editions import publishing as editions
from procedures.editions.document import Facts
from procedures.models import Edition, Procedure, Replacement
from vietnam.text import fold

Status = Replacement.Status
COLUMNS = {
    "code": "code",
    "procedure": "procedure_name",
    "document_replaced": "paper",
    "database": "database",
    "database_owner": "owner",
    "legal_document": "document",
    "clause": "clause",
    "managing_ministry": "ministry",
}
BASIS = "66.7/2025/NQ-CP"
# Words before a paper's name that say which copy of it; they do not make it another paper.
_COPY = re.compile(r"^(?:(?:ban|01|1|mot|sao|chinh|goc|chup|photo|dien tu|hop le|cong chung|chung thuc|co|cua)\s+)+")
# A remark that only a part of the paper is replaced; it belongs to no name.
_PARTLY = re.compile(r"\s*\(\s*(?:thay thế\s+)?(?:một|1|01)\s+phần\s*\)", re.I)
_ALIKE, _SURE = 0.6, 0.75


class UnreadableTable(Refused):
    """The file is no table of replacements; the message says why and what is expected."""

    def __init__(self, sentence: str) -> None:
        super().__init__("unreadable_table", sentence, field="file")


_SUBJECT, _IMPORTED = "replacements", "replacements.imported"


class StaleReplacement(Stale):
    """Somebody decided the row, or published another edition without the paper, in the meantime."""

    def __init__(self) -> None:
        super().__init__("stale", _("Dòng này vừa được quyết định, hoặc thủ tục đã đổi. Hãy xem lại."))


@dataclass(frozen=True)
class Imported:
    """Rows read, those that stand in the file more than once and those without code, paper or database, rows that
    were here already, and all rows of this file by what became of them."""

    read: int
    doubled: int
    unusable: int
    known: int
    by_status: dict[str, int]
    proposed: int


def import_table(path: Path, by: Actor, at: datetime, basis: str = BASIS) -> Imported:
    """`import_rows` of a file. Raises UnreadableTable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableTable(str(error)) from error
    return import_rows(path.name, content, by, at, basis)


def import_rows(name: str, content: bytes, by: Actor, at: datetime, basis: str = BASIS) -> Imported:
    """Read a CSV with the columns of `COLUMNS` and propose what is certain; the same table again changes nothing more
    than what has become certain since. One transaction. Raises UnreadableTable."""
    lines = list(_read(content, basis))
    offered = [row for row in lines if row.code and row.paper and row.database]
    with transaction.atomic():
        keys = {row.row_sha256 for row in offered}
        known = set(Replacement.objects.filter(row_sha256__in=keys).values_list("row_sha256", flat=True))
        fresh = {row.row_sha256: row for row in offered if row.row_sha256 not in known}
        for row in fresh.values():
            row.imported_at = at
        Replacement.objects.bulk_create(fresh.values(), batch_size=500)
        made = match_rows(by, at)
        rows = Replacement.objects.filter(row_sha256__in=keys).values_list("status", flat=True)
        result = Imported(
            read=len(lines),
            doubled=len(offered) - len(keys),
            unusable=len(lines) - len(offered),
            known=len(known),
            by_status=dict(Counter(rows)),
            proposed=made,
        )
        audit_log.record_entry(
            _IMPORTED,
            _SUBJECT,
            by=by,
            file=name,
            counts=result.by_status,
            **{what: getattr(result, what) for what in ("read", "known", "doubled", "unusable")},
        )
    return result


def last_import() -> dict[str, Any] | None:
    """What the journal says of the table read last, {file, read, known, doubled, unusable, at}, at whichever door it
    came in; None when none was, or before these were counted."""
    entry = Entry.objects.filter(subject=_SUBJECT, verb=_IMPORTED).order_by("-id").first()
    return {**entry.changes, "at": entry.at} if entry and "read" in entry.changes else None


@transaction.atomic
def match_rows(by: Actor, at: datetime) -> int:
    """Look again at every row that waits for its paper, but those that a person gave back; returns how many are
    proposed now."""
    waiting = Replacement.objects.select_for_update(of=("self",)).filter(
        Q(status=Status.NO_PROCEDURE) | Q(status__in=(Status.DOUBTFUL, Status.NO_PAPER), revision=0)
    )
    rows = list(waiting.order_by("pk"))
    procedures = _published(rows)
    for row in rows:
        row.status = _status_of(row, procedures.get(row.code), by, at)
    Replacement.objects.bulk_update(
        rows,
        ["status", "document_key", "revision", "editors", "edited_at", "edited_by", "edited_label"],
        batch_size=500,
    )
    return sum(row.status == Status.PROPOSED for row in rows)


def _status_of(row: Replacement, procedure: Procedure | None, by: Actor, at: datetime) -> str:
    """What is known of a row; of one whose paper is called exactly so, the paper is proposed."""
    if procedure is None:
        return Status.NO_PROCEDURE
    papers = procedure.in_force.facts["documents"]
    exact = [paper for paper in papers if _same(row.paper, paper["name"])]
    if len(exact) == 1:
        row.document_key = exact[0]["key"]
        row.note_editor(by, at)
        return Status.PROPOSED
    return Status.DOUBTFUL if alike(row.paper, papers) else Status.NO_PAPER


def decide_row(row: Replacement, document_key: str, by: Actor, at: datetime) -> Replacement:
    """Propose the paper that a row means, or dismiss the row (`document_key` empty), which changes nothing in force.

    Raises StaleReplacement.
    """
    with transaction.atomic():
        locked = Replacement.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.status not in (Status.DOUBTFUL, Status.NO_PAPER):
            raise StaleReplacement
        locked.note_editor(by, at)
        if document_key:
            procedure = _published([locked]).get(locked.code)
            if procedure is None or _paper(procedure, document_key) is None:
                raise StaleReplacement
            locked.status, locked.document_key = Status.PROPOSED, document_key
        else:
            locked.status, locked.decided_at, locked.decided_by = Status.DISMISSED, at, by.label[:200]
        locked.save()
    return locked


def approve_rows(pks: Sequence[int], by: Actor, at: datetime) -> tuple[list[Edition], int]:
    """Apply proposed rows, as one new edition of each procedure; returns (editions, number of rows whose paper is
    gone, which wait again). Raises StaleReplacement when none is proposed, SecondPersonMissing when `by` proposed one.
    """
    with transaction.atomic():
        rows = list(_proposed(pks))
        if not rows:
            raise StaleReplacement
        for row in rows:
            row.require_second_person(by)
        procedures = _published(rows, lock=True)
        documents: dict[str, Facts] = {}
        for row in rows:
            procedure = procedures.get(row.code)
            if procedure is None or _paper(procedure, row.document_key) is None:
                row.status, row.document_key = Status.NO_PROCEDURE if procedure is None else Status.DOUBTFUL, ""
                continue
            row.status, row.decided_at, row.decided_by = Status.APPLIED, at, by.label[:200]
            row.approved_by_id = by.account_id
            documents[row.code] = papers_replaced(documents.get(row.code, procedure.in_force.facts), row)
        Replacement.objects.bulk_update(
            rows, ["status", "document_key", "decided_at", "decided_by", "approved_by"], batch_size=500
        )
        applied = [row for row in rows if row.status == Status.APPLIED]
        changed = {code: facts for code, facts in documents.items() if facts != procedures[code].in_force.facts}
        made = editions.publish_all(changed, Edition.Origin.CONTROLLER, by.label, at)
        audit_log.record_entry("replacements.applied", "replacements", by=by, rows=[row.pk for row in applied])
    return list(made.values()), len(rows) - len(applied)


def return_rows(pks: Sequence[int], by: Actor) -> int:
    """Give proposed rows back to be decided anew; returns how many. Raises StaleReplacement."""
    with transaction.atomic():
        rows = list(_proposed(pks))
        if not rows:
            raise StaleReplacement
        Replacement.objects.filter(pk__in=[row.pk for row in rows]).update(status=Status.DOUBTFUL, document_key="")
        audit_log.record_entry("replacements.returned", "replacements", by=by, rows=[row.pk for row in rows])
    return len(rows)


def _proposed(pks: Sequence[int]) -> QuerySet[Replacement]:
    found = Replacement.objects.select_for_update(of=("self",)).filter(pk__in=pks, status=Status.PROPOSED)
    return found.order_by("pk")


def _published(rows: Iterable[Replacement], *, lock: bool = False) -> dict[str, Procedure]:
    """The procedures of rows that have an edition in force, by code."""
    found = Procedure.objects.filter(code__in={row.code for row in rows}, current__status=Edition.Status.PUBLISHED)
    if lock:
        found = found.select_for_update(of=("self",)).order_by("code")
    return {procedure.code: procedure for procedure in found.select_related("current")}


def _paper(procedure: Procedure, key: str) -> Facts | None:
    return next((paper for paper in procedure.in_force.facts["documents"] if paper["key"] == key), None)


def counts() -> dict[str, int]:
    """Rows by what became of them."""
    return dict(Counter(Replacement.objects.values_list("status", flat=True)))


def alike(name: str, papers: Sequence[Facts]) -> list[Facts]:
    """Papers that may be meant by a name, the likeliest first."""
    scored = [(_likeness(name, paper["name"]), paper) for paper in papers]
    return [paper for score, paper in sorted(scored, key=lambda pair: -pair[0]) if score >= _ALIKE]


def surely_meant(name: str, papers: Sequence[Facts]) -> str:
    """Key of the one paper whose name says nearly the same words, no more and no fewer; empty when a person must look.

    Names that only contain the wanted words often belong to another paper: somebody else's card, a copy of a permit.
    """
    close = [
        paper["key"] for paper in papers if min(_likeness(name, paper["name"]), _likeness(paper["name"], name)) >= _SURE
    ]
    return close[0] if len(close) == 1 else ""


def papers_replaced(facts: Facts, row: Replacement) -> Facts:
    """The facts with the row's paper replaced by the row's data."""
    said = {
        "database": row.database,
        "partly": row.partly,
        "owner": row.owner,
        "document": row.document,
        "clause": row.clause,
        "basis": row.basis,
    }
    replacement = {key: value for key, value in said.items() if value}
    documents = [
        {**paper, "replaced_by_data": replacement} if paper["key"] == row.document_key else paper
        for paper in facts["documents"]
    ]
    return {**facts, "documents": documents}


def _core(name: str) -> str:
    return _COPY.sub("", fold(name))


def _same(first: str, second: str) -> bool:
    return _core(first) == _core(second) != ""


def _likeness(wanted: str, name: str) -> float:
    """Which part of the wanted words the name has, 0 to 1."""
    words = set(_core(wanted).split())
    return len(words & set(fold(name).split())) / len(words) if words else 0.0


def _read(content: bytes, basis: str) -> Iterable[Replacement]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = {"code", "document_replaced", "database"} - set(reader.fieldnames or ())
        if missing:
            raise UnreadableTable(
                f"the table has no column {', '.join(sorted(missing))}; expected: {', '.join(COLUMNS)}"
            )
        for line in reader:
            yield _row(line, basis)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableTable(str(error)) from error


def _row(line: dict[str, str | None], basis: str) -> Replacement:
    said = {
        name: " ".join((line.get(column) or "").replace("\x00", "").split())[: _LONGEST[name]]
        for column, name in COLUMNS.items()
    }
    text = "\x1f".join([*(said[name] for name in sorted(said)), basis])
    plain = {name: _PARTLY.sub("", said[name]).strip() for name in ("paper", "database")}
    return Replacement(
        **{**said, **plain},
        partly=any(plain[name] != said[name] for name in plain),
        basis=basis,
        status=Status.NO_PROCEDURE,
        row_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


_LONGEST = {name: Replacement._meta.get_field(name).max_length or 300 for name in COLUMNS.values()}
