"""Stacks scanned as one file: what was filed by its sheets, and the tray of what a person has to place."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
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
from dossiers.access.record_reference import dossiers_of
from dossiers.models import Dossier, DossierDocument
from dossiers.search import dossier_by_code
from dossiers.views.navigation import items as navigation
from dossiers.views.paging import page_in_order

COUNTER = "counter"
A_PAGE = 20  # stacks


@open_to(COUNTER)
@require_safe
def stacks(request: HttpRequest) -> HttpResponse:
    """The desk's stacks, newest first, each with its papers; `?waiting=1` only those that want a person, `?code=` opens
    the dossier that they are placed in."""
    desk_id = request.actor.post.desk_id
    opened = _dossier(request, request.GET.get("code", ""))
    only_waiting = request.GET.get("waiting") == "1"
    waiting = batches.waiting_batches(desk_id or 0)
    wanted = waiting if only_waiting else ScanBatch.objects.filter(desk_id=desk_id)
    wanted = wanted.select_related("file", "file__scan").prefetch_related("parts")
    page = page_in_order(request, wanted, ("-begun_at", "-file_id"), size=A_PAGE)
    stacks = _shown_stacks(page.rows, opened)
    context = {
        "opened": opened,
        "places": _lines_of([opened])[opened.pk] if opened else [],
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
        "page": page,
        "only_waiting": only_waiting,
        "limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024),
        "waiting": waiting.count(),
    }
    return render(request, "dossiers/counter/scans.html", context)


@open_to(COUNTER)
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """File a paper of the tray where a person says, or set it aside."""
    part = get_object_or_404(BatchPart.objects.select_related("batch__file"), pk=pk, batch__desk=_desk(request))
    if request.POST.get("away"):
        batches.discard_part(part, request.actor, timezone.now())
        return redirect(_back(request))
    code = request.POST.get("code", "").strip()
    dossier = _dossier(request, code)
    if dossier is None:
        messages.error(request, _("Không tìm thấy hồ sơ có mã này. Hãy kiểm tra mã rồi thử lại."))
        return redirect(_back(request))
    if "paper" not in request.POST:
        return redirect(f"{_back(request, dossier)}#part-{part.pk}")
    try:
        batches.place_part(part, Slot(dossier.reference, request.POST["paper"]), request.actor, timezone.now())
    except UploadRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Đã xếp giấy tờ vào hồ sơ %(code)s.") % {"code": dossier.code})
    return redirect(_back(request, dossier))  # the next paper is often the same dossier's


def _back(request: HttpRequest, dossier: Dossier | None = None) -> str:
    """The list as it was: with the dossier open, and only what waits where only that was shown."""
    query = {"waiting": "1"} if request.GET.get("waiting") == "1" else {}
    if dossier is not None:
        query["code"] = str(dossier.code)
    return f"{reverse('desk-scans')}?{urlencode(query)}" if query else reverse("desk-scans")


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
    return redirect(_back(request))


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


def _lines_of(dossiers: Iterable[Dossier]) -> dict[int, list[DossierDocument]]:
    """The papers of each dossier that a scan may be placed on."""
    found: dict[int, list[DossierDocument]] = {dossier.pk: [] for dossier in dossiers}
    lines = DossierDocument.objects.filter(dossier__in=found).exclude(kind=DossierDocument.Kind.RESULT)
    for line in lines.exclude(required_document__secret=True) if found else []:
        found[line.dossier_id].append(line)
    return found


def _shown_stacks(found: Sequence[ScanBatch], opened: Dossier | None) -> list[dict[str, Any]]:
    """Each stack with its card and papers; as many queries for a hundred papers as for one."""
    parts = [part for batch in found for part in batch.parts.all()]
    waiting = [part for part in parts if part.state == BatchPart.State.TRAY]
    dossiers = dossiers_of({part.owner for part in parts if part.owner})
    placed_in = {part.pk: (opened if part in waiting else None) or dossiers.get(part.owner) for part in parts}
    lines = _lines_of({dossier for part in waiting if (dossier := placed_in[part.pk]) is not None})
    texts, names_placed = _texts(waiting), _names_placed(parts)
    shown = []
    for batch in found:
        card = read_card(batch.file)
        again = reverse("desk-scan-unread", args=[batch.pk]) if card["state"] == Scan.State.PARKED else ""
        rows = []
        for part in batch.parts.all():
            dossier = placed_in[part.pk]
            names = lines.get(dossier.pk, []) if dossier is not None and part.state == BatchPart.State.TRAY else []
            row = _shown(part, dossier, names, texts.get((batch.pk, part.pages[0])) if part.pages else "")
            rows.append({**row, "paper": names_placed.get(part.key, "")})
        # Until it is split the page asks for the whole stack again, and its card need not.
        pending = bool(card["renews"]) or (batch.split_at is None and card["state"] == Scan.State.READY)
        shown.append(
            {"batch": batch, "card": {**card, "again_url": again, "renews": ""}, "parts": rows, "pending": pending}
        )
    return shown


def _names_placed(parts: list[BatchPart]) -> dict[str, str]:
    """What the papers are called that parts were placed on, by the key of each."""
    keys = {part.key for part in parts if part.state == BatchPart.State.PLACED and part.key.isdecimal()}
    lines = DossierDocument.objects.filter(pk__in=map(int, keys)).select_related("required_document")
    return {str(line.pk): line.local_name for line in lines} if keys else {}


def _texts(waiting: list[BatchPart]) -> dict[tuple[UUID, int], str]:
    """What was read on the first page of each waiting paper, by stack and number of the page."""
    firsts = {(part.batch_id, part.pages[0]) for part in waiting if part.pages}
    pages = ScanPage.objects.filter(scan_id__in={stack for stack, _n in firsts}, number__in={n for _s, n in firsts})
    found = pages.values_list("scan_id", "number", "text") if firsts else []
    return {(scan, number): text for scan, number, text in found if (scan, number) in firsts}


def _shown(part: BatchPart, dossier: Dossier | None, lines: list[DossierDocument], text: str | None) -> dict[str, Any]:
    likely = best_name(text or "", [line.name for line in lines])
    return {
        "part": part,
        "in_tray": part.state == BatchPart.State.TRAY,
        "pages": [(number, reverse("file-page", args=[part.batch_id, number])) for number in part.pages],
        "code": dossier.code if dossier else "",
        "lines": [(line, number == likely) for number, line in enumerate(lines)],
    }
