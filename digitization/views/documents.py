"""The public check of a digitised document: what is on record of it, and nothing of its holder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, may, open_to
from digitization.models import RegisteredDocument
from digitization.signing import checks
from papers import codes


@open_to(PUBLIC)
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    found = RegisteredDocument.objects.filter(code=codes.as_meant(code)).select_related("file__scan", "agency").first()
    if found is None:
        return render(request, "papers/unknown.html", {"code": code[:40]}, status=404)
    context = {
        "document": found,
        "expired": found.valid_to is not None and found.valid_to < timezone.localdate(),
        "signatures": checks.statement_of(getattr(found.file, "scan", None)),
        "may_read": may(request.actor, "read", found.file),
    }
    return render(request, "digitization/document_check.html", context)
