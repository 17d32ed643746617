"""Papers to send: drawn here, with the font that the product prints with."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from digitization import kinds

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def pdf_upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("don-de-nghi.pdf", PDF, "application/pdf")


FONT = Path(__file__).resolve().parents[2] / "papers" / "fonts" / "Tinos-Regular.ttf"


LINES = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Kính gửi: Ủy ban nhân dân phường Kinh Bắc",
    "Họ, chữ đệm, tên: Trần Đức Phương",
    "Nơi cư trú: số 31 đường Kinh Dương Vương",
    "Quan hệ với người được khai sinh: mẹ đẻ",
]


def drawn(lines=LINES, *, dpi=200, skew=0.0, turned=0, mode="L"):
    """A sheet of A5 with the lines on it; `skew` in degrees, `turned` 0, 90, 180 or 270."""
    image = Image.new(mode, (round(5.83 * dpi), round(8.27 * dpi)), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), round(14 * dpi / 72))
    for number, line in enumerate(lines):
        pen.text((round(0.5 * dpi), round((0.6 + 0.4 * number) * dpi)), line, font=font, fill="black")
    if skew:
        image = image.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
    return image.rotate(turned, expand=True) if turned else image


def encoded(image, form="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, form, **{"dpi": (200, 200), **options})
    return stream.getvalue()


def phone_photo(size=(640, 480)):
    """A photo as an iPhone keeps it (HEIC)."""
    target = io.BytesIO()
    pillow_heif.from_pillow(Image.effect_noise(size, 60).convert("RGB")).save(target, quality=60)
    return target.getvalue()


def scanned_pdf(*images):
    stream = io.BytesIO()
    images[0].save(stream, "PDF", resolution=200, save_all=True, append_images=images[1:])
    return stream.getvalue()


def written_pdf(*pages):
    """A born-digital PDF: text, not pictures of text."""
    pdfmetrics.registerFont(TTFont("paper", str(FONT)))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(420, 595))
    for page in pages:
        canvas.setFont("paper", 13)
        canvas.drawString(40, 540, page)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def encrypted_pdf():
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(written_pdf("Bí mật"))) as pdf:
        pdf.save(stream, encryption=pikepdf.Encryption(user="mat-khau", owner="mat-khau"))
    return stream.getvalue()


def office_file(main_type=kinds.DOCX, extra=None):
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main_type}.main+xml"/></Types>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", "<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def sent_file(content, name="giay-to"):
    return ContentFile(content, name=name)
