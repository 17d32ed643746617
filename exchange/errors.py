"""One shape for every error of the API: {"code", "message", "field"?, "fields"?}, said in the caller's language."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from digitization.uploads import UploadRefused
from dossiers.lifecycle import NotAllowed, Refused, Stale
from exchange.validation import Unacceptable
from journal.idempotency import KeyReused


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, NotAllowed):
        return _answer(error.code, str(error.sentence), status.HTTP_403_FORBIDDEN)
    if isinstance(error, Stale):
        return _answer(error.code, str(error.sentence), status.HTTP_409_CONFLICT)
    if isinstance(error, Unacceptable):
        answer = _answer(error.code, str(error.sentence), status.HTTP_422_UNPROCESSABLE_ENTITY, field=error.field)
        answer.data["fields"] = _gathered(error.mistakes)
        return answer
    if isinstance(error, Refused):
        return _answer(error.code, str(error.sentence), status.HTTP_422_UNPROCESSABLE_ENTITY, field=error.field)
    if isinstance(error, UploadRefused):
        return _answer(error.code, str(error.sentence), status.HTTP_422_UNPROCESSABLE_ENTITY, field="file")
    if isinstance(error, KeyReused):
        return _answer(
            "key_reused", _("Khóa Idempotency-Key này đã dùng cho một yêu cầu khác."), status.HTTP_409_CONFLICT
        )
    response = exception_handler(error, context)
    if response is not None and isinstance(response.data, dict) and "detail" in response.data:
        detail = response.data["detail"]
        response.data = {"code": getattr(detail, "code", "error"), "message": str(detail)}
    elif response is not None:
        response.data = {"code": "invalid", "message": _first(response.data), "fields": response.data}
    return response


def _gathered(mistakes: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The sentences at each field, as DRF gives them for a request of the wrong shape."""
    found: dict[str, list[str]] = {}
    for field, sentence in mistakes:
        found.setdefault(field, []).append(sentence)
    return found


def _answer(code: str, message: str, status_code: int, *, field: str | None = None) -> Response:
    return Response({"code": code, "message": message, **({"field": field} if field else {})}, status=status_code)


def _first(data: Any) -> str:
    while isinstance(data, dict | list) and data:
        data = next(iter(data.values())) if isinstance(data, dict) else data[0]
    return str(data)
