"""Proposing rows of the table of who settles what, and deciding on them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.fields import NamedChoiceField
from agencies.models import Territory
from core.refusals import Refused
from core.version_pages import Rights, press_posted_button, version_context
from procedures.competence import table
from procedures.competence.table import COMPETENCES, Scope
from procedures.display import LEVELS, value_text
from procedures.editions.forms.fields import AgencyForm
from procedures.models import Competence, CompetenceChange, Field, Procedure
from procedures.public import presentation

CONTROLLER, SUPERVISOR = StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR
_PROPOSED = gettext_lazy("Đã đề xuất. Dòng này có hiệu lực khi người thứ hai đồng ý.")


class CompetenceForm(AgencyForm):
    procedure = forms.CharField(
        label=gettext_lazy("Mã thủ tục"),
        help_text=gettext_lazy("Để trống nếu cho cả lĩnh vực."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field = NamedChoiceField(
        label=gettext_lazy("Lĩnh vực"), queryset=Field.objects.all(), to_field_name="key", required=False
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Cấp giải quyết"),
        choices=[("province", gettext_lazy("Cấp tỉnh")), ("commune", gettext_lazy("Cấp xã"))],
    )
    case = forms.CharField(
        label=gettext_lazy("Trường hợp"),
        help_text=gettext_lazy("Tên trường hợp như trong thủ tục; để trống nếu mọi trường hợp."),
        required=False,
        max_length=300,
    )
    place = forms.CharField(
        label=gettext_lazy("Chỉ cho xã, phường"),
        help_text=gettext_lazy("Tên hoặc mã, ví dụ Phường Kinh Bắc; để trống nếu mọi nơi."),
        required=False,
        max_length=120,
    )

    field_order = ("procedure", "field", "level", "case", "place", "value_")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        code, field = said.get("procedure", "").strip(), said.get("field")
        procedure = None
        if code and code.isprintable():
            procedure = Procedure.objects.select_related("current").filter(code=code, current__isnull=False).first()
            if procedure is None:
                self.add_error("procedure", _("Không có thủ tục đang áp dụng với mã này."))
        if bool(code) == bool(field):
            self.add_error("procedure", _("Hãy ghi một mã thủ tục hoặc chọn một lĩnh vực, không cả hai."))
        self.scope = Scope(procedure, field, said.get("level", ""), self._case(procedure), self._place())
        key = said.get("value_")
        if key and said.get("level") and not table.serves_level(key, said["level"]):
            self.add_error("value_", _("Cơ quan này không thuộc cấp đã chọn."))
        if procedure and said.get("level") and said["level"] not in procedure.in_force.levels:
            self.add_error("level", _("Thủ tục này không có ở cấp đã chọn."))
        return said

    def _case(self, procedure: Procedure | None) -> str:
        asked = self.cleaned_data.get("case", "").strip()
        if not asked:
            return ""
        known = presentation.case_names(procedure.in_force) if procedure else []
        found = next((case["key"] for case in known if asked in (case["key"], case["name"])), "")
        if not found:
            names = "; ".join(case["name"] for case in known)
            text = _("Thủ tục có các trường hợp: %(names)s.") % {"names": names} if names else ""
            self.add_error("case", text or _("Chỉ ghi trường hợp cho một thủ tục có trường hợp."))
        return found

    def _place(self) -> Territory | None:
        asked = " ".join(self.cleaned_data.get("place", "").split())
        if not asked:
            return None
        communes = Territory.objects.valid().exclude(kind=Territory.Kind.PROVINCE)
        found = communes.filter(code=asked).first() or communes.filter(name__iexact=asked).first()
        if found is None:
            self.add_error("place", _("Không có xã, phường nào tên hoặc mã như vậy."))
        return found


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def competence_row(request: HttpRequest) -> HttpResponse:
    """Propose who settles in one scope; `?field=&level=` begins with a gap of the table."""
    asked = {key: request.GET.get(key, "")[:120] for key in ("procedure", "field", "level", "case", "place", "value_")}
    form = CompetenceForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            change = table.propose_row(form.scope, form.cleaned_data["value_"], by=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _PROPOSED)
            return redirect("manage-competence-change", change.pk)
    return render(request, "procedures/manage/competence_row.html", {"form": form})


@open_to(CONTROLLER)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a row is taken out."""
    row = get_object_or_404(Competence.objects.select_related("procedure", "field"), pk=pk)
    try:
        change = table.propose_removal(row, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("manage-competence")
    messages.success(request, _PROPOSED)
    return redirect("manage-competence-change", change.pk)


@open_to(CONTROLLER, SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def competence_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposed row: what holds now, what is to hold, and the buttons."""
    change = _change(pk)
    rights, refused = Rights(may_edit=request.actor.role == CONTROLLER, may_decide=True), None
    if request.method == "POST":
        page, gone = reverse("manage-competence-change", args=[pk]), reverse("manage-competence")
        try:
            return press_posted_button(request, COMPETENCES, change, rights, page=page, gone=gone)
        except Refused as refusal:
            refused, change = refusal, _change(pk)
    present = table.row_of(change) if change.is_undecided else None
    context = {
        **described_changes([change])[0],
        "present": present
        and presentation.agency_names([present.agency_key], timezone.localdate()).get(
            present.agency_key, present.agency_key
        ),
        **version_context(request, COMPETENCES, change, rights, refused),
    }
    return render(request, "procedures/manage/competence_change.html", context, status=409 if refused else 200)


def described_changes(changes: Sequence[CompetenceChange]) -> list[dict[str, Any]]:
    """Proposed rows in words: `about`, `level`, `case`, `place`, `agency` (empty where a row is taken out)."""
    names = presentation.agency_names({change.agency_key for change in changes}, timezone.localdate())
    codes = {change.territory_code for change in changes} - {""}
    places = dict(Territory.objects.valid().filter(code__in=codes).values_list("code", "name"))
    return [
        {
            "change": change,
            "about": _about(change),
            "level": LEVELS[change.level],
            "case": _case_name(change),
            "place": places.get(change.territory_code, change.territory_code),
            "agency": names.get(change.agency_key, change.agency_key),
        }
        for change in changes
    ]


def _about(change: CompetenceChange) -> str:
    if change.procedure is not None:
        edition = change.procedure.current
        return f"{change.procedure.code} {value_text(edition.title, edition.title_en) if edition else ''}"
    return value_text(change.field.name, change.field.name_en) if change.field else ""


def _case_name(change: CompetenceChange) -> str:
    edition = change.procedure.current if change.procedure else None
    names = {case["key"]: case["name"] for case in presentation.case_names(edition)} if edition else {}
    return names.get(change.case, change.case)


def _change(pk: int) -> CompetenceChange:
    found = CompetenceChange.objects.select_related("procedure__current", "field", "in_force_by")
    return get_object_or_404(found, pk=pk)
