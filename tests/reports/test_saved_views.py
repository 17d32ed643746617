"""Tables of figures that somebody named: opened by an address, shared within an agency, never with the figures."""

import pytest
from django.urls import reverse

from reports.models import SavedView
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
ASKED = "period=2025-Q4&set=timeliness&by=procedure&sort=-late"


def save(client, name, *, shared=False, asked=ASKED):
    data = {"name": name, **({"shared": "1"} if shared else {})}
    return client.post(f"{reverse('reports-save')}?{asked}", data, follow=True)


def test_a_saved_table_opens_as_it_was_asked_for(cast):
    head, leader = signed_in(cast.head), signed_in(cast.leader)
    assert "Đã lưu bảng “Quý bốn”" in save(head, "Quý bốn").content.decode()
    [view] = SavedView.objects.all()
    address = reverse("reports-saved", args=[view.uid])
    assert head.get(address)["Location"] == f"{reverse('reports-table')}?{ASKED}"
    assert "Quý bốn" in head.get(reverse("reports-table")).content.decode()
    assert leader.get(address).status_code == 404
    assert "Quý bốn" not in leader.get(reverse("reports-table")).content.decode()
    save(head, "Quý bốn", shared=True, asked="period=this_month&set=now&by=agency")
    assert leader.get(address)["Location"].endswith("period=this_month&set=now&by=agency")
    away = reverse("reports-saved-delete", args=[view.uid])
    assert leader.post(away).status_code == 404
    assert "Đã xóa bảng" in head.post(away, follow=True).content.decode()
    assert not SavedView.objects.exists()


def test_a_table_without_a_name_is_told_what_to_do_and_the_list_has_an_end(cast, monkeypatch):
    head = signed_in(cast.head)
    assert "Hãy đặt tên cho bảng." in save(head, "  ").content.decode()
    assert "Tên dài quá 80 ký tự." in save(head, "a" * 81).content.decode()
    monkeypatch.setattr("reports.views.saved.AT_MOST", 2)
    save(head, "một")
    save(head, "hai")
    assert "Hãy xóa bớt một bảng" in save(head, "ba").content.decode()
    assert "Đã lưu bảng “hai”" in save(head, "hai").content.decode()
    assert SavedView.objects.count() == 2


def test_only_a_table_that_can_be_asked_for_is_saved(cast):
    head = signed_in(cast.head)
    assert head.post(f"{reverse('reports-save')}?set=nothing", {"name": "x"}).status_code == 404
    assert save(head, "y", asked="by=nothing&junk=1").status_code == 200
    assert "junk" not in SavedView.objects.get().query
