"""How many notices wait to be read, and that an open fee is never "nothing to do"."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from dossiers.models import Dossier, DossierEvent, State
from dossiers.notifications.handlers import _next
from notices import inbox
from notices.models import Notice
from notices.views.inbox import told_here


@pytest.fixture
def reader(db):
    return Account.objects.create_account("027190000011", None, full_name="Nguyễn Thị Ánh")


@pytest.mark.parametrize("address", ["home", "notices", "procedure-list"])
def test_every_page_leads_to_the_notices_and_counts_the_unread(client, reader, address):
    client.force_login(reader, backend="accounts.backends.AccountBackend")
    for number in range(3):
        Notice.objects.create(
            key=f"k{number}", channel="portal", account=reader, kind="pin", subject="Có tin", body="…", link="/"
        )
    page = client.get(reverse(address)).content.decode()
    assert reverse("notices") in page
    assert "chưa đọc: </span>3</span>" in page
    inbox.mark_read(reader)
    assert "oss-bell__count" not in client.get(reverse(address)).content.decode()


def test_a_notice_read_here_does_not_spell_out_its_own_page():
    link = "https://portal.example/my/dossiers/1/"
    notice = Notice(link=link, body=f"Đã tiếp nhận.\n\nXem hồ sơ: {link}\n")
    assert told_here(notice) == "Đã tiếp nhận."
    assert told_here(Notice(link="", body="Dòng một\nDòng hai")) == "Dòng một\nDòng hai"


def test_nobody_signed_in_sees_no_bell(client, db):
    assert "oss-bell" not in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("state", [State.FILED, State.PROCESSING, State.SUPPLEMENT, State.DONE])
def test_an_open_fee_comes_before_everything_else(state):
    event = DossierEvent(to_state=state)
    with translation.override("vi"):
        assert "hãy nộp phí" in _next(Dossier(state=state, fee_amount=20_000), event)
        assert "hãy nộp phí" not in _next(Dossier(state=state, fee_amount=0), event)


@pytest.mark.parametrize("page", ["privacy", "accessibility", "terms"])
def test_the_foot_of_every_page_leads_to_what_people_may_ask(client, db, settings, page):
    settings.HOTLINE = "1900 1234"
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert 'href="tel:19001234"' in answer.content.decode()
    assert reverse(page) in client.get(reverse("home")).content.decode()
