"""One shape for every error of the API: problem details (RFC 9457) in the caller's language.

`type` is a URN for programs, `title` what its status means, `detail` the sentence for people. Besides: `code`, the last
part of `type`; `message`, the same as `detail`; `field` and `fields`, what was wrong and where.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.absence import RETRY_SECONDS, database_is_away
from core.refusals import Refused

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, str | Promise] = {
    400: gettext_lazy("Yêu cầu không đọc được"),
    401: gettext_lazy("Chưa biết ai gọi"),
    403: gettext_lazy("Không được phép"),
    404: gettext_lazy("Không có nội dung này"),
    405: gettext_lazy("Địa chỉ này không nhận cách gọi đó"),
    406: gettext_lazy("Không trả lời theo định dạng đó được"),
    409: gettext_lazy("Đã có thay đổi trước đó"),
    412: gettext_lazy("Đã thay đổi từ lúc bạn đọc"),
    413: gettext_lazy("Nội dung quá lớn"),
    415: gettext_lazy("Không nhận định dạng này"),
    422: gettext_lazy("Nội dung chưa được nhận"),
    429: gettext_lazy("Gọi quá nhiều"),
    500: gettext_lazy("Lỗi của hệ thống"),
    503: gettext_lazy("Tạm thời không phục vụ được"),
}
# Said instead of the framework's own sentences, by its exception.
_SENTENCES: dict[type[Exception], str | Promise] = {
    exceptions.NotAuthenticated: gettext_lazy("Hãy gửi mã truy cập trong tiêu đề Authorization: Bearer."),
    exceptions.MethodNotAllowed: gettext_lazy("Địa chỉ này không nhận cách gọi đó; tiêu đề Allow ghi các cách nhận."),
    exceptions.NotAcceptable: gettext_lazy("Giao diện này chỉ trả lời JSON. Hãy gửi Accept: application/json."),
    exceptions.UnsupportedMediaType: gettext_lazy("Không nhận kiểu nội dung này. Hãy xem mô tả của giao diện."),
}
_BARE = (Http404, exceptions.NotFound)  # without a sentence of their own
NOT_FOUND = gettext_lazy("Không có nội dung này, hoặc bạn không được xem.")
NOT_READABLE = gettext_lazy("Địa chỉ hoặc dữ liệu gửi lên không đọc được. Hãy kiểm tra rồi gửi lại.")
TOO_LARGE = gettext_lazy("Nội dung gửi lên quá lớn hoặc có quá nhiều phần. Tệp thì gửi riêng qua /api/v1/files/.")
AWAY = gettext_lazy("Cơ sở dữ liệu tạm thời không trả lời. Hãy gửi lại sau ít phút; chưa có gì được ghi.")
BROKEN = gettext_lazy("Hệ thống gặp lỗi và đã ghi lại. Hãy thử lại sau; nếu vẫn lỗi, báo cho quản trị.")


def problem_details(
    status_code: int, code: str, sentence: str | Promise, *, field: str | None = None, fields: Any = None
) -> dict[str, Any]:
    """The body of an answer."""
    found: dict[str, Any] = {
        "type": f"urn:oss-portal:problem:{code}",
        "title": str(TITLES.get(status_code, TITLES[400])),
        "status": status_code,
        "detail": str(sentence),
        "code": code,
        "message": str(sentence),
    }
    return found | ({"field": field} if field else {}) | ({"fields": fields} if fields else {})


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """What the framework calls for an error of a view; None leaves it to the handler of whatever breaks."""
    match error:
        case Refused():
            fields = _gathered(error.mistakes) if error.mistakes else None
            answer = _answer(error.status, error.code, error.sentence, field=error.field, fields=fields)
            if error.seconds is not None:
                answer.headers["Retry-After"] = str(error.seconds)
            return answer
        case RequestDataTooBig():
            return _answer(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too_large", TOO_LARGE)
        case SuspiciousOperation():  # too many parts
            return _answer(status.HTTP_400_BAD_REQUEST, "too_many", TOO_LARGE)
        case BadRequest() | UnreadablePostError():
            return _answer(status.HTTP_400_BAD_REQUEST, "not_readable", NOT_READABLE)
    if database_is_away(error):
        answer = _answer(status.HTTP_503_SERVICE_UNAVAILABLE, "database_away", AWAY)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(response.data, dict) and set(response.data) == {"detail"}:
        detail = response.data["detail"]
        code = getattr(detail, "code", "error")
        said = NOT_FOUND if code == "not_found" and type(error) in _BARE else _SENTENCES.get(type(error), detail)
        sentence = str(said)
        response.data = problem_details(response.status_code, code, sentence)
    else:
        response.data = problem_details(
            response.status_code, "invalid", _first(response.data), fields=_by_field(response.data)
        )
    response.content_type = MEDIA_TYPE
    return response


def problem_response(
    status_code: int, code: str, sentence: str | Promise, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """The same outside the framework: addresses of the API that no view stands behind, and what breaks before one."""
    return JsonResponse(
        problem_details(status_code, code, sentence), status=status_code, content_type=MEDIA_TYPE, headers=headers
    )


def unhandled_problem(request: HttpRequest, status_code: int) -> JsonResponse:
    """The answer of the portal's own handlers below /api/."""
    error = sys.exc_info()[1]
    if isinstance(error, RequestDataTooBig):
        return problem_response(413, "too_large", TOO_LARGE)
    known = {
        400: ("not_readable", NOT_READABLE),
        403: ("permission_denied", TITLES[403]),
        404: ("not_found", NOT_FOUND),
    }
    if status_code in known:
        return problem_response(status_code, *known[status_code])
    if error is not None and database_is_away(error):
        return problem_response(503, "database_away", AWAY, {"Retry-After": str(RETRY_SECONDS)})
    return problem_response(500, "broken", BROKEN)


def _answer(
    status_code: int, code: str, sentence: str | Promise, *, field: str | None = None, fields: Any = None
) -> Response:
    return Response(
        problem_details(status_code, code, sentence, field=field, fields=fields),
        status=status_code,
        content_type=MEDIA_TYPE,
    )


def _gathered(mistakes: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The sentences at each field, as the framework gives them for a request of the wrong shape."""
    found: dict[str, list[str]] = {}
    for field, sentence in mistakes:
        found.setdefault(field, []).append(sentence)
    return found


def _by_field(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"": data}


def _first(data: Any) -> str:
    while isinstance(data, dict | list) and data:
        data = next(iter(data.values())) if isinstance(data, dict) else data[0]
    return str(data)
