"""Acting for an enterprise: asked for by its representative, granted and ended at a counter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.counter_forms import EndRepresentationForm, RepresentativeForm
from accounts.forms import OwnEnterpriseForm
from accounts.looks import Seen, record_looks
from accounts.models import Enterprise, Look, Person, StaffPost
from accounts.owner_references import desk_address
from accounts.permissions import SIGNED_IN, open_to, visible
from accounts.representation import (
    end_representation,
    grant_representation,
    present_representations,
    represent_by_register,
)
from core.refusals import Refused
from vietnam.identity import InvalidNumber

_METHODS = ["GET", "HEAD", "POST"]


@open_to(SIGNED_IN)
@never_cache
@require_http_methods(_METHODS)
def own(request: HttpRequest) -> HttpResponse:
    """Somebody asks to act for an enterprise whose register names them."""
    person = request.actor.person
    if person is None:
        messages.info(request, _("Tài khoản cán bộ không nộp hồ sơ thay doanh nghiệp."))
        return redirect("profile")
    form = OwnEnterpriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, level = timezone.now(), request.actor.level
        try:
            held = represent_by_register(person, form.cleaned_data["number"], level=level, by=request.actor, at=now)
        except InvalidNumber:
            form.add_error("number", _("Mã số thuế chưa đúng. Hãy nhập 10 chữ số như trên giấy chứng nhận đăng ký."))
        except Refused as refused:
            form.add_error(refused.field, str(refused.sentence))
        else:
            messages.success(request, _("Từ nay bạn nộp hồ sơ thay %(name)s được.") % {"name": held.enterprise.name})
            return redirect("profile")
    return render(request, "accounts/own_enterprise.html", {"form": form}, status=422 if form.errors else 200)


@open_to(StaffPost.Role.COUNTER)
@never_cache
@require_http_methods(_METHODS)
def at_counter(request: HttpRequest, pk: int) -> HttpResponse:
    """Who acts for an enterprise; another one by card and certificate, and one who does no longer."""
    enterprise, now = get_object_or_404(visible(request.actor, Enterprise.objects.all()), pk=pk), timezone.now()
    held = present_representations(enterprise, at=now)
    seen = [Seen(row.person_id, f"enterprise:{pk}", gettext_lazy("người đại diện của doanh nghiệp")) for row in held]
    record_looks(seen, by=request.actor, purpose=Look.Purpose.IDENTITY, at=now)
    ends = request.POST.get("action") == "end"
    form = RepresentativeForm(request.POST if request.method == "POST" and not ends else None)
    ending = EndRepresentationForm(request.POST if ends else None)
    if ends:
        row = next((row for row in held if str(row.pk) == request.POST.get("row")), None)
        if row is None:
            messages.error(request, _("Người này không còn là người đại diện. Hãy xem lại."))
            return redirect("counter-representatives", pk=pk)
        if ending.is_valid():
            end_representation(row, reason=ending.cleaned_data["reason"], by=request.actor, at=now)
            messages.success(request, _("Đã ghi nhận: người này không còn làm thay doanh nghiệp."))
            return redirect("counter-representatives", pk=pk)
    elif form.is_bound and form.is_valid():
        person: Person = form.cleaned_data["number"]
        try:
            grant_representation(person, enterprise, ground=form.cleaned_data["ground"], by=request.actor, at=now)
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Đã ghi nhận người đại diện: %(name)s.") % {"name": person.full_name})
            return redirect("counter-representatives", pk=pk)
    context = {
        "enterprise": enterprise,
        "desk_address": desk_address(enterprise),
        "held": held,
        "form": form,
        "ending": ending,
    }
    return render(
        request, "accounts/counter/representatives.html", context, status=422 if form.errors or ending.errors else 200
    )
