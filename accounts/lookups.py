"""What staff look for may be somebody's number, name or whole card: it is sent by POST and kept in the session, and
addresses (which end in logs, histories and bookmarks) carry a short reference to it."""

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

PARAMETER = "find"
LONGEST = 400
_SESSION_KEY = "lookups"
_MOST = 30


def lookup_text(request: HttpRequest) -> str:
    """What the address refers to; empty when nothing was looked for, or not in this session."""
    return request.session.get(_SESSION_KEY, {}).get(request.GET.get(PARAMETER, ""), "")


def keep_lookup(request: HttpRequest, text: str) -> str:
    """The reference under which this session finds `text` again."""
    kept = request.session.get(_SESSION_KEY, {})
    known = next((reference for reference, each in kept.items() if each == text), None)
    reference = known or secrets.token_urlsafe(6)
    others = [(each, said) for each, said in kept.items() if each != reference]
    request.session[_SESSION_KEY] = dict([*others[1 - _MOST :], (reference, text)])
    return reference


def answer_lookup(request: HttpRequest, *, name: str, **others: str) -> HttpResponse:
    """The answer to the POST of a search form: to the same page, with a reference to what its field `name` says.

    `others` are parts of the address that say nothing about anybody (a filter, a view).
    """
    text = " ".join(request.POST.get(name, "").replace("\x00", "").split())[:LONGEST]
    query = {key: value for key, value in others.items() if value}
    if text:
        query[PARAMETER] = keep_lookup(request, text)
    return redirect(f"{request.path}?{urlencode(query)}" if query else request.path)
