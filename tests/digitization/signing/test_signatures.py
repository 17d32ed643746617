"""Signing a PDF and judging it: each way in which a signature can be worth less than it looks."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase.pdfmetrics import stringWidth

from core.refusals import Refused
from digitization.signing.sign import sign_pdf
from digitization.signing.stamps import Stamp
from digitization.signing.validation import validate_signatures
from journal.models import OutgoingCall
from papers import fonts
from papers.signing.verdicts import VALID
from simulators.pki.authority import Authority
from simulators.pki.book import Fault
from tests.factories.signing import pki_running, written_pdf

pytestmark = pytest.mark.django_db
STAMP = Stamp(["Ký bởi:", "Nguyễn Thị Mỹ Duyên", "Sở Tư pháp", "2026-11-29 10:00:00+07:00"])


@pytest.fixture
def pki(tmp_path, settings):
    with pki_running(tmp_path, settings) as running:
        yield running


@pytest.fixture
def key(pki):
    return pki.key("staff-duyen", "Nguyễn Thị Mỹ Duyên")[0]


def codes(pdf):
    return [verdict.code for verdict in validate_signatures(pdf)]


def resaved(pdf, change):
    """Changed by appending, as an editor saves a signed file."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.writer import PageObject

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    content = writer.add_object(generic.StreamObject(stream_data=b""))
    change(writer, PageObject(contents=content, media_box=(0, 0, 300, 300)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_two_people_sign_one_after_the_other_and_both_are_good(pki, key):
    agency, _certificate = pki.key("agency-H05.12", "Sở Tư pháp tỉnh Bắc Ninh")
    pdf = written_pdf()
    once = sign_pdf(pdf, key, STAMP)
    twice = sign_pdf(once, agency, Stamp(["Cơ quan:", "Sở Tư pháp"], "bottom"))
    assert once.startswith(pdf)
    assert twice.startswith(once), "what was signed stays byte for byte"
    with pikepdf.open(BytesIO(twice)) as pdf:
        assert str(pdf.Root.AcroForm.Fields[0].V.Name) == "Nguyễn Thị Mỹ Duyên"
    verdicts = validate_signatures(twice)
    assert [(v.code, v.signer, v.revocation_checked) for v in verdicts] == [
        (VALID, "Nguyễn Thị Mỹ Duyên", True),
        (VALID, "Sở Tư pháp tỉnh Bắc Ninh", True),
    ]
    assert OutgoingCall.objects.filter(connection="ocsp", status=200).count() == 2


def test_a_changed_byte_and_an_appended_page_are_both_found_though_the_second_leaves_it_intact(pki, key):
    signed = sign_pdf(written_pdf(), key, STAMP)
    place = signed.index(b"stream") + 9
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert codes(changed) == ["changed"]
    longer = resaved(signed, lambda writer, page: writer.insert_page(page))
    assert longer.startswith(signed)
    assert codes(longer) == ["appended"]


def test_an_expired_certificate_is_good_only_with_a_trusted_time_stamp_of_when_it_was_valid(pki, settings):
    now = datetime.now(UTC)
    given = {"since": now - timedelta(days=30), "lasting": timedelta(days=20)}
    key, _certificate = pki.key("staff-old", "Người Cũ", **given)
    assert codes(sign_pdf(written_pdf(), key, STAMP)) == ["expired"]
    settings.TSA_URL = f"{pki.address}/tsa"
    pki.book.moment = now - timedelta(days=15)
    verdict = validate_signatures(sign_pdf(written_pdf(), key, STAMP))[0]
    assert (verdict.code, verdict.time_stamped) == (VALID, True)
    pki.book.moment = now - timedelta(days=1)
    assert codes(sign_pdf(written_pdf(), key, STAMP)) == ["expired"]


def test_a_time_stamp_of_somebody_unknown_makes_the_signature_doubtful(pki, key, settings):
    settings.TSA_URL = f"{pki.address}/tsa"
    pki.book.fault = Fault.FOREIGN
    signed = sign_pdf(written_pdf(), key, STAMP)
    pki.book.fault = Fault.NONE
    assert codes(signed) == ["time_stamp"]


def test_revoked_unknown_root_and_a_responder_that_does_not_answer(pki, settings):
    key, certificate = pki.key("staff-a", "A")
    signed = sign_pdf(written_pdf(), key, STAMP)
    for fault in (Fault.ERROR, Fault.GARBAGE, Fault.REFUSED):
        pki.book.fault = fault
        assert codes(signed) == ["unanswered"], fault
    pki.book.fault = Fault.NONE
    pki.book.revoked[certificate.serial_number] = datetime.now(UTC) - timedelta(minutes=5)
    assert codes(signed) == ["revoked"]
    stranger, _certificate = pki.key("staff-b", "B", authority=Authority.made("CA lạ"))
    assert codes(sign_pdf(written_pdf(), stranger, STAMP)) == ["unknown_root"]


def test_only_configured_responders_are_asked_whatever_the_certificate_names(pki, settings, key):
    signed = sign_pdf(written_pdf(), key, STAMP)
    settings.OCSP_URLS = {"http://ocsp.example.vn/": "http://ocsp.example.vn/"}
    verdict = validate_signatures(signed)[0]
    assert (verdict.code, verdict.revocation_checked, pki.book.asked) == (VALID, False, [])


def test_long_term_is_refused_without_an_authority_for_time_and_complete_with_one(pki, key, settings):
    settings.SIGNING_LONG_TERM = True
    with pytest.raises(Refused) as refused:
        sign_pdf(written_pdf(), key, STAMP)
    assert refused.value.code == "no_time_stamp"
    settings.TSA_URL = f"{pki.address}/tsa"
    signed = sign_pdf(written_pdf(), key, STAMP)
    with pikepdf.open(BytesIO(signed)) as pdf:
        kinds = [str(field.V.get("/Type")) for field in pdf.Root.AcroForm.Fields if "/V" in field]
        assert "/DSS" in pdf.Root
        assert kinds == ["/Sig", "/DocTimeStamp"]
    assert codes(signed) == [VALID]


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.GARBAGE, Fault.REFUSED])
def test_no_answer_of_the_time_stamping_service_leaves_the_file_unsigned(pki, key, settings, fault):
    settings.TSA_URL = f"{pki.address}/tsa"
    pki.book.fault = fault
    with pytest.raises(Refused) as refused:
        sign_pdf(written_pdf(), key, STAMP)
    assert refused.value.code == "no_time_stamp"


def test_a_pdf_that_pillow_wrote_is_signed(pki, key):
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF", resolution=72)
    assert codes(sign_pdf(out.getvalue(), key, STAMP)) == [VALID]


def test_what_cannot_be_signed_and_who_has_no_key_is_refused_in_words(pki, key):
    out = BytesIO()
    with pikepdf.open(BytesIO(written_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    for content in (out.getvalue(), b"no pdf"):
        with pytest.raises(Refused, match="PDF"):
            sign_pdf(content, key, STAMP)
    from papers.signing.keys import KeyName

    for label in ("staff-nobody", "../roots/root"):
        with pytest.raises(Refused) as refused:
            sign_pdf(written_pdf(), KeyName(label, "Không Ai"), STAMP)
        assert refused.value.code == "no_key"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_stamp_stands_upright_in_its_own_letters_at_the_top_right(pki, key, turn):
    source, out = BytesIO(written_pdf()), BytesIO()
    with pikepdf.open(source) as pdf:
        pdf.pages[0].rotate(turn, relative=False)
        pdf.save(out)
    signed = sign_pdf(out.getvalue(), key, STAMP)
    document = pypdfium2.PdfDocument(signed)
    document.init_forms()
    page = document[0]
    page_width, page_height = page.get_size()
    picture = page.render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
    red = [
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y))[0] > picture.getpixel((x, y))[2] + 60
    ]
    left, right = min(x for x, _y in red), max(x for x, _y in red)
    top, bottom = min(y for _x, y in red), max(y for _x, y in red)
    assert right > page_width - 40
    assert top < 40
    assert (right - left) > 2.5 * (bottom - top), "as wide as it was drawn, and not turned"


def test_letters_of_the_stamp_stand_as_far_apart_as_the_font_says(pki, key):
    from digitization.signing.stamps import draw_stamp

    page = pypdfium2.PdfDocument(draw_stamp(["Ký bởi:", "Nguyễn Thị Mỹ Duyên"]))[0].get_textpage()
    text = page.get_text_range()
    assert "Nguyễn Thị Mỹ Duyên" in text
    begins = text.index("Nguyễn")
    first, last = page.get_charbox(begins, loose=True), page.get_charbox(begins + 18, loose=True)
    drawn, said = last[2] - first[0], stringWidth("Nguyễn Thị Mỹ Duyên", fonts.BOLD, 9)
    assert drawn == pytest.approx(said, rel=0.05)
