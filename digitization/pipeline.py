"""The steps by which a file is made searchable, each a plug-in: whether it is able, what it does, how it clears up.

What one step finds stands in `Work`, typed, for those behind it. Whatever ends a run (a fault, another worker that took
over) every step that had begun clears up, last one first; a killed worker clears nothing, so each step also does its
work upon what an earlier attempt has left.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction

from digitization import kinds, uploads
from digitization.models import Derivative, Scan, ScanBatch, ScanPage, StoredFile
from digitization.proposals import propose_fields
from digitization.recognition import OnPage, OnProgress, Recognised, recognise_pages
from digitization.signals import document_ready
from vietnam.text import fold

Row = TypeVar("Row", bound=models.Model)

# A text vector holds at most a megabyte of words.
MOST_SEARCHABLE_CHARACTERS = 500_000
# What is made of a file by reading it, and of nothing but its content.
_OF_READING = (Derivative.Kind.PDFA, Derivative.Kind.PDF, Derivative.Kind.THUMBNAIL)


class ClaimLost(Exception):
    """Another worker has taken the scan over."""


@dataclass
class Work:
    """One attempt at one file, and what its steps have found so far."""

    file: StoredFile
    attempt: int
    folder: Path  # this attempt's own, deleted behind it
    clock: Callable[[], datetime]
    on_progress: OnProgress
    on_page: OnPage
    known: Mapping[int, bytes]  # pages that earlier attempts have read, packed
    source: Path | None = None
    found: Recognised | None = None
    made: list[Derivative] = field(default_factory=list)
    proposed: dict[str, Any] = field(default_factory=dict)
    finished: bool = False

    @property
    def place(self) -> str:
        """Where in the storage the file's derivatives lie."""
        return f"derived/{self.file.pk}"


class Step(Protocol):
    def able(self, work: Work) -> bool:
        """Whether there is something to do for this file."""

    def run(self, work: Work) -> None:
        """Do it. Errors: handover.Unreadable (parks the scan), ClaimLost; anything else is tried again."""

    def clean_up(self, work: Work) -> None:
        """Leave nothing behind that the finished scan does not need; called once the run has ended, however."""


class TakeKnownReading:
    """What was read of the same content before (a document used again, a paper sent twice) stands for this file too.

    Its searchable copy and thumbnails are shared in the storage; `uploads` erases them with the last file of them.
    """

    def able(self, work: Work) -> bool:
        return work.file.media_type in kinds.SCANNABLE and not work.known

    def run(self, work: Work) -> None:
        with transaction.atomic():
            uploads.lock_content(work.file.sha256)
            same = scans_of_content(work.file).exclude(pk=work.file.pk)
            known = same.filter(state=Scan.State.READY).first()
            if known is None:
                return
            scan = held_scan(work.file, work.attempt)
            if scan is None:
                raise ClaimLost
            copied = Derivative.objects.filter(file=known.pk, kind__in=_OF_READING)
            Derivative.objects.filter(file=work.file).delete()
            Derivative.objects.bulk_create(_rows_anew(copied, file=work.file))
            ScanPage.objects.filter(scan=scan).delete()
            ScanPage.objects.bulk_create(_rows_anew(known.page_findings.all(), scan=scan))
            for name in ("pages", "text", "text_folded", "facts"):
                setattr(scan, name, getattr(known, name))
            finish_scan(scan, work.clock())
        work.finished = True

    def clean_up(self, work: Work) -> None:
        """Its transaction does."""


class FetchOriginal:
    """The original on the local disk, where the program for its pages finds it."""

    def able(self, work: Work) -> bool:
        return work.file.media_type in kinds.SCANNABLE and not work.finished

    def run(self, work: Work) -> None:
        work.source = work.folder / f"original{kinds.ENDINGS[work.file.media_type][0]}"
        with default_storage.open(work.file.storage_name) as source, work.source.open("wb") as target:
            for chunk in source.chunks():
                target.write(chunk)

    def clean_up(self, work: Work) -> None:
        if work.source is not None:
            work.source.unlink(missing_ok=True)


class ReadPages:
    """Pages analysed, codes, text, the searchable copy and its thumbnails, in a process of their own (`ocr`)."""

    def able(self, work: Work) -> bool:
        return work.source is not None

    def run(self, work: Work) -> None:
        assert work.source is not None
        work.found = recognise_pages(
            work.source, work.file.media_type, work.folder, work.on_progress, work.on_page, work.known
        )

    def clean_up(self, work: Work) -> None:
        """The program ended with the call, and what it wrote lies in the attempt's own folder."""


class ProposeFields:
    """What the paper says of itself (number, day, validity), proposed to whoever enters it in the register."""

    def able(self, work: Work) -> bool:
        return work.found is not None and any(work.found.texts)

    def run(self, work: Work) -> None:
        assert work.found is not None
        work.proposed = propose_fields("\n".join(work.found.texts)).as_facts()

    def clean_up(self, work: Work) -> None:
        """It wrote nothing."""


class StoreDerivatives:
    """Searchable copy and thumbnails in the storage, under names of this attempt."""

    def able(self, work: Work) -> bool:
        return work.found is not None

    def run(self, work: Work) -> None:
        assert work.found is not None
        found = work.found
        work.on_progress("storing", found.pages, found.pages)
        kind = Derivative.Kind.PDFA if found.pdfa else Derivative.Kind.PDF
        self._keep(work, found.searchable, "searchable.pdf", kind, 0, kinds.PDF)
        for page, thumbnail in enumerate(found.thumbnails, start=1):
            self._keep(work, thumbnail, f"page-{page}.png", Derivative.Kind.THUMBNAIL, page, kinds.PNG)

    def clean_up(self, work: Work) -> None:
        """What another attempt wrote that died before it could finish, or what this one wrote in vain."""
        mine = {derivative.storage_name for derivative in work.made}
        if work.finished:
            names = {f"{work.place}/{name}" for name in default_storage.listdir(work.place)[1]} - mine
        else:
            names = mine
        for name in names:
            default_storage.delete(name)

    def _keep(self, work: Work, path: Path, name: str, kind: Derivative.Kind, page: int, media_type: str) -> None:
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            saved = default_storage.save(f"{work.place}/{work.attempt}-{name}", File(opened))
        work.made.append(
            Derivative(
                file=work.file,
                kind=kind,
                page=page,
                storage_name=saved,
                media_type=media_type,
                size=path.stat().st_size,
                sha256=sha256,
            )
        )


class Register:
    """The result in the database and told to everybody who waits for it, all in one transaction."""

    def able(self, work: Work) -> bool:
        return work.found is not None

    def run(self, work: Work) -> None:
        assert work.found is not None
        found = work.found
        with transaction.atomic():
            scan = held_scan(work.file, work.attempt)
            if scan is None:
                raise ClaimLost
            work.file.derivatives.all().delete()
            Derivative.objects.bulk_create(work.made)
            scan.pages = found.pages
            scan.text = "\f".join(found.texts)
            scan.text_folded = fold(searchable_text(found))[:MOST_SEARCHABLE_CHARACTERS]
            scan.facts = {**found.facts, "proposed": work.proposed}
            scan.page_findings.filter(number__gt=found.pages).delete()
            if not ScanBatch.objects.filter(file=work.file, split_at=None).exists():  # its papers take the pages over
                scan.page_findings.update(packed=None)
            finish_scan(scan, work.clock())
        work.finished = True

    def clean_up(self, work: Work) -> None:
        """Its transaction does."""


STEPS: tuple[Step, ...] = (
    TakeKnownReading(),
    FetchOriginal(),
    ReadPages(),
    ProposeFields(),
    StoreDerivatives(),
    Register(),
)


def run_steps(work: Work) -> None:
    """Every step that is able, in order; then those that had begun clear up."""
    with ExitStack() as behind:
        for step in STEPS:
            if step.able(work):
                behind.callback(step.clean_up, work)
                step.run(work)


def scans_of_content(file: StoredFile) -> models.QuerySet[Scan]:
    """The scans of all files with this content that is still kept, its own among them."""
    same = Scan.objects.filter(file__sha256=file.sha256, file__media_type=file.media_type)
    return same.filter(file__erased_at__isnull=True)


def finish_scan(scan: Scan, at: datetime) -> None:
    """Have a scan be ready, and tell everybody who waits for it; in the caller's transaction."""
    scan.state, scan.stage, scan.reason = Scan.State.READY, "", ""
    scan.pages_done = scan.pages
    scan.heartbeat_at = scan.finished_at = at
    scan.save()
    document_ready.send(sender=StoredFile, file=scan.file)


def _rows_anew(rows: models.QuerySet[Row], **instead: Any) -> list[Row]:
    """Unsaved copies of rows, with other values in the columns named."""
    copies = list(rows)
    for row in copies:
        row.pk = None
        row._state.adding = True
        for name, value in instead.items():
            setattr(row, name, value)
    return copies


def held_scan(file: StoredFile, attempt: int) -> Scan | None:
    """The locked scan while it is still this attempt's."""
    mine = Scan.objects.filter(pk=file.pk, attempts=attempt, state=Scan.State.RUNNING)
    return mine.select_for_update(of=("self",)).select_related("file").first()


def searchable_text(found: Recognised) -> str:
    """All words of the file: those of its pages, and what a form holds that its pages do not show."""
    text = "\f".join(found.texts)
    return "\f".join([text, *(field["value"] for field in found.facts["form"] if field["value"] not in text)])
