"""JSON that other systems send: of bearable size and depth, and without what no database keeps."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

from core.plain_requests import is_plain

MOST_NESTED = 32  # the deepest form has four


class PlainJSONParser(JSONParser):
    """UTF-8, whatever the caller says of it (RFC 8259). Raises `ParseError` with what is wrong."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        sent = stream.read(most + 1)
        if len(sent) > most:
            raise RequestDataTooBig
        try:
            found = json.loads(sent.removeprefix(codecs.BOM_UTF8).decode(), parse_constant=strict_constant)
        except RecursionError:
            raise _too_deep() from None
        except ValueError:
            raise ParseError(_("Nội dung gửi lên không phải là JSON đúng quy cách (UTF-8).")) from None
        _check(found)
        return found


def _check(value: Any) -> None:
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > MOST_NESTED:
            raise _too_deep()
        if isinstance(each, str) and not is_plain(each):
            raise ParseError(_("Nội dung gửi lên có ký tự không lưu được (NUL hoặc nửa ký tự). Hãy bỏ đi rồi gửi lại."))
        if isinstance(each, dict):
            waiting += [(part, depth + 1) for pair in each.items() for part in pair]
        elif isinstance(each, list):
            waiting += [(part, depth + 1) for part in each]


def _too_deep() -> ParseError:
    return ParseError(_("Nội dung JSON lồng nhau quá sâu: tối đa %(n)s tầng.") % {"n": MOST_NESTED})
