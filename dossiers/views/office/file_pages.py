"""The pages of a scanned paper: their order, which way up they are, which are left out or replaced."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import STAFF, open_to
from core.refusals import Refused
from digitization import page_edits, scans, uploads
from digitization.models import StoredFile
from digitization.page_edits import PageWanted
from dossiers.lifecycle import TABLE, execute_transition, refusal_of
from dossiers.models import Dossier, DossierDocument
from dossiers.views import sheet
from dossiers.views.office.dossier import found, subnav_of

TURNS = (0, 90, 180, 270)
MOST_PAGES = 500


@open_to(STAFF)
def edit(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """GET shows each page with its place and turn; POST makes the new version and keeps the old one."""
    shown = found(request, code)
    if refusal_of(shown, TABLE["edit_pages"], request.actor) is not None:
        raise Http404
    file = _file(shown, pk)
    blank = page_edits.blank_pages(file)
    error, status = "", 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                version = page_edits.make_version(file, _wanted(request, shown, file, blank), request.actor)
                execute_transition(shown, "edit_pages", request.actor, at=timezone.now(), scan=version)
        except (Refused, uploads.UploadRefused) as refusal:
            error, status = str(refusal.sentence), 422
        else:
            messages.success(request, _("Đã lưu bản mới. Bản gốc vẫn được giữ."))
            return redirect("dossier", shown.code)
    rows = [
        {
            "number": number,
            "place": request.POST.get(f"place-{number}", str(number)),
            "turn": request.POST.get(f"turn-{number}", "0"),
            "left_out": request.POST.get(f"out-{number}") == "on",
            "blank": number in blank,
            "picture": reverse("file-page", args=[file.pk, number]),
        }
        for number in range(1, min(file.scan.pages, MOST_PAGES) + 1)
    ]
    context = {
        "dossier": shown,
        "file": file,
        "rows": rows,
        "turns": TURNS,
        "has_blank": bool(blank),
        "error": error,
        "subnav": subnav_of(request),
    }
    return render(request, "dossiers/officer/file_pages.html", context, status=status)


@open_to(STAFF)
@require_POST
def read_again(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """Have a file that was given up read once more, or use it as it came; who asked stands in the log."""
    shown = found(request, code)
    files = [file for paper in sheet.documents_of(shown) for file in paper.files if file.pk == pk]
    scan = getattr(files[0], "scan", None) if files else None
    if scan is None:
        raise Http404
    if "skip" in request.POST:
        if scans.skip_parked(files[0], shown.reference, request.actor, timezone.now()):
            messages.success(request, _("Tệp được dùng như khi gửi đến, không tìm được chữ trong tệp."))
    elif scans.retry_parked(files[0], shown.reference, request.actor):
        messages.success(request, _("Tệp được đưa vào hàng chờ để đọc lại."))
    return redirect("dossier", shown.code)


def _file(dossier: Dossier, pk: UUID) -> StoredFile:
    papers = [each for each in sheet.documents_of(dossier) if each.kind != DossierDocument.Kind.RESULT]
    for paper in papers:
        for file in paper.files:
            if file.pk == pk and page_edits.may_be_edited(file):
                return file
    raise Http404


def _wanted(request: HttpRequest, dossier: Dossier, file: StoredFile, blank: set[int]) -> list[PageWanted]:
    """The pages as the form says, in the order of their places. Of two at one place, a page moved there from above
    comes behind the one that was there, one from below before it."""
    left_out = blank if "without-blank" in request.POST else set()
    wanted: list[tuple[tuple[int, int, int], PageWanted]] = []
    for number in range(1, min(file.scan.pages, MOST_PAGES) + 1):
        if number in left_out or request.POST.get(f"out-{number}") == "on":
            continue
        place, turn = (
            _number(request.POST.get(f"place-{number}"), number),
            _number(request.POST.get(f"turn-{number}"), 0),
        )
        sent: Any = request.FILES.get(f"instead-{number}")
        instead = uploads.store_file(sent, sent.name, dossier.reference, request.actor) if sent else None
        moved = (place > number) - (place < number)
        wanted.append(((place, moved, number), PageWanted(number, turn if turn in TURNS else 0, instead)))
    return [page for _place, page in sorted(wanted, key=lambda each: each[0])]


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 6 else otherwise
