"""The page of an online filing that asks the procedure's own form, and the filled form to print."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import SIGNED_IN, open_to
from dossiers.access.policies import of_applicant
from dossiers.filing import declaration, drafts
from dossiers.filing.open_pages import SavedElsewhere, Stamp, claim_section, require_current, typed_answers
from dossiers.letters import filled_form
from dossiers.lifecycle import Refused
from dossiers.models import Dossier
from dossiers.views import sheet
from dossiers.views.citizen.comparison import compared_answers
from dossiers.views.citizen.filing import draft_of, following, section_titles, sent_already
from dossiers.views.citizen.filing_sections import page_state
from dossiers.views.office.papers import inline
from procedures.questionnaire.web import MORE


@open_to(SIGNED_IN, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def declaration_page(request: HttpRequest, uid: Any) -> HttpResponse:
    """GET asks; POST judges and keeps. The button of a table's next row only shows the page again."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    questionnaire = declaration.form_in_force(draft)
    if questionnaire is None:
        return redirect("file-section", draft.uid, "documents")
    today, section = timezone.localdate(), declaration.SECTION
    do = request.POST.get("do", "")
    compared = None
    if request.method == "POST" and not do.startswith(MORE):
        form = declaration.answer_form(draft, questionnaire, request.POST, on=today)
        stamp = Stamp.read(request.POST)
        try:
            if form.is_valid():
                with transaction.atomic():
                    claim_section(draft, section, stamp)
                    drafts.save_declaration(draft, questionnaire, form.values, on=today)
                return redirect(following(draft, section))
            require_current(draft, section, stamp)
        except SavedElsewhere:
            draft = draft_of(request, uid)
            typed = typed_answers(draft, section)
            theirs = declaration.answer_form(draft, questionnaire, written=typed, on=today)
            compared = compared_answers(form, theirs)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        status = 409 if compared is not None else 422
    else:
        written = (request.POST or request.kept).dict() or typed_answers(draft, section)
        form = declaration.answer_form(draft, questionnaire, written=written, on=today, more=do.removeprefix(MORE))
        status = 200
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "form_title": form.layout.local_text(),
        "section_title": section_titles()[section],
        "compared": compared,
        **page_state(request, draft, section, compared=compared is not None),
    }
    return render(request, "dossiers/citizen/declaration.html", context, status=status)


@open_to(SIGNED_IN)
@require_safe
def printed(request: HttpRequest, uid: Any) -> HttpResponse:
    """The filled form of one's own dossier as PDF."""
    mine = of_applicant(request.actor, Dossier.objects.all()).select_related(*sheet.LOADED)
    dossier = get_object_or_404(mine, uid=uid)
    pdf = filled_form.of_dossier(dossier, at=timezone.now())
    if pdf is None:
        raise Http404
    return inline(pdf, f"to-khai-{dossier.code or dossier.uid}.pdf")
