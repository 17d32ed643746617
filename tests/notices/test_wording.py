"""Texts that administrators write: checked, versioned, previewed; and the list of what nobody got."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from notices import delivery, kinds, placeholders, wording
from notices.models import Channel, Notice, Wording
from notices.notify import Recipient, notify
from tests.factories.people import AccountFactory, StaffPostFactory, holder_of, signed_in

FACTS = {"code": "H05.01-261123-0001", "owner": "Lê & Sơn", "title": "Khai sinh", "due": "17:00 25/11/2026"}
PATH = "/manage/notices/overdue/email/vi/"
BODY = "Hồ sơ {{ code }} quá hạn {{ due }}. Mở: {{ link }}"


@pytest.fixture
def administrator(db) -> Actor:
    account = AccountFactory(username="quan.tri", full_name="Quản Trị")
    return holder_of(StaffPostFactory(account=account, role="administrator"))


@pytest.fixture
def second(administrator) -> Client:
    """Another administrator, signed in."""
    return signed_in(holder_of(StaffPostFactory(agency=administrator.post.agency, role="administrator")))


@pytest.fixture
def page(client, administrator):
    client.force_login(administrator.account)
    return client


@pytest.mark.parametrize("kind", [kind.name for kind in kinds.every_kind()])
@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("channel", Channel.values)
@pytest.mark.django_db
def test_every_shipped_text_uses_only_its_placeholders_and_fits(kind, language, channel):
    known = kinds.kind_named(kind)
    text = wording.shipped(kind, channel, language)
    wording.check_wording(known, channel, text.subject, text.body)
    subject, body = wording.render_notice(
        known, channel, language, {"link": "https://motcua.example/d/1/", **known.example}
    )
    assert subject
    assert "{{" not in body
    if channel == "sms":
        assert body.isascii()
        assert len(body) <= 306


@pytest.mark.parametrize(
    "source",
    [
        "{{ secret }}",
        "{{ code|upper }}",
        "{{ item.name.x.y }}",
        "{% load static %}",
        "{% include 'x' %}",
        "{% extends 'base' %}",
        "{% debug %}",
        "{% if secret %}x{% endif %}",
        "{% if code == secret %}x{% endif %}",
        "{% for a in secret %}{% endfor %}",
        "{% if code %}",
        "{{ code ",
        "{% with a=code %}{{ a }}{% endwith %}",
        "{% if code %}{% if code %}{% if code %}{% if code %}{{ code }}{% endif %}{% endif %}{% endif %}{% endif %}",
    ],
)
def test_what_is_no_placeholder_is_refused_in_words(source):
    if source == "{{ code ":
        placeholders.check_placeholders(source, {"code"})  # plain text for the engine: nothing to fill
        return
    with pytest.raises(placeholders.BadText) as refusal:
        placeholders.check_placeholders(source, {"code", "items"})
    assert refusal.value.sentence


def test_lists_and_conditions_are_allowed():
    source = "{% for item in items %}- {{ item.name }}{% endfor %}{% if code and not items %}x{% endif %}"
    placeholders.check_placeholders(source, {"code", "items"})
    assert placeholders.fill_placeholders(source, {"items": [{"name": "Ảnh"}], "code": ""}) == "- Ảnh"


@pytest.mark.parametrize("accents", [False, True])
def test_a_long_sms_is_cut_and_its_link_stays_whole(settings, accents):
    settings.SMS_ACCENTS = accents
    link = "https://motcua.example/my/dossiers/0/"
    said = wording.for_telephone("Đề nghị bổ sung " * 60 + link, link, "sms")
    assert said.endswith(link)
    assert len(said) <= wording.SMS_CHARACTERS[accents]
    assert said.isascii() != accents


def press(client, path, do, **more):
    """A button under the draft, or under the text in force, on a page as it is now."""
    waiting = Wording.objects.filter(status__in=("draft", "submitted")).first()
    return client.post(path, {"do": do, "revision": str(waiting.revision if waiting else 0), **more})


def test_a_new_version_is_told_once_a_second_administrator_agrees(page, administrator, second):
    path = "/manage/notices/overdue/portal/vi/"
    notify("before", [Recipient(administrator.account)], "overdue", FACTS, link="/x/", at=timezone.now())
    answer = page.post(path, {"subject": "Trễ {{ code }}", "body": BODY, "revision": "-1"})
    assert answer.status_code == 302
    assert press(page, path, "submit").status_code == 302
    refused = press(page, path, "force")
    assert refused.status_code == 409
    assert "không tự đưa vào áp dụng" in refused.content.decode()
    notify("between", [Recipient(administrator.account)], "overdue", FACTS, link="/x/", at=timezone.now())
    assert press(second, path, "force").status_code == 302
    notify("after", [Recipient(administrator.account)], "overdue", FACTS, link="/x/", at=timezone.now())
    assert Notice.objects.get(key="before").subject.startswith("Quá hạn")
    assert Notice.objects.get(key="after").subject == "Trễ H05.01-261123-0001"
    assert Notice.objects.get(key="between").subject.startswith("Quá hạn")
    written = Wording.objects.get()
    assert (written.number, written.edited_label) == (1, administrator.label)
    assert press(second, path, "undo", reason="Viết nhầm").status_code == 302
    notify("undone", [Recipient(administrator.account)], "overdue", FACTS, link="/x/", at=timezone.now())
    assert Notice.objects.get(key="undone").subject.startswith("Quá hạn")


def test_two_who_edit_at_once_do_not_overwrite_each_other(page, second):
    new = {"subject": "Trễ", "body": BODY, "revision": "-1"}
    assert page.post(PATH, new).status_code == 302
    late = second.post(PATH, {**new, "subject": "Khác"})
    assert late.status_code == 422
    assert "Quản Trị" in late.content.decode()
    assert 'value="Khác"' in late.content.decode()
    assert Wording.objects.get().subject == "Trễ"
    assert second.post(PATH, {**new, "subject": "Khác", "revision": "0"}).status_code == 302
    press(page, PATH, "submit")
    for writer in (page, second):
        assert press(writer, PATH, "force").status_code == 409, "both wrote a part of it"


def test_bad_text_is_refused_and_kept_in_the_form(page):
    answer = page.post(PATH, {"subject": "Trễ", "body": "{{ password }} {{ link }}", "revision": "-1"})
    assert answer.status_code == 422
    assert "password" in answer.content.decode()
    assert not Wording.objects.exists()
    without_link = page.post(PATH, {"subject": "Trễ", "body": "Không có đường dẫn", "revision": "-1"})
    assert without_link.status_code == 422


def test_preview_saves_nothing_and_shows_pretend_facts(page):
    answer = page.post(PATH, {"subject": "Trễ {{ code }}", "body": BODY, "revision": "-1", "preview": "1"})
    assert answer.status_code == 200
    assert answer.context["preview"]["subject"] == "Trễ H05.160-261123-0001"
    assert not Wording.objects.exists()


def test_an_earlier_version_can_be_begun_from(page, second):
    for subject in ("Một", "Hai"):
        page.post(PATH, {"subject": subject, "body": BODY, "revision": "-1"})
        press(page, PATH, "submit")
        press(second, PATH, "force")
    assert page.get(PATH).context["form"].initial["subject"] == "Hai"
    assert page.get(f"{PATH}?from=1").context["form"].initial["subject"] == "Một"
    assert page.get(f"{PATH}?from=0").context["form"].initial["subject"].startswith("Quá hạn")
    assert page.get(f"{PATH}?from=99").status_code == 200


def test_the_list_names_every_kind(page):
    answer = page.get("/manage/notices/")
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == len(kinds.every_kind())


def test_failed_notices_are_listed_without_their_addresses_and_sent_again(page, mailbox):
    mailbox.refused.add("gone@example.vn")
    notify("k", [Recipient(None, "gone@example.vn")], "overdue", FACTS, link="/x/", at=timezone.now())
    delivery.send_due(at=timezone.now())
    listed = page.get("/manage/notices/failed/")
    assert "gone@example.vn" not in listed.content.decode()
    assert "go…@example.vn" in listed.content.decode()
    mailbox.refused.clear()
    notice = Notice.objects.get()
    assert page.post("/manage/notices/failed/retry/", {"selected": [str(notice.pk)]}).status_code == 302
    assert delivery.send_due(at=timezone.now()) == 1
    assert len(mailbox.taken) == 1
    assert not page.get("/manage/notices/failed/").context["page"].items
    page.post("/manage/notices/failed/retry/", {"selected": [str(notice.pk), "x"]})
    assert delivery.send_due(at=timezone.now()) == 0


def test_listing_costs_the_same_whatever_the_number(page, django_assert_max_num_queries, mailbox):
    for n in range(30):
        notify(f"k{n}", [Recipient(None, f"a{n}@example.vn")], "overdue", FACTS, link="/x/", at=timezone.now())
    Notice.objects.update(state=Notice.State.FAILED)
    with django_assert_max_num_queries(12):
        page.get("/manage/notices/failed/")
    with django_assert_max_num_queries(12):
        page.get("/manage/notices/")
