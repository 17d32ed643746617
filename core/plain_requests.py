"""What no text of a person holds, NUL and lone halves of characters, goes no further than this.

PostgreSQL keeps neither, so that any of them would end in an error page somewhere behind. No address has one; in forms,
searches and cookies of pages it is taken away, as nobody can have seen it; what a program sends is refused
(`exchange.parsing`).
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

API = "/api/"
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def is_plain(text: str) -> bool:
    """Whether a database and a log can keep the text."""
    return not _UNKEPT.search(text)


def is_plain_data(value: Any) -> bool:
    """The same of JSON-like data, keys and values."""
    if isinstance(value, str):
        return is_plain(value)
    if isinstance(value, dict):
        return all(is_plain_data(key) and is_plain_data(each) for key, each in value.items())
    return all(map(is_plain_data, value)) if isinstance(value, list) else True


class PlainCookiesMiddleware:
    """Stands before whatever reads a cookie: one that cannot be ours is as good as none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if not is_plain(name + value)]:
            del request.COOKIES[name]
        return self.get_response(request)


class PlainRequestMiddleware:
    """Stands where the reader's language is known, behind the check of the form's token, which has read the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_plain(request.path_info):
            raise Http404
        if not _all_plain(request.GET):
            if request.path_info.startswith(API):
                raise BadRequest("a query with what no text holds")
            request.GET = _plain(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        # Forms without a token (calls of other systems, resumable uploads) judge their bodies themselves.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False) and not _all_plain(request.POST):
            request.POST = _plain(request.POST)  # type: ignore[assignment]


def _all_plain(given: QueryDict) -> bool:
    return all(is_plain(name) and all(map(is_plain, texts)) for name, texts in given.lists())


def _plain(given: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True, encoding=given.encoding)
    for name, texts in given.lists():
        kept.setlistdefault(_UNKEPT.sub("", name), []).extend(_UNKEPT.sub("", text) for text in texts)
    kept._mutable = False
    return kept
