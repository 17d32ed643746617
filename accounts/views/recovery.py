"""Lost second factors, for administrators: asked for by one, decided by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import ReasonForm
from accounts.models import Account, FactorRecovery, StaffPost
from accounts.permissions import open_to, require_permission, visible
from accounts.recovery import ask_recovery, decide_recovery
from core.pagination import page_of
from core.refusals import Refused

_ADMINISTRATOR = StaffPost.Role.ADMINISTRATOR


@open_to(_ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that the account behind a post loses its factors, because its holder has lost them."""
    post = get_object_or_404(visible(request.actor, StaffPost.objects.select_related("account", "agency")), pk=pk)
    require_permission(request.actor, "recover", post.account)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            ask_recovery(post.account, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(
                request, _("Đã gửi yêu cầu. Quản trị viên thứ hai duyệt ở trang “Khôi phục yếu tố thứ hai”.")
            )
            return redirect("manage-post", pk=pk)
    return render(request, "accounts/manage/recovery_ask.html", {"form": form, "post": post})


@open_to(_ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a second administrator, and what was decided."""
    accounts = visible(request.actor, Account.objects.all()).values("pk")
    rows = FactorRecovery.objects.filter(account__in=accounts).select_related("account", "asked_by", "decided_by")
    if request.method == "POST":
        chosen = request.POST.get("recovery", "")
        row = get_object_or_404(
            rows, pk=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
        )
        try:
            approve = request.POST.get("decision") == "approve"
            password = decide_recovery(row, approve=approve, by=request.actor, at=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused.sentence))
        else:
            if password:  # shown in the answer itself, so that it is stored nowhere
                context = {"account": row.account, "password": password}
                return render(request, "accounts/manage/recovery_done.html", context)
            messages.success(request, _("Đã từ chối yêu cầu khôi phục."))
        return redirect("manage-recoveries")
    page = page_of(rows, request, by=("-id",))
    return render(request, "accounts/manage/recoveries.html", {"page": page})
