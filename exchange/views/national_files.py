"""A file for the national portal, at the signed address that it was told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from digitization import malware
from digitization.views.files import send_content
from exchange.connectors.national.files import file_at


@open_to(PUBLIC)
@require_safe
def national_file(request: HttpRequest, token: str) -> HttpResponse:
    file = file_at(token)
    if file is None or malware.why_closed(file):
        raise Http404
    return send_content(file.storage_name, file.media_type, file.name, inline=False)
