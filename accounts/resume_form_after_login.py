"""What somebody typed survives an expired session: it is kept, and sent on after signing in.

The fields of a POST that could not be taken wait in the browser's new session under a random token. The
address of the form (its query belongs to it), opened with `kept=<token>` besides, then offers to send them on; a view
that can show its form filled reads them from `request.kept` instead (`open_to(..., refills=True)`). Files and
passwords are never kept.

A script of the page that meets the end of the session first gets 401 and the address of the sign-in page; the page
then sends its form with `_keep` (frontend/js/session-ended.js), which is only ever kept, never carried out.

A page that is reloaded meets the end of the session by its address alone. While it is left it sends what was typed with
`_keep=leaving`; that is kept for the account under the page's address, and found once somebody has signed in to go on
there. Kept in the table of sessions, in a row that is no browser's: it ends and is pruned as they are.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

PARAMETER = "kept"
KEEP_ONLY = "_keep"  # a field by which a page says: keep this, do nothing with it
LEAVING = "leaving"  # its value while the page is left: keep it only if the session has ended
SIGN_IN_HEADER = "OSS-Sign-In"
_SESSION_KEY = "kept_forms"
_AT_MOST = 3
_MOST_CHARACTERS = 200_000
_FOR = timedelta(minutes=60)
_NEVER = ("password", "csrfmiddlewaretoken")
_NOR = {"current", "pin"}  # the present password, and what opens a lock


def lead_to_sign_in(request: HttpRequest, *, to: str | None = None, account: str = "") -> HttpResponse:
    """Where somebody not signed in goes; the form they sent is kept for after.

    `to` is another page that comes first (the lock, the second factor). `account` is whose form it is, when the session
    has just been ended.
    """
    if request.method == "POST" and request.POST.get(KEEP_ONLY) == LEAVING:
        _keep_left_form(request, account)
        return HttpResponse(status=204)
    if in_background(request):
        return _answer_background(request, to)
    path = own_address(request)
    if request.method == "POST":
        path = keep_form(request, account=account) or path
    return redirect_to_login(path, to)


def in_background(request: HttpRequest) -> bool:
    """Whether a script of a page asks, which cannot show the sign-in page."""
    headers = request.headers
    return "HX-Request" in headers or "Tus-Resumable" in headers or headers.get("X-Requested-With") == "fetch"


def _answer_background(request: HttpRequest, to: str | None) -> HttpResponse:
    """To a script of the page: nothing was taken, the page keeps what is typed on it, and here is where to sign in."""
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    address = f"{page.path}?{page.query}" if page.query else page.path
    sentence = _("Phiên làm việc đã hết. Những gì đã nhập vẫn còn trên trang.")
    answer = HttpResponse(sentence, status=401, content_type="text/plain; charset=utf-8")
    answer[SIGN_IN_HEADER] = redirect_to_login(address or request.path, to)["Location"]
    return answer


def own_address(request: HttpRequest) -> str:
    """The address of the page that was asked for, without what was kept for it."""
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def keep_form(request: HttpRequest, *, account: str = "") -> str | None:
    """Keep the posted fields in the session for `account`; returns the address that offers them again.

    None when there is nothing to keep, or too much.
    """
    entry = _entry(request, account)
    return _address_of_kept(request, entry) if entry else None


def _entry(request: HttpRequest, account: str) -> dict[str, Any] | None:
    """What was posted, without files and passwords; None when that is nothing, or too much."""
    fields = request.POST.copy()
    for name in list(fields):
        if name == KEEP_ONLY or name in _NOR or any(word in name.lower() for word in _NEVER):
            del fields[name]
    encoded = fields.urlencode()
    if not encoded or len(encoded) > _MOST_CHARACTERS:
        return None
    return {
        "path": own_address(request),
        "fields": encoded,
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
        "at": timezone.now().isoformat(),
        "account": account or account_of(request),
    }


def _address_of_kept(request: HttpRequest, entry: dict[str, Any]) -> str:
    """Keep an entry in the session; returns the address that offers it again."""
    token = secrets.token_urlsafe(12)
    kept = dict(list(request.session.get(_SESSION_KEY, {}).items())[1 - _AT_MOST :])
    request.session[_SESSION_KEY] = {**kept, token: entry}
    address = entry["path"]
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={token}"


def _keep_left_form(request: HttpRequest, account: str) -> None:
    """Keep what stood on a page that is being left, for the account whose session has ended; nothing for nobody."""
    entry = _entry(request, account)
    if entry is None or not entry["account"]:
        return
    row = {"session_data": SessionStore().encode({"form": entry}), "expire_date": timezone.now() + _FOR}
    page = page_left(request) or entry["path"]
    Session.objects.update_or_create(session_key=_left_key(entry["account"], page), defaults=row)


def address_with_left_form(request: HttpRequest, address: str) -> str:
    """The address to go on to after signing in: where what was typed there is offered, if the page was left with it."""
    found = Session.objects.filter(session_key=_left_key(str(request.user.pk), address)).first() if address else None
    if found is None:
        return address
    entry = found.get_decoded().get("form")
    Session.objects.filter(pk=found.pk).delete()
    if entry is None or timezone.now() - datetime.fromisoformat(entry["at"]) > _FOR:
        return address
    return _address_of_kept(request, entry)


def _left_key(account: str, page: str) -> str:
    """No browser's key: nobody makes it without the secret of this installation, and it signs nobody in."""
    parts = urlsplit(page)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PARAMETER]
    return salted_hmac("accounts.left_form", f"{account} {parts.path}?{urlencode(query)}").hexdigest()[:40]


def account_of(request: HttpRequest) -> str:
    """Who was signed in when the session expired, if that is still on record: nobody else gets the form
    back."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    old = Session.objects.filter(session_key=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    return str(old.get_decoded().get(SESSION_KEY, "")) if old else ""


def address_to_go_on(request: HttpRequest) -> str:
    """Where somebody goes on whose form was refused for its stale security token.

    The fields are kept only when the browser says that our own page sent them: another site must not put
    words into anybody's form.
    """
    home = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    own = origin == home if origin else request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not own:
        return "/"
    if request.method == "POST" and (kept := keep_form(request)):
        return kept
    return urlsplit(page_left(request)).path or "/"


def page_left(request: HttpRequest) -> str:
    """The address, with its query, of our own page that sent this; "" when the browser names none or another site's."""
    page = urlsplit(request.headers.get("Referer", ""))
    if f"{page.scheme}://{page.netloc}" != f"{request.scheme}://{request.get_host()}":
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def kept_fields(request: HttpRequest, *, at: datetime) -> tuple[QueryDict, list[str]] | None:
    """The fields kept for this address and the names of the files that must be chosen again; None when
    there are none (any more), or they are somebody else's."""
    entry = request.session.get(_SESSION_KEY, {}).get(request.GET.get(PARAMETER, ""))
    if entry is None or entry["path"] != own_address(request):
        return None
    if at - datetime.fromisoformat(entry["at"]) > _FOR:
        return None
    if entry["account"] and entry["account"] != str(request.user.pk):
        return None
    return QueryDict(entry["fields"]), entry["files"]


def keep_only(request: HttpRequest) -> HttpResponse | None:
    """The page again, filled with what it sent to be kept; None for any other request."""
    if request.method != "POST" or KEEP_ONLY not in request.POST:
        return None
    if request.POST[KEEP_ONLY] == LEAVING:  # the session goes on: whoever leaves was asked
        return HttpResponse(status=204)
    return redirect(keep_form(request) or own_address(request))


def take_form(request: HttpRequest) -> QueryDict:
    """The kept fields for a view that shows its form filled, with a sentence saying so; empty when there
    are none."""
    found = kept_fields(request, at=timezone.now())
    if found is None:
        return QueryDict()
    messages.info(request, _("Phiên làm việc đã hết khi bạn gửi. Câu trả lời của bạn còn đây; hãy xem lại rồi gửi."))
    if found[1]:
        messages.warning(request, _("Hãy chọn lại các tệp: %(names)s.") % {"names": ", ".join(found[1])})
    return found[0]


def offer_form(request: HttpRequest) -> HttpResponse:
    """The page that offers to send the kept fields on, or the address itself when there are none."""
    found = kept_fields(request, at=timezone.now())
    if found is None:
        return redirect(own_address(request))
    fields, files = found
    pairs = [(name, value) for name, values in fields.lists() for value in values]
    return render(request, "accounts/resume_form.html", {"pairs": pairs, "files": files, "path": own_address(request)})
