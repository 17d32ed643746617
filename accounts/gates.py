"""What stands between signing in and working: asked for every page that is not public, in running sessions too."""

from enum import StrEnum

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class Gate(StrEnum):
    """What somebody signed in must do before anything else."""

    PASSWORD = "password"  # noqa: S105 - a kind; the one in use was given by somebody who knows it


def closed_gate(request: HttpRequest) -> Gate | None:
    """The first gate that is closed to the signed-in account in this session."""
    return Gate.PASSWORD if request.user.password_is_initial else None


def hindrance(request: HttpRequest) -> HttpResponse | None:
    """Where the signed-in account must go before anything else; None when nothing is in its way."""
    gate = closed_gate(request)
    if gate is None:
        return None
    messages.info(request, _("Mật khẩu này do quản trị viên hoặc quầy cấp. Hãy đặt mật khẩu của riêng bạn."))
    address = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    return redirect(reverse("profile-password", query={"next": address}) if address else "profile-password")
