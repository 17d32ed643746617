"""The second factor: asked after the password, set up and taken away on one's own page; and signing in by passkey."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.app_codes import AppCodeForm, NewAppForm
from accounts.forms import ConfirmByPasswordForm
from accounts.gates import Gate, closed_gate, hindrance
from accounts.models import Account, AccountSession
from accounts.passkeys import NewPasskeyForm, PasskeyForm, PasskeySignInForm
from accounts.permissions import PUBLIC, SIGNED_IN, open_to
from accounts.second_factor import factors_of, pass_second_factor
from accounts.signals import account_notice
from accounts.views.sign_in import after_sign_in_address, enter, safe_next
from journal import audit_log

_METHODS = ["GET", "HEAD", "POST"]
_PURPOSES = {"totp", "webauthn"}


@open_to(SIGNED_IN, gated=False)
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(_METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """A code or a passkey of the account, after the password."""
    gate = closed_gate(request)
    if gate in (Gate.OVER, Gate.LOCKED):
        return hindrance(request) or redirect("after-sign-in")
    address, account = safe_next(request), _account(request)
    if gate is not Gate.SECOND_FACTOR:
        return redirect(after_sign_in_address(address))
    kinds = {factor.type for factor in factors_of(account)}
    passkey = request.POST.get("action") == "passkey"
    code_form = AppCodeForm(request.POST if request.method == "POST" and not passkey else None, user=account)
    key_form = PasskeyForm(request.POST if passkey else None, user=account)
    form = key_form if passkey else code_form
    if form.is_bound and form.is_valid():
        factor = form.cleaned_data["credential"] if passkey else code_form.authenticator
        factor.record_usage()
        pass_second_factor(request)
        return redirect(after_sign_in_address(address))
    context = {
        "form": code_form,
        "problems": list(key_form.errors.get("credential", [])) if passkey else [],
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "options": webauthn.begin_authentication(account) if Authenticator.Type.WEBAUTHN in kinds else None,
        "next": address,
    }
    return render(request, "accounts/second_factor.html", context)


@open_to(PUBLIC)
@never_cache
@require_http_methods(_METHODS)
def passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser's key must answer to. POST: its answer, which signs its holder in without a password."""
    if request.method != "POST":
        return JsonResponse({"options": webauthn.begin_authentication()})
    form = PasskeySignInForm(request.POST)
    if form.is_valid():
        factor = form.cleaned_data["credential"]
        account = Account.objects.filter(pk=factor.user_id, is_active=True).first()
        if account is not None:
            factor.record_usage()
            method = AccountSession.Method.PASSKEY
            return enter(request, account, safe_next(request), method=method, second_factor=True)
    messages.error(request, _("Khóa truy cập này chưa mở được tài khoản nào. Hãy thử lại hoặc dùng mật khẩu."))
    return redirect("sign-in")


@open_to(SIGNED_IN, gated=False)
@never_cache
def manage(request: HttpRequest) -> HttpResponse:
    """The account's factors; each change asks for the password."""
    if first := _first(request):
        return first
    return render(
        request,
        "accounts/profile_second_factor.html",
        {
            "factors": [_shown(factor) for factor in factors_of(_account(request))],
            "has_totp": any(factor.type == Authenticator.Type.TOTP for factor in factors_of(_account(request))),
            "lacking": closed_gate(request) is Gate.ENROLMENT,
        },
    )


def _account(request: HttpRequest) -> Account:
    return request.actor.account


def _first(request: HttpRequest) -> HttpResponse | None:
    """Whatever comes before one's factors; their lack does not."""
    return None if closed_gate(request) in (None, Gate.ENROLMENT) else hindrance(request)


def _shown(factor: Authenticator) -> dict[str, Any]:
    is_key = factor.type == Authenticator.Type.WEBAUTHN
    name = factor.wrap().name if is_key else _("Ứng dụng tạo mã")
    return {"pk": factor.pk, "name": name, "is_key": is_key, "since": factor.created_at, "used": factor.last_used_at}


@open_to(SIGNED_IN, gated=False)
@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(_METHODS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add an authenticator app or a passkey."""
    if first := _first(request):
        return first
    account = _account(request)
    if kind not in _PURPOSES or kind == "totp" and any(f.type == kind for f in factors_of(account)):
        return redirect("profile-second-factor")
    posted = request.POST if request.method == "POST" else None
    form = NewAppForm(posted, user=account) if kind == "totp" else NewPasskeyForm(posted, user=account)
    confirm = ConfirmByPasswordForm(posted, account=account)
    if posted is not None and confirm.is_valid() and form.is_valid():
        if kind == "totp":
            # The code that proved the application is used up: django-allauth remembers those of signing in only.
            totp.TOTP.activate(account, form.secret).validate_code(form.cleaned_data["code"])
            totp.clear_totp_secret(request)
        else:
            webauthn.WebAuthn.add(account, form.cleaned_data["name"], form.cleaned_data["credential"])
        _changed(request, "second_factor_added")
        pass_second_factor(request)
        messages.success(request, _("Đã thêm. Từ lần đăng nhập sau, bạn dùng thêm yếu tố này."))
        return redirect("profile-second-factor")
    context: dict[str, Any] = {"form": form, "confirm": confirm, "kind": kind}
    if kind == "totp":
        context |= {"secret": form.secret, "address": get_adapter().build_totp_url(account, form.secret)}
    else:
        context |= {"options": webauthn.begin_registration(account, passwordless=True), "named": _has_name(request)}
    return render(request, "accounts/profile_second_factor_add.html", context, status=422 if posted else 200)


def _has_name(request: HttpRequest) -> bool:
    """Whether the portal was opened by a name: browsers make no passkey for an address of numbers."""
    try:
        ip_address(urlsplit(f"//{request.get_host()}").hostname or "")
    except ValueError:
        return True
    return False


@open_to(SIGNED_IN, gated=False)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(_METHODS)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    if first := _first(request):
        return first
    factor = get_object_or_404(Authenticator, pk=pk, user=_account(request))
    confirm = ConfirmByPasswordForm(request.POST or None, account=_account(request))
    if confirm.is_valid():
        factor.delete()
        _changed(request, "second_factor_removed")
        messages.success(request, _("Đã gỡ yếu tố xác thực."))
        return redirect("profile-second-factor")
    return render(request, "accounts/profile_second_factor_remove.html", {"confirm": confirm, "factor": _shown(factor)})


def _changed(request: HttpRequest, kind: str) -> None:
    account, actor = _account(request), request.actor
    audit_log.record_entry(
        kind,
        f"account:{account.pk}",
        by=actor,
    )
    account_notice.send(sender=Account, account=account, kind=kind, facts={}, at=timezone.now())
