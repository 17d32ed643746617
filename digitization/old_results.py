"""Results issued in former years, scanned into folders and listed in a spreadsheet, enter the register.

Each row is a transaction of its own and is noted with its outcome, so an import that was cut off goes on where it was:
the same sheet for the same agency is the same import. Scans are read behind everything that people wait for.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import enterprises, organisations, people
from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.permissions import visible
from agencies.models import Agency
from core.references import existing_by, register_answers, register_records
from core.refusals import Refused
from digitization import kinds, scans, uploads
from digitization.models import ImportedResult, RegisteredDocument, ResultImport, StoredFile
from digitization.old_results_sheet import OldResult, bad_number, read_rows
from digitization.permissions import FileRules
from digitization.register import documents_of, register_documents
from vietnam.decisions import FoundingDecision
from vietnam.identity import InvalidNumber, TaxNumber
from vietnam.text import fold

PREFIX = "import"


@dataclass(frozen=True)
class RowReport:
    """What became of a row, or on a dry run would; `code` is the register's."""

    number: int
    state: str  # ImportedResult.State
    sentence: str = ""
    code: str = ""
    earlier: bool = False  # by a run before, which this one leaves as it is


def import_results(
    folder: Path, sheet: Path, *, agency: Agency, by: Actor, at: datetime, dry_run: bool
) -> Iterator[RowReport]:
    """Import row by row and report each. Refused: the sheet as a whole; a row that is refused is only reported."""
    rows = read_rows(sheet)
    run = None if dry_run else _run_of(sheet, agency, by, at)
    done = {row.number: row for row in run.rows.select_related("document")} if run is not None else {}
    for number, row in rows:
        known = done.get(number)
        if known is not None and known.state != ImportedResult.State.REFUSED:
            code = known.document.code if known.document else ""
            yield RowReport(number, known.state, known.sentence, code, earlier=True)
        elif run is None:
            yield _tried(folder, row, number, agency, by)
        else:
            yield _imported(run, folder, row, number, by, at)


def _run_of(sheet: Path, agency: Agency, by: Actor, at: datetime) -> ResultImport:
    with sheet.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    found, _made = ResultImport.objects.get_or_create(
        agency=agency, sha256=digest, defaults={"sheet": sheet.name[:255], "begun_by": by.label[:200], "begun_at": at}
    )
    return found


def _tried(folder: Path, row: OldResult | Refused, number: int, agency: Agency, by: Actor) -> RowReport:
    try:
        if isinstance(row, Refused):
            raise row
        path = _path_of(folder, row)
        with path.open("rb") as opened:
            _require_scan(uploads.examine_file(File(opened, name=path.name)).media_type)
        is_new = _known_holder(row) is None
        with transaction.atomic():  # whether the name fits too is found by the same code, and taken back
            known = _on_record(row, _holder(row, by), agency)
            transaction.set_rollback(True)
        if known:
            return RowReport(number, ImportedResult.State.KNOWN)
        return RowReport(number, ImportedResult.State.DONE, _("Chủ giấy tờ chưa có, sẽ được thêm.") if is_new else "")
    except (Refused, kinds.UploadRefused) as problem:
        return RowReport(number, ImportedResult.State.REFUSED, str(problem.sentence))


def _imported(
    run: ResultImport, folder: Path, row: OldResult | Refused, number: int, by: Actor, at: datetime
) -> RowReport:
    state: str = ImportedResult.State.DONE
    document: RegisteredDocument | None
    try:
        if isinstance(row, Refused):
            raise row
        with transaction.atomic():
            document = _enter(run, folder, row, by, at)
            if document is None:
                state = ImportedResult.State.KNOWN
            _note(run, number, state, "", document, at)
        return RowReport(number, state, "", document.code if document else "")
    except (Refused, kinds.UploadRefused) as problem:
        sentence = str(problem.sentence)
    _note(run, number, ImportedResult.State.REFUSED, sentence, None, at)
    return RowReport(number, ImportedResult.State.REFUSED, sentence)


def _note(
    run: ResultImport, number: int, state: str, sentence: str, document: RegisteredDocument | None, at: datetime
) -> None:
    ImportedResult.objects.update_or_create(
        run=run, number=number, defaults={"state": state, "sentence": sentence, "document": document, "at": at}
    )


def _enter(run: ResultImport, folder: Path, row: OldResult, by: Actor, at: datetime) -> RegisteredDocument | None:
    """The row's entry; None for a result that is on record already."""
    path, holder = _path_of(folder, row), _holder(row, by)
    if _on_record(row, holder, run.agency):
        return None
    with path.open("rb") as opened:
        file = uploads.store_file(File(opened, name=path.name), path.name, run.reference, by)
    _require_scan(file.media_type)
    facts = {
        "kind": RegisteredDocument.Kind.RESULT,
        "name": row.name,
        "document_type": row.document_type,
        "number": row.number,
        "issuer": row.issuer or run.agency.name[:200],
        "issued_on": row.issued_on,
        "valid_from": row.issued_on,
        "valid_to": row.valid_to,
        "scope": row.scope,
        "way": RegisteredDocument.Way.SCANNED,
        "holder_person": holder if isinstance(holder, Person) else None,
        "holder_enterprise": holder if isinstance(holder, Enterprise) else None,
        "holder_name": row.holder_name,
        "source": run.reference,
    }
    register_documents([(file, facts)], agency=run.agency, by=by, at=at)
    scans.queue_scan(file, at, later=True)
    return RegisteredDocument.objects.get(file=file)


def _path_of(folder: Path, row: OldResult) -> Path:
    """The row's file, within the folder and nowhere else."""
    root = folder.resolve()
    path = (root / row.file.replace("\\", "/")).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Refused("no_file", _("Không có tệp “%(name)s” trong thư mục.") % {"name": row.file[:120]})
    return path


def _require_scan(media_type: str) -> None:
    if media_type not in kinds.SCANNABLE:
        raise kinds.UploadRefused("wrong_type")


def _is_body(row: OldResult) -> bool:
    """Whether the number is a body's tax number. A household business has its owner's twelve digits: such a number is
    the person's, unless a body on record bears that name with it."""
    try:
        tax_number = TaxNumber.parse(row.holder_number)
    except InvalidNumber:
        return False
    if not tax_number.is_personal:
        return True
    known = enterprises.find_by_tax_number(str(tax_number))
    return known is not None and fold(known.name) == fold(row.holder_name)


def _founding(row: OldResult) -> FoundingDecision | None:
    return organisations.founding_decision_of(
        row.holder_number, country=row.founded_in, day=row.founded_on, issuer=row.founded_by
    )


def _known_holder(row: OldResult) -> Person | Enterprise | None:
    try:
        if decision := _founding(row):
            return organisations.find_organisation(decision, name=row.holder_name)
        if _is_body(row):
            return enterprises.find_by_tax_number(row.holder_number)
        return people.find_by_number(row.holder_number)
    except InvalidNumber:
        raise bad_number() from None


def _holder(row: OldResult, by: Actor) -> Person | Enterprise:
    try:
        if decision := _founding(row):
            return organisations.find_or_create_organisation(decision, name=row.holder_name, by=by)[0]
        if _is_body(row):
            return enterprises.find_or_create_enterprise(row.holder_number, name=row.holder_name)[0]
        return people.find_or_create_person(row.holder_number, full_name=row.holder_name)[0]
    except InvalidNumber:
        raise bad_number() from None


def _on_record(row: OldResult, holder: Person | Enterprise, agency: Agency) -> bool:
    same = documents_of(holder).filter(kind=RegisteredDocument.Kind.RESULT, agency=agency)
    return same.filter(number__iexact=row.number, issued_on=row.issued_on).exists()


def may_read_imported(actor: Actor, _reference: str, file: StoredFile) -> bool:
    """The holder, who represents it, and the staff whose agency's register it stands in."""
    entry = RegisteredDocument.objects.filter(file=file)
    if actor.person is not None:
        mine = documents_of(actor.person)
        bodies = enterprises.representations(actor.person, on=timezone.localdate()).values("enterprise")
        return mine.filter(file=file).exists() or entry.filter(holder_enterprise__in=bodies).exists()
    return visible(actor, entry).exists()


register_records(PREFIX, existing_by("digitization.ResultImport", "id"))
register_answers(PREFIX, FileRules(may_read_imported))
