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
from django.utils.translation import gettext_lazy
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
from payments.providers.vietqr.code import BANKS

_ADMINISTRATOR = StaffPost.Role.ADMINISTRATOR


class AgencyForm(forms.Form):
    agency_code = forms.CharField(label=gettext_lazy("Cơ quan thu"), max_length=35, widget=forms.Select)

    def __init__(self, *given: Any, by: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.by = by
        own = administered_agencies(by).filter(pk__in=Agency.objects.valid()).order_by("name", "code")
        choices = [(agency.code, f"{agency.local_name} ({agency.code})") for agency in own]
        widget = self.fields["agency_code"].widget
        widget.choices = choices if len(choices) == 1 else [("", "—"), *choices]  # type: ignore[attr-defined]

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
    found, series = list(kept[0][:500]), list(kept[1][:500])
    agencies = Agency.objects.filter(code__in={row.agency_code for row in (*found, *series)}).order_by("valid_from")
    names = {agency.code: agency.local_name for agency in agencies}
    rows = []
    for account in found:
        own = registry.provider_named(account.provider)
        rows.append(
            {
                "account": account,
                "agency": names.get(account.agency_code, account.agency_code),
                "options": [BANKS.get(str(value), value) for value in account.options.values() if value],
                "missing": own.missing(account) if own else [],
            }
        )
    context = {
        "rows": rows,
        "series": [(names.get(row.agency_code, row.agency_code), row) for row in series],
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

    class AccountForm(ValidityForm, found.options_form, AgencyForm):  # type: ignore[name-defined, misc]
        """Fields of the last first."""

    form = AccountForm(request.POST or None, by=request.actor, initial=_today())
    if request.method == "POST" and form.is_valid():
        options = {name: form.cleaned_data[name] for name in found.options_form.base_fields}
        if made := _make_account(request, found, options, form.cleaned_data):
            messages.success(request, _saved(made, found))
            return redirect("payment-accounts")
        form.add_error(None, _("Trong thời gian này cơ quan đã có tài khoản khác. Hãy chọn ngày muộn hơn."))
    context = {"form": form, "title": _("Tài khoản thu mới: %s") % found.label}
    return render(request, "payments/manage/new.html", context, status=422 if request.method == "POST" else 200)


def _saved(account: CollectionAccount, provider: Provider) -> str:
    if provider.missing(account):
        return _("Đã lưu. Bí mật của tài khoản đặt trong PAYMENT_SECRETS dưới khóa %s.") % account.key
    return _("Đã lưu tài khoản %s.") % account.key


def _make_account(
    request: HttpRequest, provider: Provider, options: dict[str, Any], given: dict[str, Any]
) -> CollectionAccount | None:
    day, code, key = given["valid_from"], given["agency_code"], accounts.free_key(provider, options)
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

    class NewSeriesForm(AgencyForm, ValidityForm, SeriesForm):
        field_order = ("agency_code",)

    form = NewSeriesForm(request.POST or None, by=request.actor, initial=_today())
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in (*SeriesForm.Meta.fields, "agency_code", "valid_from")}
        day, code = facts["valid_from"], facts["agency_code"]
        try:
            with transaction.atomic():
                _end(ReceiptSeries.objects.filter(agency_code=code, valid_from__lt=day), day)
                made = ReceiptSeries.objects.create(**facts)
                audit_log.record_entry(
                    "receipt_series_added",
                    f"receipt-series:{made.pk}",
                    by=request.actor.label,
                    **{name: facts[name] for name in SeriesForm.Meta.fields},
                )
        except IntegrityError:
            form.add_error("agency_code", _("Cơ quan đã dùng ký hiệu này, hoặc đã có loạt khác trong thời gian này."))
        else:
            messages.success(request, _("Đã lưu loạt biên lai."))
            return redirect("payment-accounts")
    context = {"form": form, "title": _("Loạt biên lai mới")}
    return render(request, "payments/manage/new.html", context, status=422 if request.method == "POST" else 200)


def _end(rows: Any, day: date) -> None:
    """End what holds on `day`, the day before."""
    rows.filter(valid_to__isnull=True).update(valid_to=day - timedelta(days=1))
    rows.filter(valid_to__gte=day).update(valid_to=day - timedelta(days=1))


def _today() -> dict[str, Any]:
    return {"valid_from": timezone.localdate()}
