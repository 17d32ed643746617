"""Signing in and out."""

import math
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.areas import start_page
from accounts.backends import login_name
from accounts.entry_limits import TooMany, account_with_password, remember_device
from accounts.forms import SignInForm
from accounts.middleware import LEVEL_SESSION_KEY
from accounts.models import Account, AccountSession, Identity
from accounts.openid.configuration import CITIZENS, STAFF, providers_for
from accounts.permissions import PUBLIC, SIGNED_IN, open_to
from accounts.resume_form_after_login import address_with_left_form
from accounts.second_factor import begin_session
from accounts.sessions import note_method


def safe_next(request: HttpRequest) -> str:
    """The address to go on to, when it is one of ours; else empty."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed and "/" in address else ""


def enter(
    request: HttpRequest,
    account: Account,
    address: str,
    *,
    method: str = AccountSession.Method.PASSWORD,
    identity: Identity | None = None,
    level: int | None = None,
    provider_sid: str = "",
    second_factor: bool = False,
) -> HttpResponse:
    """Sign `account` in and lead on, in the language it chose unless this browser chose another.

    `level` is what an issuer vouched for at this very sign-in; a session never has more than that. `second_factor` says
    that one was shown already: a passkey, or the provider's own.
    """
    login(request, account, backend="accounts.backends.AccountBackend")
    request.session.pop(LEVEL_SESSION_KEY, None)
    if level is not None:
        request.session[LEVEL_SESSION_KEY] = level
    note_method(request, method, identity=identity, provider_sid=provider_sid)
    begin_session(request, account, passed=second_factor)
    response = redirect(after_sign_in_address(address))
    remember_device(request, response, account)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        remember_language(response, account.language)
    return response


def after_sign_in_address(address: str) -> str:
    return reverse("after-sign-in", query={"next": address}) if address else reverse("after-sign-in")


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@open_to(PUBLIC, refills=True)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    address = safe_next(request)
    if request.user.is_authenticated and request.method != "POST":
        return redirect(after_sign_in_address(address))
    form = SignInForm(request.POST or None, initial={"login": request.kept.get("login", "")})
    if form.is_valid():
        name = login_name(form.cleaned_data["login"])
        try:
            account = account_with_password(request, name, form.cleaned_data["password"])
        except TooMany as too_many:
            return paused(request, too_many)
        if account is not None:
            return enter(request, account, address)
        form.add_error(
            None,
            _("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra lại; chữ hoa và chữ thường là khác nhau."),
        )
    ways = {"citizens": providers_for(CITIZENS), "staff": providers_for(STAFF)}
    return render(request, "accounts/sign_in.html", {"form": form, "next": address, "providers": ways})


def paused(request: HttpRequest, too_many: TooMany) -> HttpResponse:
    """After too many wrong passwords from unknown browsers: when to try again, and how to go on at once."""
    again_at = timezone.now() + timedelta(seconds=too_many.seconds)
    context = {"again_at": again_at, "minutes": math.ceil(too_many.seconds / 60)}
    page = render(request, "accounts/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(too_many.seconds)
    return page


def wrong_too_often(too_many: TooMany) -> str:
    """The same, said at a field of a page that asks for a password in passing."""
    return _("Sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút.") % {"minutes": math.ceil(too_many.seconds / 60)}


@open_to(PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("Bạn đã đăng xuất."))
    answer = redirect("home")
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@open_to(SIGNED_IN)
@never_cache
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Where somebody begins: what they came for, else their post's place."""
    actor, address = request.actor, safe_next(request)
    if address:
        return redirect(address_with_left_form(request, address))
    if len(actor.posts) > 1:
        return redirect("choose-post")
    return redirect(start_page(actor))
