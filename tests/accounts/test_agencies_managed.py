"""Administrators add an agency, place it, give it hours of its own, move a post; each on record and counted anew."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from agencies.calendars import calendar_of, found_calendar
from agencies.models import Agency, OfficeHours, Territory, WorkCalendar
from agencies.signals import calendar_changed
from journal.models import Entry
from tests.factories.people import agency_called, signed_in, staff_actor
from vietnam.working_time import STANDARD_HOURS

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(cast) -> Client:
    return signed_in(staff_actor("quantrivien", "office", StaffPost.Role.ADMINISTRATOR))


def new_agency(**changed) -> dict[str, str]:
    facts = {
        "kind": "department",
        "name": "Sở Thử nghiệm",
        "name_en": "Department of Trials",
        "short_name": "STN",
        "code": "H05.991",
        "key": "trials",
        "territory": str(Territory.objects.get(kind="province", valid_to=None).pk),
        "parent": str(agency_called("office").pk),
        "calendar": str(WorkCalendar.objects.order_by("pk").first().pk),
        "valid_from": "01/11/2026",
    }
    return {**facts, **changed}


def test_an_agency_is_added_found_and_given_posts(administrator):
    answer = administrator.post(reverse("manage-agency-add"), new_agency())
    agency = Agency.objects.get(key="trials")
    assert answer.url == reverse("manage-agency", args=[agency.pk])
    assert Entry.objects.filter(verb="agency_added", subject=f"agency:{agency.pk}").count() == 1
    found = administrator.get(reverse("manage-agencies"), {"q": "thu nghiem"})
    assert [each.pk for each in found.context["page"].items] == [agency.pk]
    given = {"username": "can.bo.moi", "full_name": "Cán Bộ Mới", "agency": agency.pk, "role": "officer"}
    administrator.post(reverse("manage-staff-add"), {**given, "valid_from": "01/11/2026"})
    assert StaffPost.objects.filter(agency=agency, role="officer").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "không phải mã"}, "code"),
        ({"key": "justice"}, "key"),
        ({"name": ""}, "name"),
        ({"territory": "x"}, "territory"),
        ({"calendar": "999999"}, "calendar"),
        ({"valid_from": "31/02/2026"}, "valid_from"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(administrator, wrong, field):
    answer = administrator.post(reverse("manage-agency-add"), new_agency(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Agency.objects.filter(key="trials").exists()


def test_a_code_of_another_agency_is_refused(administrator):
    answer = administrator.post(reverse("manage-agency-add"), new_agency(code=agency_called("justice").code))
    assert "code" in answer.context["form"].errors


def test_name_and_parent_change_and_no_agency_is_below_itself(administrator):
    justice, office = agency_called("justice"), agency_called("office")
    facts = {"name": "Sở Tư pháp mới", "name_en": "", "parent": "", "calendar": justice.calendar_id}
    assert administrator.post(reverse("manage-agency-place", args=[justice.pk]), facts).status_code == 302
    justice.refresh_from_db()
    assert (justice.name, justice.parent) == ("Sở Tư pháp mới", None)
    assert "so tu phap moi" in justice.search_key
    Agency.objects.filter(pk=office.pk).update(parent=justice)
    circle = administrator.post(reverse("manage-agency-place", args=[justice.pk]), {**facts, "parent": office.pk})
    assert circle.status_code == 422
    assert "parent" in circle.context["form"].errors


def test_hours_of_its_own_count_from_today_and_open_dates_are_counted_anew(administrator):
    told = []

    def hear(sender, calendars, first_day, last_day, **_more):
        told.append((sorted(calendars), first_day, last_day))

    calendar_changed.connect(hear)
    justice, other = agency_called("justice"), agency_called("finance")
    before = other.calendar_id
    answer = administrator.post(reverse("manage-agency-calendar", args=[justice.pk]))
    justice.refresh_from_db()
    own = justice.calendar
    assert answer.url == reverse("manage-calendar-hours", args=[own.key])
    assert (own.base_id, told[-1][0]) == (before, [own.pk])
    page = administrator.get(answer.url)
    assert page.status_code == 200
    hours = {
        f"{edge}_first_{day}": time for day in range(5) for edge, time in (("opens", "08:00"), ("closes", "12:00"))
    }
    hours |= {"opens_first_5": "08:00", "closes_first_5": "11:00", "reception_5": "on"}
    asked = administrator.post(answer.url, hours)
    assert not own.hours.exists(), "what would move is shown first"
    assert [found.moved for found in asked.context["consequences"]] == [0]
    assert administrator.post(answer.url, asked.context["fields"]).url == reverse("manage-calendar", args=[own.key])
    assert told[-1][1] == timezone.localdate()
    assert OfficeHours.objects.filter(calendar=own, counts=False).count() == 1
    justice.refresh_from_db()
    counted = calendar_of(justice)
    assert counted.version.startswith(own.key)
    assert Entry.objects.filter(verb="calendar_hours_changed").count() == 1
    other.refresh_from_db()
    assert other.calendar_id == before
    again = administrator.post(reverse("manage-agency-calendar", args=[justice.pk]))
    assert again.url == answer.url
    assert WorkCalendar.objects.filter(key=own.key).count() == 1


def test_another_calendar_is_followed_once_what_moves_was_seen(administrator):
    justice, other = agency_called("justice"), found_calendar("trial", "Lịch thử", agency_called("justice").calendar)
    facts = {"name": justice.name, "name_en": justice.name_en, "parent": "", "calendar": other.pk}
    address = reverse("manage-agency-place", args=[justice.pk])
    asked = administrator.post(address, facts)
    assert [found.moved for found in asked.context["consequences"]] == [0]
    justice.refresh_from_db()
    assert justice.calendar_id != other.pk
    assert administrator.post(address, asked.context["fields"]).url == reverse("manage-agency", args=[justice.pk])
    justice.refresh_from_db()
    assert justice.calendar_id == other.pk


def test_calendars_and_their_days_have_english_names_and_documents(administrator):
    administrator.cookies["django_language"] = "en"
    agency = agency_called("justice")
    page = administrator.get(reverse("manage-calendar", args=["state"]), {"year": "2026"}).content.decode()
    for said in ("Days off of state offices", "Vietnam Cultural Day", "Labour Code 2019, article 112"):
        assert said in page
    assert "Bộ luật Lao động" not in page
    page = administrator.get(reverse("manage-agency-place", args=[agency.pk])).content.decode()
    assert "Working calendar of Bac Ninh Province" in page


@pytest.mark.parametrize(
    "hours",
    [
        {"opens_first_0": ""},
        {"opens_first_0": "08:00"},
        {"opens_first_0": "12:00", "closes_first_0": "08:00"},
        {"opens_first_0": "08:00", "closes_first_0": "14:00", "opens_second_0": "13:00", "closes_second_0": "17:00"},
        {"opens_first_0": "25:00", "closes_first_0": "26:00"},
        {"opens_first_5": "08:00", "closes_first_5": "11:00", "reception_5": "on"},
    ],
)
def test_hours_that_make_no_week_are_refused(administrator, hours):
    calendar = WorkCalendar.objects.order_by("pk").first()
    before = list(calendar.hours.values_list("weekday", "opens", "closes"))
    answer = administrator.post(reverse("manage-calendar-hours", args=[calendar.key]), hours)
    assert answer.status_code == 422
    assert list(calendar.hours.values_list("weekday", "opens", "closes")) == before


def test_hours_that_nobody_wrote_down_are_shown_and_begin_the_form(administrator):
    """The usual hours held, while the page named none and the form was empty; saved so they would have been lost."""
    OfficeHours.objects.all().delete()
    calendar = found_calendar("trial", "Lịch thử", agency_called("justice").calendar)
    page = administrator.get(reverse("manage-calendar", args=[calendar.key]))
    assert [line["day"] for line in page.context["hours"]] == ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu"]
    opens, closes = STANDARD_HOURS.intervals[0]
    assert f"Thứ Hai: {opens:%H:%M}–{closes:%H:%M}" in page.content.decode()
    form = administrator.get(reverse("manage-calendar-hours", args=[calendar.key])).context["form"]
    assert form.initial["opens_first_4"] == opens
    assert "opens_first_5" not in form.initial


def test_a_post_moves_on_a_day(administrator, cast):
    post = cast.officer.post
    first_day = timezone.localdate() + timedelta(days=3)
    facts = {"agency": agency_called("justice").pk, "role": "officer", "first_day": f"{first_day:%d/%m/%Y}"}
    answer = administrator.post(reverse("manage-post-move", args=[post.pk]), facts)
    moved = StaffPost.objects.exclude(pk=post.pk).get(account=post.account)
    assert answer.url == reverse("manage-post", args=[moved.pk])
    post.refresh_from_db()
    assert post.valid_to == first_day - timedelta(days=1)
    assert (moved.agency.key, moved.valid_from) == ("justice", first_day)
    assert Entry.objects.filter(verb="post_moved").count() == 1


@pytest.mark.parametrize("wrong", ["same", "before", "no_title", "no_desk"])
def test_a_move_that_cannot_be_leaves_both_as_they_were(administrator, cast, wrong):
    post = cast.officer.post
    facts = {"agency": agency_called("justice").pk, "role": "officer", "first_day": "01/12/2026"}
    facts |= {
        "same": {"agency": post.agency_id},
        "before": {"first_day": f"{post.valid_from - timedelta(days=5):%d/%m/%Y}"},
        "no_title": {"role": "leader"},
        "no_desk": {"role": "counter"},
    }[wrong]
    answer = administrator.post(reverse("manage-post-move", args=[post.pk]), facts)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    post.refresh_from_db()
    assert post.valid_to is None
    assert StaffPost.objects.filter(account=post.account).count() == 1


@pytest.mark.parametrize("who", ["citizen", "counter", "head", "supervisor"])
def test_others_change_nothing(cast, who):
    client = signed_in(getattr(cast, who))
    justice = agency_called("justice")
    for name, args in (
        ("manage-agency-add", []),
        ("manage-agency-place", [justice.pk]),
        ("manage-agency-calendar", [justice.pk]),
        ("manage-calendar-hours", [justice.calendar.key]),
        ("manage-post-move", [cast.officer.post.pk]),
        ("manage-systems", []),
    ):
        assert client.post(reverse(name, args=args), {}).status_code == 403
