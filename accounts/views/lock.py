"""The lock of a session, its PIN, and the list of where one is signed in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import PinForm, UnlockForm
from accounts.gates import Gate, closed_gate
from accounts.locking import TRIES, lock_session, set_pin, tries_used, unlock_session
from accounts.models import Account
from accounts.permissions import SIGNED_IN, STAFF, open_to
from accounts.resume_form_after_login import page_left
from accounts.sessions import end_sessions, note_seen, sessions_of
from accounts.views.sign_in import after_sign_in_address, safe_next
from core.refusals import Refused

_METHODS = ["GET", "HEAD", "POST"]


@open_to(SIGNED_IN, gated=False)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock this session at once; whoever comes back opens it by PIN and goes on at the page that was left."""
    lock_session(request)
    page = page_left(request)
    return redirect(reverse("unlock", query={"next": page}) if page else "unlock")


@open_to(SIGNED_IN, gated=False)
@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(_METHODS)
def unlock(request: HttpRequest) -> HttpResponse:
    address = safe_next(request)
    if closed_gate(request) is not Gate.LOCKED:
        return redirect(after_sign_in_address(address))
    form = UnlockForm(request.POST or None)
    if form.is_valid():
        if unlock_session(request, form.cleaned_data["pin"]):
            request.session.pop("seen_at", None)
            note_seen(request, at=timezone.now())
            return redirect(after_sign_in_address(address))
        left = TRIES - tries_used(request)
        if left <= 0:
            logout(request)
            messages.error(request, _("Sai quá năm lần nên phiên đã kết thúc. Hãy đăng nhập lại."))
            return redirect("sign-in")
        form.add_error("pin", _("Chưa đúng. Còn %(left)s lần thử.") % {"left": left})
    return render(
        request, "accounts/unlock.html", {"form": form, "next": address, "has_pin": bool(_account(request).pin)}
    )


@open_to(STAFF)
@sensitive_post_parameters("pin", "password")
@never_cache
@require_http_methods(_METHODS)
def pin(request: HttpRequest) -> HttpResponse:
    form = PinForm(request.POST or None, account=_account(request))
    if form.is_valid():
        try:
            set_pin(_account(request), form.cleaned_data["pin"], by=request.actor)
        except Refused as refused:
            form.add_error("pin", str(refused.sentence))
        else:
            messages.success(request, _("Đã đặt mã PIN. Mã này chỉ mở lại phiên đã khóa của bạn."))
            return redirect("profile")
    return render(request, "accounts/pin.html", {"form": form})


@open_to(SIGNED_IN)
@never_cache
@require_http_methods(_METHODS)
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; one place or all others are signed out."""
    account, own = _account(request), request.session.session_key
    if request.method == "POST":
        rows = account.sessions.exclude(session_key=own)
        chosen = request.POST.get("session", "")
        if chosen != "others":
            rows = (
                rows.filter(pk=int(chosen))
                if chosen.isascii() and chosen.isdigit() and len(chosen) < 19
                else rows.none()
            )
        ended = end_sessions(rows)
        messages.success(request, _("Đã đăng xuất ở %(number)s nơi.") % {"number": ended})
        return redirect("profile-sessions")
    return render(request, "accounts/sessions.html", {"sessions": sessions_of(account), "own": own})


def _account(request: HttpRequest) -> Account:
    return request.actor.account
