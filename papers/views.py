"""The public check of a paper, and the paper itself for those who may read it."""

from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from papers import codes, owners
from papers.models import Paper


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
            "may_read": owners.may_read(request.actor, paper),
        },
    )


def download(request: HttpRequest, code: str) -> HttpResponseBase:
    paper = get_object_or_404(Paper, code=codes.as_meant(code))
    if not owners.may_read(request.actor, paper):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    response = FileResponse(
        default_storage.open(paper.file), content_type="application/pdf", filename=f"{paper.form}-{paper.code}.pdf"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


# The check is for everybody; the paper is open to whom its owner's room says, which is asked in the view.
check.audience = download.audience = frozenset({"public"})  # type: ignore[attr-defined]
