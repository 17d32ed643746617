"""When would it be due? The public page that counts a hypothetical receipt and says how."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.permissions import PUBLIC, open_to
from agencies.models import Agency
from dossiers.forms.due_date import DueDateForm
from procedures.display import english
from vietnam import working_time


@open_to(PUBLIC)
def due_date(request: HttpRequest) -> HttpResponse:
    form = DueDateForm(request.GET) if "day" in request.GET else DueDateForm(initial=_first())
    counted = None
    if form.is_bound and form.is_valid():
        due = form.cleaned_data["due"]
        counted = {"at": due.at, "sentences": working_time.describe(due, "en" if english() else "vi")}
    return render(request, "dossiers/due_date.html", {"form": form, "counted": counted})


def _first() -> dict[str, object]:
    centre = Agency.objects.valid(on=timezone.localdate()).filter(kind=Agency.Kind.PROVINCIAL_CENTRE).first()
    return {"day": timezone.localdate(), "hour": "09:00", "amount": 5, "unit": "working_day", "agency": centre}
