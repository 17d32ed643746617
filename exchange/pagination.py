"""Pages by key, so that a deep page costs what the first does."""

from typing import Any

from django.db.models import BigIntegerField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

MOST_KEY = BigIntegerField.MAX_BIGINT
MOST_DIGITS = 9  # of a page size


class BadCursor(NotFound):
    """A cursor that was not given here."""

    default_detail = gettext_lazy("Con trỏ này không do cổng cấp. Hãy đọc lại từ trang đầu rồi đi theo “next”.")


class ByNewest(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        """As asked for, at most `max_page_size`. Raises `ValidationError` for what is no number above zero."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS and int(asked)):
            raise ValidationError({self.page_size_query_param: [_("Hãy ghi một số nguyên lớn hơn 0.")]})
        return min(int(asked), self.max_page_size)

    def decode_cursor(self, request: Request) -> Any:
        """Raises `BadCursor` for a cursor that was not given here."""
        try:
            cursor = super().decode_cursor(request) if request.query_params.get(self.cursor_query_param) else None
        except NotFound as error:
            raise BadCursor from error
        # base64 passes over what it does not know: "%%%" would be the first page again, for a program without end.
        if cursor is not None and cursor.position is None and not (cursor.offset or cursor.reverse):
            raise BadCursor
        if cursor is not None and cursor.position is not None:
            position = str(cursor.position)
            if not (position.isascii() and position.isdigit() and len(position) < 20 and int(position) <= MOST_KEY):
                raise BadCursor
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.cursor_query_param:
                parameter["description"] = "as in `next` of the page before; the first page when not said"
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 10**MOST_DIGITS - 1}
                parameter["description"] = f"rows a page, {self.page_size} when not said, at most {self.max_page_size}"
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says that there may be none; the framework says it as 3.0 did."""
        found = super().get_paginated_response_schema(schema)
        for name in ("next", "previous"):
            found["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        return found
