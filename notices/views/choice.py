"""How I want to be told: a page of one's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import SIGNED_IN, open_to
from notices import choices, providers, quiet
from notices.forms import ContactForm
from notices.models import CARRIED, OUTSIDE, Channel


@open_to(SIGNED_IN, refills=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest) -> HttpResponse:
    account = request.actor.account
    known = choices.addresses_of(account)
    offered: list[str] = [channel for channel in OUTSIDE if known[channel] and providers.is_ready(channel)]
    present = choices.choices_of(account)
    # Nothing chosen yet: e-mail, as it is sent today.
    order = present.channels if present else [Channel.EMAIL]
    initial: dict[str, object] = dict(zip(("first", "second", "third"), order, strict=False))
    initial["consent"] = bool(set(order) & set(CARRIED))
    initial["morning_digest"] = bool(present and present.morning_digest)
    form = ContactForm(
        request.POST or request.kept or None, offered=offered, staff=bool(request.actor.posts), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        choices.choose_channel(
            account,
            form.cleaned_data["channels"],
            morning_digest=form.cleaned_data.get("morning_digest", False),
            at=timezone.now(),
        )
        messages.success(request, _("Đã lưu cách báo tin cho bạn."))
        return redirect("profile")
    context = {
        "form": form,
        "offered": offered,
        "email": known[Channel.EMAIL],
        "phone": known[Channel.SMS],
        "quiet": quiet.quiet_hours(),
        "is_person": request.actor.person is not None,
        "frame": "base/staff.html" if request.actor.is_staff else "base/citizen.html",
    }
    return render(request, "notices/choice.html", context, status=422 if form.errors else 200)
