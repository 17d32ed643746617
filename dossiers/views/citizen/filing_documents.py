"""The papers of an online filing: one card each, a file sent in parts or with the form, or "I bring it later"."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import SIGNED_IN, open_to
from digitization import scans, uploads
from digitization.cards import read_card
from digitization.models import StoredFile
from dossiers.filing import draft_papers, drafts, open_pages, paper_files, reuse, upload_targets
from dossiers.filing.open_pages import SavedElsewhere, Stamp, claim_section, saves_of, stamp_for
from dossiers.forms.filing import DocumentForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, DossierDocument
from dossiers.views import sheet
from dossiers.views.citizen.filing import draft_of, section_titles, sent_already
from procedures import display

REMOVE_FORM = "remove-file"


@open_to(SIGNED_IN)
def documents(request: HttpRequest, uid: Any) -> HttpResponse:
    """Each required paper as its own card: choose a file, or say that the original is brought later."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if "slot" in request.GET:
        return _slot(request, draft)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            claim_section(draft, "documents", Stamp.read(request.POST))
        except SavedElsewhere:
            messages.warning(request, _("Giấy tờ đã được sửa ở một trang hoặc máy khác. Dưới đây là bản đang lưu."))
            return redirect("file-documents", draft.uid)
        errors = _take_documents(request, draft)
        if not errors and "continue" in request.POST:
            drafts.confirm_documents(draft)
            return redirect("file-section", draft.uid, "result")
        if not errors:
            return redirect("file-documents", draft.uid)
        status = 422
        draft = draft_of(request, uid)
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "slots": slots(draft, errors, request.actor),
        "errors": [{"text": text, "href": f"#id_{key}"} for key, text in errors.items()],
        "section_title": section_titles()["documents"],
        "remove_form": REMOVE_FORM,
        "stamp": stamp_for(draft, "documents", request.POST.dict()),
    }
    return render(request, "dossiers/citizen/documents.html", context, status=status)


def _slot(request: HttpRequest, draft: Dossier) -> HttpResponse:
    """The files of one paper, after one has arrived for it."""
    wanted = request.GET["slot"]
    slot = next((slot for slot in slots(draft, {}) if str(slot["paper"].pk) == wanted), None)
    if slot is None:
        raise Http404
    return render(request, "dossiers/citizen/slot_files.html", {"slot": slot})


def slots(draft: Dossier, errors: dict[str, str], actor: Actor | None = None) -> list[dict[str, Any]]:
    lines = {line.required_document_id: line for line in draft.documents.all()}
    known = reuse.known_documents(reuse.holder_for(draft, actor)) if actor else []
    found = []
    for paper in draft_papers.required_documents(draft):
        line = lines.get(paper.pk)
        name = display.value_text(paper.name, paper.name_en)
        found.append(
            {
                "paper": paper,
                "name": name,
                "when": display.value_text(paper.when, paper.when_en),
                "reason": display.why_not_demanded(paper),
                "line": line,
                "files": _cards(draft, line) if line else [],
                "join_url": _join_url(draft, line) if line else "",
                "remove_form": REMOVE_FORM,
                "field": DocumentForm(prefix=paper.key)["file"],
                "owner": draft.reference,
                "purpose": upload_targets.purpose_of(paper),
                "reusable": [
                    {"document": each, "url": reverse("file-reuse", args=[draft.uid, paper.pk, each.pk])}
                    for each in reuse.offered_documents(known, paper, line.files if line else [])
                ],
                "error": errors.get(f"{paper.key}-file", ""),
            }
        )
    return found


def _cards(draft: Dossier, line: DossierDocument) -> list[dict[str, Any]]:
    """The files of a paper in their order, each with what takes it back and what moves it to the front."""
    cards = []
    for place, file in enumerate(line.files):
        address = [draft.uid, line.pk, file.pk]
        card = read_card(file, remove_url=reverse("file-detach", args=address), remove_form=REMOVE_FORM)
        cards.append({**card, "up_url": reverse("file-up", args=address) if place else ""})
    return cards


def _join_url(draft: Dossier, line: DossierDocument) -> str:
    """Where the photos of a paper are made one PDF; empty while there are not several."""
    several = len(paper_files.photos_of(line)) > 1
    return reverse("file-join", args=[draft.uid, line.pk]) if several else ""


def _take_documents(request: HttpRequest, draft: Dossier) -> dict[str, str]:
    """Take every file that came with the form; what is refused is named, what is good is kept."""
    errors: dict[str, str] = {}
    for paper in draft_papers.required_documents(draft):
        form = DocumentForm({}, request.FILES, prefix=paper.key)
        if not form.is_valid():
            errors[f"{paper.key}-file"] = " ".join(str(e) for e in form.errors["file"])
        for sent in form.cleaned_data.get("file") or []:
            try:
                with transaction.atomic():
                    stored = uploads.store_file(sent, sent.name, draft.reference, request.actor)
                    draft_papers.attach_file(draft, paper, stored)
                    scans.queue_scan(stored)
            except Refused as refusal:
                errors[f"{paper.key}-file"] = str(refusal.sentence)
    brought_later(draft, request.POST)
    return errors


def brought_later(draft: Dossier, given: Any) -> bool:
    """Note the ticks "I bring it later", and whether any changed; a paper whose file is there needs none."""
    changed = False
    lines = {line.required_document_id: line for line in draft.documents.all()}
    for paper in draft_papers.required_documents(draft):
        line, later = lines.get(paper.pk), given.get(f"{paper.key}-later") == "on"
        if later != bool(line and line.later):
            draft_papers.bring_later(draft, paper, later=later)
            changed = True
    return changed


@open_to(SIGNED_IN)
def ticked(request: HttpRequest, uid: Any) -> HttpResponse:
    """The open page saves its ticks by itself; files have their own way."""
    draft = draft_of(request, uid)
    if request.method != "POST":
        return redirect("file-documents", draft.uid)
    try:
        with transaction.atomic():
            claim_section(draft, "documents", Stamp.read(request.POST))
            if brought_later(draft, request.POST):
                saves = open_pages.note_save(draft, "documents")
            else:
                saves = saves_of(draft, "documents")
    except SavedElsewhere:
        said = _("Giấy tờ đã được sửa ở một trang hoặc máy khác. Hãy tải lại trang để thấy bản đang lưu.")
        return HttpResponse(said, status=409, content_type="text/plain; charset=utf-8")
    except Refused as refusal:
        return HttpResponse(str(refusal.sentence), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"OSS-Saves": str(saves)})


@open_to(SIGNED_IN)
def use_again(request: HttpRequest, uid: Any, paper: int, document: int) -> HttpResponse:
    """Put a document that is on record on a line of the checklist, in place of an upload."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if request.method == "POST":
        wanted = next((each for each in draft_papers.required_documents(draft) if each.pk == paper), None)
        if wanted is None:
            raise Http404
        try:
            reuse.use_for_draft(draft, wanted, document, by=request.actor, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("Đã dùng lại giấy tờ trong kho, không phải nộp lần nữa."))
    return redirect("file-documents", draft.uid)


@open_to(SIGNED_IN)
def detach(request: HttpRequest, uid: Any, pk: int, file: Any) -> HttpResponse:
    """Take one file of a paper back."""
    return _changed(request, uid, pk, lambda draft, line: draft_papers.detach_file(draft, line, _file(line, file)))


@open_to(SIGNED_IN)
def move_up(request: HttpRequest, uid: Any, pk: int, file: Any) -> HttpResponse:
    """Put one file of a paper a place further to the front."""
    return _changed(request, uid, pk, lambda draft, line: draft_papers.move_file_up(draft, line, _file(line, file)))


@open_to(SIGNED_IN)
def join(request: HttpRequest, uid: Any, pk: int) -> HttpResponse:
    """Make one PDF of a paper's photos."""

    def joined(draft: Dossier, line: DossierDocument) -> None:
        whole = draft_papers.join_photos(draft, line, name=sheet.name_of(line)[:80], by=request.actor)
        messages.success(request, _("Đã ghép các ảnh thành tệp “%(name)s”.") % {"name": whole.name})

    return _changed(request, uid, pk, joined)


def _changed(
    request: HttpRequest, uid: Any, pk: int, change: Callable[[Dossier, DossierDocument], object]
) -> HttpResponse:
    """Change the files of a paper by POST, and back to the papers; a refusal is said there."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if request.method == "POST":
        line = get_object_or_404(draft.documents.select_related("file", "required_document"), pk=pk)
        try:
            change(draft, line)
        except (Refused, uploads.UploadRefused) as refusal:
            messages.error(request, str(refusal.sentence))
    return redirect("file-documents", draft.uid)


def _file(line: DossierDocument, pk: Any) -> StoredFile:
    for file in line.files:
        if file.pk == pk:
            return file
    raise Http404
