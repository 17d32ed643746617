"""The reader's language, how pages are sent, and what a page says that a subject refused.

Vietnamese unless the reader chose otherwise; the browser's preference does not decide in an office. A program that
calls the API says its language in `Accept-Language`.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.plain_requests import API
from core.refusals import Refused
from exchange.errors import problem_response

_METHODS = ("GET", "HEAD", "POST")
_WITH_MORE_METHODS = (API, "/files/tus/", "/files/drop/")  # programs send there; these views name their methods


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if is_api := request.path_info.startswith(API):
            language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        if is_api:
            patch_vary_headers(response, ["Accept-Language"])
        return response


class EncryptedApiMiddleware:
    """A program that calls the API without https is refused and not led on: its token has been seen on the way, and a
    redirect would let that go on unnoticed (ASVS 4.1.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and request.path_info.startswith(API) and not request.is_secure():
            sentence = translation.gettext(
                "API chỉ nhận lời gọi qua https. Mã truy cập vừa gửi qua http có thể đã lộ: hãy thay mã khác."
            )
            return problem_response(403, "https_only", sentence)
        return self.get_response(request)


class MethodsMiddleware:
    """Refuses a method that no page has (ASVS 13.4.4). A view that does not name its methods would answer TRACE and
    OPTIONS, which count as harmless with the framework, and show its page to a DELETE as if something had been done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _METHODS and not request.path_info.startswith(_WITH_MORE_METHODS):
            return HttpResponseNotAllowed(_METHODS)
        return self.get_response(request)


class PrivateMiddleware:
    """What is sent to somebody who is known here, or in answer to what they sent, stays in no cache: not in a proxy,
    not on the disk of a counter's machine, not behind its "back" button after signing out (ASVS 14.3.2).

    A page may ask for the same by `response["Cache-Control"]`; none can ask for less.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_personal(request, response):
            response.headers["Cache-Control"] = "no-store, private"
            tag = () if request.path.startswith(API) else ("ETag",)  # a program asks by it whether it must read again
            for name in ("Expires", "Last-Modified", *tag):
                response.headers.pop(name, None)
        return response


def is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    carries = settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
    given = settings.SESSION_COOKIE_NAME in response.cookies
    asked_for = "no-store" in response.headers.get("Cache-Control", "")
    return carries or given or asked_for or request.method not in ("GET", "HEAD", "OPTIONS")


class RefusalMiddleware:
    """A refusal that no view put beside a field is answered with its sentence and status, never as a fault of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        response = render(request, "refused.html", {"sentences": error.sentences}, status=error.status)
        if error.seconds is not None:
            response.headers["Retry-After"] = str(error.seconds)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Pages and data go compressed; files go as they are, so that they can be resumed and their length is known.

    Django pads each page by a random length, so that its size tells nothing of its content (the BREACH attack).
    """

    compressed = ("text/html", "application/json", "text/plain")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(self.compressed):
            return response
        return super().process_response(request, response)
