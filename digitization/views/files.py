"""A file, its searchable form, its thumbnails and its progress; the owner of the file says who may see them."""

import logging
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, may, open_to
from digitization import kinds, malware
from digitization.cards import kept_of, read_card
from digitization.models import Derivative, StoredFile

log = logging.getLogger(__name__)

# What a browser may show within the portal's origin; anything else is only saved.
SHOWN_INLINE = frozenset({kinds.PDF, kinds.JPEG, kinds.PNG})
# Chrome's reader of PDF refuses to start in a sandbox; a picture needs nothing at all.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_SANDBOX = f"{_POLICY}; sandbox"


@open_to(PUBLIC)
@require_safe
def original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file as it was sent, to save or with ``?inline=1`` to look at."""
    file = readable_file(request, pk)
    if isinstance(file, HttpResponse):
        return file
    inline = request.GET.get("inline") == "1"
    return send_content(file.storage_name, file.media_type, file.name, inline=inline)


@open_to(PUBLIC)
@require_safe
def searchable(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The searchable PDF that the scan chain made; with ``?signed=1`` the one that a member of the staff signed."""
    file = readable_file(request, pk)
    if isinstance(file, HttpResponse):
        return file
    wanted = [Derivative.Kind.PDFA, Derivative.Kind.PDF]
    if request.GET.get("signed") == "1":
        wanted = [Derivative.Kind.SIGNED]
    made = file.derivatives.filter(kind__in=wanted).first()
    if made is None:
        raise Http404
    name = f"{file.name.rpartition('.')[0]}.pdf"
    inline = request.GET.get("inline") == "1"
    return send_content(made.storage_name, made.media_type, name, inline=inline)


@open_to(PUBLIC)
@require_safe
def thumbnail(request: HttpRequest, pk: UUID, page: int) -> HttpResponse:
    file = readable_file(request, pk)
    if isinstance(file, HttpResponse):
        return file
    made = file.derivatives.filter(kind=Derivative.Kind.THUMBNAIL, page=page).first()
    if made is None:
        raise Http404
    return send_content(made.storage_name, made.media_type, f"{pk}-{page}.png", inline=True)


@open_to(PUBLIC)
@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the recognition is: the file's card for htmx, a page of its own without JavaScript."""
    file = readable_file(request, pk)
    if isinstance(file, HttpResponse):
        return file
    shown = read_card(file, **kept_of(request, file))
    if request.htmx:
        return render(request, "components/file_card.html", {"file": shown})
    base = "base/staff.html" if request.actor.is_staff else "base/citizen.html"
    return render(request, "digitization/progress.html", {"file": shown, "base": base})


def readable_file(request: HttpRequest, pk: UUID) -> StoredFile | HttpResponse:
    """The file, or the way to the sign-in page. An unknown file and another's look alike."""
    file = StoredFile.objects.select_related("scan").filter(pk=pk).first()
    if file is not None and may(request.actor, "read", file):
        closed = malware.why_closed(file)
        if closed and request.resolver_match.url_name != "file-progress":
            base = "base/staff.html" if request.actor.is_staff else "base/citizen.html"
            return render(request, "digitization/closed.html", {"file": file, "why": closed, "base": base}, status=423)
        return file
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404(_("Không có tệp này, hoặc tệp không thuộc hồ sơ bạn được xem."))


def send_content(storage_name: str, media_type: str, name: str, *, inline: bool) -> HttpResponse:
    shown = inline and media_type in SHOWN_INLINE
    try:
        content = default_storage.open(storage_name)
    except FileNotFoundError:
        log.error("content missing from the storage", extra={"storage_name": storage_name})
        raise Http404(_("Nội dung tệp này không còn trong kho lưu trữ. Hãy báo cho bộ phận kỹ thuật.")) from None
    response = FileResponse(content, as_attachment=not shown, filename=name, content_type=media_type)
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = _POLICY if shown and media_type == kinds.PDF else _SANDBOX
    return response  # type: ignore[return-value]  # Django streams it like any other answer
