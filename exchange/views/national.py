"""For administrators: where the national portal says something else than we do, and what it could not be told."""

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from exchange.connectors.national import NAME, differences, transport
from exchange.models import Synchronisation
from journal.outgoing_calls import CallFailed

Role = StaffPost.Role
PARKED_SHOWN = 50


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def national_portal(request: HttpRequest) -> HttpResponse:
    """Open differences with what each side says; each can be told again, noted, or compared anew."""
    require_province(request.actor)
    if request.method == "POST":
        _do(request)
        return redirect("manage-national")
    known = Synchronisation.objects.filter(system=NAME)
    waiting = Q(parked_at=None, told_revision__lt=F("wanted_revision"))
    context = {
        "page": page_of(differences.open_differences(), request, by=("-id",)),
        "counts": known.aggregate(
            known=Count("pk"), waiting=Count("pk", filter=waiting), parked=Count("pk", filter=~Q(parked_at=None))
        ),
        "parked": known.exclude(parked_at=None).select_related("dossier").order_by("-parked_at")[:PARKED_SHOWN],
        "configured": transport.is_configured(),
    }
    return render(request, "exchange/national.html", context)


def _do(request: HttpRequest) -> None:
    what, now = request.POST.get("do", ""), timezone.now()
    number = request.POST.get("row", "")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    if what == "retry":
        row = get_object_or_404(Synchronisation, pk=pk, system=NAME)
        Synchronisation.objects.filter(pk=row.pk).update(parked_at=None, attempts=0, available_at=now)
        messages.success(request, _("Hồ sơ sẽ được gửi lại trong ít phút."))
        return
    difference = get_object_or_404(differences.open_differences(), pk=pk)
    if what == "tell":
        differences.tell_again(difference, by=request.actor, at=now)
        messages.success(request, _("Hồ sơ sẽ được gửi lại trong ít phút."))
    elif what == "note":
        differences.note_difference(difference, by=request.actor, at=now)
        messages.success(request, _("Đã ghi nhận, để nguyên khác biệt này."))
    elif what == "compare":
        try:
            left = differences.compare_dossier(difference.synchronisation, at=now)
        except (CallFailed, transport.ServiceRefused):
            messages.error(request, _("Cổng Dịch vụ công quốc gia chưa trả lời. Hãy thử lại sau."))
            return
        if left:
            messages.warning(request, _("Hai bên vẫn khác nhau."))
        else:
            messages.success(request, _("Hai bên đã giống nhau."))
