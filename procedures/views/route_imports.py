"""Routes from a table: sending the file, and what each reading found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import StaffPost
from accounts.permissions import open_to
from core.pagination import page_of
from procedures.models import RouteImport
from procedures.routes.forms import RouteTableForm
from procedures.routes.importing import run
from procedures.routes.importing.tables import UnreadableTable

CONTROLLER = StaffPost.Role.CONTROLLER


@open_to(CONTROLLER)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = RouteTableForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        table = form.cleaned_data["table"]
        try:
            made = run.import_table(table.read(), table.name, by=request.actor, at=timezone.now())
        except UnreadableTable as error:
            form.add_error("table", str(error))
        else:
            return redirect("manage-route-import", pk=made.pk)
    page = page_of(RouteImport.objects.order_by(), request, by=("id",))
    rows = [(made, len(made.report.get("routes", []))) for made in page.items]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "procedures/manage/route_imports.html", context, status=422 if posted else 200)


@open_to(CONTROLLER)
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(RouteImport, pk=pk)
    return render(request, "procedures/manage/route_import.html", {"made": made, "report": made.report})
