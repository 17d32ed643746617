"""Forms to fill in, which anybody may take."""

from pathlib import PurePath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to, require
from procedures.models import RequiredDocument


@open_to(PUBLIC)
@require_safe
def paper_template(request: HttpRequest, pk: int) -> FileResponse:
    """The form of a paper that some edition asks for, as a download."""
    papers = RequiredDocument.objects.select_related("edition__procedure").exclude(template="")
    paper = get_object_or_404(papers, pk=pk)
    require(request.actor, "see", paper.edition)
    if not default_storage.exists(paper.template):
        raise Http404
    return FileResponse(
        default_storage.open(paper.template), as_attachment=True, filename=PurePath(paper.template).name
    )
