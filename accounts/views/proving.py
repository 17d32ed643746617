"""Proving that an account of one's own belongs to the person whose number it states."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import proving
from accounts.codes import CHANNELS, carried_channels
from accounts.entry_limits import TooMany, allow_code
from accounts.forms import CodeForm
from accounts.identities import ProofRefused
from accounts.models import Level
from accounts.openid.configuration import CITIZENS, providers_for
from accounts.people import PersonDiffers
from accounts.permissions import SIGNED_IN, open_to
from accounts.views.reset import too_many_codes


@open_to(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The ways to prove an account; a code goes only to contacts that a counter has confirmed, and the page does not
    tell whether there are any."""
    actor = request.actor
    if actor.person is None:
        return redirect("profile")
    if request.method == "POST" and request.POST.get("action") == "send":
        try:
            allow_code(request)
        except TooMany as too_many:
            messages.error(request, too_many_codes(too_many))
            return redirect("prove-account")
        channel = request.POST.get("channel", "")
        if channel in CHANNELS:
            proving.send_code_to_confirmed_contact(actor.account, channel, at=timezone.now())
            request.session["proof_code_sent"] = True
        messages.info(
            request,
            _("Nếu quầy một cửa đã xác nhận liên hệ của bạn và họ tên, ngày sinh khớp, một mã đã được gửi đến đó."),
        )
        return redirect("prove-account")
    form = CodeForm(request.POST if request.POST.get("action") == "code" else None)
    if form.is_bound and form.is_valid():
        try:
            done = proving.prove_by_code(actor, form.cleaned_data["code"], at=timezone.now())
        except (ProofRefused, PersonDiffers) as refused:
            form.add_error(None, str(refused.sentence))
        else:
            if done:
                messages.success(
                    request, _("Tài khoản đã được xác thực. Bạn thấy mọi hồ sơ mang số định danh của mình.")
                )
                return redirect("profile")
            form.add_error("code", _("Mã chưa đúng, đã dùng hoặc đã hết hạn. Hãy yêu cầu mã mới."))
    context = {
        "form": form,
        "level": Level(actor.level),
        "channels": carried_channels() or CHANNELS,
        "reaches_nobody": not carried_channels(),
        "providers": providers_for(CITIZENS),
        "states_number": actor.person.stated_identity is not None,
        "proven": actor.account.level > Level.DECLARED,
        "sent": request.session.get("proof_code_sent", False) or form.is_bound,
    }
    return render(request, "accounts/prove.html", context)
