"""A new password by a code to one's e-mail or telephone. The answers never tell whether an account exists."""

import math
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.backends import login_name
from accounts.codes import MINUTES, carried_channels, take_code
from accounts.entry_limits import TooMany, allow_code, remember_device
from accounts.forms import ResetCodeForm, ResetForm
from accounts.middleware import address_of
from accounts.models import Account, OneTimeCode
from accounts.passwords import change_password, may_reset_alone, send_reset_code
from accounts.permissions import PUBLIC, open_to

_METHODS = ["GET", "HEAD", "POST"]
_SESSION_KEY = "password_reset"


def too_many_codes(too_many: TooMany) -> str:
    minutes = math.ceil(too_many.seconds / 60)
    return _("Đã yêu cầu mã quá nhiều lần từ nơi này. Hãy thử lại sau %(minutes)s phút, hoặc đến quầy một cửa.") % {
        "minutes": minutes
    }


@open_to(PUBLIC)
@never_cache
@require_http_methods(_METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST or None)
    if form.is_valid():
        at = timezone.now()
        try:
            allow_code(request)
        except TooMany as too_many:
            form.add_error(None, too_many_codes(too_many))
            return render(request, "accounts/reset.html", {"form": form}, status=429)
        account = Account.objects.filter(username=login_name(form.cleaned_data["login"])).first()
        if account is not None:
            send_reset_code(account, form.cleaned_data["channel"], at=at)
        # In the session, so that no address and no field says whose it is.
        request.session[_SESSION_KEY] = {"account": account.pk if account else 0, "at": at.isoformat()}
        return redirect("password-reset-code")
    return render(request, "accounts/reset.html", {"form": form, "reaches_nobody": not carried_channels()})


@open_to(PUBLIC)
@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(_METHODS)
def code(request: HttpRequest) -> HttpResponse:
    asked = request.session.get(_SESSION_KEY)
    at = timezone.now()
    if asked is None or at - datetime.fromisoformat(asked["at"]) > timedelta(minutes=3 * MINUTES):
        return redirect("password-reset")
    account = Account.objects.filter(pk=asked["account"]).first()
    account = account if account is not None and may_reset_alone(account) else None
    form = ResetCodeForm(request.POST or None, account=account or Account())
    if form.is_valid():
        if take_code(account, OneTimeCode.Purpose.RESET, form.cleaned_data["code"], at=at) and account is not None:
            origin = f"web {address_of(request)}"
            change_password(account, form.cleaned_data["password"], at=at, how="password_reset_by_code", origin=origin)
            logout(request)
            messages.success(
                request, _("Đã đặt mật khẩu mới. Hãy đăng nhập; các nơi đang đăng nhập đã được đăng xuất.")
            )
            answer = redirect("sign-in")
            remember_device(request, answer, account)  # who reads the account's own contact is no stranger to it
            return answer
        form.add_error(
            "code", _("Mã chưa đúng, đã dùng hoặc đã hết hạn. Hãy xem lại; sau năm lần sai, hãy yêu cầu mã mới.")
        )
    return render(request, "accounts/reset_code.html", {"form": form, "minutes": MINUTES})
