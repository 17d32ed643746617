"""Merging, splitting and ending agencies: what would move, deciding by two people, how far it is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Agency
from core.refusals import Refused
from core.version_pages import Rights, press_posted_button, save_posted_draft, version_context
from core.versions import Status
from dossiers.forms.agency_change import AgencyChangeForm
from dossiers.models import AgencyChange
from dossiers.reorganisation import work
from dossiers.reorganisation.workflow import CHANGES, ended, warnings_of
from dossiers.views.paging import page_of
from procedures.models import Field

_ADMINISTRATOR = StaffPost.Role.ADMINISTRATOR
RIGHTS = Rights(may_edit=True, may_decide=True)  # whoever may write a change may decide on another person's


@open_to(_ADMINISTRATOR)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    require_province(request.actor)
    page = page_of(request, AgencyChange.objects.select_related("agency", "successor"), key="id", newest_first=True)
    return render(request, "dossiers/manage/agency_changes.html", {"page": page})


@open_to(_ADMINISTRATOR, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft for one agency; the one that there is already is gone on with."""
    require_province(request.actor)
    agency = get_object_or_404(Agency.objects.select_related("territory"), pk=pk)
    if found := CHANGES.undecided(agency=agency):
        return redirect("manage-agency-change", found.pk)
    form = AgencyChangeForm(request.POST or request.kept or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            made = CHANGES.write_draft(form.fill(AgencyChange()), revision=-1, by=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("manage-agency-change", made.pk)
    context = {"agency": agency, "form": form, "hindrances": ended(agency)}
    return render(request, "dossiers/manage/agency_change_new.html", context, status=422 if form.errors else 200)


@open_to(_ADMINISTRATOR, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def one_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A change with what it would move; a draft is written and submitted, decided on by another, taken back."""
    require_province(request.actor)
    related = ("agency__territory", "successor__territory")
    change = get_object_or_404(AgencyChange.objects.select_related(*related), pk=pk)
    page, refused = reverse("manage-agency-change", args=[pk]), None
    form = AgencyChangeForm(request.kept or None, agency=change.agency, initial=AgencyChangeForm.initial_of(change))
    revision, status, errors = change.revision, 200, []
    if request.method == "POST" and "do" in request.POST:
        try:
            gone = reverse("manage-agency-changes")
            return press_posted_button(request, CHANGES, change, RIGHTS, page=page, gone=gone)
        except Refused as refusal:
            refused, status = refusal, 409
            change = get_object_or_404(AgencyChange.objects.select_related(*related), pk=pk)
    elif request.method == "POST":
        form = AgencyChangeForm(request.POST, agency=change.agency)
        if form.is_valid():
            filled = form.fill(AgencyChange.objects.select_related(*related).get(pk=pk))
            saving = save_posted_draft(request, CHANGES, filled, page=page)
            if saving.response is not None:
                return saving.response
            revision, errors = saving.revision, saving.errors
        status = 422
    context = {
        "change": change,
        "form": form,
        "revision": revision,
        "errors": errors,
        **_preview(change),
        **version_context(request, CHANGES, change, RIGHTS, refused),
    }
    return render(request, "dossiers/manage/agency_change.html", context, status=status)


def _preview(change: AgencyChange) -> dict[str, Any]:
    decided = change.status not in (Status.DRAFT, Status.SUBMITTED)
    return {
        "given_fields": Field.objects.filter(key__in=change.field_keys) if change.field_keys else [],
        "work": [] if change.began_at or change.status == Status.UNDONE else work.work_of(change),
        "warnings": [] if decided else warnings_of(change, today=timezone.localdate()),
    }
