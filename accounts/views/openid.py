"""Signing in through an OpenID provider: there, back, what must be agreed to first, and signed out from there."""

import logging
from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import Actor
from accounts.entry_limits import TooMany, account_with_password
from accounts.forms import JoinForm
from accounts.middleware import address_of
from accounts.models import Account, AccountSession, Identity, Level
from accounts.openid import joining
from accounts.openid.adapter import outcome_of
from accounts.openid.configuration import provider_named
from accounts.openid.provider import PortalAdapter
from accounts.openid.tokens import TokenRefused, logout_claims
from accounts.permissions import PUBLIC, open_to
from accounts.sessions import end_sessions
from accounts.views.sign_in import enter, wrong_too_often
from journal import audit_log

log = logging.getLogger(__name__)
_SESSION_KEY = "openid_waiting"
_AWAY = gettext_lazy("Chưa kết nối được với nơi định danh. Hãy thử lại sau ít phút, hoặc dùng mật khẩu.")


@open_to(PUBLIC)
@never_cache
@require_POST
def login(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider. A form of ours leads there, so that no other site signs anybody in."""
    _known(provider)
    try:
        return OAuth2LoginView.adapter_view(PortalAdapter(request, provider))(request)
    except (requests.RequestException, SocialApp.DoesNotExist) as problem:
        log.warning("openid provider away", extra={"provider": provider, "why": type(problem).__name__})
        messages.error(request, _AWAY)
        return redirect("sign-in")


@open_to(PUBLIC)
@never_cache
@require_http_methods(["GET"])
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider: in, or to the page that asks what must be agreed to, or why not."""
    _known(provider)
    OAuth2CallbackView.adapter_view(PortalAdapter(request, provider))(request)
    outcome = outcome_of(request)
    if outcome.cancelled:
        messages.info(request, _("Bạn đã dừng đăng nhập ở nơi định danh. Chưa có gì thay đổi."))
        return redirect("sign-in")
    if outcome.away:
        return render(request, "accounts/openid_refused.html", {"sentence": _AWAY}, status=503)
    if outcome.claims is None:  # whatever was wrong, the person can only begin again; the log knows more
        return render(request, "accounts/openid_refused.html", {"sentence": None}, status=403)
    return _identified(request, provider, outcome.claims, outcome.next)


def _known(provider: str) -> None:
    if provider_named(provider) is None:
        raise Http404


def _identified(request: HttpRequest, provider_id: str, claims: dict[str, Any], address: str) -> HttpResponse:
    provider, at = provider_named(provider_id), timezone.now()
    if provider is None:
        raise Http404
    try:
        who = joining.vouched_person(provider, claims, at=at)
        found = joining.find_account(who, signed_in=request.user if request.user.is_authenticated else None)
    except joining.JoinRefused as refused:
        return _refused(request, refused)
    if found.join is not None:
        request.session[_SESSION_KEY] = who.as_session() | {"next": address}
        return redirect("openid-join")
    assert found.account is not None
    assert found.identity is not None
    joining.renew_identity(who, found.identity, at=at)
    if found.differs:  # names are changed by law too: the number decides, and the holder is told
        audit_log.record_entry("identity_differs", f"account:{found.account.pk}", by=_name_of(who), origin="openid")
        messages.warning(
            request,
            _(
                "Họ tên hoặc ngày sinh theo định danh điện tử không khớp với hồ sơ đã lưu. Hãy mang căn cước đến quầy "
                "một cửa để sửa; hồ sơ mới vẫn mang tên đã lưu."
            ),
        )
    return _enter(request, who, found.account, found.identity, address)


def _enter(
    request: HttpRequest, who: joining.Vouched, account: Account, identity: Identity, address: str
) -> HttpResponse:
    return enter(
        request,
        account,
        address,
        method=AccountSession.Method.OPENID,
        identity=identity,
        level=who.level if who.number else None,
        provider_sid=who.sid,
        second_factor=who.second_factor,
    )


def _refused(request: HttpRequest, refused: joining.JoinRefused) -> HttpResponse:
    log.warning("openid sign-in refused", extra={"why": refused.code})
    return render(request, "accounts/openid_refused.html", {"sentence": refused.sentence}, status=403)


@open_to(PUBLIC)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What joining would mean, and the holder's yes. Nothing is joined before it."""
    kept, at = dict(request.session.get(_SESSION_KEY) or {}), timezone.now()
    address = kept.pop("next", "")
    who = joining.waiting_person(kept, at=at)
    if who is None:
        messages.info(request, _("Lượt đăng nhập này đã hết hạn. Hãy đăng nhập lại."))
        return redirect("sign-in")
    signed_in = request.user if request.user.is_authenticated else None
    try:
        found = joining.find_account(who, signed_in=signed_in)
        if found.join is None:  # joined meanwhile, in another tab
            return redirect("sign-in")
        form = JoinForm(request.POST or None, found=found)
        if form.is_valid() and _has_password(request, found, form):
            by = Actor(account=found.account or signed_in, system=_name_of(who), address=address_of(request))
            account, identity = joining.join_identity(
                who, found, theirs=form.theirs(), language=(get_language() or "vi")[:2], by=by, at=at
            )
            del request.session[_SESSION_KEY]
            messages.success(request, _("Định danh điện tử đã nối với tài khoản này."))
            return _enter(request, who, account, identity, address)
    except joining.JoinRefused as refused:
        request.session.pop(_SESSION_KEY, None)
        return _refused(request, refused)
    context = {
        "form": form,
        "who": who,
        "join": str(found.join),
        "needs_password": found.needs_password,
        "provider": provider_named(who.provider),
        "level": Level(who.level).label,
        "account": found.account,
    }
    return render(request, "accounts/openid_join.html", context)


def _has_password(request: HttpRequest, found: joining.Found, form: JoinForm) -> bool:
    """Joining to an account that is not proven to be the holder's own asks for its password.

    Wrong ones are counted like those of the sign-in page.
    """
    if not form.asks_password():
        return True
    name = found.account.username if found.account else ""
    try:
        account = account_with_password(request, name, form.cleaned_data.get("password", ""))
    except TooMany as too_many:
        form.add_error("password", wrong_too_often(too_many))
        return False
    if account is None:
        form.add_error("password", _("Mật khẩu của tài khoản đó chưa đúng. Hãy nhập lại."))
    return account is not None


def _name_of(who: joining.Vouched) -> str:
    provider = provider_named(who.provider)
    return provider.name if provider else who.provider


@csrf_exempt
@open_to(PUBLIC)
@never_cache
@require_POST
def logged_out(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0): here too."""
    known = provider_named(provider)
    if known is None:
        raise Http404
    try:
        server = PortalAdapter(request, provider).openid_config
        claims = logout_claims(request.POST.get("logout_token", ""), known, server)
    except (TokenRefused, requests.RequestException) as refused:
        log.warning("openid logout refused", extra={"provider": provider, "why": str(refused)[:80]})
        return HttpResponse(status=400)
    sid, subject = str(claims.get("sid", "")), str(claims.get("sub", ""))
    rows = AccountSession.objects.filter(identity__issuer=claims["iss"])
    of_session = Q(provider_sid=sid) if sid else Q()
    of_subject = Q(identity__subject=subject) if subject else Q()
    matching = rows.filter(of_session & of_subject)
    accounts = sorted(set(matching.values_list("account_id", flat=True)))
    ended = end_sessions(matching)
    for account in accounts:
        audit_log.record_entry("signed_out_by_provider", f"account:{account}", by=known.name, origin="openid")
    log.info("openid logout", extra={"provider": provider, "ended": ended})
    return HttpResponse(status=200)
