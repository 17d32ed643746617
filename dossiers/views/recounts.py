"""How often calendars changed, and how many due dates moved with them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import StaffPost
from accounts.permissions import open_to
from dossiers.models import Recalendar
from dossiers.views.paging import page_of


@open_to(StaffPost.Role.CONTROLLER, StaffPost.Role.ADMINISTRATOR)
def recounts(request: HttpRequest) -> HttpResponse:
    page = page_of(request, Recalendar.objects.all(), key="id", newest_first=True)
    return render(request, "dossiers/manage/recounts.html", {"runs": page.rows, "page": page})
