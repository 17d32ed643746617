"""An administrator of one agency sees and changes that agency and its units, and nothing else."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import posts
from accounts.administration import administered_agencies
from accounts.models import Account, FactorRecovery, StaffPost
from accounts.permissions import may, visible
from agencies.models import Agency, CalendarDay, WorkCalendar
from tests.factories.people import AccountFactory, StaffPostFactory, agency_called, holder_of, signed_in, staff_actor

pytestmark = pytest.mark.django_db
Role = StaffPost.Role


@pytest.fixture
def of_justice():
    return staff_actor("quantri.tuphap", "justice", Role.ADMINISTRATOR)


@pytest.fixture
def of_province():
    return staff_actor("quantri.tinh", "office", Role.ADMINISTRATOR)


@pytest.fixture
def own():
    return staff_actor("can.bo.tu.phap", "justice", Role.OFFICER).post


@pytest.fixture
def other():
    return staff_actor("can.bo.xay.dung", "construction", Role.OFFICER).post


def pages_of(post):
    names = ("manage-post", "manage-post-details", "manage-post-end", "manage-post-delegate", "manage-post-recovery")
    names += ("manage-post-move",)
    return [reverse(name, args=[post.pk]) for name in names]


def test_every_page_about_a_post_of_another_agency_is_as_if_there_were_none(of_justice, of_province, own, other):
    for actor, post, status in ((of_justice, own, 200), (of_justice, other, 404), (of_province, other, 200)):
        client = signed_in(actor)
        for address in pages_of(post):
            assert client.get(address).status_code == status, address
            if status == 404:
                assert client.post(address, {"reason": "x", "last_day": "01/01/2027"}).status_code == 404
    for action in ("reset", "lock", "end_sessions"):
        answer = signed_in(of_justice).post(reverse("manage-post-account", args=[other.pk]), {"action": action})
        assert answer.status_code == 404
    assert Account.objects.get(pk=other.account_id).is_active


def test_lists_name_nobody_of_another_agency(of_justice, own, other):
    client = signed_in(of_justice)
    page = client.get(reverse("manage-staff")).content.decode()
    assert own.account.username in page
    assert other.account.username not in page
    page = client.get(reverse("manage-agencies")).content.decode()
    assert agency_called("construction").name not in page
    assert client.get(reverse("manage-agency", args=[own.agency_id])).status_code == 200
    assert client.get(reverse("manage-agency", args=[other.agency_id])).status_code == 404
    FactorRecovery.objects.create(account=other.account, reason="mất máy", asked_by=own.account)
    assert "mất máy" not in client.get(reverse("manage-recoveries")).content.decode()


def test_units_below_belong_to_their_agency():
    police = staff_actor("quantri.congan", "police", Role.ADMINISTRATOR)
    found = set(administered_agencies(police).filter(valid_to=None).values_list("key", flat=True))
    assert found == {"police", "commune_police"}


def test_who_also_works_elsewhere_or_for_the_province_is_locked_by_the_provinces_administrator(
    of_justice, of_province, own
):
    assert may(of_justice, "lock", own.account)
    StaffPostFactory(account=own.account, agency=agency_called("construction"))
    assert not may(of_justice, "lock", own.account)
    assert may(of_province, "lock", own.account)
    password = own.account.password
    answer = signed_in(of_justice).post(reverse("manage-post-account", args=[own.pk]), {"action": "reset"}, follow=True)
    assert "quản trị viên của tỉnh" in answer.content.decode()
    assert Account.objects.get(pk=own.account_id).password == password
    supervisor = StaffPostFactory(account=AccountFactory(), agency=own.agency, role=Role.SUPERVISOR)
    assert not may(of_justice, "lock", supervisor.account)
    assert not may(of_justice, "end", supervisor)


def test_a_post_that_ended_elsewhere_binds_nobody(of_justice, own):
    past = date(2025, 8, 1)
    StaffPostFactory(account=own.account, agency=agency_called("construction"), valid_to=past)
    assert may(of_justice, "lock", own.account)


@pytest.mark.parametrize(
    ("agency", "role", "given"),
    [("justice", Role.OFFICER, True), ("construction", Role.OFFICER, False), ("justice", Role.SUPERVISOR, False)],
)
def test_posts_are_given_at_ones_own_agency_and_none_of_the_whole_province(of_justice, agency, role, given):
    agency = agency_called(agency)
    form = {"username": "nguoi.moi", "full_name": "Người Mới", "agency": agency.pk, "role": role}
    signed_in(of_justice).post(reverse("manage-staff-add"), form | {"valid_from": "01/07/2026"})
    assert StaffPost.objects.filter(account__username="nguoi.moi").exists() == given
    if not given:
        with pytest.raises(posts.PostRefused, match="cơ quan mình"):
            posts.add_post(AccountFactory(), agency=agency, role=role, valid_from=date(2026, 7, 1), by=of_justice)


@pytest.mark.parametrize(
    "name", ["manage-notices", "manage-notices-failed", "manage-papers", "manage-moving", "manage-report-forms"]
)
def test_what_holds_in_the_whole_province_is_for_its_administrators(of_justice, of_province, name):
    assert signed_in(of_justice).get(reverse(name)).status_code == 403
    assert signed_in(of_province).get(reverse(name)).status_code == 200
    assert reverse(name) not in signed_in(of_justice).get(reverse("manage")).content.decode()


def test_a_calendar_that_others_count_by_is_not_changed(of_justice, of_province):
    day = {"date": "25/11/2026", "kind": "off", "name": "Nghỉ", "document": "Công điện 12"}
    state = reverse("manage-calendar", args=["state"])
    answer = signed_in(of_justice).post(state, day, follow=True)
    assert "Chỉ quản trị viên của mọi cơ quan dùng lịch này" in answer.content.decode()
    assert not CalendarDay.objects.filter(date=date(2026, 11, 25)).exists()
    own = WorkCalendar.objects.create(key="tu-phap", name="Lịch của Sở", base=WorkCalendar.objects.get(key="state"))
    Agency.objects.filter(pk=of_justice.post.agency_id).update(calendar=own)
    address = reverse("manage-calendar", args=["tu-phap"])
    shown = signed_in(of_justice).post(address, day)
    assert signed_in(of_justice).post(address, shown.context["fields"]).status_code == 302
    assert CalendarDay.objects.filter(calendar=own, date=date(2026, 11, 25)).exists()


def test_policy_and_list_agree(of_justice, of_province, own, other):
    for actor in (of_justice, of_province, holder_of(own), holder_of(other)):
        seen = set(visible(actor, StaffPost.objects.all()))
        assert seen == {post for post in StaffPost.objects.all() if may(actor, "view", post)}


@pytest.mark.parametrize(
    "name",
    [
        "manage-agency-add",
        "manage-systems",
        "manage-connections",
        "manage-webhooks",
        "manage-national",
        "manage-go-live",
    ],
)
def test_what_holds_for_the_whole_province_is_kept_from_administrators_of_one_agency(of_justice, of_province, name):
    assert signed_in(of_justice).get(reverse(name)).status_code == 403
    assert signed_in(of_justice).post(reverse(name)).status_code == 403
    assert signed_in(of_province).get(reverse(name)).status_code == 200


def test_parents_and_hours_of_others_are_kept_from_administrators_of_one_agency(of_justice, other):
    client = signed_in(of_justice)
    assert client.get(reverse("manage-agency-place", args=[other.agency_id])).status_code == 403
    assert client.post(reverse("manage-agency-calendar", args=[other.agency_id])).status_code == 404
    key = other.agency.calendar.key
    assert client.get(reverse("manage-calendar-hours", args=[key])).status_code == 403
