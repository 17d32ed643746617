"""Which papers need not be brought because data replaces them (Resolution 66.7/2025/NQ-CP), from a table.

A row whose paper one paper of the procedure is called exactly is applied at once, as a new edition. Where a paper is
only alike, a person chooses; a row of a procedure or a paper that is not here waits and is counted.
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

from django.db import transaction

from journal import audit_log
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
_ALIKE = 0.6


class UnreadableTable(ValueError):
    """The file is no table of replacements; the message says why and what is expected."""


class StaleReplacement(Exception):
    """Somebody decided the row, or published another edition without the paper, in the meantime."""


@dataclass(frozen=True)
class Imported:
    """Rows read, those that were here already, and all rows of this file by what became of them."""

    read: int
    known: int
    by_status: dict[str, int]
    editions: int


def import_table(path: Path, by: str, at: datetime, basis: str = BASIS) -> Imported:
    """`import_rows` of a file. Raises UnreadableTable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableTable(str(error)) from error
    return import_rows(path.name, content, by, at, basis)


def import_rows(name: str, content: bytes, by: str, at: datetime, basis: str = BASIS) -> Imported:
    """Read a CSV with the columns of `COLUMNS` and apply what is certain; the same table again changes nothing more
    than what has become certain since. One transaction. Raises UnreadableTable."""
    offered = list(_read(content, basis))
    with transaction.atomic():
        keys = [row.row_sha256 for row in offered]
        known = set(Replacement.objects.filter(row_sha256__in=keys).values_list("row_sha256", flat=True))
        fresh = {row.row_sha256: row for row in offered if row.row_sha256 not in known}
        for row in fresh.values():
            row.imported_at = at
        Replacement.objects.bulk_create(fresh.values(), batch_size=500)
        made = match_rows(by, at)
        rows = Replacement.objects.filter(row_sha256__in=keys).values_list("status", flat=True)
        result = Imported(len(offered), len(known), dict(Counter(rows)), made)
        audit_log.record_entry("replacements.imported", "replacements", actor=by, file=name, counts=result.by_status)
    return result


@transaction.atomic
def match_rows(by: str, at: datetime) -> int:
    """Look again at every row that waits; returns how many editions were made."""
    waiting = Replacement.objects.select_for_update().filter(
        status__in=(Status.DOUBTFUL, Status.NO_PAPER, Status.NO_PROCEDURE)
    )
    rows = list(waiting.order_by("pk"))
    found = Procedure.objects.filter(code__in={row.code for row in rows}, current__status=Edition.Status.PUBLISHED)
    procedures = {procedure.code: procedure for procedure in found.select_related("current")}
    documents: dict[str, Facts] = {}
    for row in rows:
        procedure = procedures.get(row.code)
        if procedure is None:
            row.status = Status.NO_PROCEDURE
            continue
        papers = procedure.in_force.facts["documents"]
        exact = [paper for paper in papers if _same(row.paper, paper["name"])]
        if len(exact) == 1:
            _apply(row, exact[0], at, by)
            facts = documents.get(row.code, procedure.in_force.facts)
            documents[row.code] = papers_replaced(facts, row)
        else:
            row.status = Status.DOUBTFUL if alike(row.paper, papers) else Status.NO_PAPER
    Replacement.objects.bulk_update(rows, ["status", "document_key", "decided_at", "decided_by"], batch_size=500)
    return _publish(documents, procedures, by, at)


def decide_row(row: Replacement, document_key: str, by: str, at: datetime) -> Edition | None:
    """Apply a doubtful row to a paper, or dismiss it (`document_key` empty); returns the new edition, if one was made.

    Raises StaleReplacement.
    """
    with transaction.atomic():
        locked = Replacement.objects.select_for_update().get(pk=row.pk)
        if locked.status not in (Status.DOUBTFUL, Status.NO_PAPER):
            raise StaleReplacement
        if not document_key:
            locked.status, locked.decided_at, locked.decided_by = Status.DISMISSED, at, by[:200]
            locked.save()
            return None
        procedure = Procedure.objects.select_for_update(of=("self",)).select_related("current").get(code=locked.code)
        facts = procedure.current.facts if procedure.current else {"documents": []}
        paper = next((paper for paper in facts["documents"] if paper["key"] == document_key), None)
        if paper is None or procedure.current is None or procedure.current.status != Edition.Status.PUBLISHED:
            raise StaleReplacement
        _apply(locked, paper, at, by)
        locked.save()
        edition, made = editions.publish_edition(
            locked.code, papers_replaced(facts, locked), Edition.Origin.CONTROLLER, by, at
        )
    return edition if made else None


def counts() -> dict[str, int]:
    """Rows by what became of them."""
    return dict(Counter(Replacement.objects.values_list("status", flat=True)))


def alike(name: str, papers: Sequence[Facts]) -> list[Facts]:
    """Papers that may be meant by a name, the likeliest first."""
    scored = [(_likeness(name, paper["name"]), paper) for paper in papers]
    return [paper for score, paper in sorted(scored, key=lambda pair: -pair[0]) if score >= _ALIKE]


def papers_replaced(facts: Facts, row: Replacement) -> Facts:
    """The facts with the row's paper replaced by the row's data."""
    said = {
        "database": row.database,
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


def _publish(documents: dict[str, Facts], procedures: dict[str, Procedure], by: str, at: datetime) -> int:
    changed = {code: facts for code, facts in documents.items() if facts != procedures[code].in_force.facts}
    return len(editions.publish_all(changed, Edition.Origin.CONTROLLER, by, at))


def _apply(row: Replacement, paper: Facts, at: datetime, by: str) -> None:
    row.status, row.document_key = Status.APPLIED, paper["key"]
    row.decided_at, row.decided_by = at, by[:200]


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
            row = _row(line, basis)
            if row.code and row.paper and row.database:
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableTable(str(error)) from error


def _row(line: dict[str, str | None], basis: str) -> Replacement:
    said = {
        name: " ".join((line.get(column) or "").replace("\x00", "").split())[: _LONGEST[name]]
        for column, name in COLUMNS.items()
    }
    text = "\x1f".join([*(said[name] for name in sorted(said)), basis])
    return Replacement(
        **said, basis=basis, status=Status.NO_PROCEDURE, row_sha256=hashlib.sha256(text.encode()).hexdigest()
    )


_LONGEST = {name: Replacement._meta.get_field(name).max_length or 300 for name in COLUMNS.values()}
