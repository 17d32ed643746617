"""The public check of a paper, and the paper itself for those who may read it."""

import json

from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from journal import proofs
from journal.models import DayRoot
from papers import codes
from papers.models import Paper
from papers.permissions import may_read_paper

_DAYS_SHOWN = 60


def check(request: HttpRequest, code: str) -> HttpResponse:
    """What is public about a paper: form, number, agency, date and whether it still holds. Nothing of its subject."""
    paper = Paper.objects.filter(code=codes.as_meant(code)).select_related("replaces").first()
    if paper is None:
        return render(request, "papers/unknown.html", {"code": code[:40]}, status=404)
    return render(
        request,
        "papers/check.html",
        {
            "paper": paper,
            "replaced_by": Paper.objects.filter(replaces=paper).first(),
            "may_read": may_read_paper(request.actor, paper),
            "standing": proofs.standing_of(paper),
        },
    )


def download(request: HttpRequest, code: str) -> HttpResponseBase:
    paper = get_object_or_404(Paper, code=codes.as_meant(code))
    if not may_read_paper(request.actor, paper):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    response = FileResponse(
        default_storage.open(paper.file), content_type="application/pdf", filename=f"{paper.form}-{paper.code}.pdf"
    )
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def proof(request: HttpRequest, code: str) -> HttpResponse:
    """What shows that the paper stands in the history as it was issued (journal.proofs), to keep and to recompute."""
    paper = get_object_or_404(Paper, code=codes.as_meant(code))
    found = proofs.proof_of(paper)
    if found is None:
        raise Http404(_("Giấy tờ này chưa có bằng chứng: dấu niêm phong của ngày được ký sau 0 giờ."))
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{paper.code}-proof.json"'
    return response


def day_roots(request: HttpRequest) -> HttpResponse:
    """The signed roots of the last days, for everybody who wants to compare them with a copy of their own."""
    return render(request, "papers/day_roots.html", {"roots": DayRoot.objects.order_by("-day")[:_DAYS_SHOWN]})


def all_day_roots(request: HttpRequest) -> HttpResponseBase:
    """Every signed root, one JSON object a line, to be kept elsewhere."""
    lines = (
        json.dumps(root.published(), ensure_ascii=False) + "\n" for root in DayRoot.objects.order_by("day").iterator()
    )
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")


# The check is for everybody; the paper is open to whom its owner's app says, which is asked in the view.
for _view in (check, proof, day_roots, all_day_roots, download):
    _view.audience = frozenset({"public"})  # type: ignore[attr-defined]
