"""A new procedure: who it is for and who settles it; the rest is filled in part by part in its draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.refusals import Refused
from procedures.editions.forms.scope import NewProcedureForm
from procedures.editions.lifecycle.new_procedure import CodeTaken, refusal_of_code, start_new_procedure


@open_to(StaffPost.Role.CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_procedure(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = NewProcedureForm(request.POST if posted else None)
    refusal: Refused | None = None
    if posted and form.is_valid():
        try:
            draft = start_new_procedure(form.facts(), internal=form.internal, by=request.actor, at=timezone.now())
        except Refused as error:
            refusal = error
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Đã lập dự thảo của thủ tục mới. Hãy điền các phần còn thiếu."))
            return redirect("manage-edition-life", pk=draft.pk)
    elif posted and form.cleaned_data.get("code") and (refusal := refusal_of_code(form.cleaned_data["code"])):
        form.add_error("code", str(refusal))
    return render(
        request,
        "procedures/manage/procedure_new.html",
        {"form": form, "existing_url": _address(refusal) if isinstance(refusal, CodeTaken) else ""},
        status=422 if posted else 200,
    )


def _address(refusal: CodeTaken) -> str:
    """Where the procedure that has the code is looked at and changed: by its draft while nothing is in force."""
    if refusal.procedure.current_id or refusal.edition is None:
        return reverse("manage-procedure", args=[refusal.procedure.code])
    return reverse("manage-edition-life", args=[refusal.edition.pk])
