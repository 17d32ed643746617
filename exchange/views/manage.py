"""Connecting other systems in the browser: for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from exchange.forms import SystemForm
from exchange.models import ConnectedSystem
from exchange.systems import confirm_system, connect_system, disconnect_system

Role = StaffPost.Role


@open_to(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def systems(request: HttpRequest) -> HttpResponse:
    """Those connected, and one more; a token is shown once, in the answer itself."""
    require_province(request.actor)
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            system, token = connect_system(by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            return render(request, "exchange/token.html", {"system": system, "token": token})
    rows = ConnectedSystem.objects.select_related("post__account", "post__agency", "connected_by")
    context = {"page": page_of(rows, request, by=("name", "id")), "form": form, "now": timezone.now()}
    return render(request, "exchange/systems.html", context, status=422 if form.errors else 200)


@open_to(Role.ADMINISTRATOR)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """By a second administrator, for a system in a leader's place."""
    require_province(request.actor)
    try:
        system = confirm_system(pk, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(
            request, _("Đã xác nhận “%(name)s”; mã truy cập dùng được từ bây giờ.") % {"name": system.name}
        )
    return redirect("manage-systems")


@open_to(Role.ADMINISTRATOR)
@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    require_province(request.actor)
    system = get_object_or_404(ConnectedSystem, pk=pk)
    disconnect_system(system, by=request.actor)
    messages.success(request, _("Đã thu hồi mã truy cập của “%(name)s”.") % {"name": system.name})
    return redirect("manage-systems")
