"""Posts hold for a time, are delegated for a time, and an administrator keeps them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import posts
from accounts.actors import Actor
from accounts.models import Account, StaffPost
from accounts.permissions import may, visible
from agencies.models import Agency, Desk
from journal.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def account(name):
    return Account.objects.get(username=name)


def post_of(name):
    return StaffPost.objects.select_related("account").get(account__username=name)


def actor(name):
    return Actor(account=account(name), post=post_of(name))


@pytest.fixture
def administrator(bacninh):
    return actor("quantri")


def test_a_post_holds_to_the_end_of_its_last_day(administrator):
    posts.end_post(post_of("chuyenvien.tuphap"), last_day=DAY, by=administrator)
    assert posts.valid_posts(account("chuyenvien.tuphap"), on=DAY)
    assert not posts.valid_posts(account("chuyenvien.tuphap"), on=DAY + timedelta(days=1))
    with pytest.raises(posts.PostRefused):
        posts.end_post(post_of("chuyenvien.tuphap"), last_day=DAY + timedelta(days=9), by=administrator)


def test_a_delegation_holds_for_its_days_and_no_longer_than_its_post(administrator):
    head, officer = post_of("truongphong.tuphap"), account("chuyenvien.tuphap")
    posts.delegate_post(head, to=officer, valid_from=DAY, valid_to=DAY + timedelta(days=9), by=administrator)
    roles = [post.role for post in posts.valid_posts(officer, on=DAY)]
    assert roles == ["officer", "unit_head"]
    assert len(posts.valid_posts(officer, on=DAY + timedelta(days=10))) == 1
    posts.end_post(head, last_day=DAY + timedelta(days=2), by=administrator)
    assert len(posts.valid_posts(officer, on=DAY + timedelta(days=3))) == 1
    assert Entry.objects.filter(verb="post_delegated").count() == 1


def test_what_was_given_today_is_taken_back_today(administrator):
    head, officer = post_of("truongphong.tuphap"), account("chuyenvien.tuphap")
    days = {"valid_from": DAY, "valid_to": DAY + timedelta(days=9), "by": administrator}
    given = posts.delegate_post(head, to=officer, **days)
    assert len(posts.valid_posts(officer, on=DAY)) == 2
    with pytest.raises(posts.PostRefused):
        posts.end_post(given, last_day=DAY - timedelta(days=2), by=administrator)
    posts.end_post(given, last_day=DAY - timedelta(days=1), by=administrator)
    assert len(posts.valid_posts(officer, on=DAY)) == 1
    assert len(posts.valid_posts(officer, on=DAY - timedelta(days=1))) == 1
    posts.delegate_post(head, to=officer, **days)  # rightly this time


def test_delegations_are_not_passed_on_nor_made_to_oneself_nor_twice(administrator):
    head, days = post_of("truongphong.tuphap"), {"valid_from": DAY, "valid_to": DAY}
    one = posts.delegate_post(head, to=account("chuyenvien.tuphap"), by=administrator, **days)
    for refused, to in (
        (one, account("vanthu.tuphap")),
        (head, head.account),
        (head, account("chuyenvien.tuphap")),
    ):
        with pytest.raises(posts.PostRefused):
            posts.delegate_post(refused, to=to, by=administrator, **days)


def test_a_counter_post_needs_a_desk_of_its_agency(administrator):
    centre = Agency.objects.get(key="provincial_centre")
    other = Desk.objects.filter(agency__key="commune_centre").first()
    for desk in (None, other):
        with pytest.raises(posts.PostRefused):
            posts.add_post(
                account("vanthu.tuphap"), agency=centre, role="counter", desk=desk, valid_from=DAY, by=administrator
            )


def test_no_post_makes_a_citizens_account_an_administrators(administrator, sign_in):
    """Whoever had given it a post could give it a new password too, and act as that citizen."""
    agency, citizen = post_of("lanhdao.tuphap").agency, account("024158990001")
    facts = {"agency": agency, "role": "officer", "valid_from": DAY, "by": administrator}
    with pytest.raises(posts.PostRefused, match="tài khoản của người dân"):
        posts.add_post(citizen, **facts)
    for number in ("027190000099", "m12345678@kr"):  # nor is one opened under the number of who may come one day
        with pytest.raises(posts.PostRefused, match="tài khoản của người dân"):
            posts.create_staff_account(number, full_name="Ai Đó", by=administrator)
    given = {"username": citizen.username, "agency": agency.pk, "role": "officer", "valid_from": "1/7/2027"}
    answers = [sign_in("quantri").post(reverse("manage-staff-add"), given | {"username": name, "full_name": "Ai Đó"})
               for name in (citizen.username, "027190000099")]  # fmt: skip
    for answer in answers:  # the same, whether the number has an account or not
        assert "không phải là số giấy tờ" in answer.content.decode()
        assert citizen.full_name not in answer.content.decode()
    assert not citizen.posts.exists()


def test_nobody_gives_a_post_to_themselves(administrator):
    own = administrator.account
    facts = {"agency": post_of("lanhdao.tuphap").agency, "role": "leader", "title": "Giám đốc", "valid_from": DAY}
    with pytest.raises(posts.PostRefused, match="tự giao vị trí"):
        posts.add_post(own, by=administrator, **facts)
    with pytest.raises(posts.PostRefused, match="tự ủy quyền"):
        posts.delegate_post(post_of("lanhdao.tuphap"), to=own, valid_from=DAY, valid_to=DAY, by=administrator)


@pytest.mark.parametrize("role", ["leader", "unit_head"])
def test_who_signs_papers_has_a_title(administrator, role):
    facts = {"agency": post_of("lanhdao.thue").agency, "role": role, "valid_from": DAY, "by": administrator}
    with pytest.raises(posts.PostRefused, match="chức danh"):
        posts.add_post(account("vanthu.tuphap"), title=" ", **facts)
    assert posts.add_post(account("vanthu.tuphap"), title="Phó Trưởng Thuế", **facts).title == "Phó Trưởng Thuế"
    assert all(post.title for post in StaffPost.objects.filter(role=role))  # of the demonstration as well


def test_an_administrator_changes_title_and_telephone_of_a_post(sign_in):
    client, post = sign_in("quantri"), post_of("lanhdao.tuphap")
    page = reverse("manage-post-details", args=[post.pk])
    assert page in client.get(reverse("manage-post", args=[post.pk])).content.decode()
    refused = client.post(page, {"title": "", "phone": "0222 3855 100"})
    assert "Hãy nhập chức danh" in refused.content.decode()
    assert 'value="0222 3855 100"' in refused.content.decode()
    client.post(page, {"title": "Phó Giám đốc", "unit": " Phòng  Hộ tịch ", "phone": "0222 3855 100"})
    post.refresh_from_db()
    assert (post.title, post.unit, post.phone) == ("Phó Giám đốc", "Phòng Hộ tịch", "02223855100")
    assert Entry.objects.filter(verb="post_described").count() == 1
    assert sign_in("lanhdao.tuphap").post(page, {"title": "Giám đốc"}).status_code == 403


def test_a_unit_of_an_agency_is_written_one_way(administrator):
    agency, other = post_of("lanhdao.tuphap").agency, post_of("lanhdao.thue").agency
    facts = {"title": "Phó Giám đốc", "role": "leader", "valid_from": DAY, "by": administrator}
    first = posts.add_post(account("vanthu.tuphap"), agency=agency, unit="Phòng Hộ tịch", **facts)
    second = posts.add_post(account("lanhdao.thue"), agency=agency, unit="phong HO TICH", **facts)
    elsewhere = posts.add_post(account("lanhdao.tuphap"), agency=other, unit="PHÒNG HỘ TỊCH", **facts)
    assert (second.unit, elsewhere.unit) == ("Phòng Hộ tịch", "PHÒNG HỘ TỊCH")
    details = {"title": "Phó Giám đốc", "phone": "", "by": administrator}
    posts.describe_post(second, unit="Phòng Hộ Tịch", **details)  # how the unit is written, for all of it
    assert {StaffPost.objects.get(pk=each.pk).unit for each in (first, second)} == {"Phòng Hộ Tịch"}
    posts.describe_post(second, unit="Phòng Bổ trợ", **details)  # another one, for this post alone
    assert [StaffPost.objects.get(pk=p.pk).unit for p in (first, second)] == ["Phòng Hộ Tịch", "Phòng Bổ trợ"]
    posts.describe_post(second, unit="phòng hộ  tịch", **details)
    assert StaffPost.objects.get(pk=second.pk).unit == "Phòng Hộ Tịch"
    assert StaffPost.objects.get(pk=elsewhere.pk).unit == "PHÒNG HỘ TỊCH"


def test_the_database_keeps_posts_forward_delegations_ending_and_one_of_a_kind(administrator):
    post = post_of("chuyenvien.tuphap")
    for changes in ({"valid_to": post.valid_from - timedelta(days=2)}, {"delegated_by": post_of("lanhdao.tuphap")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffPost.objects.filter(pk=post.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffPost.objects.create(account=post.account, agency=post.agency, role=post.role)


def test_policies(bacninh):
    counter, officer, administrator = actor("motcua.tinh"), actor("chuyenvien.tuphap"), actor("quantri")
    citizen = Actor(account=account("024158990001"))
    other = account("027065990002").person
    assert may(citizen, "change", citizen.person)
    assert not may(citizen, "view", other)
    assert may(counter, "view", other)
    assert not may(officer, "view", other)
    assert not may(administrator, "view", other)
    assert not may(Actor(), "view", other)
    assert [*visible(citizen, type(other).objects.all())] == [citizen.person]
    assert visible(counter, type(other).objects.all()).count() == 30
    assert not visible(officer, type(other).objects.all())
    assert may(actor("truongphong.tuphap"), "delegate", post_of("truongphong.tuphap"))
    assert not may(actor("truongphong.tuphap"), "delegate", post_of("lanhdao.tuphap"))
    assert not may(officer, "delegate", post_of("chuyenvien.tuphap"))
    assert may(administrator, "reset_password", account("chuyenvien.tuphap"))
    assert not may(administrator, "reset_password", citizen.account)


def test_an_administrator_gives_a_post_to_somebody_new(sign_in):
    client = sign_in("quantri")
    centre = Agency.objects.get(key="commune_centre", territory__code="09187")
    form = {
        "username": "moi.nguyen",
        "full_name": "nguyễn văn mới",
        "agency": centre.pk,
        "role": "counter",
        "valid_from": "23/11/2026",
    }
    answer = client.post(reverse("manage-staff-add"), form | {"full_name": ""})
    assert "Hãy nhập họ và tên" in answer.content.decode()
    answer = client.post(reverse("manage-staff-add"), form)
    assert "chỉ hiện một lần" in answer.content.decode()
    post = post_of("moi.nguyen")
    assert (post.account.full_name, post.desk.agency) == ("Nguyễn Văn Mới", centre)
    assert post.account.password_is_initial
    again = client.post(reverse("manage-staff-add"), form)
    assert "đang giữ đúng vị trí" in again.content.decode()


def test_an_administrator_ends_locks_and_resets(sign_in):
    client = sign_in("quantri")
    post = post_of("chuyenvien.yte")
    address = reverse("manage-post-end", args=[post.pk])
    assert client.post(address, {"last_day": "01/01/2020"}).status_code == 200
    assert client.post(address, {"last_day": "31/12/2026"}).status_code == 302
    old = post.account.password
    shown = client.post(reverse("manage-post-account", args=[post.pk]), {"action": "reset"})
    assert shown.status_code == 200
    assert account("chuyenvien.yte").password != old
    client.post(reverse("manage-post-account", args=[post_of("quantri").pk]), {"action": "lock"})
    assert account("quantri").is_active


def test_a_head_delegates_their_own_post(sign_in):
    client = sign_in("truongphong.tuphap")
    address = reverse("manage-post-delegate", args=[post_of("truongphong.tuphap").pk])
    form = {"to": "chuyenvien.tuphap", "valid_from": "23/11/2026", "valid_to": "30/11/2026"}
    assert client.post(address, form | {"to": "024158990001"}).status_code == 200
    assert client.post(address, form)["Location"] == reverse("profile")
    other = reverse("manage-post-delegate", args=[post_of("lanhdao.tuphap").pk])
    assert client.post(other, form).status_code == 404


def test_the_list_is_searched_filtered_and_paged_with_constant_queries(sign_in, django_assert_max_num_queries):
    client = sign_in("quantri")
    with django_assert_max_num_queries(12):
        first = client.get(reverse("manage-staff"))
    page = first.context["page"]
    assert page.shown == 50
    seen = [post.pk for post in page.items]
    while page.next_url:
        page = client.get(reverse("manage-staff") + page.next_url).context["page"]
        seen += [post.pk for post in page.items]
    assert len(seen) == len(set(seen)) == first.context["total"]
    back = client.get(reverse("manage-staff") + page.previous_url).context["page"]
    assert [post.pk for post in back.items] == seen[-page.shown - 50 : -page.shown]
    found = client.post(reverse("manage-staff"), {"q": "tuphap", "role": "officer"}, follow=True).context["page"]
    assert [post.account.username for post in found.items] == ["chuyenvien.tuphap", "chuyenvien2.tuphap"]
    assert client.post(reverse("manage-staff"), {"q": "so tu phap"}, follow=True).context["total"] == 5
    for odd in ("%", "'", "\0", "x" * 3000):
        assert client.get(reverse("manage-staff"), {"find": odd, "after": odd, "role": odd}).status_code == 200
        assert client.post(reverse("manage-staff"), {"q": odd, "role": odd}, follow=True).status_code == 200


def test_somebody_with_two_posts_chooses(sign_in):
    posts.delegate_post(
        post_of("truongphong.tuphap"),
        to=account("chuyenvien.tuphap"),
        valid_from=date(2025, 7, 1),
        valid_to=date(9999, 12, 30),
        by=actor("quantri"),
    )
    client = sign_in("chuyenvien.tuphap")
    assert client.get(reverse("after-sign-in"))["Location"] == reverse("choose-post")
    head = StaffPost.objects.get(account__username="chuyenvien.tuphap", role="unit_head")
    client.post(reverse("choose-post"), {"post": head.pk})
    assert client.get(reverse("profile")).context["actor"].role == "unit_head"
    client.post(reverse("choose-post"), {"post": post_of("lanhdao.tuphap").pk})
    assert client.get(reverse("profile")).context["actor"].role == "unit_head"


def test_whose_last_post_is_over_is_told_so_and_whom_to_ask(sign_in):
    post = StaffPost.objects.get(account__username="chuyenvien.kinhbac")
    client = sign_in("chuyenvien.kinhbac")
    yesterday = timezone.localdate() - timedelta(days=1)
    StaffPost.objects.filter(pk=post.pk).update(valid_from=yesterday, valid_to=yesterday)
    for address in ("work", "desk"):
        assert client.get(reverse(address)).url == reverse("choose-post")
    assert client.get(reverse("after-sign-in")).url == reverse("choose-post")
    page = client.get(reverse("choose-post")).content.decode()
    assert post.agency.name in page
    assert f"ngày cuối {yesterday:%d/%m/%Y}" in page or f"{yesterday:%d/%m/%Y}" in page
    assert StaffPost.objects.get(account__username="quantri").account.full_name in page
    # Who never held one is a citizen, and goes where citizens go.
    assert sign_in("024158990001").get(reverse("after-sign-in")).url == reverse("my-dossiers")
