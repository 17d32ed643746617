"""Scans that the counter attaches while it takes in: sent in parts, waiting until the dossier is there."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.permissions import open_to
from digitization import uploads
from digitization.cards import read_card
from digitization.models import StoredFile
from dossiers.filing import upload_targets
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
    request: HttpRequest, code: str, paper: RequiredDocument, key: str, files: Sequence[StoredFile]
) -> dict[str, Any]:
    """What templates/dossiers/counter/scan.html shows."""
    query = urlencode({"key": key})
    address = f"{reverse('desk-intake-scan', args=[code, paper.pk])}?{query}"
    desk_id = request.actor.post.desk_id
    return {
        "paper": paper,
        "name": display.value_text(paper.name, paper.name_en),
        "url": address,
        "owner": upload_targets.intake_owner(desk_id, paper, key) if desk_id else "",
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
