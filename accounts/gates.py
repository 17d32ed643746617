"""What stands between signing in and working: asked for every page that is not public, in running sessions too."""

from enum import StrEnum

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import locking, resume_form_after_login, second_factor
from accounts.sessions import note_seen


class Gate(StrEnum):
    """What somebody signed in must do before anything else, in this order."""

    OVER = "over"  # a session of staff has lasted its longest
    LOCKED = "locked"
    SECOND_FACTOR = "second-factor"
    PASSWORD = "password"  # noqa: S105 - a kind; the one in use was given by somebody who knows it
    ENROLMENT = "enrolment"  # the role asks for a second factor, and there is none


def closed_gate(request: HttpRequest) -> Gate | None:
    """The first gate that is closed to the signed-in account in this session."""
    at = timezone.now()
    if locking.is_over(request, at=at):
        return Gate.OVER
    if locking.is_locked(request, at=at):
        return Gate.LOCKED
    if second_factor.is_asked(request):
        return Gate.SECOND_FACTOR
    if request.actor.account.password_is_initial:
        return Gate.PASSWORD
    return Gate.ENROLMENT if second_factor.is_lacking(request) else None


def hindrance(request: HttpRequest) -> HttpResponse | None:
    """Where the signed-in account must go first, with what it sent kept; None when nothing is in its way."""
    gate = closed_gate(request)
    if gate is None:
        note_seen(request, at=timezone.now())
        return None
    if gate is Gate.OVER:
        kept = resume_form_after_login.account_of(request)
        logout(request)
        messages.info(request, _("Phiên làm việc đã hết giờ. Hãy đăng nhập lại."))
        return resume_form_after_login.lead_to_sign_in(request, account=kept)
    if gate is Gate.LOCKED:
        return resume_form_after_login.lead_to_sign_in(request, to=reverse("unlock"))
    if gate is Gate.SECOND_FACTOR:
        return resume_form_after_login.lead_to_sign_in(request, to=reverse("second-factor"))
    if gate is Gate.ENROLMENT:
        messages.info(request, _("Vị trí của bạn cần yếu tố xác thực thứ hai. Hãy thêm trước khi làm việc."))
        return redirect("profile-second-factor")
    messages.info(request, _("Mật khẩu này do quản trị viên hoặc quầy cấp. Hãy đặt mật khẩu của riêng bạn."))
    address = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    return redirect(reverse("profile-password", query={"next": address}) if address else "profile-password")
