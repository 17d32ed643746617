"""One's own page: details, password, language, posts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import Actor
from accounts.areas import start_page
from accounts.authorisations import authorisations_given
from accounts.backends import login_name
from accounts.bringing_over import NOT_PROVEN, bring_over
from accounts.enterprises import representations
from accounts.entry_limits import TooMany, account_with_password
from accounts.forms import DetailsForm, PasswordForm, SignInForm
from accounts.gates import Gate, closed_gate, hindrance
from accounts.middleware import POST_SESSION_KEY
from accounts.models import Level
from accounts.passwords import change_password
from accounts.people import change_contact
from accounts.permissions import SIGNED_IN, open_to
from accounts.posts_over import holds_no_post_any_more, posts_not_held, who_gives_posts
from accounts.views.sign_in import remember_language, safe_next, wrong_too_often
from core.refusals import Refused

_METHODS = ["GET", "HEAD", "POST"]


@open_to(SIGNED_IN)
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    person = request.actor.person
    held = representations(person, on=timezone.localdate())[:50] if person else []
    return render(
        request,
        "accounts/profile.html",
        {
            "person": person,
            "level": Level(request.actor.level),
            "representations": held,
            "authorisations": authorisations_given(person)[:50] if person else [],
            "today": timezone.localdate(),
            "languages": settings.LANGUAGES,
        },
    )


@open_to(SIGNED_IN, refills=True)
@sensitive_post_parameters("current")
@never_cache
@require_http_methods(_METHODS)
def details(request: HttpRequest) -> HttpResponse:
    person = request.actor.person
    if person is None:
        messages.info(request, _("Tài khoản cán bộ không có thông tin cá nhân để sửa ở đây."))
        return redirect("profile")
    form = DetailsForm(request.POST or request.kept or None, instance=person)
    if request.method == "POST" and form.is_valid():
        change_contact(person, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Đã lưu thông tin liên hệ của bạn."))
        return redirect("profile")
    return render(request, "accounts/details.html", {"form": form})


@open_to(SIGNED_IN, gated=False)
@sensitive_post_parameters("current", "password")
@never_cache
@require_http_methods(_METHODS)
def password(request: HttpRequest) -> HttpResponse:
    if closed_gate(request) not in (None, Gate.PASSWORD, Gate.ENROLMENT):
        return hindrance(request) or redirect("profile")
    account, address = request.actor.account, safe_next(request)
    form = PasswordForm(request.POST or None, account=account)
    if form.is_valid():
        change_password(account, form.cleaned_data["password"], at=timezone.now(), origin=request.actor.origin)
        update_session_auth_hash(request, account)
        messages.success(request, _("Đã đổi mật khẩu. Các nơi đăng nhập khác của bạn đã được đăng xuất."))
        return redirect(address or "profile")
    return render(request, "accounts/password.html", {"form": form, "next": address})


@open_to(SIGNED_IN)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(_METHODS)
def other_account(request: HttpRequest) -> HttpResponse:
    """What was filed with another account of one's own, whose number was mistyped, comes over to this one."""
    actor = request.actor
    if actor.person is None or actor.level == Level.DECLARED:
        messages.info(request, NOT_PROVEN)
        return redirect("prove-account" if actor.person else "profile")
    form = SignInForm(request.POST or None)
    if form.is_valid() and _bring_over(request, form):
        messages.success(request, _("Hồ sơ đã gửi từ tài khoản kia nay thuộc tài khoản này; tài khoản kia đã đóng."))
        return redirect("profile")
    return render(request, "accounts/other_account.html", {"form": form})


def _bring_over(request: HttpRequest, form: SignInForm) -> bool:
    try:
        former = account_with_password(request, login_name(form.cleaned_data["login"]), form.cleaned_data["password"])
        if former is None:
            form.add_error(None, _("Tên đăng nhập hoặc mật khẩu của tài khoản kia chưa đúng. Hãy kiểm tra lại."))
            return False
        bring_over(former, by=request.actor, at=timezone.now())
    except TooMany as too_many:
        form.add_error("password", wrong_too_often(too_many))
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.sentence))
    return not form.errors


@open_to(SIGNED_IN)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    response = redirect("profile")
    if chosen in dict(settings.LANGUAGES):
        account = request.actor.account
        account.language = chosen
        account.save(update_fields=["language"])
        remember_language(response, chosen)
    return response


@open_to(SIGNED_IN)
@never_cache
@require_http_methods(_METHODS)
def choose_post(request: HttpRequest) -> HttpResponse:
    """Which of several posts one acts in; what one may see and do follows from it."""
    actor = request.actor
    if request.method == "POST":
        chosen = next((post for post in actor.posts if str(post.pk) == request.POST.get("post")), None)
        if chosen is None:
            messages.error(request, _("Vị trí này không còn hiệu lực. Hãy chọn vị trí khác."))
            return redirect("choose-post")
        request.session[POST_SESSION_KEY] = chosen.pk
        return redirect(start_page(Actor(account=actor.account, post=chosen)))
    context: dict[str, Any] = {"posts": actor.posts}
    if holds_no_post_any_more(actor):
        today = timezone.localdate()
        former = list(posts_not_held(actor.account))
        context |= {"former": former, "ask": who_gives_posts(former, on=today), "today": today}
    return render(request, "accounts/choose_post.html", context)
