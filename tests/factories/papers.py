"""Papers of a sample form, issued; and issued papers, read back as text."""

import os
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from pikepdf import pdfa

from dossiers.models import Dossier
from papers import blocks, layout
from papers.issue import issue_paper, next_number
from papers.issuers import Issuer
from papers.models import Paper

# Where to leave each paper as PDF and PNG, to be looked at.
LOOK = os.environ.get("LOOK_AT_PAPERS")
AT = timezone.make_aware(datetime(2026, 2, 5, 9, 10))
CENTRE = Issuer(
    "H05.150.001", "Trung tâm Phục vụ hành chính công phường Kinh Bắc", "Ủy ban nhân dân phường Kinh Bắc", "Kinh Bắc"
)


def given_out(text: str = "Nội dung", *, at: datetime = AT, sign: str = "GT", replaces: Paper | None = None) -> Paper:
    with transaction.atomic():
        return issue_paper(
            form="sample",
            title="Giấy thử",
            number=next_number(CENTRE, "sample", sign, at=at),
            agency=CENTRE,
            owner="sample:1",
            facts={"text": text},
            draw=lambda _marks: layout.Sheet("Giấy thử", [blocks.field("Ghi", text)]),
            by="Nguyễn Văn A, Cán bộ một cửa",
            at=at,
            replaces=replaces,
        )


def content_of(paper: Paper) -> bytes:
    with default_storage.open(paper.file) as file:
        return file.read()


def pages_of(pdf: bytes, name: str = "") -> list[str]:
    """Text of each page, in one line; also leaves pictures when asked to."""
    document = pypdfium2.PdfDocument(pdf)
    if LOOK and name:
        Path(LOOK, f"{name}.pdf").write_bytes(pdf)
        for number, page in enumerate(document, 1):
            page.render(scale=1.4).to_pil().save(Path(LOOK, f"{name}-{number}.png"))
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [one_line(text) for text in texts]


def one_line(text: object) -> str:
    return re.sub(r"\s+", " ", str(text).replace("\ufffe", "-")).strip()


def values(facts: object) -> list[str]:
    """Every piece of text in a paper's facts."""
    if isinstance(facts, dict):
        return [text for value in facts.values() for text in values(value)]
    if isinstance(facts, list):
        return [text for value in facts for text in values(value)]
    return [one_line(facts)] if isinstance(facts, str) and facts else []


def paper_of(dossier: Dossier, form: str) -> Paper:
    return Paper.objects.filter(owner=dossier.reference, form=form).first()


def said_by(paper: Paper) -> str:
    """Text of the first copy after checking what holds for every paper."""
    content = content_of(paper)
    assert pdfa.validate_written(BytesIO(content), "2b").passed
    pages = pages_of(content, paper.form)
    text = " ".join(pages)
    # Names of agencies and titles of signers stand in capitals.
    missing = [value for value in values(paper.facts) if value.upper() not in text.upper()]
    assert not missing
    assert paper.title.upper() in text
    assert f"Số: {paper.number}" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
    return text
