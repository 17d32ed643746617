"""Opening an account of one's own."""

import math

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.entry_limits import TooMany, allow_sign_up
from accounts.forms import PaperSignUpForm, SignUpForm
from accounts.permissions import PUBLIC, open_to
from accounts.registration import RegistrationRefused, register_account
from accounts.views.sign_in import after_sign_in_address, enter, safe_next

_LATER = _lazy(
    "Có quá nhiều tài khoản vừa được mở từ nơi bạn đang dùng mạng. Hãy thử lại sau %(minutes)s phút, hoặc mang "
    "căn cước đến quầy một cửa để được mở tài khoản ngay."
)


@open_to(PUBLIC, refills=True)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    address = safe_next(request)
    if request.user.is_authenticated:
        return redirect(after_sign_in_address(address))
    by_paper = request.GET.get("with") == "paper"
    form = (PaperSignUpForm if by_paper else SignUpForm)(request.POST or None, initial=request.kept.dict())
    status = 200
    if form.is_valid():
        try:
            allow_sign_up(request, form.cleaned_data["number"])
            given = form.cleaned_data
            account = register_account(
                form.identity(),
                **{name: given[name] for name in ("full_name", "password", "phone", "birth_date", "email")},
                language=(get_language() or "vi")[:2],
                today=timezone.localdate(),
            )
        except RegistrationRefused as refused:
            form.add_error(refused.field, str(refused.sentence))
        except TooMany as too_many:
            minutes = math.ceil(too_many.seconds / 60)
            form.add_error(None, _LATER % {"minutes": minutes})
            status = 429
        else:
            opened = (
                _("Tài khoản của bạn đã mở. Từ nay bạn đăng nhập bằng số giấy tờ đã nhập hoặc thư điện tử.")
                if by_paper
                else _("Tài khoản của bạn đã mở. Từ nay bạn đăng nhập bằng số định danh cá nhân.")
            )
            messages.success(request, opened)
            return enter(request, account, address)
    context = {"form": form, "next": address, "by_paper": by_paper}
    return render(request, "accounts/sign_up.html", context, status=status)
