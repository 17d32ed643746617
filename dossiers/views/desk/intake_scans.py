"""Scans that the counter attaches while it takes in: sent in parts, waiting until the dossier is there."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.owner_references import owner_by_reference
from accounts.permissions import open_to
from core.refusals import Refused
from digitization import uploads
from digitization.cards import read_card
from digitization.models import RegisteredDocument, StoredFile
from dossiers.filing import reuse, upload_targets
from procedures import display
from procedures.models import Edition, RequiredDocument


def waiting(request: HttpRequest, edition: Edition, key: str) -> dict[int, list[StoredFile]]:
    """The scans that wait for each paper of the intake page `key`, in their order."""
    post = request.actor.post
    if post.desk_id is None:
        return {}
    owners = {upload_targets.intake_owner(post.desk_id, paper, key): paper.pk for paper in edition.documents.all()}
    return {owners[owner]: files for owner, files in upload_targets.waiting_uploads(owners).items()}


def slot(
    request: HttpRequest,
    code: str,
    paper: RequiredDocument,
    key: str,
    files: Sequence[StoredFile],
    offered: Sequence[RegisteredDocument] = (),
    owner: str = "",
) -> dict[str, Any]:
    """What templates/dossiers/counter/scan.html shows."""
    address = f"{reverse('desk-intake-scan', args=[code, paper.pk])}?{urlencode({'key': key})}"
    query = urlencode({"key": key, "owner": owner})
    desk_id = request.actor.post.desk_id
    return {
        "paper": paper,
        "name": display.value_text(paper.name, paper.name_en),
        "url": address,
        "owner": upload_targets.intake_owner(desk_id, paper, key) if desk_id else "",
        "reusable": [
            {"document": each, "url": f"{reverse('desk-intake-reuse', args=[code, paper.pk, each.pk])}?{query}"}
            for each in offered
        ],
        "files": [{**read_card(file), "take_back_url": f"{address}&file={file.pk}"} for file in files],
    }


@open_to("counter")
def scan(request: HttpRequest, code: str, paper: int) -> HttpResponse:
    """The scans of one paper, after one has arrived; POST takes the one that `file` names back."""
    if not request.htmx:
        return redirect("desk")
    wanted = get_object_or_404(RequiredDocument, pk=paper, edition__procedure__code=code)
    key = request.GET.get("key", "")[:40]
    desk_id = request.actor.post.desk_id
    owner = upload_targets.intake_owner(desk_id, wanted, key) if desk_id else ""
    files = upload_targets.waiting_uploads([owner]).get(owner, [])
    if request.method == "POST":
        for file in files:
            if str(file.pk) == request.GET.get("file"):
                uploads.discard_file(file)
        files = [file for file in files if file.removed_at is None]
    return render(request, "dossiers/counter/scan_files.html", {"slot": slot(request, code, wanted, key, files)})


@open_to("counter")
@require_POST
def use_again(request: HttpRequest, code: str, paper: int, document: int) -> HttpResponse:
    """A document of the owner's that is on record waits for its paper, as a scan would."""
    wanted = get_object_or_404(RequiredDocument, pk=paper, edition__procedure__code=code)
    key, holder = request.GET.get("key", "")[:40], owner_by_reference(request.GET.get("owner", ""))
    desk_id = request.actor.post.desk_id
    if holder is None or not desk_id or not key:
        return redirect("desk")
    owner = upload_targets.intake_owner(desk_id, wanted, key)
    try:
        reuse.use_at_desk(holder, wanted, document, owner, by=request.actor, at=timezone.now())
    except Refused as refusal:
        return HttpResponse(str(refusal.sentence), status=409, content_type="text/plain; charset=utf-8")
    files = upload_targets.waiting_uploads([owner]).get(owner, [])
    if request.htmx:
        return render(request, "dossiers/counter/scan_files.html", {"slot": slot(request, code, wanted, key, files)})
    messages.success(request, _("Đã dùng lại giấy tờ trong kho, không phải nộp lần nữa."))
    back = urlencode({"owner": request.GET.get("owner", ""), "key": key})
    return redirect(f"{reverse('desk-intake', args=[code])}?{back}")
