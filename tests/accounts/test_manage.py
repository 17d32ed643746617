"""Calendars and agencies, as administrators keep them."""

from datetime import date

import pytest
from django.urls import reverse

from agencies.models import Agency, CalendarDay, WorkCalendar
from journal.models import Entry

pytestmark = pytest.mark.django_db
STORM = {"date": "25/11/2026", "kind": "off", "name": "Nghỉ tránh bão", "document": "Công điện 12 ngày 24/11/2026"}


def state():
    return reverse("manage-calendar", args=["state"])


def test_a_year_shows_its_days_with_how_sure_they_are(sign_in):
    client = sign_in("quantri")
    page = client.get(state(), {"year": "2026"}).content.decode()
    assert "Thứ Ba 24/11/2026" in page
    assert "đã xác minh" in page
    computed = client.get(state(), {"year": "2027"}).content.decode()
    assert "tự tính, chưa có thông báo" in computed
    for odd in ("x", "99999", "-1", "0000", "٢٠٢٦"):
        assert client.get(state(), {"year": odd}).status_code == 200


def test_a_day_is_written_on_record_and_taken_back(sign_in):
    client = sign_in("quantri")
    version = WorkCalendar.objects.get(key="state").version
    shown = client.post(state(), STORM)
    assert shown.context["consequences"][0].moved == 0
    assert not CalendarDay.objects.filter(date=date(2026, 11, 25)).exists(), "the dates that move are shown first"
    assert WorkCalendar.objects.get(key="state").version == version
    assert client.post(state(), shown.context["fields"]).status_code == 302
    assert CalendarDay.objects.get(date=date(2026, 11, 25)).status == "verified"
    assert WorkCalendar.objects.get(key="state").version == version + 1
    assert Entry.objects.get(verb="calendar_day_changed").changes["document"].startswith("Công điện")
    shown = client.post(state(), {"remove": "2026-11-25"})
    assert CalendarDay.objects.filter(date=date(2026, 11, 25)).exists()
    client.post(state(), shown.context["fields"] | {"confirmed": str(version)})
    assert CalendarDay.objects.filter(date=date(2026, 11, 25)).exists(), "the calendar has changed since"
    client.post(state(), shown.context["fields"])
    assert not CalendarDay.objects.filter(date=date(2026, 11, 25)).exists()
    assert client.post(state(), {"remove": "2026-11-25"}).status_code == 302
    assert client.post(state(), {"remove": "2026-99-99"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": "28/11/2026"}, "đã là ngày nghỉ hằng tuần"),
        ({"kind": "work"}, "đã là ngày làm việc"),
        ({"date": "25/11/2099"}, "chưa có các ngày nghỉ của năm này"),
        ({"document": ""}, "văn bản quyết định"),
    ],
)
def test_a_day_that_changes_nothing_is_refused_in_words(sign_in, changes, sentence):
    client = sign_in("quantri")
    answer = client.post(state(), STORM | changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not CalendarDay.objects.filter(name=STORM["name"]).exists()


def test_a_controller_reads_calendars_and_does_not_change_them(sign_in):
    client = sign_in("danhmuc")
    assert client.get(state()).status_code == 200
    client.post(state(), STORM)
    assert not CalendarDay.objects.filter(name=STORM["name"]).exists()


def test_an_agencys_code_is_corrected_on_record(sign_in):
    client = sign_in("quantri")
    justice = Agency.objects.get(key="justice")
    address = reverse("manage-agency", args=[justice.pk])
    form = {"code": "h05.77", "code_confirmed": "on", "short_name": "STP", "phone": "", "email": "", "address": ""}
    assert "của một cơ quan khác" in client.post(address, form | {"code": "H05.004"}).content.decode()
    assert "viết như H05.160" in client.post(address, form | {"code": "5"}).content.decode()
    assert client.post(address, form).status_code == 302
    justice.refresh_from_db()
    assert (justice.code, justice.code_confirmed) == ("H05.77", True)
    assert Entry.objects.get(verb="agency_corrected").changes["before"]["code"] == "H05.003"
    assert client.get(reverse("manage-agencies"), {"q": "H05.77"}).context["total"] == 1


def test_agencies_are_searched_and_paged(sign_in, django_assert_max_num_queries):
    client = sign_in("danhmuc")
    with django_assert_max_num_queries(10):
        first = client.get(reverse("manage-agencies"))
    assert first.context["total"] == 22 + 3 * 99
    assert first.context["page"].next_url
    only = client.get(reverse("manage-agencies"), {"q": "kinh bac", "kind": "commune_pc"})
    assert [agency.name for agency in only.context["page"].items] == ["Ủy ban nhân dân phường Kinh Bắc"]


def test_the_front_page_leads_to_what_the_role_may(sign_in):
    def labels(username: str) -> set[str]:
        return {str(item["label"]) for item in sign_in(username).get(reverse("manage")).context["items"]}

    assert {"Cán bộ và vị trí", "Lịch làm việc", "Các cơ quan"} <= labels("quantri")
    assert "Cán bộ và vị trí" not in labels("danhmuc")
    assert sign_in("danhmuc").get(reverse("manage-staff")).status_code == 403
