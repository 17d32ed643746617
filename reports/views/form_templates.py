"""Management of the official forms' wordings: an administrator writes a draft, another one puts it in force."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.refusals import Refused
from core.version_pages import Rights, press_posted_button, say_draft_was_refused, version_context
from core.versions import UNDECIDED, VersionRefused
from reports.forms import drawing, templates
from reports.forms.definitions import FORMS, OfficialForm
from reports.forms.editing import WordingForm
from reports.forms.periods import last_ended, reporting_period
from reports.forms.printed import PrintedForm
from reports.forms.signing import usual_signer
from reports.forms.templates import TEMPLATES
from reports.forms.trial import trial_content
from reports.forms.wording import FormWording, wording_changes
from reports.models import FormTemplate
from vietnam.working_time import VIETNAM

Role = StaffPost.Role
RIGHTS = Rights(may_edit=True, may_decide=True)  # every administrator of the province writes, another one decides
VERSIONS_SHOWN = 50


@open_to(Role.ADMINISTRATOR)
@require_safe
def form_templates(request: HttpRequest) -> HttpResponse:
    """Every form with the version in force and the draft that waits."""
    require_province(request.actor)
    waiting = {row.form: row for row in FormTemplate.objects.filter(status__in=UNDECIDED)}
    rows = [{"printed": one, "draft": waiting.get(key)} for key, one in templates.all_in_force().items()]
    return render(request, "reports/templates/list.html", {"rows": rows})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def form_template(request: HttpRequest, key: str) -> HttpResponse:
    """One form: its draft to be written, what that changes, and the buttons of the draft and of the one in force."""
    require_province(request.actor)
    form = _known(key)
    refused: Refused | None = None
    page = reverse("manage-report-form", args=[key])
    if request.method == "POST" and "do" in request.POST:
        version = TEMPLATES.in_force(form=key) if request.POST["do"] == "undo" else templates.draft_of(form)
        try:
            if version is None:
                raise VersionRefused(_("Bản này không còn. Hãy tải lại trang."))
            return press_posted_button(request, TEMPLATES, version, RIGHTS, page=page, gone=page)
        except Refused as refusal:
            refused = refusal
    draft, present = templates.draft_of(form), templates.printed_in_force(form)
    shown = FormWording.read_json(draft.wording) if draft else _asked_for(request, present)
    posted = request.POST if request.method == "POST" and refused is None else None
    editing = WordingForm(posted, form=form, shown=shown, revision=draft.revision if draft else -1)
    if posted is not None and editing.is_valid() and _saved(request, form, editing):
        return redirect(page)
    in_force = TEMPLATES.in_force(form=key)
    context: dict[str, Any] = {
        "form_shown": form,
        "present": present,
        "editing": editing,
        "draft": draft,
        "changes": wording_changes(present.wording, shown) if draft else [],
        "versions": FormTemplate.objects.filter(form=key).exclude(status__in=UNDECIDED)[:VERSIONS_SHOWN],
        **version_context(request, TEMPLATES, draft, RIGHTS, refused),
        "undo": version_context(request, TEMPLATES, in_force, RIGHTS, None)["buttons"],
    }
    status = 409 if refused else 422 if editing.errors else 200
    return render(request, "reports/templates/form.html", context, status=status)


@open_to(Role.ADMINISTRATOR)
@require_safe
def form_template_trial(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A trial sheet of a version, with invented figures."""
    require_province(request.actor)
    printed = templates.printed_of_version(_known(key), number) if number < 2**31 else None
    if printed is None:
        raise Http404
    return _trial(request, printed)


@open_to(Role.ADMINISTRATOR)
@require_safe
def form_template_draft(request: HttpRequest, key: str) -> HttpResponse:
    """The same of the draft."""
    require_province(request.actor)
    form = _known(key)
    draft = templates.draft_of(form)
    if draft is None:
        raise Http404
    return _trial(request, PrintedForm(form, FormWording.read_json(draft.wording)))


def _trial(request: HttpRequest, printed: PrintedForm) -> HttpResponse:
    at = timezone.now()
    period = reporting_period(last_ended(at.astimezone(VIETNAM).date()))
    if period is None:  # the last ended quarter always is one
        raise Http404
    agency = request.actor.post.agency
    pdf = drawing.draft_pdf(
        printed,
        trial_content(printed),
        agency,
        (period.first, period.last),
        by=request.actor.label,
        signer=usual_signer(printed.wording, agency, Actor()),
        at=at,
    )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="xem-thu-{printed.form.key}.pdf"'
    return answer


def _asked_for(request: HttpRequest, present: PrintedForm) -> FormWording:
    """An earlier version to begin from (``?from=2``), else the one in force. Nobody here has compared the bundled one
    with the form as issued, whatever it is known from."""
    number = request.GET.get("from", "")
    found = templates.printed_of_version(present.form, int(number)) if number.isdecimal() and len(number) < 10 else None
    begun = found or present
    return begun.wording if begun.version else replace(begun.wording, confirmed=False)


def _saved(request: HttpRequest, form: OfficialForm, editing: WordingForm) -> bool:
    try:
        templates.write_draft(
            form,
            editing.wording,
            revision=editing.cleaned_data["revision"],
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        say_draft_was_refused(editing, refusal, templates.draft_of(form))
        return False
    messages.success(request, _("Đã lưu bản nháp. Hãy trình để người quản trị khác đưa vào dùng."))
    return True


def _known(key: str) -> OfficialForm:
    if key not in FORMS:
        raise Http404
    return FORMS[key]
