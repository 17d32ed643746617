"""Editing the table of who settles what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Territory
from procedures.competence import table
from procedures.competence.table import Scope
from procedures.editions.forms.fields import AgencyForm
from procedures.models import Competence, Field, Procedure
from procedures.public import presentation

CONTROLLER = StaffPost.Role.CONTROLLER


class CompetenceForm(AgencyForm):
    procedure = forms.CharField(
        label=gettext_lazy("Mã thủ tục"),
        help_text=gettext_lazy("Để trống nếu cho cả lĩnh vực."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field = forms.ModelChoiceField(
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
    """Say who settles in one scope; `?field=&level=` begins with a gap of the table."""
    asked = {key: request.GET.get(key, "")[:120] for key in ("procedure", "field", "level", "case", "place", "value_")}
    form = CompetenceForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        table.put_row(form.scope, form.cleaned_data["value_"], request.actor.label)
        messages.success(request, _("Đã lưu thẩm quyền. Hồ sơ nộp từ bây giờ theo dòng này."))
        return redirect("manage-competence")
    return render(request, "procedures/manage/competence_row.html", {"form": form})


@open_to(CONTROLLER)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Competence.objects.select_related("procedure", "field"), pk=pk)
    table.remove_row(row, request.actor.label)
    messages.success(request, _("Đã bỏ dòng; dòng chung hơn áp dụng trở lại."))
    return redirect("manage-competence")
