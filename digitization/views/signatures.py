"""What the signatures of a file are worth, and asking for it anew."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import PUBLIC, open_to
from digitization.signing import checks
from digitization.views.files import readable_file


@open_to(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def signatures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the last judgement, POST has a worker make another."""
    file = readable_file(request, pk)
    if isinstance(file, HttpResponse):
        return file
    scan = getattr(file, "scan", None)
    if request.method == "POST":
        if scan is not None and checks.is_signed(scan):
            checks.ask_check(file, timezone.now())
        return redirect("file-signatures", pk)
    checked_at, _verdicts = checks.verdicts_of(scan)
    context = {
        "file": file,
        "searched": checks.was_searched(scan),
        "signed": scan is not None and checks.is_signed(scan),
        "rows": checks.rows_of(scan),
        "checked_at": checked_at,
        "base": "base/staff.html" if request.actor.is_staff else "base/citizen.html",
    }
    return render(request, "digitization/signatures.html", context)
