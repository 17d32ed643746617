"""Collection accounts and receipt series of the agencies, for administrators. A row ends, another begins."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.administration import administered_agencies, administers, administers_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from agencies.models import Agency
from journal import audit_log
from payments import accounts
from payments.forms import SeriesForm, ValidityForm
from payments.models import CollectionAccount, ReceiptSeries
from payments.providers import registry
from payments.providers.base import Provider

_ADMINISTRATOR = StaffPost.Role.ADMINISTRATOR


class AgencyForm(forms.Form):
    agency_code = forms.CharField(max_length=35)

    def __init__(self, *given: Any, by: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["agency_code"].label = _("Mã cơ quan thu")
        self.by = by

    def clean_agency_code(self) -> str:
        code = self.cleaned_data["agency_code"].strip()
        found = Agency.objects.valid().filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("Không có cơ quan đang hoạt động nào mang mã này."))
        # Or an administrator of one agency would lead another's fees to an account of their own.
        if not administers(self.by, found):
            raise forms.ValidationError(
                _("Bạn chỉ khai tài khoản và biên lai của cơ quan mình. Hãy nhờ quản trị viên của tỉnh.")
            )
        return code


@open_to(_ADMINISTRATOR)
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    for provider in registry.all_providers():
        accounts.province_account(provider)  # the settings' own is on the list too
    kept = CollectionAccount.objects.all(), ReceiptSeries.objects.all()
    if not administers_province(request.actor):
        codes = list(administered_agencies(request.actor).values_list("code", flat=True))
        kept = kept[0].filter(agency_code__in=[*codes, ""]), kept[1].filter(agency_code__in=codes)
    rows = []
    for account in kept[0][:500]:
        own = registry.provider_named(account.provider)
        rows.append({"account": account, "missing": own.missing(account) if own else []})
    context = {
        "rows": rows,
        "names": dict(
            Agency.objects.filter(code__in=[r["account"].agency_code for r in rows]).values_list("code", "name")
        ),
        "series": kept[1][:500],
        "providers": registry.all_providers(),
    }
    return render(request, "payments/manage/accounts.html", context)


@open_to(_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest, provider: str) -> HttpResponse:
    """The agency's account from a day on; the one it had ends the day before."""
    found = registry.provider_named(provider)
    if found is None:
        raise Http404
    given = request.POST or None
    forms_ = [AgencyForm(given, by=request.actor), found.options_form(given), ValidityForm(given, initial=_today())]
    if request.method == "POST" and all([form.is_valid() for form in forms_]):
        if made := _make_account(request, found, *(form.cleaned_data for form in forms_)):
            messages.success(
                request, _("Đã lưu. Bí mật của tài khoản đặt trong PAYMENT_SECRETS dưới khóa %s.") % made.key
            )
            return redirect("payment-accounts")
        forms_[0].add_error(None, _("Trong thời gian này cơ quan đã có tài khoản khác. Hãy chọn ngày muộn hơn."))
    context = {"forms": forms_, "title": _("Tài khoản thu mới: %s") % found.label}
    return render(request, "payments/manage/new.html", context, status=422 if request.method == "POST" else 200)


def _make_account(
    request: HttpRequest, provider: Provider, agency: dict[str, Any], options: dict[str, Any], since: dict[str, Any]
) -> CollectionAccount | None:
    day, code, key = since["valid_from"], agency["agency_code"], accounts.free_key(provider, options)
    try:
        with transaction.atomic():
            held = CollectionAccount.objects.filter(agency_code=code, provider=provider.name, valid_from__lt=day)
            _end(held, day)
            made = CollectionAccount.objects.create(
                key=key, agency_code=code, provider=provider.name, options=options, valid_from=day
            )
            audit_log.record_entry(
                "account_added", f"collection-account:{key}", by=request.actor, agency=code, since=f"{day}"
            )
    except IntegrityError:
        return None
    return made


@open_to(_ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new_series(request: HttpRequest) -> HttpResponse:
    """The agency's receipt series from a day on; the one it had ends the day before."""
    given = request.POST or None
    agency = AgencyForm(given, by=request.actor)
    series, since = SeriesForm(given), ValidityForm(given, initial=_today())
    if request.method == "POST" and all([form.is_valid() for form in (agency, series, since)]):
        day, code = since.cleaned_data["valid_from"], agency.cleaned_data["agency_code"]
        try:
            with transaction.atomic():
                _end(ReceiptSeries.objects.filter(agency_code=code, valid_from__lt=day), day)
                made = ReceiptSeries.objects.create(agency_code=code, valid_from=day, **series.cleaned_data)
                subject, by = f"receipt-series:{made.pk}", request.actor.label
                audit_log.record_entry("receipt_series_added", subject, by=by, **series.cleaned_data)
        except IntegrityError:
            agency.add_error(None, _("Cơ quan đã dùng ký hiệu này, hoặc đã có loạt khác trong thời gian này."))
        else:
            messages.success(request, _("Đã lưu loạt biên lai."))
            return redirect("payment-accounts")
    context = {"forms": [agency, series, since], "title": _("Loạt biên lai mới")}
    return render(request, "payments/manage/new.html", context, status=422 if request.method == "POST" else 200)


def _end(rows: Any, day: date) -> None:
    """End what holds on `day`, the day before."""
    rows.filter(valid_to__isnull=True).update(valid_to=day - timedelta(days=1))
    rows.filter(valid_to__gte=day).update(valid_to=day - timedelta(days=1))


def _today() -> dict[str, Any]:
    return {"valid_from": timezone.localdate()}
