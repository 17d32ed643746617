"""Large files in parts that survive a broken line: tus 1.0 (https://tus.io), for files that wait for their dossier."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from digitization import incoming
from digitization.views import resumable
from exchange.authentication import actor_of
from exchange.errors import NOT_READABLE, TITLES, problem_response
from exchange.filing import staging_owner

_CODES = {
    400: "not_readable",
    409: "offset_mismatch",
    412: "wrong_version",
    413: "too_large",
    415: "unsupported_media_type",
    422: "not_accepted",
    429: "too_many_uploads",
    resumable.CHECKSUM_MISMATCH: "checksum_mismatch",
}


# Where the protocol itself answers without a word.
_SENTENCES = {
    409: gettext_lazy("Phần này không nối vào chỗ đã nhận. Hãy gọi HEAD để biết Upload-Offset rồi gửi tiếp từ đó."),
    412: gettext_lazy("Hãy gửi tiêu đề Tus-Resumable: 1.0.0."),
    resumable.CHECKSUM_MISMATCH: gettext_lazy("Phần này không khớp mã kiểm tra của nó. Hãy gửi lại phần này."),
}


def _header(name: str, kind: Any, words: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required, description=words)


VERSION = _header("Tus-Resumable", {"type": "string", "enum": [resumable.VERSION]}, "the protocol's version")


LENGTH = {"type": "integer", "minimum": 1, "maximum": settings.UPLOAD_LIMIT_BYTES}


class _Tus(APIView):
    scope = "dossiers:file"
    audience = frozenset({"signed-in"})

    def answer(self, request: Request, respond: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
        """What the protocol answers; errors as problem details."""
        response = respond(request._request)
        if response.status_code < 400:
            return response
        said = _SENTENCES.get(response.status_code) or TITLES.get(response.status_code, NOT_READABLE)
        sentence = response.content.decode() or said
        code = _CODES.get(response.status_code, "not_readable")
        status = 422 if response.status_code == 400 else response.status_code  # headers that a rule refuses
        problem = problem_response(status, code, sentence)
        problem["Tus-Resumable"] = resumable.VERSION
        return problem


class Uploads(_Tus):
    """Begin to send a file in parts (tus 1.0). `Location` says where they go."""

    further_statuses = ("412",)

    @extend_schema(
        request=None,
        responses={201: None},
        parameters=[
            VERSION,
            _header("Upload-Length", LENGTH, "bytes of the whole file"),
            _header("Upload-Metadata", str, "`filename` and its value in base 64", required=False),
        ],
        operation_id="uploads_begin",
    )
    def post(self, request: Request) -> HttpResponse:
        actor = actor_of(request)

        def begin(plain: HttpRequest) -> HttpResponse:
            owner = staging_owner(actor)
            return resumable.open_upload(plain, actor, owner, "", lambda pk: reverse("api-upload", args=[pk]))

        return self.answer(request, begin)


class Upload(_Tus):
    """Send the next part from `Upload-Offset` on; HEAD says how far it is, DELETE gives it up. The answer to the last
    part has the file's id in `OSS-File`: name it like one sent to `/files/`."""

    further_statuses = ("412", str(resumable.CHECKSUM_MISMATCH))

    @extend_schema(
        request={"application/offset+octet-stream": OpenApiTypes.BINARY},
        responses={204: None},
        parameters=[
            VERSION,
            _header("Upload-Offset", {"type": "integer", "minimum": 0, "maximum": 10**12}, "bytes there"),
        ],
        operation_id="uploads_continue",
    )
    def patch(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        return self._go_on(request, uid)

    @extend_schema(exclude=True)
    def head(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        return self._go_on(request, uid)

    @extend_schema(responses={204: None}, parameters=[VERSION], operation_id="uploads_abandon")
    def delete(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        return self._go_on(request, uid)

    def _go_on(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        actor = actor_of(request)
        upload = incoming.under_way(uid, actor.account, timezone.now())
        if upload is None or upload.owner != staging_owner(actor):
            raise Http404
        return self.answer(request, lambda plain: resumable.go_on_with(plain, upload, actor))
