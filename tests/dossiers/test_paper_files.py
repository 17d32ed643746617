"""Several files of one paper: in order, put right, made one PDF; at the page, the counter and the API."""

import io
from array import array

import pikepdf
import pillow_heif
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from digitization.kinds import PDF
from digitization.models import Scan, StoredFile
from dossiers.filing import draft_papers, drafts, paper_files
from dossiers.lifecycle import Refused
from dossiers.models import Dossier, DossierDocument, FurtherFile
from procedures.models import Edition
from tests.factories.dossiers import complete_draft, received, sent_online
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import drawn, encoded, pdf_upload, phone_photo

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def draft(cast) -> Dossier:
    edition = Edition.objects.get(procedure__code="2.002516", status="published")
    return drafts.start_draft(edition, cast.person, key="page", at=MORNING)


@pytest.fixture
def paper(draft):
    return next(p for p in draft_papers.required_documents(draft) if p.required and not p.show_only)


@pytest.fixture
def me(cast):
    return signed_in(cast.citizen)


def photo(name="trang.jpg", size=(300, 400)):
    return SimpleUploadedFile(name, encoded(drawn().resize(size).convert("RGB"), "JPEG"))


def send(me, draft, paper, *files):
    return me.post(reverse("file-documents", args=[draft.uid]), {f"{paper.key}-file": list(files)})


def names(draft):
    line = draft.documents.exclude(file=None).get()
    return [file.name for file in line.files]


def test_pages_photographed_one_by_one_are_one_paper_in_their_order(me, draft, paper):
    send(me, draft, paper, photo("mot.jpg"), photo("hai.jpg", (310, 400)))
    send(me, draft, paper, photo("ba.jpg", (320, 400)))
    assert names(draft) == ["mot.jpg", "hai.jpg", "ba.jpg"]
    line = draft.documents.get()
    me.post(reverse("file-up", args=[draft.uid, line.pk, line.files[2].pk]))
    me.post(reverse("file-up", args=[draft.uid, line.pk, line.files[0].pk]))  # the first one stays where it is
    assert names(draft) == ["mot.jpg", "ba.jpg", "hai.jpg"]
    first = draft.documents.get().files[0]
    me.post(reverse("file-detach", args=[draft.uid, line.pk, first.pk]))
    assert names(draft) == ["ba.jpg", "hai.jpg"]
    first.refresh_from_db()
    assert first.removed_at is not None
    page = me.get(reverse("file-documents", args=[draft.uid])).content.decode()
    assert page.index("ba.jpg") < page.index("hai.jpg")


def test_photos_become_one_pdf_and_other_files_stay(me, draft, paper):
    see_through = SimpleUploadedFile("trong.png", encoded(drawn().resize((200, 100)).convert("RGBA")))
    send(me, draft, paper, photo("doc.jpg"), pdf_upload(), see_through)
    line = draft.documents.get()
    before = line.files
    answer = me.post(reverse("file-join", args=[draft.uid, line.pk]), follow=True)
    assert "Đã ghép" in answer.content.decode()
    whole, kept = draft.documents.get().files
    assert kept == before[1]
    assert whole.media_type == "application/pdf"
    assert Scan.objects.filter(file=whole).exists()
    with default_storage.open(whole.storage_name) as content, pikepdf.open(io.BytesIO(content.read())) as pdf:
        boxes = [[round(float(edge)) for edge in page.mediabox] for page in pdf.pages]
    assert boxes == [[0, 0, 595, 842], [0, 0, 842, 595]]  # standing, and lying
    assert {StoredFile.objects.get(pk=before[n].pk).removed_at is None for n in (0, 2)} == {False}
    again = me.post(reverse("file-join", args=[draft.uid, line.pk]), follow=True)
    assert "ít nhất hai ảnh" in again.content.decode()


def test_a_telephones_photo_becomes_a_jpeg(me, draft, paper):
    send(me, draft, paper, SimpleUploadedFile("IMG_0001.HEIC", phone_photo((320, 240))))
    [file] = draft.documents.get().files
    assert (file.name, file.media_type) == ("IMG_0001.jpg", "image/jpeg")


def telephones_page(colour, *, turned=False, depth=8, mode="RGB"):
    """A lying HEIC with its left half in `colour`; turned, as a telephone held upright keeps it."""
    image = Image.new("RGB", (400, 300), "white")
    image.paste(colour, (0, 0, 200, 300))
    if depth > 8:
        wide = array("H", [value << 8 for value in image.tobytes()])
        photo = pillow_heif.from_bytes("RGB;16", image.size, wide.tobytes())
    else:
        photo = pillow_heif.from_pillow(image.convert(mode))
    exif = Image.Exif()
    exif[274] = 6 if turned else 1
    target = io.BytesIO()
    photo.save(target, quality=90, exif=exif.tobytes())
    return target.getvalue()


def test_several_photos_of_a_telephone_become_one_pdf_upright_and_in_order(me, draft, paper):
    made = [
        telephones_page("red"),
        telephones_page("lime", turned=True),
        telephones_page("blue", depth=16),
        telephones_page("red", mode="RGBA"),
    ]
    send(me, draft, paper, *(SimpleUploadedFile(f"IMG_{n}.HEIC", data) for n, data in enumerate(made)))
    assert names(draft) == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]
    me.post(reverse("file-join", args=[draft.uid, draft.documents.get().pk]))
    [whole] = draft.documents.get().files
    with default_storage.open(whole.storage_name) as content:
        pages = list(pypdfium2.PdfDocument(content.read()))
    seen = [page.render().to_pil() for page in pages]
    assert [image.width < image.height for image in seen] == [False, True, False, False]
    # The coloured half stands left, or above where the telephone was held upright.
    first = [image.getpixel((image.width // 4, image.height // 4)) for image in seen]
    assert [max(range(3), key=pixel.__getitem__) for pixel in first] == [0, 1, 2, 0]
    assert min(seen[1].getpixel((seen[1].width // 4, seen[1].height * 3 // 4))) > 240


def test_a_paper_takes_only_so_many_and_says_so(me, draft, paper, monkeypatch):
    monkeypatch.setattr(paper_files, "MOST_FILES", 1)
    answer = send(me, draft, paper, photo("mot.jpg"), photo("hai.jpg", (310, 400)))
    assert answer.status_code == 422
    assert "tối đa 1 tệp" in answer.content.decode()
    assert names(draft) == ["mot.jpg"]
    assert not StoredFile.objects.filter(name="hai.jpg").exists()


def test_a_sent_dossier_shows_every_file_and_changes_none(me, cast, draft, paper):
    send(me, draft, paper, photo("mot.jpg"), photo("hai.jpg", (310, 400)))
    complete_draft(draft, cast)
    sent_online(draft, cast, MORNING)
    assert names(draft) == ["mot.jpg", "hai.jpg"]
    line = draft.documents.get(required_document=paper)
    for page in (reverse("file-sent", args=[draft.uid]), reverse("my-dossier", args=[draft.uid])):
        shown = me.get(page).content.decode()
        assert "(1/2)" in shown
        assert "(2/2)" in shown
    for address in ("file-detach", "file-up"):
        me.post(reverse(address, args=[draft.uid, line.pk, line.files[1].pk]))
    me.post(reverse("file-join", args=[draft.uid, line.pk]))
    assert names(draft) == ["mot.jpg", "hai.jpg"]
    with pytest.raises(Refused):
        draft_papers.join_photos(draft, line, name="x", by=cast.citizen)


def test_somebody_else_moves_nothing(cast, me, draft, paper):
    send(me, draft, paper, photo("mot.jpg"), photo("hai.jpg", (310, 400)))
    line = draft.documents.get()
    other = signed_in(cast.stranger)
    for address, args in (("file-up", [line.files[1].pk]), ("file-detach", [line.files[1].pk]), ("file-join", [])):
        assert other.post(reverse(address, args=[draft.uid, line.pk, *args])).status_code == 404
    assert names(draft) == ["mot.jpg", "hai.jpg"]


def test_a_file_of_another_paper_is_not_moved_by_this_ones_address(me, draft, paper):
    send(me, draft, paper, photo("mot.jpg"))
    stranger = StoredFile.objects.get().pk
    line = draft.documents.get()
    StoredFile.objects.filter(pk=stranger).update(owner="dossier:other")
    answer = me.post(reverse("file-up", args=[draft.uid, line.pk, "00000000-0000-0000-0000-000000000000"]))
    assert answer.status_code == 404


def test_two_hundred_files_cost_a_page_no_more_queries_than_two(cast, edition, django_assert_max_num_queries):
    dossier = received(cast, edition, MORNING)
    line = dossier.documents.order_by("position").first()

    def attach(first: int, behind: int) -> None:
        made = StoredFile.objects.bulk_create(
            StoredFile(
                name=f"{n}.pdf",
                media_type=PDF,
                size=1000,
                sha256=f"{n:064}",
                storage_name=f"files/{n}",
                owner=dossier.reference,
                uploaded_by="test",
            )
            for n in range(first, behind)
        )
        Scan.objects.bulk_create(Scan(file=file, state=Scan.State.READY, pages=1) for file in made)
        if line.file is None:
            DossierDocument.objects.filter(pk=line.pk).update(file=made.pop(0))
            line.refresh_from_db()
        FurtherFile.objects.bulk_create(
            FurtherFile(document=line, file=file, position=first + place) for place, file in enumerate(made, start=1)
        )

    pages = [
        (signed_in(cast.officer), reverse("dossier", args=[dossier.code])),
        (signed_in(cast.citizen), reverse("my-dossier", args=[dossier.uid])),
    ]
    attach(0, 2)
    few = []
    for reader, address in pages:
        reader.get(address)  # what a reader's first page alone asks for
        with CaptureQueriesContext(connection) as asked:
            reader.get(address)
        few.append(len(asked))
    attach(2, 200)
    for (reader, address), most in zip(pages, few, strict=True):
        with django_assert_max_num_queries(most):
            shown = reader.get(address).content.decode()
        assert shown.count('class="oss-file__name"') >= 200
