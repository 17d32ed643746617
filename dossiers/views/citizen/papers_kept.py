"""What is on record of the reader: results issued to them and papers once accepted, with their validity."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.enterprises import representations
from accounts.permissions import SIGNED_IN, open_to
from digitization.models import RegisteredDocument
from digitization.register import documents_of
from dossiers.access.held_results import held_results
from dossiers.views.paging import page_of


@open_to(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    person, today = request.actor.person, timezone.localdate()
    found = documents_of(person) if person is not None else RegisteredDocument.objects.none()
    if person is not None:
        bodies = representations(person, on=today).order_by().values("enterprise")
        found = found | RegisteredDocument.objects.filter(holder_enterprise__in=bodies).select_related(
            "file__scan", "agency"
        )
    page = page_of(request, found, key="id", newest_first=True, size=20)
    held = held_results(page.rows)
    for document in page.rows:
        document.to_pay = held.get(document.pk)
        document.opens = document.to_pay is None and document.standing == RegisteredDocument.Standing.VALID
    return render(request, "dossiers/citizen/papers_kept.html", {"page": page, "today": today})
