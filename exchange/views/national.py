"""For administrators: where the national portal says something else than we do, and what it could not be told."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from core.refusals import Refused
from exchange.connectors.national import NAME, arrivals, differences, transport
from exchange.connectors.national.explaining import explain_difference
from exchange.models import Synchronisation
from journal.outgoing_calls import CallFailed

Role = StaffPost.Role
PARKED_SHOWN = 50


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def national_portal(request: HttpRequest) -> HttpResponse:
    """Open differences with what each side says; each is mended by telling ours or doing as the
    portal says, noted, or compared anew. Dossiers that could not come in are tried again or set aside."""
    require_province(request.actor)
    if request.method == "POST":
        _do(request)
        return redirect("manage-national")
    known = Synchronisation.objects.filter(system=NAME)
    waiting = Q(parked_at=None, told_revision__lt=F("wanted_revision"))
    page = page_of(differences.open_differences(), request, by=("-id",))
    context = {
        "page": page,
        "rows": [explain_difference(each) for each in page.items],
        "arrivals": arrivals.parked_arrivals()[:PARKED_SHOWN],
        "arriving": arrivals.waiting_arrivals().count(),
        "filed_there": settings.ONLINE_FILING == "national",
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
    if what == "tell-all":
        told = differences.tell_all_again(by=request.actor, at=now)
        sentence = ngettext("%(n)s hồ sơ sẽ được gửi lại.", "%(n)s hồ sơ sẽ được gửi lại.", told)
        messages.success(request, sentence % {"n": told})
        return
    if what in ("arrival-retry", "arrival-aside"):
        arrival = get_object_or_404(arrivals.parked_arrivals(), pk=pk)
        if what == "arrival-retry":
            arrivals.retry_arrival(arrival, by=request.actor)
            messages.success(request, _("Hồ sơ sẽ được nhận lại trong ít phút."))
        else:
            arrivals.set_arrival_aside(arrival, by=request.actor)
            messages.success(request, _("Đã để riêng hồ sơ này; cổng không nhận hồ sơ này nữa."))
        return
    difference = get_object_or_404(differences.open_differences(), pk=pk)
    if what == "take":
        try:
            differences.take_theirs(difference, by=request.actor, at=now)
            messages.success(request, _("Đã làm theo Cổng quốc gia."))
        except Refused as refusal:
            messages.warning(request, str(refusal.sentence))
        except (CallFailed, transport.ServiceRefused):
            messages.error(request, _("Cổng Dịch vụ công quốc gia chưa trả lời. Hãy thử lại sau."))
    elif what == "tell":
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
