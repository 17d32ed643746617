"""A stack of papers scanned as one file: split at its sheets and filed by their codes; what is left waits in the tray.

A cover sheet names a dossier, a separator with a code names one paper of it, a separator without one says that a new
paper begins (`slots`). The sheets themselves are filed nowhere. The file that was scanned stays as it came.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO, cast

import pikepdf
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from digitization import kinds, scans, uploads
from digitization.kinds import UploadRefused
from digitization.models import BatchPart, Derivative, Scan, ScanBatch, ScanPage, StoredFile
from digitization.reading.findings import PageFindings
from digitization.reading.forms import keep_form_on_pages
from digitization.signals import paper_scanned
from digitization.slots import SEPARATOR, Slot, read_slot_token

PREFIX = "batch"


def batch_owner(desk_id: int) -> str:
    """The owner of what a desk scans as a stack."""
    return f"{PREFIX}:{desk_id}"


def desk_of(owner: str) -> int | None:
    prefix, _colon, desk = owner.partition(":")
    return int(desk) if prefix == PREFIX and desk.isascii() and desk.isdigit() and len(desk) < 19 else None


def may_use_batch(actor: Actor, owner: str, file: StoredFile | None = None) -> bool:
    """Counter staff of the desk that scans."""
    post = actor.post
    return (
        post is not None
        and post.role == post.Role.COUNTER
        and post.desk_id is not None
        and post.desk_id == desk_of(owner)
    )


@dataclass
class Part:
    """Pages of a stack that are one paper, and where its sheet says it belongs (an empty owner: nowhere)."""

    slot: Slot
    pages: list[int] = field(default_factory=list)


def split_pages(pages: Iterable[tuple[int, list[str], bool]]) -> list[Part]:
    """The papers of a stack, from (number, codes on the page, whether it is blank) of each page in order.

    A blank page right behind a sheet is its back and goes with it; a blank back within a paper stays.
    """
    parts: list[Part] = []
    current: Part | None = None
    owner, after_sheet = "", False
    for number, codes, blank in pages:
        sheet = _sheet(codes)
        if sheet is not None:
            # A separator without a code stands between papers of the dossier whose cover came last.
            owner = sheet.owner or owner
            current = Part(sheet if sheet.owner else Slot(owner) if owner else Slot(""))
            parts.append(current)
            after_sheet = True
            continue
        if blank and after_sheet:
            after_sheet = False
            continue
        after_sheet = False
        if current is None:
            current = Part(Slot(""))
            parts.append(current)
        current.pages.append(number)
    return [part for part in parts if part.pages]


def _sheet(codes: list[str]) -> Slot | None:
    for code in codes:
        if code.strip() == SEPARATOR:
            return Slot("")
        slot = read_slot_token(code)
        if slot is not None:
            return slot
    return None


def take_in_stack(file: StoredFile, by: Actor, at: datetime) -> ScanBatch:
    """A stack has arrived: it is read, then split. `by` acts for a counter post."""
    batch = ScanBatch.objects.create(file=file, desk_id=desk_of(file.owner), post=by.post, begun_at=at)
    scans.queue_scan(file, at)
    return batch


def split_batch(file: StoredFile, at: datetime) -> None:
    """Split a stack that has been read and file what says where it belongs; splitting twice changes nothing."""
    with transaction.atomic():
        batch = ScanBatch.objects.select_for_update().filter(file=file, split_at__isnull=True).first()
        if batch is None:
            return
        pages = ScanPage.objects.filter(scan_id=file.pk).order_by("number").values_list("number", "barcodes", "source")
        parts = split_pages(
            (number, [code["text"] for code in codes], source == ScanPage.Source.BLANK)
            for number, codes, source in pages
        )
        made = BatchPart.objects.bulk_create(
            BatchPart(batch=batch, number=number, pages=part.pages, owner=part.slot.owner, key=part.slot.key)
            for number, part in enumerate(parts, start=1)
        )
        batch.split_at = at
        batch.save(update_fields=["split_at"])
        in_parts = {number for part in made for number in part.pages}
        ScanPage.objects.filter(scan_id=file.pk).exclude(number__in=in_parts).update(packed=None)
        by = batch.actor
        for part in made:
            if part.owner and part.key:
                try:
                    place_part(part, Slot(part.owner, part.key), by, at)
                except UploadRefused as refused:
                    part.reason = str(refused.sentence)[:300]
                    part.save(update_fields=["reason"])


def waiting_batches(desk_id: int) -> QuerySet[ScanBatch]:
    """The desk's stacks that want a person: with a paper in the tray, or one that could not be read."""
    in_tray = BatchPart.objects.filter(batch=OuterRef("pk"), state=BatchPart.State.TRAY)
    unread = Q(split_at__isnull=True, file__scan__state=Scan.State.PARKED)
    return ScanBatch.objects.filter(Exists(in_tray) | unread, desk_id=desk_id)


def keep_whole(file: StoredFile, at: datetime) -> None:
    """A stack that could not be read and is used as it came: one paper, for a person to place."""
    with transaction.atomic():
        batch = ScanBatch.objects.select_for_update().filter(file=file, split_at__isnull=True).first()
        if batch is not None:
            BatchPart.objects.create(batch=batch, number=1, pages=[])
            batch.split_at = at
            batch.save(update_fields=["split_at"])


def place_part(part: BatchPart, slot: Slot, by: Actor, at: datetime) -> StoredFile:
    """File a part of a stack as a paper. Errors: UploadRefused; the part then stays where it was."""
    with transaction.atomic():
        held = BatchPart.objects.select_for_update().get(pk=part.pk)
        if held.state != BatchPart.State.TRAY:
            raise UploadRefused("placed_already", _("Giấy tờ này đã được xếp. Hãy tải lại trang."))
        file = _as_file(held, slot.owner, by)
        paper_scanned.send(sender=StoredFile, file=file, slot=slot, actor=by, at=at)
        if held.pages:
            scans.queue_scan(file, at)
            _hand_over_reading(held, file)
        else:
            Scan.objects.create(file=file, state=Scan.State.SKIPPED, queued_at=at, finished_at=at)
        held.state, held.owner, held.key, held.reason = BatchPart.State.PLACED, slot.owner, slot.key, ""
        held.file, held.placed_at, held.placed_by = file, at, by.label[:200]
        held.save()
    part.refresh_from_db()
    return file


def discard_part(part: BatchPart, by: Actor, at: datetime) -> None:
    """Somebody says that these pages belong to nothing; they stay in the file that was scanned."""
    tray = BatchPart.objects.filter(pk=part.pk, state=BatchPart.State.TRAY)
    if tray.update(state=BatchPart.State.DISCARDED, placed_at=at, placed_by=by.label[:200]):
        _pages_of(part).update(packed=None)


def _pages_of(part: BatchPart) -> QuerySet[ScanPage]:
    return ScanPage.objects.filter(scan_id=part.batch_id, number__in=part.pages)


def _hand_over_reading(part: BatchPart, file: StoredFile) -> None:
    """What was read of these pages in the stack is known of the paper: no page is read twice.

    Of pictures the paper is cut out of our copy, which lies otherwise than what was read; its words are in it.
    """
    read = _pages_of(part).filter(packed__isnull=False)
    if part.batch.file.media_type == kinds.PDF:
        place = {number: at for at, number in enumerate(part.pages, start=1)}
        known = list(read)
        for page in known:
            findings = replace(PageFindings.unpack(bytes(page.packed or b"")), number=place[page.number])
            page.pk, page.scan_id, page.number, page.packed = None, file.pk, findings.number, findings.pack()
            page._state.adding = True
        ScanPage.objects.bulk_create(known)
    _pages_of(part).update(packed=None)


def _as_file(part: BatchPart, owner: str, by: Actor) -> StoredFile:
    """The part's pages as a PDF of its own; without pages the whole stack as it was scanned."""
    stack = part.batch.file
    if not part.pages:
        with default_storage.open(stack.storage_name) as opened:
            return uploads.store_file(opened, stack.name, owner, by)
    name = f"{stack.name.rpartition('.')[0]}-{part.number}.pdf"
    return uploads.store_file(ContentFile(_pages_as_pdf(stack, part.pages), name=name), name, owner, by)


def _pages_as_pdf(file: StoredFile, pages: list[int]) -> bytes:
    """These pages alone, as they were scanned; of pictures, as our copy has them."""
    name = file.storage_name
    if file.media_type != kinds.PDF:
        name = file.derivatives.get(kind__in=[Derivative.Kind.PDFA, Derivative.Kind.PDF]).storage_name
    made = io.BytesIO()
    with default_storage.open(name) as opened, pikepdf.open(cast(BinaryIO, opened)) as stack, pikepdf.new() as paper:
        keep_form_on_pages(stack)
        for number in pages:
            paper.pages.append(stack.pages[number - 1])
        paper.remove_unreferenced_resources()
        paper.save(made, deterministic_id=True)
    return made.getvalue()
