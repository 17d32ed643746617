"""Forms worded anew, the record of a hand-over, and the working aids, read back from the PDF itself."""

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from django.db import transaction
from pikepdf import pdfa
from reportlab.lib.units import mm

from accounts.actors import Actor
from digitization import slots
from dossiers import letters
from dossiers.letters import aids, handover
from dossiers.letters.handover import Row, Side
from dossiers.models import ReturnMethod
from papers import wording
from papers.issue import Marks
from papers.issuers import Issuer
from papers.layout import MARGINS, SIZES, Head, render_pdf
from papers.models import Paper
from papers.templates import TemplateWorkflow
from papers.wording import LINE, SIGNATURE, TEXT, Block
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.papers import content_of, one_line, pages_of, paper_of, said_by
from tests.factories.people import AccountFactory

LONG = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp chuyển nhượng"


def put_in_force(form, new, moment):
    one, other = (Actor(account=AccountFactory(username=name)) for name in ("soan", "duyet"))
    workflow = TemplateWorkflow(form.vocabulary)
    draft = workflow.begin_template(form.key, new, by=one, at=moment)
    workflow.submit_draft(draft.pk, revision=0, by=one, at=moment)
    return workflow.put_in_force(draft.pk, revision=0, reason="Mẫu mới", by=other, at=moment)


@pytest.mark.parametrize("key", letters.FORMS)
def test_the_carried_wording_of_every_form_is_sound(key):
    form = letters.FORMS[key]
    assert wording.wording_problems(form.wording, form.vocabulary) == []
    assert wording.Wording.read(form.wording.as_json()) == form.wording


def test_a_receipt_of_five_papers_has_one_page_for_each_copy():
    form, worded = letters.FORMS["receipt"], letters.FORMS["receipt"].wording
    of_a_birth = [
        "Tờ khai đăng ký khai sinh theo mẫu",
        "Giấy chứng sinh hoặc văn bản của người làm chứng xác nhận về việc sinh",
        "Giấy tờ chứng minh nơi cư trú của cha, mẹ",
        "Giấy chứng nhận kết hôn của cha, mẹ",
        "Văn bản ủy quyền được chứng thực trong trường hợp ủy quyền đăng ký khai sinh",
    ]
    said = {
        **form.vocabulary.example(),
        "documents": [{"name": name, "originals": 1, "copies": 0, "note": ""} for name in of_a_birth],
        "copies": ["giao người nộp hồ sơ", "chuyển kèm theo hồ sơ"],
    }
    issuer = Issuer("H05.160.001", said["unit"], "UBND phường Kinh Bắc", "Bắc Ninh")
    marks = Marks(
        "ABCDEFGHJKMN", "12/TNHS", issuer, at("2026-11-23 09:10"), "https://example.vn/track/paper/ABCDEFGHJKMN"
    )
    pdf = render_pdf(
        form.draw(worded, said, marks),
        head=Head(issuer, marks.number, marks.at),
        code=marks.code,
        check_url=marks.check_url,
    )
    pages = pages_of(pdf, "five-papers")
    assert len(pages) == 2
    assert all("NGƯỜI TIẾP NHẬN HỒ SƠ" in page for page in pages)


@pytest.mark.parametrize("key", letters.FORMS)
def test_no_table_is_wider_than_the_lines_above_it(key):
    form = letters.FORMS[key]
    left, right, _top, _bottom = MARGINS[form.size]
    frame = SIZES[form.size][0] - (left + right) * mm
    for part in form.vocabulary.parts.values():
        for drawn in part.draw(part.example, Block(wording.PART), 13):
            assert drawn.wrap(frame, 10_000)[0] <= frame + 0.5, part.label


@pytest.mark.django_db
@pytest.mark.parametrize("key", letters.FORMS)
def test_every_form_can_be_tried_without_a_number(key, cast):
    form = letters.FORMS[key]
    pdf = letters.trial_letter(form, form.wording, agency=cast.centre, at=at("2026-11-23 09:10"))
    assert pdfa.validate_written(BytesIO(pdf), "2b").passed
    pages = pages_of(pdf, f"trial-{key}")
    assert pages
    assert all("BẢN XEM THỬ" in page for page in pages)
    text = " ".join(pages)
    assert form.wording.title.upper() in text
    assert f"Số: …/{form.wording.sign}" in text
    assert "Mã giấy tờ" not in text
    for name, each in form.vocabulary.fields.items():
        if any(f"{{{name}}}" in block.text + block.label for block in form.wording.blocks):
            assert one_line(each.example).upper() in text.upper(), name
    assert not Paper.objects.exists()


def test_a_new_wording_is_printed_from_then_on_and_named_by_the_paper(cast, edition):
    form = letters.FORMS["receipt"]
    before = paper_of(received(cast, edition, at("2026-11-02 09:00"), limit_days="5", key="a"), "receipt")
    documents = next(block for block in form.wording.blocks if block.part == "documents")
    new = replace(
        form.wording,
        title="Giấy biên nhận",
        sign="BN",
        blocks=(
            Block(TEXT, text="Căn cứ Thông tư ABC, {issuer} số {number}:"),
            Block(LINE, "Ngày hẹn", "{return_at}"),
            Block(LINE, "Lúc nhận", "{received_at}", beside=True),
            Block(LINE, "Mã số", "{code}"),
            Block(LINE, "Ông/Bà", "{applicant}"),
            replace(documents, heads=("STT", "Loại giấy", "Gốc", "Sao", "Khác")),
            Block(SIGNATURE, "Cán bộ", "{receiver}"),
        ),
    )
    put_in_force(form, new, at("2026-11-02 10:00"))
    paper = paper_of(received(cast, edition, at("2026-11-02 11:00"), limit_days="5", key="b"), "receipt")
    text = " ".join(pages_of(content_of(paper), "worded"))
    # The series goes on: the number belongs to the form, the sign to its wording.
    assert (before.number, before.template_version) == ("01/TNHS", 0)
    assert (paper.number, paper.title, paper.template_version) == ("02/BN", "Giấy biên nhận", 1)
    assert f"Căn cứ Thông tư ABC, {paper.agency_name} số 02/BN:" in text
    assert "STT Loại giấy Gốc Sao Khác" in text
    assert text.index("Ngày hẹn") < text.index("Mã số") < text.index("CÁN BỘ")
    assert "Thời hạn giải quyết" not in text


def both_sides(taken=None):
    giver = Side("Trung tâm Phục vụ hành chính công phường Kinh Bắc", "Quầy 1", "Nguyễn Văn An", "Cán bộ một cửa")
    taker = Side("Sở Nông nghiệp và Môi trường", person="Trần Thị Bình", title="Văn thư", confirmed_at=taken)
    return replace(giver, confirmed_at=at("2026-11-23 10:00")), taker


def test_a_hand_over_lists_each_dossier_and_both_confirmations(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    giver, taker = both_sides()
    rows = [
        handover.row_of(dossier, sheets=12),
        Row("H05.013-261123-0099", "Công ty <Một> & Hai", "Thủ tục khác", sheets=3, missing=True, remark="Sẽ gửi bù"),
    ]
    with transaction.atomic():
        first = handover.issue_handover_record(
            "agency", agency=cast.centre, owner="handover:1", giver=giver, taker=taker, rows=rows, by=cast.counter,
            at=at("2026-11-23 10:00"), note="Chuyển trong ngày",
        )  # fmt: skip
    text = said_by(first)
    assert (first.number, first.form, first.owner) == ("01/GNHS", "handover", "handover:1")
    assert dossier.code in text.replace("- ", "-")
    assert "Công ty <Một> & Hai" in text
    assert "Không có khi nhận; Sẽ gửi bù" in text
    assert "Tổng số: 2 hồ sơ, nhận đủ 1 hồ sơ" in text
    assert "BÊN GIAO" in text
    assert "BÊN NHẬN" in text
    confirmed = "Bên {}: đã xác nhận trên hệ thống lúc {} giờ 00 phút, ngày 23 tháng 11 năm 2026"
    assert confirmed.format("giao", "10") in text
    assert confirmed.format("nhận", "11") not in text
    giver, taker = both_sides(taken=at("2026-11-23 11:00"))
    with transaction.atomic():
        second = handover.issue_handover_record(
            "agency", agency=cast.centre, owner="handover:1", giver=giver, taker=taker, rows=rows, by=cast.clerk,
            at=at("2026-11-23 11:00"), replaces=first,
        )  # fmt: skip
    text = said_by(second)
    assert confirmed.format("giao", "10") in text
    assert confirmed.format("nhận", "11") in text
    assert "(Thay thế Phiếu giao nhận hồ sơ số 01/GNHS" in text


def test_a_long_hand_over_between_shifts_turns_pages(cast):
    rows = [
        Row(f"H05.013-261123-{n:04d}", "Nguyễn Hoàng Bảo Ngọc Phương Thảo", LONG, "3 bản chính, 12 bản sao", n)
        for n in range(1, 201)
    ]
    giver, taker = both_sides()
    with transaction.atomic():
        paper = handover.issue_handover_record(
            "shift", agency=cast.centre, owner="handover:2", giver=giver, taker=taker, rows=rows, by=cast.counter,
            at=at("2026-11-23 11:30"),
        )  # fmt: skip
    pages = pages_of(content_of(paper), "shift")
    assert len(pages) > 5
    assert all("Mã hồ sơ" in page for page in pages[:-1])
    assert f" {len(pages)} Mã giấy tờ" in pages[-1]
    assert "BIÊN BẢN BÀN GIAO CA" in pages[0]
    joined = " ".join(pages).replace("- ", "-")
    assert all(row.code in joined for row in rows)


def codes_on(pdf, page=0):
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=4).to_pil()
    document.close()
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_the_cover_says_which_folder_and_its_separators_which_paper(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    cover = aids.cover(dossier, at=at("2026-11-23 09:11"), with_separators=True)
    assert pdfa.validate_written(BytesIO(cover), "2b").passed
    pages = pages_of(cover, "cover")
    kept = [row for row in dossier.documents.all() if row.originals or row.copies]
    assert len(pages) == 1 + len(kept)
    for text in ("TỜ BÌA HỒ SƠ", dossier.code, "Nguyễn Thị Ánh", one_line(dossier.edition.title)):
        assert text in pages[0]
    assert "027190000011" not in " ".join(pages)
    read = codes_on(cover)
    assert dossier.code in read
    assert slots.Slot(dossier.reference) in {slots.read_slot_token(text) for text in read}
    for number, row in enumerate(kept, 1):
        assert f"Giấy tờ {number}/{len(kept)}" in pages[number]
        assert one_line(row.name) in pages[number]
        assert {slots.read_slot_token(text) for text in codes_on(cover, number)} == {
            slots.Slot(dossier.reference, str(row.pk))
        }
    assert len(pages_of(aids.cover(dossier, at=at("2026-11-23 09:11")))) == 1


def test_a_separator_belongs_to_nobody(cast):
    pdf = aids.separator(cast.centre, at=at("2026-11-23 09:11"))
    assert pdfa.validate_written(BytesIO(pdf), "2b").passed
    assert "TỜ NGĂN" in pages_of(pdf, "separator")[0]
    assert codes_on(pdf) == {slots.SEPARATOR}


def test_the_label_says_where_to_and_nothing_else_about_the_person(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    with pytest.raises(aids.NoLabel):
        aids.label(dossier, at=at("2026-11-23 09:11"))
    dossier.return_method = ReturnMethod.POST
    dossier.return_address = "Số 128, ngõ 45 đường Nguyễn Gia Thiều, Phường Kinh Bắc, tỉnh Bắc Ninh"
    dossier.owner_name = "Công ty Trách nhiệm hữu hạn Một thành viên Thương mại và Dịch vụ Kinh Bắc Thịnh Vượng"
    pdf = aids.label(dossier, at=at("2026-11-23 09:11"))
    assert pdfa.validate_written(BytesIO(pdf), "2b").passed
    (page,) = pages_of(pdf, "label")
    for text in (dossier.owner_name, dossier.return_address, dossier.code, "0912345678", cast.centre.name):
        assert one_line(text) in page
    assert "027190000011" not in page
    assert dossier.edition.title not in page
    assert codes_on(pdf) == {dossier.code}


def test_dates_of_a_trial_are_those_of_the_day(cast):
    pdf = letters.trial_letter(
        letters.FORMS["book"], letters.FORMS["book"].wording, agency=cast.centre, at=at("2026-11-23 09:10")
    )
    assert "Từ ngày 01/11/2026 đến ngày 23/11/2026" in " ".join(pages_of(pdf))
