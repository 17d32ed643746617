"""A paper is issued once, whole, in the transaction of its act, and anyone can check it."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from pikepdf import pdfa

from core import references
from papers import layout
from papers.issue import issue_paper
from papers.models import Paper
from papers.permissions import PaperRules
from tests.factories.papers import AT, CENTRE, content_of, given_out

EVERY_LETTER = (
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


@pytest.mark.django_db
def test_is_archival_and_filed_under_its_own_sum():
    paper = given_out()
    content = content_of(paper)
    assert pdfa.validate_written(BytesIO(content), "2b").passed
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    assert paper.sha256 in paper.file
    assert paper.size == len(content)
    with pikepdf.open(BytesIO(content)) as document, document.open_metadata() as meta:
        assert document.Root.Lang == "vi-VN"
        assert meta["dc:title"] == "Giấy thử 01/GT"
        assert meta["xmp:CreateDate"] == "2026-02-05T09:10:00+07:00"


@pytest.mark.django_db
def test_head_follows_the_decree():
    text = text_of(content_of(given_out()))
    assert "ỦY BAN NHÂN DÂN PHƯỜNG KINH BẮC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG KINH BẮC" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
    assert "Số: 01/GT Kinh Bắc, ngày 05 tháng 02 năm 2026 GIẤY THỬ" in text


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [EVERY_LETTER, "<b>đậm</b> & <img src='x'/>", "Ye\u0302\u0301n\x07 Nhi"])
def test_what_people_type_is_printed_as_typed(typed):
    expected = "Yến Nhi" if typed.startswith("Ye") else typed
    text = text_of(content_of(given_out(typed)))
    assert expected.replace(" ", "") in text.replace(" ", "")


@pytest.mark.django_db
def test_is_immutable():
    paper = given_out()
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(number="02/GT")
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.delete()


@pytest.mark.django_db(transaction=True)
def test_is_issued_only_within_the_transaction_of_its_act():
    with pytest.raises(transaction.TransactionManagementError):
        issue_paper(
            form="sample",
            title="Giấy thử",
            number="01/GT",
            agency=CENTRE,
            owner="sample:1",
            facts={},
            draw=lambda _marks: layout.Sheet("Giấy thử", []),
            by="",
            at=AT,
        )


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_when_many_issue_and_some_fail():
    def one(turn: int) -> None:
        try:
            with transaction.atomic():
                given_out()
                if turn % 3 == 0:
                    raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))
    assert sorted(Paper.objects.values_list("number", flat=True)) == [f"{n:02d}/GT" for n in range(1, 9)]


@pytest.mark.django_db
def test_a_new_year_begins_at_one_and_a_number_is_borne_once():
    assert given_out().number == "01/GT"
    assert given_out().number == "02/GT"
    assert given_out(at=timezone.make_aware(datetime(2027, 1, 1, 0, 5))).number == "01/GT"
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_paper(
            form="sample",
            title="Giấy thử",
            number="02/GT",
            agency=CENTRE,
            owner="sample:2",
            facts={},
            draw=lambda _marks: layout.Sheet("Giấy thử", []),
            by="",
            at=AT,
        )


@pytest.mark.django_db
def test_codes_are_unguessable_and_read_without_mistakes():
    codes = {given_out().code for _ in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 12 and not set(code) & set("0O1IL5S2ZUV") for code in codes)


@pytest.mark.django_db
def test_a_paper_is_replaced_once_and_the_new_one_says_so():
    old = given_out()
    new = given_out(replaces=old)
    assert "(Thay thế Giấy thử số 01/GT ngày 05 tháng 02 năm 2026)" in text_of(content_of(new))
    with pytest.raises(IntegrityError), transaction.atomic():
        given_out(replaces=old)


@pytest.mark.django_db
def test_anyone_checks_a_paper_without_learning_about_people(client):
    paper = given_out("Bà Nguyễn Thị Ánh")
    for code in (paper.code, paper.code.lower(), "-".join((paper.code[:4], paper.code[4:8], paper.code[8:]))):
        page = client.get(f"/track/paper/{code}")
        assert page.status_code == 200
        html = page.content.decode()
        for known in ("Giấy thử", "01/GT", CENTRE.name, "05/02/2026", "chưa bị thay thế"):
            assert known in html
        assert "Ánh" not in html
        assert "Nguyễn Văn A" not in html
        assert ".pdf" not in html


@pytest.mark.django_db
def test_the_check_page_leads_from_the_old_paper_to_the_new(client):
    old = given_out()
    new = given_out(replaces=old)
    html = client.get(f"/track/paper/{old.code}").content.decode()
    assert "đã được thay thế bằng giấy tờ số 02/GT" in html
    assert f"/track/paper/{new.code}" in html
    assert f"/track/paper/{old.code}" in client.get(f"/track/paper/{new.code}").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["ABCDEFGHJKMN", "x" * 300, "<script>", "%00", "ma giay to"])
def test_an_unknown_code_gets_a_friendly_answer(client, code):
    page = client.get(f"/track/paper/{code}")
    assert page.status_code == 404
    assert "<script>" not in page.content.decode().replace('<script src="', "").replace('<script type="module"', "")


@pytest.mark.django_db
def test_only_whom_the_owner_lets_opens_the_paper(client, monkeypatch):
    paper = given_out()
    address = f"/papers/{paper.code}.pdf"
    answer = client.get(address)
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    rules = PaperRules(lambda _actor, reference, _paper: reference == "sample:1")
    monkeypatch.setitem(references._answers, ("sample", PaperRules), rules)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == paper.sha256
    assert f"{address}" in client.get(f"/track/paper/{paper.code}").content.decode()
    assert client.get("/papers/ABCDEFGHJKMN.pdf").status_code == 404
