"""How long dossiers are kept: a period for each field, or for one procedure, put in force by a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.fields import CarriedNumber, IntegerField
from core.refusals import Refused
from core.version_buttons import LARGEST_REVISION, version_buttons
from core.version_pages import Rights, press_posted_button, say_draft_was_refused, version_context
from core.versions import UNDECIDED, Status, VersionRefused
from procedures import display
from procedures.models import Field, Procedure, RetentionPeriod
from procedures.review import retention

CONTROLLER, SUPERVISOR = StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR


class PeriodForm(forms.Form):
    years = IntegerField(
        label=gettext_lazy("Số năm bảo quản"),
        help_text=gettext_lazy("Tính tròn năm, từ năm sau năm hồ sơ kết thúc. Để trống nếu bảo quản vĩnh viễn."),
        min_value=1,
        max_value=200,
        required=False,
    )
    ground = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        help_text=gettext_lazy("Văn bản và mục của danh mục thời hạn bảo quản."),
        max_length=300,
    )
    revision = CarriedNumber(min_value=-1, max_value=LARGEST_REVISION)


@open_to(CONTROLLER, SUPERVISOR)
@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """Every field with its period in force, and the procedures that have one of their own."""
    found = RetentionPeriod.objects.filter(status__in=[*UNDECIDED, Status.IN_FORCE]).select_related(
        "procedure__current"
    )
    by_field: dict[int | None, dict[str, RetentionPeriod]] = {}
    by_procedure: dict[str, dict[str, Any]] = {}
    for period in found:
        state = "in_force" if period.status == Status.IN_FORCE else "draft"
        if period.field_id:
            by_field.setdefault(period.field_id, {})[state] = period
        else:
            by_procedure.setdefault(period.procedure.code, {"procedure": period.procedure})[state] = period
    asked = request.GET.get("code", "").strip()[:20]
    if asked and Procedure.objects.filter(code=asked).exists():
        return redirect("manage-retention-procedure", asked)
    context = {
        "fields": [
            {"field": field, "name": display.value_text(field.name, field.name_en), **by_field.get(field.pk, {})}
            for field in Field.objects.all()
        ],
        "procedures": [by_procedure[code] for code in sorted(by_procedure)],
        "asked": asked,
    }
    return render(request, "procedures/manage/retention_periods.html", context)


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def field_period(request: HttpRequest, key: str) -> HttpResponse:
    return _period(request, get_object_or_404(Field, key=key))


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def procedure_period(request: HttpRequest, code: str) -> HttpResponse:
    return _period(request, get_object_or_404(Procedure.objects.select_related("current"), code=code))


def _period(request: HttpRequest, scope: Field | Procedure) -> HttpResponse:
    rights = Rights(may_edit=request.actor.role == CONTROLLER, may_decide=True)
    refused: Refused | None = None
    form, status = None, 200
    if request.method == "POST":
        form = PeriodForm(request.POST) if "do" not in request.POST else None
        try:
            if form is None:
                return _button_pressed(request, scope, rights)
            if not rights.may_edit:
                raise VersionRefused(_("Người quản lý danh mục soạn thời hạn; bạn kiểm tra và đưa vào áp dụng."))
            if form.is_valid():
                retention.write_period(scope, **form.cleaned_data, by=request.actor, at=timezone.now())
                messages.success(request, _("Đã lưu bản nháp. Hãy trình để người thứ hai đưa vào áp dụng."))
                return redirect(request.path)
        except Refused as refusal:
            if form is None or not rights.may_edit:
                refused = refusal
            else:
                say_draft_was_refused(form, refusal, retention.draft_of(scope))
                status = 409
    present, draft = retention.period_of(scope), retention.draft_of(scope)
    shown = draft or present
    initial = {
        "years": shown.years if shown else None,
        "ground": shown.ground if shown else "",
        "revision": draft.revision if draft else -1,
    }
    context = {
        "name": _name(scope),
        "present": present,
        "draft": draft,
        "form": form if form is not None and not form.is_valid() else PeriodForm(initial=initial),
        "writes": rights.may_edit and (draft is None or draft.is_draft),
        "undo": present and version_buttons(retention.RETENTION, present, request.actor, **vars(rights)),
        "versions": retention.versions_of(scope),
        **version_context(request, retention.RETENTION, draft, rights, refused),
    }
    if status == 200:
        status = 409 if refused else 422 if form is not None and form.errors else 200
    return render(request, "procedures/manage/retention_period.html", context, status=status)


def _name(scope: Field | Procedure) -> str:
    """In the reader's language."""
    if isinstance(scope, Field):
        return display.value_text(scope.name, scope.name_en)
    return f"{scope.code} · {scope.current.local_title if scope.current else ''}"


def _button_pressed(request: HttpRequest, scope: Field | Procedure, rights: Rights) -> HttpResponse:
    """Raises Refused."""
    undo = request.POST["do"] == "undo"
    version = retention.period_of(scope) if undo else retention.draft_of(scope)
    if version is None:
        raise VersionRefused(_("Bản này không còn. Hãy tải lại trang."))
    return press_posted_button(request, retention.RETENTION, version, rights, page=request.path, gone=request.path)
