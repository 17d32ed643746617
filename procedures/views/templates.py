"""Forms to fill in, which anybody may take."""

from pathlib import PurePath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import PUBLIC, open_to, require_permission
from procedures.models import RequiredDocument
from procedures.public.listing import public_procedures
from procedures.questionnaire.layout import read_layout
from procedures.questionnaire.printing import render_form
from procedures.questionnaire.versions import questionnaire_in_force


@open_to(PUBLIC)
@require_safe
def procedure_form(request: HttpRequest, code: str) -> HttpResponse:
    """The procedure's form in force, empty, to print and fill in by hand."""
    if not code.isprintable():
        raise Http404
    procedure = get_object_or_404(public_procedures().only("code"), code=code)
    found = questionnaire_in_force(procedure.pk)
    if found is None:
        raise Http404
    pdf = render_form(read_layout(found.layout), None, communes={}, at=timezone.localtime())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="to-khai-{procedure.code}.pdf"'
    return response


@open_to(PUBLIC)
@require_safe
def paper_template(request: HttpRequest, pk: int) -> FileResponse:
    """The form of a paper that some edition asks for, as a download."""
    papers = RequiredDocument.objects.select_related("edition__procedure").exclude(template="")
    paper = get_object_or_404(papers, pk=pk)
    require_permission(request.actor, "see", paper.edition)
    if not default_storage.exists(paper.template):
        raise Http404
    return FileResponse(
        default_storage.open(paper.template), as_attachment=True, filename=PurePath(paper.template).name
    )
