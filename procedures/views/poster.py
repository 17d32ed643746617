"""A sheet for the wall of a counter: a procedure's name, its QR code, and what to bring."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to
from procedures import display
from procedures.public import presentation
from procedures.public.listing import public_procedures

MOST_DOCUMENTS = 5  # what fits on one A4 sheet; the page behind the code has them all


@open_to(PUBLIC)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    if not code.isprintable():
        raise Http404
    found = get_object_or_404(
        public_procedures()
        .select_related("current", "current__field")
        .defer("search_text", "search_vector")
        .prefetch_related("current__terms", "current__fee_lines", "current__documents"),
        code=code,
    )
    edition = found.in_force
    cases = presentation.case_names(edition)
    case = cases[0]["key"] if cases else ""
    limit, is_unverified = display.usual_limit(edition)
    documents = presentation.documents(edition, case, show_only=False)
    return render(
        request,
        "procedures/citizen/poster.html",
        {
            "procedure": found,
            "edition": edition,
            "title": edition.title,
            "title_en": edition.title_en,
            "bar": [
                {"label": _("Thời hạn"), "value": limit, "note": _("chờ xác nhận") if is_unverified else ""},
                {"label": _("Phí, lệ phí"), "value": display.fee_span(edition, timezone.localdate()), "note": ""},
                {"label": _("Cách nộp"), "value": presentation.online_words(edition), "note": ""},
            ],
            "documents": documents[:MOST_DOCUMENTS],
            "more_documents": max(len(documents) - MOST_DOCUMENTS, 0),
            "short_url": settings.PUBLIC_URL + reverse("procedure-short", args=[found.code]),
        },
    )
