"""Where a network scanner drops a stack: the file as the body of a POST, the desk's token in `Authorization`.

    curl -H "Authorization: Bearer TOKEN" --data-binary @stack.pdf https://…/files/drop/stack.pdf

Answers 201 when it was taken, 401 without a valid token, 413 or 422 with a sentence when the file was refused.
The same content dropped again by the same desk within a day is answered 200 and not taken twice.
"""

import tempfile

from django.conf import settings
from django.core.files import File
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.permissions import PUBLIC, open_to
from digitization import scanners, uploads
from digitization.kinds import UploadRefused
from digitization.stack_drop import take_in_drop


@csrf_exempt
@open_to(PUBLIC)
@require_http_methods(["POST", "PUT"])
def drop(request: HttpRequest, name: str) -> HttpResponse:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    now = timezone.now()
    actor = scanners.scanner_of(token.strip(), now) if scheme.lower() == "bearer" else None
    if actor is None or actor.post is None or actor.post.desk_id is None:
        answer = _said(401, _("Mã của máy quét không đúng hoặc đã bị thu hồi. Hãy tạo mã mới ở trang Quét xấp."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="upload-") as body:
        try:
            while chunk := request.read(uploads.CHUNK):
                body.write(chunk)
                if body.tell() > settings.UPLOAD_LIMIT_BYTES:
                    raise uploads.too_large()
            body.flush()
            file = File(body, name=name)
            if not take_in_drop(file, name, actor, now):
                return _said(200, _("Tệp này đã được nhận."))
        except UnreadablePostError:
            return _said(400, _("Mạng bị ngắt khi đang gửi. Hãy gửi lại tệp."))
        except UploadRefused as refused:
            return _said(413 if refused.code == "too_large" else 422, str(refused.sentence))
    return _said(201, _("Đã nhận tệp."))


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
