"""The procedure's form at the counter: filled in for the applicant after intake, when there is time for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.filing import declaration
from dossiers.lifecycle import Refused
from dossiers.views import sheet
from dossiers.views.navigation import items as navigation
from dossiers.views.office.dossier import found
from procedures.questionnaire.web import MORE


@open_to(StaffPost.Role.COUNTER)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks; POST judges as it does for the applicant, and keeps the answers once."""
    dossier = found(request, code)
    questionnaire = declaration.form_in_force(dossier)
    if questionnaire is None or not declaration.may_fill_at_counter(dossier, request.actor):
        messages.info(request, _("Hồ sơ này không cần điền tờ khai tại quầy."))
        return redirect("dossier", dossier.code)
    today, do, status = timezone.localdate(), request.POST.get("do", ""), 200
    if request.method == "POST" and not do.startswith(MORE):
        form = declaration.answer_form(dossier, questionnaire, request.POST, on=today)
        if form.is_valid():
            try:
                declaration.fill_at_counter(dossier, questionnaire, form.values, by=request.actor, on=today)
            except Refused as refusal:
                form.add_error(None, str(refusal.sentence))
            else:
                messages.success(request, _("Đã lưu tờ khai vào hồ sơ."))
                return redirect("dossier", dossier.code)
        status = 422
    else:
        more = do.removeprefix(MORE)
        form = declaration.answer_form(dossier, questionnaire, written=request.POST.dict(), on=today, more=more)
    context = {
        "dossier": dossier,
        "title": sheet.title_of(dossier),
        "form": form,
        "form_title": form.layout.local_text(),
        "subnav": navigation(request),
    }
    return render(request, "dossiers/counter/declaration.html", context, status=status)
