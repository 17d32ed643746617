"""What is taken, what is refused and in which words, and that an original stays what it was."""

import hashlib
import io
import struct
import zlib
from datetime import timedelta

import pytest
from django import forms
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone, translation
from PIL import Image

from digitization import kinds, uploads
from digitization.fields import UploadField
from digitization.models import StoredFile
from tests.factories.scans import (
    drawn,
    encoded,
    encrypted_pdf,
    office_file,
    phone_photo,
    scanned_pdf,
    sent_file,
    written_pdf,
)

pytestmark = pytest.mark.django_db


def refused(content):
    with pytest.raises(uploads.UploadRefused) as problem:
        uploads.examine_file(sent_file(content))
    return problem.value.code


def png_header(width, height):
    """The beginning of a picture that claims a size; the data would unpack to gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (lambda: written_pdf("Đơn"), kinds.PDF),
        (lambda: encoded(drawn(), "JPEG"), kinds.JPEG),
        (lambda: encoded(drawn()), kinds.PNG),
        (lambda: encoded(drawn(), "TIFF", save_all=True, append_images=[drawn()]), kinds.TIFF),
        (lambda: office_file(), kinds.DOCX),
        (lambda: office_file(kinds.XLSX), kinds.XLSX),
    ],
)
def test_kind_is_judged_by_content(content, media_type, owner, actor):
    data = content()
    file = uploads.store_file(sent_file(data), "Giấy tờ.exe", owner, actor)
    assert (file.media_type, file.size) == (media_type, len(data))
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert file.name == f"Giấy tờ.exe{kinds.ENDINGS[media_type][0]}"
    assert file.uploaded_by == "Nguyễn Thị Hằng"
    with default_storage.open(file.storage_name) as kept:
        assert kept.read() == data


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b"MZ\x90\0" + b"\0" * 200 + written_pdf("Đơn"), "wrong_type"),
        (lambda: b"<html><script>alert(1)</script></html>", "wrong_type"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
        (lambda: b"GIF89a" + b"\0" * 40, "wrong_type"),
        (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 40, "broken"),
        (lambda: phone_photo()[:5000], "broken"),
        (lambda: b"\0\0\0\x18ftypavif" + b"\0" * 40, "broken"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (encrypted_pdf, "encrypted"),
        (lambda: b"%PDF-1.7\nnothing of a PDF follows", "broken"),
        (lambda: scanned_pdf(drawn(), drawn())[:2000], "broken"),
        (lambda: encoded(drawn(), "JPEG")[:9000], "broken"),
        (lambda: encoded(drawn())[:5000], "broken"),
        (lambda: png_header(60_000, 60_000), "too_many_pixels"),
        (lambda: office_file(extra={"word/vbaProject.bin": "x"}), "macros"),
        (lambda: office_file()[:-30], "broken"),
        (lambda: office_file("application/x-something-else"), "wrong_type"),
    ],
)
def test_refused_with_a_sentence(content, code, owner, actor):
    data = content()
    assert refused(data) == code
    with pytest.raises(uploads.UploadRefused) as problem:
        uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    assert str(problem.value.sentence).endswith(".")
    assert not StoredFile.objects.exists()


def test_a_telephones_photo_is_kept_as_jpeg_without_the_place_where_it_was_taken(owner, actor):
    photo = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    target = io.BytesIO()
    photo.save(target, "AVIF", exif=exif)
    for data, name in ((phone_photo((60, 40)), "IMG_7.HEIC"), (target.getvalue(), "IMG_7.avif")):
        file = uploads.store_file(sent_file(data), name, owner, actor)
        assert (file.name, file.media_type) == ("IMG_7.jpg", "image/jpeg")
        with default_storage.open(file.storage_name) as kept, Image.open(kept) as seen:
            assert seen.format == "JPEG"
            assert not seen.getexif()
            assert sorted(seen.size) == [40, 60]


def test_a_telephones_photo_too_large_to_open(monkeypatch):
    monkeypatch.setattr(kinds, "MOST_PIXELS", 1000)
    assert refused(phone_photo((60, 40))) == "too_many_pixels"


def test_package_that_unpacks_too_large(monkeypatch):
    monkeypatch.setattr(kinds, "MOST_UNPACKED_BYTES", 100_000)
    assert refused(office_file(extra={"word/media/bomb.bin": b"\0" * 200_000})) == "unpacks_too_large"


def test_limit_to_the_byte(settings, owner, actor, media):
    data = written_pdf("Đơn")
    settings.UPLOAD_LIMIT_BYTES = len(data)
    uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    with pytest.raises(uploads.UploadRefused) as problem:
        uploads.store_file(sent_file(data + b"\n"), "a.pdf", owner, actor)
    assert problem.value.code == "too_large"
    assert uploads.limit_sentence() in str(problem.value.sentence)


def test_limit_holds_for_a_file_that_hides_its_size(settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    file = sent_file(b"%PDF-1.4" + b"\0" * 2000)
    file.size = 10
    with pytest.raises(uploads.UploadRefused, match="Tệp này quá lớn"):
        uploads.examine_file(file)


def test_nothing_stays_in_the_working_folder(settings, owner, actor, tmp_path):
    uploads.store_file(sent_file(written_pdf("Đơn")), "a.pdf", owner, actor)
    assert refused(b"MZ") == "wrong_type"
    assert list(tmp_path.iterdir()) == []


def test_same_content_is_kept_once(owner, actor, media):
    data = written_pdf("Đơn")
    first = uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    second = uploads.store_file(sent_file(data), "b.pdf", "testcase:2", actor)
    assert first.pk != second.pk
    assert first.storage_name == second.storage_name
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_rest_of_a_write_cut_off_is_replaced(owner, actor, media):
    data = written_pdf("Đơn")
    sha256 = hashlib.sha256(data).hexdigest()
    torn = media / "files" / sha256[:2] / sha256[2:4] / sha256
    torn.parent.mkdir(parents=True)
    torn.write_bytes(data[:100])
    uploads.store_file(sent_file(data), "a.pdf", owner, actor)
    assert torn.read_bytes() == data


@pytest.mark.parametrize("column", ["sha256", "storage_name", "size", "media_type"])
def test_database_refuses_another_original(column, owner, actor):
    file = uploads.store_file(sent_file(written_pdf("Đơn")), "a.pdf", owner, actor)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE digitization_storedfile SET {column} = {column} WHERE id = %s", [file.pk])


def test_taken_back_then_erased(owner, actor):
    data = written_pdf("Đơn")
    kept, back = (uploads.store_file(sent_file(data), "a.pdf", owner, actor) for _ in range(2))
    alone = uploads.store_file(sent_file(written_pdf("Khác")), "b.pdf", owner, actor)
    at = timezone.now()
    uploads.discard_file(back, at)
    uploads.discard_file(alone, at)
    assert set(StoredFile.objects.present()) == {kept}
    assert uploads.erase_discarded(at + timedelta(hours=23)) == 0
    assert uploads.erase_discarded(at + timedelta(hours=25)) == 2
    assert uploads.erase_discarded(at + timedelta(hours=25)) == 0
    assert default_storage.exists(kept.storage_name)
    assert not default_storage.exists(alone.storage_name)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("C:\\Users\\Hằng\\Đơn.PDF", "Đơn.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("  ", "tệp.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert uploads.clean_name(name, kinds.PDF) == cleaned


def test_stated_resolution_of_a_photo_turned_by_its_camera(owner, actor):
    exif = Image.Exif()
    exif[274] = 6
    assert uploads.examine_file(sent_file(encoded(drawn(mode="RGB"), "JPEG", exif=exif))).media_type == kinds.JPEG


class PaperForm(forms.Form):
    paper = UploadField(label="Tờ khai")
    others = UploadField(label="Giấy tờ khác", multiple=True, required=False)


def upload(name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_field_says_the_same_sentences():
    from django.utils.datastructures import MultiValueDict

    files = MultiValueDict({"paper": [upload("a.pdf", b"MZ")], "others": [upload("b.pdf", b""), upload("c.pdf", b"x")]})
    form = PaperForm({}, files)
    assert not form.is_valid()
    assert form.errors["paper"] == [str(kinds.SENTENCES["wrong_type"])]
    assert [error.split(":")[0] for error in form.errors["others"]] == ["b.pdf", "c.pdf"]


def test_field_of_one_file_offers_one():
    form = PaperForm()
    assert " multiple" not in str(form["paper"].as_widget())
    assert " multiple" in str(form["others"].as_widget())


def test_field_takes_one_or_several(owner, actor):
    from django.utils.datastructures import MultiValueDict

    data = written_pdf("Đơn")
    files = MultiValueDict({"paper": [upload("a.pdf", data)], "others": [upload("b.pdf", data), upload("c.pdf", data)]})
    form = PaperForm({}, files)
    assert form.is_valid(), form.errors
    for file in [form.cleaned_data["paper"], *form.cleaned_data["others"]]:
        uploads.store_file(file, file.name, owner, actor)
    assert sorted(StoredFile.objects.values_list("name", flat=True)) == ["a.pdf", "b.pdf", "c.pdf"]


def test_sentence_follows_the_reader():
    problem = uploads.too_large()
    with translation.override("vi"):
        assert "100 MB" in str(problem.sentence)


def test_reads_in_chunks(owner, actor, settings):
    class Counting(io.BytesIO):
        largest = 0

        def read(self, size=-1):
            data = super().read(size)
            Counting.largest = max(Counting.largest, len(data))
            return data

    from django.core.files import File

    data = scanned_pdf(*[drawn(mode="RGB").resize((3000, 4000)) for _ in range(3)])
    assert len(data) > 2 * uploads.CHUNK
    uploads.store_file(File(Counting(data), name="a.pdf"), "a.pdf", owner, actor)
    assert Counting.largest <= uploads.CHUNK
