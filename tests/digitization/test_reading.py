"""What is read of a page: the text that it really shows, wherever the file says something else.

Each kind of file that once failed is made here; the files of ../shared/cases, where they are at hand, are read as well.
"""

import io
import json
import unicodedata
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from digitization import kinds, ocr
from digitization.handover import page_name
from digitization.reading.findings import Line, PageFindings, Word
from digitization.reading.own_text import read_own_text
from tests.factories.scans import FONT, drawn, encoded, scanned_pdf, written_pdf

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
SAID = "Người được ủy quyền nộp hồ sơ đất đai"
LINES = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "GIẤY ỦY QUYỀN",
    SAID,
    "Ngày 29 tháng 11 năm 2026",
    "Kính gửi: Ủy ban nhân dân phường Kinh Bắc",
    "Nơi cư trú: số 31 đường Kinh Dương Vương",
]


def scan(lines=LINES, **options):
    return scanned_pdf(drawn(lines, **options))


def over_scan(draw, content=None):
    """A scanned page with what `draw(canvas)` writes over it as text of the file."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or scan())) as pdf:
        box = [float(edge) for edge in pdf.pages[0].mediabox]
        layer = io.BytesIO()
        canvas = Canvas(layer, pagesize=box[2:])
        draw(canvas)
        canvas.save()
        layer.seek(0)
        with pikepdf.open(layer) as over:
            pdf.pages[0].add_overlay(over.pages[0])
        pdf.save(stream)
    return stream.getvalue()


def hidden(canvas, text, x=36, y=540):
    line = canvas.beginText(x, y)
    line.setTextRenderMode(3)
    line.setFont("Helvetica", 12)
    line.textLine(text)
    canvas.drawText(line)


def text_of(path):
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


# A scan with some text of its own


@pytest.mark.parametrize(
    "write",
    [
        lambda canvas: canvas.drawString(200, 20, "1"),
        lambda canvas: canvas.drawString(60, 20, "Scanned with CamScanner by a phone near you"),
        lambda canvas: hidden(canvas, "C0NG HOA XA HQI CHU NGHlA VlET NAM GlAY UY OUYEN N6P H0 S0"),
    ],
    ids=["page number", "footer", "hidden English"],
)
def test_scan_with_text_of_its_own_is_read(read, write):
    found = read(over_scan(write))
    assert SAID in found["text"]
    assert found["page"]["source"] in ("read", "mixed")
    assert SAID in text_of(found["copy"]).replace("\r\n", " ")
    assert "HQI" not in found["text"] + text_of(found["copy"])


def test_good_hidden_text_is_kept_and_the_page_not_read_again(read):
    def write(canvas):
        pdfmetrics.registerFont(TTFont("paper", str(FONT)))
        for number, line in enumerate(LINES):
            text = canvas.beginText(36, canvas._pagesize[1] - 72 * (0.6 + 0.4 * number) - 14)
            text.setTextRenderMode(3)
            text.setFont("paper", 14)
            text.textLine(line)
            canvas.drawText(text)

    found = read(over_scan(write))
    assert (found["page"]["source"], found["page"]["quality"]) == ("own", "vietnamese")
    assert SAID in found["text"]


def test_stamped_line_stands_once_beside_what_is_read(read):
    found = read(over_scan(lambda canvas: canvas.drawString(60, 200, "So den 1234 ngay 29/11/2026")))
    assert SAID in found["text"]
    assert found["text"].count("1234") == 1
    assert found["page"]["source"] == "mixed"


def test_written_page_is_not_recognised(read):
    found = read(written_pdf("Số định danh cá nhân 001190012345 của Nguyễn Thị Hằng"))
    assert (found["page"]["source"], found["page"]["confidence"]) == ("own", 1.0)


# Texts from before Unicode


@pytest.mark.parametrize(
    ("font", "said"),
    [(".VnTime", "Céng hßa x· héi chñ nghÜa ViÖt Nam"), ("VNI-Times", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam")],
)
def test_legacy_encodings_are_converted_in_text_and_copy(read, font, said):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    letters = said.encode("cp1252").hex().encode()
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 14 Tf 60 700 Td <" + letters + b"> Tj ET")
    named = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.TrueType,
        BaseFont=pikepdf.Name(f"/{font}"),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=named))
    stream = io.BytesIO()
    pdf.save(stream)
    found = read(stream.getvalue())
    assert found["page"]["source"] == "converted"
    assert found["text"] == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert "chủ nghĩa Việt Nam" in unicodedata.normalize("NFC", text_of(found["copy"]))


# PDF/A


def test_copy_of_a_scan_is_valid_pdfa(read):
    from digitization.reading.original import validate_pdfa

    found = read(scan(skew=3))
    assert found["pdfa"] is True
    assert validate_pdfa(found["copy"], "2B") == ("pass", [])


def test_false_claim_is_told_and_gone_from_the_copy(read):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(60, 700, "Giay to khong nhung phong chu")
    canvas.save()
    with pikepdf.open(stream) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
        claimed = io.BytesIO()
        pdf.save(claimed)
    found = read(claimed.getvalue())
    assert (found["facts"]["claimed"], found["facts"]["verdict"]) == ("2B", "fail")
    assert "font not embedded: Helvetica" in found["facts"]["findings"]
    assert found["pdfa"] is False
    with pikepdf.open(found["copy"]) as pdf:
        assert not pdf.open_metadata().pdfa_status


# Forms, stamps, signatures


def form_over_scan(value="Nguyễn Văn Thử", content=None):
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or scan())) as pdf:
        widget = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="ho_ten",
                V=value,
                F=4,
                Rect=[60, 100, 400, 140],
                DA="/Helv 12 Tf 0 g",
            )
        )
        pdf.pages[0].Annots = pikepdf.Array([widget])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[widget], NeedAppearances=True)
        pdf.save(stream)
    return stream.getvalue()


def ink_in(path, box):
    """Dark pixels in a box given in shares of the first page."""
    with pypdfium2.PdfDocument(path) as document:
        image = document[0].render(scale=2, grayscale=True).to_pil()
    edges = [round(share * size) for share, size in zip(box, image.size * 2, strict=True)]
    return sum(level < 128 for level in image.crop(tuple(edges)).tobytes())


def test_form_value_is_in_text_and_picture(read):
    content = form_over_scan()
    found = read(content)
    assert found["facts"]["form"] == [{"name": "ho_ten", "value": "Nguyễn Văn Thử", "page": 1}]
    assert found["text"].count("Nguyễn Văn Thử") == 1
    assert SAID in found["text"]
    assert "Nguyễn Văn Thử" in text_of(found["copy"])
    assert found["pdfa"] is True
    assert ink_in(found["copy"], (0.1, 0.75, 0.95, 0.87)) > 100
    with Image.open(found["thumbnail"]) as image:
        lower = image.convert("L").crop((0, round(image.height * 0.75), image.width, round(image.height * 0.87)))
    assert lower.getextrema()[0] < 200


def typed_over(subtype, **more):
    """A written page and what a program that knows no forms has put over it."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(written_pdf("Giấy ủy quyền nộp hồ sơ đất đai"))) as pdf:
        laid = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(subtype), F=4, **more)
        laid.Rect = [60, 100, 400, 140]
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(laid)])
        pdf.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        lambda: typed_over("/Widget", FT=pikepdf.Name.Tx, T="ho_ten", V="Nguyễn Văn Thử", DA="/Helv 12 Tf 0 g"),
        lambda: typed_over("/FreeText", Contents="Nguyễn Văn Thử\r12/9/1990", DA="/Helv 12 Tf 0 g"),
    ],
    ids=["a field that no form lists", "text typed over a page"],
)
def test_what_is_filled_in_without_a_form_is_in_text_and_copy(read, content):
    found = read(content())
    assert "ủy quyền" in found["text"]
    assert found["text"].count("Nguyễn Văn Thử") == 1
    assert "Nguyễn Văn Thử" in text_of(found["copy"])
    assert ink_in(found["copy"], (0.1, 0.8, 0.7, 0.9)) > 100


def test_a_field_that_stands_nowhere_spoils_nothing(read):
    content = form_over_scan(content=written_pdf("Giấy ủy quyền"))
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        del pdf.pages[0].Annots[0]["/Rect"]
        pdf.save(stream)
    found = read(stream.getvalue())
    assert "Giấy ủy quyền" in found["text"]
    assert [field["value"] for field in found["facts"]["form"]] == ["Nguyễn Văn Thử"]


def stamp(pdf, text, rect):
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(rect[2] - rect[0], rect[3] - rect[1]))
    canvas.drawString(4, 10, text)
    canvas.save()
    stream.seek(0)
    with pikepdf.open(stream) as source:
        shape = pdf.copy_foreign(source.pages[0].as_form_xobject())
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, F=4, Rect=list(rect), AP=pikepdf.Dictionary(N=shape), Subtype=pikepdf.Name.Stamp
    )


@pytest.mark.parametrize("skew", [0, 3])
def test_visible_signature_stays_in_the_copy_even_of_a_crooked_scan(read, skew):
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan(skew=skew))) as pdf:
        seen = stamp(pdf, "Ky boi: UBND phuong Thu", (200, 60, 400, 100))
        seen.Subtype, seen.FT, seen.T = pikepdf.Name.Widget, pikepdf.Name.Sig, "Signature1"
        seen.V = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 10, 20, 30])
        widget = pdf.make_indirect(seen)
        pdf.pages[0].Annots = pikepdf.Array([widget])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[widget], SigFlags=3)
        pdf.save(stream)
    found = read(stream.getvalue())
    assert [signature["signed"] for signature in found["facts"]["signatures"]] == [True]
    assert "UBND phuong" in found["text"]
    assert "UBND phuong" in text_of(found["copy"])
    assert ink_in(found["copy"], (0.45, 0.8, 1, 0.95)) > 100
    assert abs(found["page"]["skew"]) == pytest.approx(skew, abs=0.5)


def test_stamp_is_seen_in_copy_and_thumbnail(read):
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(stamp(pdf, "DA THU TIEN", (200, 60, 400, 100)))])
        pdf.save(stream)
    found = read(stream.getvalue())
    assert SAID in found["text"]
    assert "DA THU TIEN" in found["text"]
    assert ink_in(found["copy"], (0.45, 0.8, 1, 0.95)) > 100


# Pages that lie otherwise


@pytest.mark.parametrize(("skew", "turned"), [(3, 0), (0, 90), (-2, 180), (0, 270)])
def test_crooked_and_turned_pages_read_upright_in_text_and_copy(read, skew, turned):
    found = read(scan(skew=skew, turned=turned))
    assert SAID in found["text"]
    with pypdfium2.PdfDocument(found["copy"]) as document:
        width, height = document[0].get_size()
        words = read_own_text(document[0]).hidden
    assert width < height
    assert ink_in(found["copy"], (0, 0, 1, 0.5)) > 2000
    # The words lie where the line is drawn: the third line of the sheet, level, from left to right.
    boxes = [box for box, said in words if said in SAID.split() or said == SAID]
    assert boxes
    assert min(box[0] for box in boxes) == pytest.approx(0.5 * 72, abs=12)
    assert min(box[1] for box in boxes) == pytest.approx(1.4 * 72, abs=14)
    assert max(box[3] for box in boxes) == pytest.approx(1.4 * 72 + 14, abs=14)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_reads(read, orientation):
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    image = drawn([SAID], mode="RGB").crop((0, 0, 1166, 500))
    for step in undo.get(orientation, []):
        image = image.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read(encoded(image, "JPEG", exif=exif), kinds.JPEG)
    assert SAID in found["text"]
    assert found["page"]["turned"] == 0


def test_long_screenshot_is_read_in_slices(read, monkeypatch):
    from digitization.reading import pages

    sizes = []
    real = pages.tesseract.read_lines
    monkeypatch.setattr(pages.tesseract, "read_lines", lambda image, dpi: sizes.append(image.size) or real(image, dpi))
    image = Image.new("L", (900, 8000), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 40)
    for row in range(80):
        pen.text((30, 40 + 98 * row), f"Dòng thứ {row}: nộp hồ sơ đất đai", font=font, fill=0)
    found = read(encoded(image, dpi=(96, 96)), kinds.PNG)
    assert len(sizes) > 1
    assert max(height for _width, height in sizes) <= 3500
    assert found["text"].count("nộp hồ sơ đất đai") == 80


# A reading that was cut off


def test_pages_already_read_are_not_read_again(read, tmp_path, monkeypatch):
    read(scanned_pdf(drawn(LINES), drawn(["Trang hai: Giấy chứng sinh"])))
    (tmp_path / page_name(2)).unlink()
    again = []
    real = ocr.read_page
    monkeypatch.setattr(ocr, "read_page", lambda document, number: again.append(number) or real(document, number))
    found = read(scanned_pdf(drawn(LINES), drawn(["Trang hai: Giấy chứng sinh"])))
    assert again == [2]
    assert SAID in found["texts"][0]
    assert "Giấy chứng sinh" in found["texts"][1]
    assert SAID in text_of(found["copy"])
    assert [said[3] for said in found["told"] if said[3]] == [2]


def test_a_long_file_is_opened_anew_from_time_to_time_and_keeps_its_order(read, monkeypatch):
    monkeypatch.setattr(ocr, "PAGES_OF_ONE_OPENING", 2)
    opened = []
    real = ocr.read_page
    monkeypatch.setattr(ocr, "read_page", lambda document, number: opened.append(document) or real(document, number))
    found = read(written_pdf(*[f"Giấy ủy quyền, trang {number}" for number in range(1, 6)]))
    assert [text.split()[-1] for text in found["texts"]] == ["1", "2", "3", "4", "5"]
    assert len({id(document) for document in opened}) == 3


def test_findings_survive_being_kept():
    from digitization.reading.findings import Barcode, Source

    page = PageFindings(3, Source.MIXED, "chữ", 0.9, "vietnamese", skew=1.5, barcodes=[Barcode("QRCode", "OSSP1|")])
    page.lines = [Line([Word("chữ", (1, 2, 3, 4), 0.9)], 0.01, -2.0, True)]
    kept = PageFindings.unpack(page.pack())
    assert kept == page


# The files that once failed


def test_cases_give_what_their_readme_says(capsys):
    names = [path for path in sorted(CASES.glob("*")) if path.suffix in (".pdf", ".jpg")]
    if not names:
        pytest.fail("no ../shared/cases beside this checkout: the files that once failed were not read")
    call_command("read_scan", *map(str, names), "--json")
    said = {row["file"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    for name in ("page-number", "phone-scanner-footer", "copier-english-ocr", "stamp-annotation", "acroform-filled"):
        assert SAID in said[f"{name}.pdf"]["pages"][0]["text"], name
    assert SAID in said["bytes-before-header.pdf"]["pages"][0]["text"]
    converted = said["tcvn3-text.pdf"]["pages"][0]["text"]
    assert converted == "Cộng hòa xã hội chủ nghĩa Việt Nam. Giấy ủy quyền nộp hồ sơ"
    assert said["pdfa-claim-false.pdf"]["pdfa"]["verdict"] == "fail"
    assert said["pdfa-claim-false.pdf"]["copy"]["pdfa"] is False
    assert "Nguyễn Văn Thử" in said["acroform-filled.pdf"]["pages"][0]["text"]
    refused = {name: said[name]["refused"]["code"] for name in said if "refused" in said[name]}
    assert refused == {"xfa-dynamic.pdf": "xfa_form", "portfolio.pdf": "portfolio", "three-pixels.jpg": "too_small"}
