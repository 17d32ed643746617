"""Resumable uploads: tus 1.0 with the extensions creation, termination, checksum and expiration.

Metadata of a creation: `filename`, `owner` (a reference such as ``dossier:<uuid>``) and `purpose` (opaque to this
app, handed to `upload_completed`). The answer to the last part carries the new file's id in `OSS-File`.
The CSRF token comes in the header X-CSRFToken. `OSS-Length` and `OSS-Name` (percent-encoded), where they are sent with
a later request, say which file the sender goes on with: at the address of another file's upload the answer is 404.
"""

import base64
import binascii
import hashlib
import hmac
import tempfile
from collections.abc import Callable
from typing import IO, Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from accounts.permissions import SIGNED_IN, open_to
from digitization import incoming
from digitization.models import IncomingUpload
from digitization.permissions import may_add_file
from digitization.uploads import CHUNK, UploadRefused

VERSION = "1.0.0"
CHECKSUM_MISMATCH = 460  # of the tus checksum extension
_ALGORITHMS = ("sha256", "sha1")
_PART_TYPE = "application/offset+octet-stream"


@open_to(SIGNED_IN)
@require_http_methods(["OPTIONS", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return _answer(
            204,
            Tus_Version=VERSION,
            Tus_Extension="creation,termination,checksum,expiration",
            Tus_Max_Size=settings.UPLOAD_LIMIT_BYTES,
            Tus_Checksum_Algorithm=",".join(_ALGORITHMS),
        )
    if problem := _wrong_version(request):
        return problem
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    is_whole = metadata is not None and _length(request, "Upload-Length") is not None
    owner, purpose = ((metadata or {}).get(name, "") for name in ("owner", "purpose"))
    if is_whole and not may_add_file(request.actor, owner):
        return _answer(403, _("Bạn không được thêm tệp vào đây. Hãy mở lại hồ sơ rồi thử lại."))
    return open_upload(request, request.actor, owner, purpose, lambda pk: reverse("file-upload-part", args=[pk]))


def open_upload(
    request: HttpRequest, by: Actor, owner: str, purpose: str, address_of: Callable[[UUID], str]
) -> HttpResponse:
    """The answer to a creation by somebody who may add files to `owner`; `address_of` gives where its parts go."""
    if problem := _wrong_version(request):
        return problem
    size, metadata = _length(request, "Upload-Length"), _metadata(request.headers.get("Upload-Metadata", ""))
    if size is None or metadata is None:
        return _answer(400, _("Yêu cầu tải tệp không đúng chuẩn. Hãy tải lại trang rồi thử lại."))
    name = metadata.get("filename", "")
    try:
        upload = incoming.begin_upload(size, name, owner, purpose, by.account, timezone.now())
    except UploadRefused as refused:
        return _answer(413 if refused.code == "too_large" else 400, str(refused.sentence))
    except incoming.TooManyUploads as refused:
        return _answer(refused.status, str(refused.sentence))
    return _answer(201, Location=address_of(upload.pk), **_standing(upload))


@open_to(SIGNED_IN)
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    if problem := _wrong_version(request):
        return problem
    upload = incoming.under_way(pk, request.actor.account, timezone.now())
    if upload is None or not may_add_file(request.actor, upload.owner):
        raise Http404
    return go_on_with(request, upload, request.actor)


def go_on_with(request: HttpRequest, upload: IncomingUpload, by: Actor) -> HttpResponse:
    """The answer to a request about an upload that the caller may go on with."""
    if problem := _wrong_version(request):
        return problem
    if _is_another(request, upload):
        raise Http404
    if request.method == "DELETE":
        incoming.abandon_upload(upload)
        return _answer(204)
    if request.method == "HEAD":
        return _answer(200, Upload_Length=upload.size, Cache_Control="no-store", **_standing(upload))
    return _append(request, upload, by)


def _is_another(request: HttpRequest, upload: IncomingUpload) -> bool:
    """Whether the sender goes on with another file than this upload's, as the size and name that it states tell, or
    with one that was taken back since: a client that is told so begins anew instead of believing all has arrived."""
    size, name = request.headers.get("OSS-Length"), request.headers.get("OSS-Name")
    if size is not None and size != str(upload.size):
        return True
    if name is not None and unquote(name)[: len(upload.name)] != upload.name:
        return True
    return upload.file is not None and upload.file.removed_at is not None


def _append(request: HttpRequest, upload: IncomingUpload, by: Actor) -> HttpResponse:
    offset, checksum = _length(request, "Upload-Offset"), _checksum(request.headers.get("Upload-Checksum", ""))
    if request.content_type != _PART_TYPE:
        return _answer(415)
    if offset is None or checksum is None:
        return _answer(400)
    if offset != upload.received:
        return _answer(409)
    algorithm, expected = checksum
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="upload-") as part:
        digest = hashlib.new(algorithm, usedforsecurity=False)
        whole = _receive(request, part, digest, upload.size - offset)
        if expected and not (whole and hmac.compare_digest(digest.digest(), expected)):
            return _answer(CHECKSUM_MISMATCH)
        try:
            upload = incoming.append_part(upload, offset, File(part), by, timezone.now())
        except incoming.OffsetMismatch:
            return _answer(409)
        except UploadRefused as refused:
            return _answer(413 if refused.code == "too_large" else 422, str(refused.sentence))
    return _answer(204, **_standing(upload))


def _receive(request: HttpRequest, part: IO[bytes], digest: Any, most: int) -> bool:
    """Write the body to `part`; False when the line broke first, and then what arrived counts."""
    left = most + 1  # one byte more than may come shows that too much came
    try:
        while left > 0 and (chunk := request.read(min(CHUNK, left))):
            part.write(chunk)
            digest.update(chunk)
            left -= len(chunk)
    except (UnreadablePostError, OSError):
        whole = False
    else:
        stated = _length(request, "Content-Length")
        whole = stated is None or most + 1 - left >= min(stated, most + 1)
    part.flush()
    return whole


def _standing(upload: IncomingUpload) -> dict[str, Any]:
    standing = {"Upload_Offset": upload.received, "Upload_Expires": http_date(upload.expires_at.timestamp())}
    return {**standing, "OSS_File": str(upload.file_id)} if upload.file_id else standing


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, Tus_Version=VERSION)


def _length(request: HttpRequest, header: str) -> int | None:
    stated = request.headers.get(header, "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else None


def _metadata(header: str) -> dict[str, str] | None:
    """Upload-Metadata: pairs of a name and its value in base 64, with commas between; None when it is garbled."""
    found = {}
    for pair in filter(None, (pair.strip() for pair in header.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode().replace("\0", "")
        except (binascii.Error, UnicodeDecodeError):
            return None
    return found


def _checksum(header: str) -> tuple[str, bytes] | None:
    """(algorithm, digest); without a header a digest of nothing, None when it is garbled."""
    if not header:
        return _ALGORITHMS[0], b""
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        return None
    return (algorithm, digest) if algorithm in _ALGORITHMS and digest else None


def _answer(status: int, text: str = "", **headers: Any) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Tus-Resumable"] = VERSION
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response
