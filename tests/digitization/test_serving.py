"""Who gets a file, and how it is sent."""

import uuid

import pytest
from django.urls import reverse

from digitization import scans, uploads
from digitization.cards import read_card
from digitization.models import Scan, StoredFile
from digitization.permissions import may_add_file
from tests.factories.scans import drawn, encoded, office_file, sent_file, written_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(owner, actor):
    stored = uploads.store_file(sent_file(written_pdf("Đơn xin xác nhận")), "Đơn xin.pdf", owner, actor)
    scans.queue_scan(stored)
    return stored


@pytest.fixture
def read_file(file):
    scans.process_scan(str(file.pk))
    return file


def addresses(file):
    return [
        reverse("file", args=[file.pk]),
        reverse("file-pdf", args=[file.pk]),
        reverse("file-page", args=[file.pk, 1]),
        reverse("file-progress", args=[file.pk]),
    ]


def test_owner_gets_everything(client, citizen, read_file):
    client.force_login(citizen)
    for address in addresses(read_file):
        assert client.get(address).status_code == 200, address


def test_stranger_gets_nothing_and_learns_nothing(client, stranger, read_file):
    client.force_login(stranger)
    unknown = client.get(reverse("file", args=[uuid.uuid4()]))
    for address in addresses(read_file):
        answer = client.get(address)
        assert answer.status_code == unknown.status_code == 404, address


def test_without_signing_in_one_is_led_to_it(client, read_file):
    for address in [*addresses(read_file), reverse("file", args=[uuid.uuid4()])]:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(reverse("sign-in"))


def test_owner_prefix_that_nobody_registered_is_refused(client, citizen, actor):
    client.force_login(citizen)
    file = uploads.store_file(sent_file(written_pdf("Đơn")), "a.pdf", "nobody:1", actor)
    assert client.get(reverse("file", args=[file.pk])).status_code == 404
    assert not may_add_file(actor, "nobody:1")
    assert not may_add_file(actor, "testcase")


def test_file_taken_back_is_gone(client, citizen, file):
    client.force_login(citizen)
    uploads.discard_file(file)
    assert client.get(reverse("file", args=[file.pk])).status_code == 404


def test_original_is_sent_as_it_came(client, citizen, file):
    client.force_login(citizen)
    answer = client.get(reverse("file", args=[file.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C4%90%C6%A1n%20xin.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"


def test_only_what_a_browser_shows_safely_is_inline(client, citizen, owner, actor, file):
    client.force_login(citizen)
    pdf = client.get(reverse("file", args=[file.pk]), {"inline": "1"})
    assert pdf["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in pdf["Content-Security-Policy"]
    word = uploads.store_file(sent_file(office_file()), "a.docx", owner, actor)
    assert client.get(reverse("file", args=[word.pk]), {"inline": "1"})["Content-Disposition"].startswith("attachment")


def test_content_lost_from_the_storage_is_no_500(client, citizen, file, media):
    client.force_login(citizen)
    (media / file.storage_name).unlink()
    assert client.get(reverse("file", args=[file.pk])).status_code == 404


def test_searchable_form_keeps_the_name(client, citizen, owner, actor):
    client.force_login(citizen)
    picture = uploads.store_file(sent_file(encoded(drawn())), "giấy ra viện.png", owner, actor)
    scans.queue_scan(picture)
    assert client.get(reverse("file-pdf", args=[picture.pk])).status_code == 404
    scans.process_scan(str(picture.pk))
    answer = client.get(reverse("file-pdf", args=[picture.pk]))
    assert answer["Content-Disposition"].endswith("gi%E1%BA%A5y%20ra%20vi%E1%BB%87n.pdf")


def test_progress_asks_again_until_it_is_done(client, citizen, file):
    client.force_login(citizen)
    address = reverse("file-progress", args=[file.pk])
    headers = {"HX-Request": "true"}
    Scan.objects.filter(pk=file.pk).update(state=Scan.State.RUNNING, pages=5, pages_done=2)
    running = client.get(address, headers=headers).content.decode()
    assert f'hx-get="{address}"' in running
    assert 'max="5"' in running
    assert 'value="2"' in running
    Scan.objects.filter(pk=file.pk).update(state=Scan.State.PARKED, reason="timeout")
    parked = client.get(address, headers=headers).content.decode()
    assert "hx-get" not in parked
    assert str(scans.reason_sentence("timeout")) in parked


def test_progress_without_javascript_is_a_page(client, citizen, file):
    client.force_login(citizen)
    page = client.get(reverse("file-progress", args=[file.pk]))
    assert "<h1" in page.content.decode()
    assert "<noscript>" in page.content.decode()


def test_card_keeps_its_button_while_it_renews_itself(client, citizen, file):
    client.force_login(citizen)
    shown = read_card(StoredFile.objects.get(pk=file.pk), remove_url="/my/files/remove")
    renewed = client.get(shown["progress_url"], headers={"HX-Request": "true"}).content.decode()
    assert 'action="/my/files/remove"' in renewed
    forged = reverse("file-progress", args=[file.pk]) + "?kept_card=/sign-out/"
    assert "sign-out" not in client.get(forged, headers={"HX-Request": "true"}).content.decode()


def test_queries_of_a_download(client, citizen, file, django_assert_max_num_queries):
    client.force_login(citizen)
    with django_assert_max_num_queries(6):
        client.get(reverse("file", args=[file.pk]))
