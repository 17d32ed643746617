"""An enterprise's or other body's record, put right at a counter by the certificate that was shown."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.enterprises import correct_enterprise
from accounts.models import Enterprise
from accounts.owner_references import desk_address, owner_by_reference
from accounts.paper_fields import DecisionFields
from accounts.permissions import open_to
from core.fields import PhoneField
from core.refusals import Refused
from dossiers.views.navigation import items as navigation


class CertificateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên doanh nghiệp, tổ chức"), max_length=250)
    phone = PhoneField(
        label=gettext_lazy("Điện thoại"), required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False, max_length=254)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), required=False, max_length=300)
    reason = forms.CharField(
        label=gettext_lazy("Giấy tờ đã xem"),
        help_text=gettext_lazy("Ví dụ: Giấy chứng nhận đăng ký doanh nghiệp thay đổi lần 3, ngày 12/10/2026."),
        max_length=300,
    )


class DecisionForm(DecisionFields, CertificateForm):
    """The same for a body that is known by the decision which founded it."""

    field_order = ("name", "number", "date", "issuer", "country", "phone", "email", "address", "reason")


@open_to("counter", refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """`owner` in the address names the body (dossiers.views.desk.owners)."""
    body = owner_by_reference(request.GET.get("owner", ""))
    if not isinstance(body, Enterprise):
        messages.error(request, _("Hãy nhập lại số, hoặc quét lại thẻ."))
        return redirect("desk")
    kind = CertificateForm if body.tax_number else DecisionForm
    form = kind(request.POST or request.kept or None, initial=_recorded(body))
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in (*_FIELDS, "reason")}
        decision = form.decision() if isinstance(form, DecisionForm) else None
        try:
            correct_enterprise(body, by=request.actor, decision=decision, **facts)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã sửa theo giấy chứng nhận; nội dung cũ còn trong lịch sử."))
            return redirect(desk_address(body))
    context = {"body": body, "form": form, "subnav": navigation(request)}
    return render(request, "dossiers/counter/body.html", context, status=422 if form.errors else 200)


_FIELDS = ("name", "phone", "email", "address")


def _recorded(body: Enterprise) -> dict[str, Any]:
    decision = body.decision
    said = {"number": decision.number, "date": decision.day, "issuer": decision.issuer, "country": decision.country}
    return {name: getattr(body, name) for name in _FIELDS} | said
