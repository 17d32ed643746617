"""Uploads over a line that breaks: tus 1.0."""

import base64
import hashlib
import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from digitization import incoming, uploads
from digitization.models import IncomingUpload, StoredFile
from digitization.signals import upload_completed
from tests.factories.scans import drawn, scanned_pdf, written_pdf

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


@pytest.fixture
def browser(client, citizen):
    client.force_login(citizen)
    return client


def metadata(**facts):
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items())


def begin(browser, owner, size, name="Tờ khai.pdf"):
    facts = metadata(filename=name, owner=owner, purpose="tờ khai")
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": facts}
    return browser.post(reverse("file-upload"), headers=headers)


def patch(browser, address, offset, data, **headers):
    return browser.patch(address, data, content_type=PART, headers={**TUS, "Upload-Offset": str(offset), **headers})


def test_upload_goes_on_where_the_line_broke(browser, owner, citizen):
    arrived = []

    def receive(sender, file, purpose, actor, **_):
        arrived.append((file.pk, purpose, actor.account))

    upload_completed.connect(receive)
    data = scanned_pdf(drawn(), drawn())
    half = len(data) // 2
    made = begin(browser, owner, len(data))
    assert made.status_code == 201
    address = made["Location"]
    assert patch(browser, address, 0, data[:half])["Upload-Offset"] == str(half)
    standing = browser.head(address, headers=TUS)
    assert (standing["Upload-Offset"], standing["Upload-Length"]) == (str(half), str(len(data)))
    assert "no-store" in standing["Cache-Control"]
    last = patch(browser, address, half, data[half:])
    upload_completed.disconnect(receive)
    assert last.status_code == 204
    file = StoredFile.objects.get(pk=last["OSS-File"])
    assert (file.owner, file.name, file.sha256) == (owner, "Tờ khai.pdf", hashlib.sha256(data).hexdigest())
    assert arrived == [(file.pk, "tờ khai", citizen)]
    assert browser.head(address, headers=TUS)["OSS-File"] == str(file.pk)
    assert not default_storage.exists(f"incoming/{IncomingUpload.objects.get().pk}")


def test_another_files_upload_is_not_gone_on_with(browser, owner):
    """A client that resumes at a finished upload would take it for its own file, and send nothing."""
    data = written_pdf("Đơn")
    address = begin(browser, owner, len(data))["Location"]
    same = {"OSS-Length": str(len(data)), "OSS-Name": quote("Tờ khai.pdf")}
    pk = patch(browser, address, 0, data, **same)["OSS-File"]
    assert browser.head(address, headers={**TUS, **same}).status_code == 200
    for other in ({"OSS-Length": str(len(data) + 1)}, {"OSS-Name": quote("Tờ khác.pdf")}):
        assert browser.head(address, headers={**TUS, **same, **other}).status_code == 404
    uploads.discard_file(StoredFile.objects.get(pk=pk))  # taken back on the page: the same file may be sent again
    assert browser.head(address, headers={**TUS, **same}).status_code == 404


def test_part_from_the_wrong_place_changes_nothing(browser, owner):
    data = written_pdf("Đơn")
    address = begin(browser, owner, len(data))["Location"]
    assert patch(browser, address, 5, data[5:]).status_code == 409
    assert patch(browser, address, 0, data + b"more").status_code == 409
    assert IncomingUpload.objects.get().received == 0
    assert patch(browser, address, 0, data).status_code == 204
    assert patch(browser, address, 0, data).status_code == 409
    assert StoredFile.objects.count() == 1


def test_checksum_is_held_against_each_part(browser, owner):
    data = written_pdf("Đơn")
    address = begin(browser, owner, len(data))["Location"]
    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
    right = base64.b64encode(hashlib.sha1(data).digest()).decode()
    assert patch(browser, address, 0, data, **{"Upload-Checksum": f"sha1 {wrong}"}).status_code == 460
    assert patch(browser, address, 0, data, **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    assert patch(browser, address, 0, data, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 204


def test_what_arrived_before_the_line_broke_counts(browser, owner, citizen, actor):
    data = written_pdf("Đơn")
    address = begin(browser, owner, len(data))["Location"]

    class Breaking(io.BytesIO):
        def read(self, *args):
            chunk = super().read(*args)
            if not chunk:
                raise OSError("connection reset")
            return chunk

    request = RequestFactory().patch(address, b"x", content_type=PART, headers={**TUS, "Upload-Offset": "0"})
    request._stream, request.user, request.actor = Breaking(data[:300]), citizen, actor
    request.session = browser.session
    request.META["CONTENT_LENGTH"] = str(len(data))
    from digitization.views.resumable import go_on

    assert go_on(request, IncomingUpload.objects.get().pk)["Upload-Offset"] == "300"
    assert patch(browser, address, 300, data[300:]).status_code == 204


def test_file_that_is_nothing_we_take(browser, owner):
    address = begin(browser, owner, 4)["Location"]
    answer = patch(browser, address, 0, b"MZ\0\0")
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()
    assert browser.head(address, headers=TUS).status_code == 404


def test_larger_than_the_limit_is_refused_before_a_byte_is_sent(browser, owner, settings):
    answer = begin(browser, owner, settings.UPLOAD_LIMIT_BYTES + 1)
    assert answer.status_code == 413
    assert uploads.limit_sentence() in answer.content.decode()


def test_only_the_own_upload_and_only_for_a_permitted_owner(browser, owner, stranger, client):
    address = begin(browser, owner, 10)["Location"]
    assert begin(browser, "testcase:2", 10).status_code == 403
    assert begin(browser, "nobody:1", 10).status_code == 403
    other = Client()
    other.force_login(stranger)
    for answer in (
        other.head(address, headers=TUS),
        patch(other, address, 0, b"x"),
        other.delete(address, headers=TUS),
    ):
        assert answer.status_code == 404
    assert begin(other, owner, 10).status_code == 403


def test_token_against_forged_requests_is_asked_for(citizen, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(citizen)
    assert begin(strict, owner, 10).status_code == 403


def test_given_up_and_expired_uploads_leave_nothing(browser, owner):
    first = begin(browser, owner, 100)["Location"]
    patch(browser, first, 0, b"%PDF-")
    assert browser.delete(first, headers=TUS).status_code == 204
    assert browser.head(first, headers=TUS).status_code == 404
    second = begin(browser, owner, 100)["Location"]
    patch(browser, second, 0, b"%PDF-")
    assert incoming.expire_uploads(timezone.now()) == 0
    assert incoming.expire_uploads(timezone.now() + incoming.KEPT + timedelta(minutes=1)) == 1
    assert default_storage.listdir("incoming") == ([], [])


def test_one_account_cannot_fill_the_storage(browser, owner, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_AT_ONCE", 1)
    assert begin(browser, owner, 10).status_code == 201
    assert begin(browser, owner, 10).status_code == 429


@pytest.mark.parametrize(
    "headers",
    [{}, {"Upload-Length": "-1"}, {"Upload-Length": "9" * 30}, {"Upload-Length": "5", "Upload-Metadata": "owner %%"}],
)
def test_garbled_requests_are_told_so(browser, headers):
    assert browser.post(reverse("file-upload"), headers={**TUS, **headers}).status_code == 400


def test_other_version_and_capabilities(browser):
    assert browser.post(reverse("file-upload")).status_code == 412
    told = browser.options(reverse("file-upload"))
    assert told["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert told["Tus-Max-Size"] == str(100 * 1024 * 1024)


def posted(size, **extra):
    """The file of a form as the portal's upload handlers leave it."""
    boundary = b"--limit"
    body = b"".join(
        part
        for name in ("a", "b")
        for part in (
            boundary + f'\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.pdf"\r\n\r\n'.encode(),
            b"%PDF-" + b"\0" * (size - 5),
            b"\r\n",
        )
    )
    body += (
        boundary
        + b'\r\nContent-Disposition: form-data; name="note"\r\n\r\nGi\xe1\xbb\xaf l\xe1\xba\xa1i\r\n'
        + boundary
        + b"--\r\n"
    )
    request = RequestFactory().post("/", body, content_type="multipart/form-data; boundary=limit")
    return request.POST, request.FILES


def test_form_with_a_file_over_the_limit_keeps_its_answers(settings):
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    answers, files = posted(settings.UPLOAD_LIMIT_BYTES + 1)
    assert answers["note"] == "Giữ lại"
    for file in files.values():
        assert isinstance(file, UploadedFile)
        assert file.size == settings.UPLOAD_LIMIT_BYTES + 1
        assert file.read() == b""
        with pytest.raises(uploads.UploadRefused, match="Tệp này quá lớn"):
            uploads.examine_file(file)


def test_form_with_a_file_at_the_limit_arrives_whole(settings):
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    _answers, files = posted(settings.UPLOAD_LIMIT_BYTES)
    assert [len(file.read()) for file in files.values()] == [settings.UPLOAD_LIMIT_BYTES] * 2
