"""Stacks scanned as one file: what was filed by its sheets, and the tray of what a person has to place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import open_to, visible
from digitization import batches, scanners, scans, watched_folders
from digitization.cards import read_card
from digitization.kinds import UploadRefused
from digitization.models import BatchPart, Scan, ScanBatch, ScannerToken, ScanPage
from digitization.proposals import best_name
from digitization.slots import Slot
from dossiers.access.record_reference import dossier_of
from dossiers.models import Dossier, DossierDocument
from dossiers.search import dossier_by_code
from dossiers.views.navigation import items as navigation

COUNTER = "counter"
MOST_SHOWN = 20  # newest stacks of a desk; older ones are found by their dossiers


@open_to(COUNTER)
@require_safe
def stacks(request: HttpRequest) -> HttpResponse:
    """The desk's stacks, newest first, each with its papers; `?code=` opens the dossier that they are placed in."""
    desk_id = request.actor.post.desk_id
    opened = _dossier(request, request.GET.get("code", ""))
    found = (
        ScanBatch.objects.filter(desk_id=desk_id)
        .select_related("file", "file__scan")
        .prefetch_related("parts__file")
        .order_by("-begun_at")[:MOST_SHOWN]
    )
    stacks = [_shown_stack(batch, opened) for batch in found]
    context = {
        "opened": opened,
        "places": _lines_of(opened) if opened else [],
        "in_tray": any(row["in_tray"] for stack in stacks for row in stack["parts"]),
        "code": request.GET.get("code", "") if opened is None else opened.code,
        "subnav": navigation(request),
        "scanners": [
            {"row": each, "folder": watched_folders.folder_of(each), "refused": watched_folders.refused_files(each)}
            for each in _scanners(request)
        ],
        "drop": request.build_absolute_uri(reverse("file-drop", args=["quet.pdf"])),
        "owner": batches.batch_owner(desk_id) if desk_id else "",
        "stacks": stacks,
    }
    return render(request, "dossiers/counter/scans.html", context)


@open_to(COUNTER)
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """File a paper of the tray where a person says, or set it aside."""
    part = get_object_or_404(BatchPart.objects.select_related("batch__file"), pk=pk, batch__desk=_desk(request))
    if request.POST.get("away"):
        batches.discard_part(part, request.actor, timezone.now())
        return redirect("desk-scans")
    code = request.POST.get("code", "").strip()
    dossier = _dossier(request, code)
    if dossier is None:
        messages.error(request, _("Không tìm thấy hồ sơ có mã này. Hãy kiểm tra mã rồi thử lại."))
        return redirect("desk-scans")
    if "paper" not in request.POST:
        return redirect(f"{reverse('desk-scans')}?code={dossier.code}#part-{part.pk}")
    try:
        batches.place_part(part, Slot(dossier.reference, request.POST["paper"]), request.actor, timezone.now())
    except UploadRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Đã xếp giấy tờ vào hồ sơ %(code)s.") % {"code": dossier.code})
    return redirect(f"{reverse('desk-scans')}?code={dossier.code}")  # the next paper is often the same dossier's


@open_to(COUNTER)
@require_POST
def unread(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A stack that could not be read: read it once more, or place it whole as it was scanned."""
    batch = get_object_or_404(ScanBatch.objects.select_related("file"), pk=pk, desk=_desk(request))
    if "skip" in request.POST:
        if scans.skip_parked(batch.file, batch.file.owner, request.actor, timezone.now()):
            messages.success(request, _("Xấp này không tách được; hãy xếp nguyên cả tệp."))
    elif scans.retry_parked(batch.file, batch.file.owner, request.actor):
        messages.success(request, _("Tệp được đưa vào hàng chờ để đọc lại."))
    return redirect("desk-scans")


@open_to(COUNTER)
@require_POST
def scanner(request: HttpRequest) -> HttpResponse:
    """Give a network scanner of the desk its token, shown once, or take one back."""
    post, now = request.actor.post, timezone.now()
    if post.desk_id is None:
        return redirect("desk-scans")
    revoked = request.POST.get("revoke", "")
    if revoked.isascii() and revoked.isdigit() and len(revoked) < 19:
        scanners.revoke_token(int(revoked), post.desk_id, now)
    elif (name := request.POST.get("name", "").strip()) and _scanners(request).count() < scanners.MOST_OF_A_DESK:
        token = scanners.issue_token(post, name, now)
        said = _("Mã của máy quét, chỉ hiện một lần: %(token)s") % {"token": token}
        messages.success(request, said)
    return redirect("desk-scans")


def _scanners(request: HttpRequest) -> QuerySet[ScannerToken]:
    return ScannerToken.objects.filter(desk=_desk(request), revoked_at=None)


def _desk(request: HttpRequest) -> int:
    return request.actor.post.desk_id or 0


def _dossier(request: HttpRequest, code: str) -> Dossier | None:
    return dossier_by_code(visible(request.actor, Dossier.objects.sent()), code) if code else None


def _lines_of(dossier: Dossier) -> list[DossierDocument]:
    """The papers of the dossier that a scan may be placed on."""
    lines = dossier.documents.exclude(kind=DossierDocument.Kind.RESULT)
    return list(lines.exclude(required_document__secret=True))


def _shown_stack(batch: ScanBatch, opened: Dossier | None) -> dict[str, Any]:
    card = read_card(batch.file)
    again = reverse("desk-scan-unread", args=[batch.pk]) if card["state"] == Scan.State.PARKED else ""
    parts = list(batch.parts.all())
    waiting = [part for part in parts if part.state == BatchPart.State.TRAY]
    texts = _texts(batch, waiting) if waiting else {}
    return {
        "batch": batch,
        "card": {**card, "again_url": again},
        "parts": [_shown(part, opened, texts) for part in parts],
    }


def _texts(batch: ScanBatch, waiting: list[BatchPart]) -> dict[int, str]:
    """What was read on the first page of each waiting paper."""
    numbers = [part.pages[0] for part in waiting if part.pages]
    found = ScanPage.objects.filter(scan_id=batch.pk, number__in=numbers).values_list("number", "text")
    return dict(found)


def _shown(part: BatchPart, opened: Dossier | None, texts: dict[int, str]) -> dict[str, Any]:
    in_tray = part.state == BatchPart.State.TRAY
    dossier = (opened if in_tray else None) or dossier_of(part.owner)
    lines = _lines_of(dossier) if dossier is not None and in_tray else []
    likely = best_name(texts.get(part.pages[0], "") if part.pages else "", [line.name for line in lines])
    return {
        "part": part,
        "in_tray": in_tray,
        "pages": [(number, reverse("file-page", args=[part.batch.file_id, number])) for number in part.pages],
        "code": dossier.code if dossier else "",
        "lines": [(line, number == likely) for number, line in enumerate(lines)],
    }
