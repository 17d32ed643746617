"""Following a dossier by its code, without signing in: state and dates only; more with the PIN."""

import math
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.permissions import PUBLIC, open_to
from accounts.throttling import TooMany
from dossiers.access import tracking
from dossiers.access.policies import of_applicant
from dossiers.forms.filing import PinForm
from dossiers.lifecycle import Refused
from dossiers.models import Dossier
from dossiers.views import sheet
from dossiers.views.citizen.latest import latest_of

_ASKED = "tracking-pins"  # session: uid of the PIN asked for, by the dossier's code
_OPENED = "tracking-opened"  # session: until when the details are shown, by the dossier's code
_OPEN_FOR = timedelta(minutes=30)
_MOST = 5
_PIN_SENT = {
    "email": _lazy("Mã PIN đã được gửi đến thư điện tử của người nộp."),
    "sms": _lazy("Mã PIN đã được gửi bằng tin nhắn đến điện thoại của người nộp."),
}


@open_to(PUBLIC)
def form(request: HttpRequest) -> HttpResponse:
    typed = " ".join(request.GET.get("code", "").replace("\x00", "").split())
    if not typed:
        return render(request, "dossiers/citizen/track.html", {"code": ""})
    found = looked_up(request, typed)
    return found if isinstance(found, HttpResponse) else redirect("track-dossier", found.code)


@open_to(PUBLIC)
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    found = looked_up(request, code)
    return found if isinstance(found, HttpResponse) else _show(request, found, PinForm())


def looked_up(request: HttpRequest, code: str) -> Dossier | HttpResponse:
    """The dossier, or the page that says why there is none: unknown, or too many codes looked up."""
    context: dict[str, Any] = {"code": code[:60]}
    try:
        found = tracking.look_up(code, request.actor)
    except TooMany as too_many:
        context["later"] = math.ceil(too_many.seconds / 60)
        answer = render(request, "dossiers/citizen/track.html", context, status=429)
        answer["Retry-After"] = str(too_many.seconds)
        return answer
    return found or render(request, "dossiers/citizen/track.html", {**context, "unknown": True}, status=404)


@open_to(PUBLIC)
def pin(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a PIN, or give it."""
    if request.method != "POST":
        return redirect("track-dossier", code)
    found = looked_up(request, code)
    if isinstance(found, HttpResponse):
        return found
    at = timezone.now()
    if "send" in request.POST:
        try:
            pin = tracking.ask_pin(found, address=request.actor.address, at=at)
        except Refused as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            others = [(code, uid) for code, uid in request.session.get(_ASKED, {}).items() if code != found.code]
            request.session[_ASKED] = dict([*others[-_MOST + 1 :], (found.code, pin.uid.hex)])
            messages.success(request, _PIN_SENT[tracking.pin_goes_by(found)])
        return redirect("track-dossier", found.code)
    given = PinForm(request.POST)
    if given.is_valid():
        try:
            uid = request.session.get(_ASKED, {}).get(found.code, "")
            if tracking.check_pin(found, uid, given.cleaned_data["pin"], at=at):
                others = [(code, end) for code, end in request.session.get(_OPENED, {}).items() if code != found.code]
                opened = (found.code, (at + _OPEN_FOR).isoformat())
                request.session[_OPENED] = dict([*others[-_MOST + 1 :], opened])
                return redirect("track-dossier", found.code)
            given.add_error("pin", _("Mã PIN không đúng. Hãy xem lại thư hoặc tin nhắn mới nhất."))
        except Refused as refusal:
            given.add_error("pin", str(refusal.sentence))
    return _show(request, found, given, status=422)


def is_opened(request: HttpRequest, dossier: Dossier) -> bool:
    """Whether the dossier's PIN was given in this session, within the last half hour."""
    end = request.session.get(_OPENED, {}).get(dossier.code, "")
    return bool(end) and timezone.now() < datetime.fromisoformat(end)


def _show(request: HttpRequest, found: Dossier, form: PinForm, status: int = 200) -> HttpResponse:
    full = sheet.prefetched(Dossier.objects.filter(pk=found.pk)).get()
    opened = is_opened(request, full) or (
        request.user.is_authenticated and of_applicant(request.actor, Dossier.objects.filter(pk=full.pk)).exists()
    )
    at = timezone.now()
    timeline = sheet.timeline(full, public=True) if opened else []
    context = {
        "dossier": full,
        "title": sheet.title_of(full),
        "standing": sheet.standing(full, at=at),
        "steps": sheet.steps_bar(full),
        "opened": opened,
        "timeline": timeline,
        "latest": latest_of(full, timeline),
        "form": form,
        "may_send": bool(tracking.pin_goes_by(full)),
    }
    return render(request, "dossiers/citizen/tracked.html", context, status=status)
