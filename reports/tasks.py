"""What the timetable calls: the forms of a quarter, made and kept once its days are over."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from core.refusals import Refused
from reports.forms import making
from reports.forms.definitions import FORMS, OfficialForm
from reports.forms.periods import last_ended
from reports.models import KeptForm
from vietnam.working_time import VIETNAM

BY = "Hệ thống"


@shared_task
def keep_forms() -> int:
    """Make and keep every form of the quarter that ended last, unless it is kept already; returns how many."""
    at = timezone.now()
    period = last_ended(at.astimezone(VIETNAM).date())
    known = set(KeptForm.objects.filter(period=period).values_list("form", "agency"))
    made = 0
    for form, agency in _wanted():
        if (form.key, agency.pk if agency else None) in known:
            continue
        try:
            making.keep(form, agency, period, by=BY, at=at, automatic=True)
        except Refused:
            continue  # a form whose own checks fail is for a person to look at
        made += 1
    return made


def _wanted() -> list[tuple[OfficialForm, Agency | None]]:
    agencies = list(making.agencies_reporting())
    centres = list(making.centres_reporting())
    found: list[tuple[OfficialForm, Agency | None]] = [(FORMS["07"], None)]
    for form in FORMS.values():
        if form.whose == "province":
            found.append((form, None))
        else:
            found += [(form, agency) for agency in (centres if form.whose == "centre" else agencies)]
    return found
