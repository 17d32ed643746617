"""Opening an account of one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import SignUpForm
from accounts.permissions import PUBLIC, open_to
from accounts.registration import RegistrationRefused, register_account
from accounts.views.sign_in import after_sign_in_address, enter, safe_next


@open_to(PUBLIC, refills=True)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    address = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after_sign_in_address(address))
    form = SignUpForm(request.POST or None, initial=request.kept.dict())
    if form.is_valid():
        try:
            account = register_account(
                **form.cleaned_data, language=(get_language() or "vi")[:2], today=timezone.localdate()
            )
        except RegistrationRefused as refused:
            form.add_error(refused.field, str(refused.sentence))
        else:
            messages.success(request, _("Tài khoản của bạn đã mở. Từ nay bạn đăng nhập bằng số định danh cá nhân."))
            return enter(request, account, address)
    return render(request, "accounts/sign_up.html", {"form": form, "next": address})
