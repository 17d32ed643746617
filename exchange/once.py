"""Headers that make a repeated or late request harmless: Idempotency-Key, If-Match, If-None-Match."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.refusals import Refused
from dossiers.models import Dossier
from journal import idempotency

SHORTEST, LONGEST = 8, 64
_KEY_TYPE = {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST, "pattern": r"^\S+$"}
KEY = OpenApiParameter(
    "Idempotency-Key",
    _KEY_TYPE,
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 64 characters; the same key with the same request does the thing once and answers the same",
)
MAY_KEY = OpenApiParameter(
    "Idempotency-Key",
    _KEY_TYPE,
    OpenApiParameter.HEADER,
    description="with a key, a repeated request does the thing once and answers the same",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="the ETag you read; another one since then answers 412"
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="the ETag you have; 304 while it holds"
)


class Changed(Refused):
    """The record is not as the caller read it."""

    status = 412

    def __init__(self) -> None:
        super().__init__("changed", _("Hồ sơ đã thay đổi từ lúc bạn đọc. Hãy đọc lại rồi thử lại."))


def idempotency_key(request: Request, *, required: bool = True) -> str:
    """The key by which the caller makes a repeated request harmless; "" where none was sent and none is required.
    Raises Refused."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key and not required:
        return ""
    if not SHORTEST <= len(key) <= LONGEST:
        raise Refused("no_key", _("Hãy gửi tiêu đề Idempotency-Key từ 8 đến 64 ký tự."))
    return key


def do_once(
    request: Request, what: str, sent: bytes, make: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do it once for the caller's key, or simply do it where none was sent; returns (what `make` gave, done now).

    `sent` is what tells one request from another. Raises Refused, journal.idempotency.KeyReused.
    """
    key = idempotency_key(request, required=False)
    if not key:
        return make(), True
    fingerprint = f"{request.method} {request.path}\n".encode() + sent
    return idempotency.run_once(f"{what}:{request.user.pk}"[:60], key, fingerprint, make)


def etag_of(dossier: Dossier) -> str:
    return f'"{dossier.revision}"'


def is_known(request: Request, dossier: Dossier) -> bool:
    """Whether the caller already has the dossier as it stands."""
    return etag_of(dossier) in _tags(request.headers.get("If-None-Match", ""))


def expected_revision(request: Request, dossier: Dossier, stated: int | None) -> int:
    """The revision that the caller read, from the body or If-Match. Raises ValidationError for neither, Changed."""
    tags = _tags(request.headers.get("If-Match", ""))
    if tags and etag_of(dossier) not in tags and "*" not in tags:
        raise Changed
    if stated is None and not tags:
        raise ValidationError(
            {"revision": [_("Hãy đọc hồ sơ rồi gửi “revision” của nó, hoặc ETag của nó trong tiêu đề If-Match.")]}
        )
    return dossier.revision if stated is None else stated


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]
