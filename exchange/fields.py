"""Requests and their fields: each takes what the description says and nothing beside it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.refusals import Refused
from vietnam.dates import BirthDate, birth_date_of

_ISO = re.compile(r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_MONEY = 10**15 - 1  # đồng
MOST_REVISION = 2**31 - 1


def refuse_unknown_names(given: Iterable[str], known: Iterable[str], *, within: Sequence[str] = ()) -> None:
    """Refuse names that nobody reads, each with the one that was probably meant: what stands there would be lost
    without a word. `within` are the names of what they stand in. Raises ValidationError."""
    names = list(known)
    found: dict[str, Any] = {name: [_no_such_name(name, names)] for name in given if name not in names}
    if not found:
        return
    for outer in reversed(within):
        found = {outer: found}
    raise serializers.ValidationError(found)


def _no_such_name(name: str, names: Sequence[str]) -> str:
    meant = get_close_matches(name, names, n=1)
    if meant:
        sentence = gettext("Không có trường “%(name)s”. Có phải “%(meant)s”? Các trường nhận: %(known)s.")
    else:
        sentence = gettext("Không có trường “%(name)s”. Các trường nhận: %(known)s.")
    return sentence % {"name": name[:60], "meant": "".join(meant), "known": ", ".join(names) or "–"}


class RequestSerializer(serializers.Serializer):
    """What an operation takes: a name that it does not know is refused, at any depth."""

    default_error_messages = {"invalid": _("Hãy gửi một đối tượng JSON (trong dấu ngoặc nhọn).")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            refuse_unknown_names(data, self.fields)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A text; a number or a truth is none."""

    default_error_messages = {"invalid": _("Hãy gửi chữ (chuỗi JSON).")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """true or false; a word or a number is neither."""

    default_error_messages = {"invalid": _("Hãy gửi true hoặc false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Day(serializers.DateField):
    """A day as ISO 8601 writes it in full, "2019-03-05"."""

    default_error_messages = {"invalid": _("Hãy ghi ngày dạng 2019-03-05.")}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": _ISO.pattern, "examples": ["1990-11-22", "1938-05", "1938"]})
class BirthDateText(serializers.Field):
    """A day of birth in ISO 8601, at the precision that is known."""

    default_error_messages = {
        "invalid": _("Hãy ghi ngày sinh dạng 1990-11-22; chỉ biết tháng hoặc năm thì 1990-11 hoặc 1990.")
    }

    def to_internal_value(self, data: Any) -> BirthDate:
        if not isinstance(data, str) or not _ISO.match(data):
            self.fail("invalid")
        try:
            return birth_date_of(data)
        except ValueError:  # a day that no month has
            raise Refused("bad_date", self.error_messages["invalid"], field=self.field_name) from None

    def to_representation(self, value: BirthDate) -> str:
        return value.isoformat()


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
