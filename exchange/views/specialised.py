"""For administrators: ministries' specialised software, the mapping kept for each, and a trial run of it."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from dossiers.models import Dossier
from dossiers.search import dossier_by_code
from exchange.connectors.specialised import trial
from exchange.connectors.specialised.systems import save_system, unknown_statuses
from exchange.forms import post_named
from exchange.models import SpecialisedSystem
from exchange.specialised_mapping import EXAMPLE

_LONGEST = 20_000


class SpecialisedForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên phần mềm"), max_length=120)
    key = forms.SlugField(
        label=gettext_lazy("Tên ngắn, không dấu"),
        max_length=30,
        help_text=gettext_lazy("Tên của kết nối trong nhật ký, ví dụ ho-tich."),
    )
    url = forms.CharField(
        label=gettext_lazy("Địa chỉ"),
        max_length=300,
        help_text=gettext_lazy("Bắt đầu bằng https://. Máy chủ này phải có trong OUTGOING_ALSO."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Mã truy cập mà cổng trình ra"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Để trống thì giữ mã đang dùng."),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    post = forms.CharField(
        label=gettext_lazy("Tên đăng nhập của cán bộ nhận kết quả"),
        max_length=200,
        help_text=gettext_lazy("Kết quả được đính kèm thay vị trí này, rồi phê duyệt như thường."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    mapping = forms.CharField(
        label=gettext_lazy("Bảng ánh xạ"),
        max_length=_LONGEST,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )
    active = forms.BooleanField(label=gettext_lazy("Đang dùng"), required=False)

    def clean_post(self) -> StaffPost | None:
        return post_named(self.cleaned_data["post"])


@open_to(StaffPost.Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def specialised(request: HttpRequest) -> HttpResponse:
    """The systems with how much they hold; one more."""
    require_province(request.actor)
    form = SpecialisedForm(request.POST or None, initial={"mapping": EXAMPLE})
    if request.method == "POST" and form.is_valid():
        try:
            system = save_system(None, **form.cleaned_data, by=request.actor)
            messages.success(request, _("Đã lưu. Hãy chạy thử bảng ánh xạ trước khi đưa vào dùng."))
            return redirect("manage-specialised-one", system.pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    faulty = Count("dossiers", filter=~Q(dossiers__last_error=""))
    systems = SpecialisedSystem.objects.annotate(given=Count("dossiers"), faulty=faulty)
    page = page_of(systems, request, by=("name", "id"))
    context = {"page": page, "form": form, "puzzled": unknown_statuses(page.items).keys()}
    return render(request, "exchange/specialised.html", context, status=422 if form.errors else 200)


@open_to(StaffPost.Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def specialised_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One system: its settings and mapping, tried on a dossier and on an answer before they are kept."""
    require_province(request.actor)
    system = get_object_or_404(SpecialisedSystem.objects.select_related("post__account", "post__agency"), pk=pk)
    known: dict[str, Any] = {name: getattr(system, name) for name in ("name", "key", "url", "mapping", "active")}
    known["post"] = f"{system.post.account.username} {system.post.agency.code}"
    form, tried = SpecialisedForm(request.POST or None, initial=known), None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "try":
                tried = _tried(request, form.cleaned_data["mapping"])
            else:
                save_system(system, **form.cleaned_data, by=request.actor)
                messages.success(request, _("Đã lưu."))
                return redirect("manage-specialised-one", pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {
        "system": system,
        "form": form,
        "tried": tried,
        "typed": {name: request.POST.get(name, "")[:_LONGEST] for name in ("code", "answer")},
        "rows": system.dossiers.exclude(last_error="").select_related("dossier")[:20],
        "unknown": unknown_statuses([system]).get(system.pk, []),
        "now": timezone.now(),
    }
    return render(request, "exchange/specialised_one.html", context, status=422 if form.errors else 200)


def _tried(request: HttpRequest, mapping: str) -> dict[str, Any]:
    """What would be given of a dossier, and what an answer would mean; nothing is sent or kept. Raises Refused."""
    code, answer = (request.POST.get(name, "").replace("\x00", "").strip() for name in ("code", "answer"))
    dossier = dossier_by_code(Dossier.objects.sent(), code) if code else None
    if code and dossier is None:
        raise Refused("unknown_code", _("Không có hồ sơ mang mã này."))
    found = trial.try_mapping(mapping, dossier, answer[:_LONGEST])
    return {**found, "item": json.dumps(found["item"], ensure_ascii=False, indent=2) if found["item"] else ""}
