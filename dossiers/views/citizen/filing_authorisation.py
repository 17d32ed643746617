"""The page of an online filing that asks for the paper by which one files for somebody else."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import SIGNED_IN, open_to
from digitization import scans, uploads
from dossiers.filing import authorisation, drafts
from dossiers.forms.filing import AuthorisationPaperForm
from dossiers.lifecycle import Refused
from dossiers.views import sheet
from dossiers.views.citizen.filing import draft_of, following, section_titles, sent_already


@open_to(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, uid: Any) -> HttpResponse:
    """A file, or the promise to bring the paper to the counter; the counter checks it before it receives anything."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    if not authorisation.is_asked(draft):
        return redirect("file-section", draft.uid, "request")
    line = authorisation.paper_line(draft)
    sent = request.method == "POST"
    form = AuthorisationPaperForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"later": bool(line and line.later)},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid() and _saved(request, draft, form):
            return redirect(following(draft, authorisation.SECTION))
        status = 422
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "authorisation": draft.authorisation,
        "files": sheet.files_of([line]) if line and line.file_id else [],
        "section_title": section_titles()[authorisation.SECTION],
    }
    return render(request, "dossiers/citizen/authorisation.html", context, status=status)


def _saved(request: HttpRequest, draft: Any, form: AuthorisationPaperForm) -> bool:
    sent = form.cleaned_data.get("file") or []
    try:
        with transaction.atomic():
            stored = [uploads.store_file(file, file.name, draft.reference, request.actor) for file in sent]
            drafts.save_authorisation_paper(draft, stored, later=form.cleaned_data["later"])
            for file in stored:
                scans.queue_scan(file)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
        return False
    return True
