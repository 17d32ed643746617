"""Fields of requests: each takes the JSON type that the description says, and numbers as people paste them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

MOST_MONEY = 10**15 - 1  # đồng
MOST_REVISION = 2**31 - 1


class Text(serializers.CharField):
    """A text; a number or a truth is none."""

    default_error_messages = {"invalid": _("Hãy gửi chữ (chuỗi JSON).")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number; digits in a text are none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():  # JSON has one kind of number: 5.0 is 5
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class FileId(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)
