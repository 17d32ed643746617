"""The page of an online filing that asks what the fee depends on, and says the amount while one answers."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import SIGNED_IN, open_to
from dossiers.fees import amounts, display
from dossiers.filing import completeness, drafts
from dossiers.filing.open_pages import SavedElsewhere, Stamp, claim_section, require_current, typed_answers
from dossiers.forms import fee_facts as fields
from dossiers.lifecycle import Refused
from dossiers.views import sheet
from dossiers.views.citizen.comparison import compared_answers
from dossiers.views.citizen.filing import draft_of, following, section_titles, sent_already
from dossiers.views.citizen.filing_sections import page_state


@open_to(SIGNED_IN, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def fee_page(request: HttpRequest, uid: Any) -> HttpResponse:
    """GET asks, or with what is typed so far reckons it for the page; POST judges and keeps."""
    draft = draft_of(request, uid)
    if answer := sent_already(request, draft):
        return answer
    at, section = timezone.now(), completeness.FEE
    needed = amounts.asked_inputs(draft, at=at)
    if not needed:
        return redirect(following(draft, "request"))
    if request.htmx and request.method == "GET":
        facts, wrong = fields.reckoned_inputs(needed, request.GET.dict())
        draft.fee_facts = amounts.stored_inputs(facts, exemptions=amounts.CLAIMED)
        context = {"fee": display.fee_display(draft, at=at), "wrong": wrong}
        return render(request, "dossiers/citizen/fee_amount.html", context)
    typed = request.kept.dict() or typed_answers(draft, section)
    shown = fields.written_values(typed) if typed else fields.initial(amounts.as_given(draft))
    form = fields.FeeForm(needed, request.POST or None, initial=shown)
    status, compared = 200, None
    if request.method == "POST":
        stamp = Stamp.read(request.POST)
        try:
            if form.is_valid():
                with transaction.atomic():
                    claim_section(draft, section, stamp)
                    drafts.save_fee_facts(draft, form.facts)
                return redirect(following(draft, section))
            require_current(draft, section, stamp)
        except SavedElsewhere:
            draft = draft_of(request, uid)
            kept = typed_answers(draft, section)
            theirs = fields.written_values(kept) if kept else fields.initial(amounts.as_given(draft))
            compared = compared_answers(form, fields.FeeForm(needed, None, initial=theirs))
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        status = 409 if compared is not None else 422
        draft.fee_facts = amounts.stored_inputs(form.facts, exemptions=amounts.CLAIMED)
    context = {
        "dossier": draft,
        "title": sheet.title_of(draft),
        "form": form,
        "needed": needed,
        "section_title": section_titles()[section],
        "compared": compared,
        **page_state(request, draft, section, compared=compared is not None),
        "fee": display.fee_display(draft, at=at),
    }
    return render(request, "dossiers/citizen/fee.html", context, status=status)
