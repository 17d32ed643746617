"""Requests and their fields: each takes what the description says and nothing beside it."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

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
