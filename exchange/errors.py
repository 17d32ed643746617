"""One shape for every error of the API: {"code", "message", "field"?, "fields"?}, said in the caller's language."""

from collections.abc import Sequence
from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.refusals import Refused


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, Refused):
        return _refusal_response(error)
    response = exception_handler(error, context)
    if response is not None and isinstance(response.data, dict) and "detail" in response.data:
        detail = response.data["detail"]
        response.data = {"code": getattr(detail, "code", "error"), "message": str(detail)}
    elif response is not None:
        response.data = {"code": "invalid", "message": _first(response.data), "fields": response.data}
    return response


def _gathered(mistakes: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The sentences at each field, as DRF gives them for a request of the wrong shape."""
    found: dict[str, list[str]] = {}
    for field, sentence in mistakes:
        found.setdefault(field, []).append(sentence)
    return found


def _refusal_response(refusal: Refused) -> Response:
    data: dict[str, Any] = {"code": refusal.code, "message": str(refusal.sentence)}
    if refusal.field:
        data["field"] = refusal.field
    if refusal.mistakes:
        data["fields"] = _gathered(refusal.mistakes)
    headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds is not None else None
    return Response(data, status=refusal.status, headers=headers)


def _first(data: Any) -> str:
    while isinstance(data, dict | list) and data:
        data = next(iter(data.values())) if isinstance(data, dict) else data[0]
    return str(data)
