"""Stacks scanned as one file: what was filed by its sheets, and the tray of what a person has to place."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import open_to, visible
from digitization import batches, scanners
from digitization.cards import read_card
from digitization.kinds import UploadRefused
from digitization.models import BatchPart, ScanBatch, ScannerToken
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
    """The desk's stacks, newest first, each with its papers; `?part=` and `?code=` choose a dossier for one."""
    desk_id = request.actor.post.desk_id
    found = (
        ScanBatch.objects.filter(desk_id=desk_id)
        .select_related("file", "file__scan")
        .prefetch_related("parts__file")
        .order_by("-begun_at")[:MOST_SHOWN]
    )
    context = {
        "subnav": navigation(request),
        "scanners": _scanners(request),
        "drop": request.build_absolute_uri(reverse("file-drop", args=["quet.pdf"])),
        "owner": batches.batch_owner(desk_id) if desk_id else "",
        "stacks": [
            {
                "batch": batch,
                "card": read_card(batch.file),
                "parts": [_shown(request, part) for part in batch.parts.all()],
            }
            for batch in found
        ],
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
    dossier = dossier_by_code(visible(request.actor, Dossier.objects.sent()), code)
    if dossier is None:
        messages.error(request, _("Không tìm thấy hồ sơ có mã này. Hãy kiểm tra mã rồi thử lại."))
        return redirect("desk-scans")
    if "paper" not in request.POST:
        return redirect(f"{reverse('desk-scans')}?part={part.pk}&code={dossier.code}#part-{part.pk}")
    try:
        batches.place_part(part, Slot(dossier.reference, request.POST["paper"]), request.actor, timezone.now())
    except UploadRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Đã xếp giấy tờ vào hồ sơ %(code)s.") % {"code": dossier.code})
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


def _shown(request: HttpRequest, part: BatchPart) -> dict[str, Any]:
    chosen = request.GET.get("code", "") if request.GET.get("part") == str(part.pk) else ""
    dossier = (
        dossier_by_code(visible(request.actor, Dossier.objects.sent()), chosen) if chosen else dossier_of(part.owner)
    )
    lines: list[DossierDocument] = []
    if dossier is not None and part.state == BatchPart.State.TRAY:
        lines = list(dossier.documents.exclude(kind=DossierDocument.Kind.RESULT))
    return {
        "part": part,
        "pages": [(number, reverse("file-page", args=[part.batch.file_id, number])) for number in part.pages],
        "code": dossier.code if dossier else "",
        "lines": lines,
    }
