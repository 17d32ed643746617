"""The official papers: what is printed, field by field, read back from the PDF itself."""

import re
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from django.db import transaction
from django.utils import translation

from accounts.actors import ANONYMOUS
from dossiers import letters
from dossiers.letters import access, subject
from dossiers.lifecycle import execute_transition
from dossiers.models import DossierDocument
from dossiers.views import sheet
from papers.permissions import may_read_paper
from tests.factories.dossiers import received, taken_in
from tests.factories.moments import at
from tests.factories.papers import content_of, one_line, pages_of, paper_of, said_by


def qr_codes(pdf: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=4).to_pil() for page in document]
    document.close()
    return {found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)}


def test_receipt_says_who_what_when_and_where(cast, edition, settings):
    settings.PUBLIC_URL = "https://motcua.example.vn"
    dossier = taken_in(cast, edition, at("2026-02-05 09:10"))
    DossierDocument.objects.create(dossier=dossier, position=90, name="Ảnh chân dung <4x6> & phim", copies=2)
    DossierDocument.objects.create(dossier=dossier, position=91, name="Giấy ủy quyền", later=True)
    execute_transition(dossier, "receive", cast.counter, at=at("2026-02-05 09:10"), limit_days="5")
    paper = paper_of(dossier, "receipt")
    text = said_by(paper)
    assert paper.number == "01/TNHS"
    assert paper.agency_code == cast.centre.code
    assert "Kinh Bắc, ngày 05 tháng 02 năm 2026" in text
    assert "UBND PHƯỜNG KINH BẮC TRUNG TÂM" in text
    assert cast.centre.name.upper() in text
    assert f"Mã hồ sơ: {dossier.code}" in text
    assert "Tiếp nhận hồ sơ của: Nguyễn Thị Ánh" in text
    assert "Số điện thoại: 0912345678" in text
    assert "Email: 027190000011@example.vn" in text
    assert one_line(f"Nội dung yêu cầu giải quyết: {edition.title}") in text
    assert "Thời hạn giải quyết: 5 ngày làm việc" in text
    assert "Thời gian nhận hồ sơ: 09 giờ 10 phút, ngày 05 tháng 02 năm 2026" in text
    assert "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 12 tháng 02 năm 2026" in text
    assert one_line(f"trực tiếp tại {cast.counter.post.desk.name}, {cast.counter.post.desk.address}") in text
    assert re.search(r"Ảnh chân dung <4x6> & phim 2 ", text)
    assert re.search(r"Giấy ủy quyền Bổ sung sau", text)
    assert "Vào Sổ theo dõi hồ sơ: năm 2026, số thứ tự 01" in text
    assert "Số định danh cá nhân: 027190000011" in text
    assert qr_codes(content_of(paper)) == {
        f"https://motcua.example.vn/track/{dossier.code}/",
        f"https://motcua.example.vn/track/paper/{paper.code}",
    }


def test_receipt_has_a_copy_for_each_who_keeps_one(cast, edition):
    paper = paper_of(received(cast, edition, at("2026-11-23 09:10"), limit_days="5"), "receipt")
    pages = pages_of(content_of(paper))
    first, second = (
        [page for page in pages if label in page] for label in ("Liên 1: giao người nộp", "Liên 2: chuyển kèm")
    )
    assert len(first) == len(second) == len(pages) / 2
    assert [len(first), len(second)] == [1, 1]


def test_a_fee_in_doubt_is_said_not_guessed(cast, edition):
    edition.fee_lines.all().delete()
    edition.fee_lines.create(
        position=1, channel="counter", kind="levy", name="Lệ phí cấp phép", amount=75_000, state="confirmed"
    )
    paper = paper_of(received(cast, edition, at("2026-11-23 09:10"), limit_days="5", key="a"), "receipt")
    assert "Phí, lệ phí: Lệ phí cấp phép: 75.000 đ" in said_by(paper)
    edition.fee_lines.update(state="to_be_confirmed")
    paper = paper_of(received(cast, edition, at("2026-11-23 09:20"), limit_days="5", key="b"), "receipt")
    assert "Phí, lệ phí: Lệ phí cấp phép: mức thu chờ xác nhận" in said_by(paper)
    edition.fee_lines.all().delete()
    paper = paper_of(received(cast, edition, at("2026-11-23 09:30"), limit_days="5", key="c"), "receipt")
    assert "Phí, lệ phí: Miễn phí" in said_by(paper)


def test_completion_lists_what_is_missing_and_whom_to_ask(cast, edition):
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    execute_transition(
        dossier,
        "ask_completion",
        cast.counter,
        at=at("2026-11-23 09:20"),
        items=["Bản vẽ hoàn công", {"name": "Đơn đề nghị", "reason": "chưa ký"}],
        reason="Hồ sơ chưa đủ thành phần",
    )
    paper = paper_of(dossier, "completion")
    text = said_by(paper)
    assert paper.number == "01/HDHS"
    assert paper.agency_code == cast.centre.code
    assert "1. Bản vẽ hoàn công 2. Đơn đề nghị: chưa ký" in text
    assert "Lý do: Hồ sơ chưa đủ thành phần" in text
    assert "liên hệ với quay" in text
    assert "Kinh Bắc, ngày 23 tháng 11 năm 2026" in text


def test_appraiser_asks_in_the_name_of_the_settling_agency(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-23 11:00"), items=["Ảnh"], reason="Thiếu ảnh"
    )
    paper = paper_of(dossier, "completion")
    said_by(paper)
    assert paper.agency_code == cast.agency.code


def test_refusal_gives_its_reason(cast, edition):
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    reason = "Không thuộc thẩm quyền giải quyết của Ủy ban nhân dân phường.\nĐề nghị nộp tại Sở Xây dựng."
    execute_transition(dossier, "refuse", cast.counter, at=at("2026-11-23 09:20"), reason=reason)
    paper = paper_of(dossier, "refusal")
    text = said_by(paper)
    assert paper.number == "01/TCHS"
    assert one_line(reason) in text
    assert "NGƯỜI NỘP HỒ SƠ (Ký, ghi rõ họ tên) Nguyễn Thị Ánh" in text


def test_apology_names_the_old_and_the_new_date(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(
        dossier, "extend", cast.leader, at=at("2026-11-05 09:00"), amount="3", reason="Chờ ý kiến Sở Xây dựng"
    )
    paper = paper_of(dossier, "apology")
    text = said_by(paper)
    assert paper.agency_code == cast.agency.code
    assert "Kính gửi: Nguyễn Thị Ánh" in text
    assert "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 09 tháng 11 năm 2026" in text
    assert "Thời gian hẹn trả kết quả mới: 17 giờ 00 phút, ngày 12 tháng 11 năm 2026" in text
    assert "Lý do: Chờ ý kiến Sở Xây dựng" in text
    assert "xin lỗi Ông/Bà, tổ chức" in text
    assert "đóng dấu" in text


def test_stop_names_the_request_and_what_goes_back(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-03 09:00"), reason="Tôi đổi ý")
    execute_transition(dossier, "stop", cast.head, at=at("2026-11-03 10:00"))
    text = said_by(paper_of(dossier, "stop"))
    assert "Lý do rút hồ sơ: Tôi đổi ý" in text
    assert "Nguyễn Thị Ánh ngày 03 tháng 11 năm 2026" in text
    assert "Dừng giải quyết từ: 10 giờ 00 phút, ngày 03 tháng 11 năm 2026" in text
    handed_in = dossier.documents.exclude(originals=0, copies=0)
    assert handed_in.exists()
    assert all(one_line(row.name) in text for row in handed_in)


def test_the_step_in_which_a_dossier_was_stopped_is_not_said_to_be_done(cast, edition):
    """Nobody assigned it: neither the bar of steps nor the control slip may say that this was done in time."""
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-03 09:00"), reason="Tôi đổi ý")
    execute_transition(dossier, "stop", cast.head, at=at("2026-11-03 10:00"))
    received_step, assignment, *later = sheet.steps_bar(dossier)
    assert (received_step["state"], assignment["state"]) == ("done", "")
    assert assignment["note"] == "Dừng ở bước này"
    assert not any(step["state"] or step["note"] for step in later)
    with transaction.atomic():
        letters.issue_letter("control_slip", dossier, by=cast.officer, at=at("2026-11-03 16:00"), facts={})
    assert paper_of(dossier, "control_slip").facts["steps"][-1]["result"].startswith("Dừng giải quyết")


def test_control_slip_shows_each_hand_over(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-02 10:00"), officer=cast.officer.post)
    with transaction.atomic():
        letters.issue_letter("control_slip", dossier, by=cast.officer, at=at("2026-11-20 16:00"), facts={})
    paper = paper_of(dossier, "control_slip")
    text = said_by(paper)
    receive, assign, verify = paper.facts["steps"]
    assert receive["giver"] == "Nguyễn Thị Ánh (người nộp hồ sơ)"
    assert assign["giver"] == receive["receiver"]
    assert verify["receiver"].startswith("chuyenvien, ")
    assert verify["handed_at"] == "10 giờ 00 phút, ngày 02 tháng 11 năm 2026"
    assert verify["result"] == "Đang giải quyết, quá hạn"
    assert "CƠ QUAN" not in paper.agency_name
    assert cast.centre.name in text


def test_numbers_have_no_gap_and_begin_anew_each_year(cast, edition):
    numbers = [
        paper_of(received(cast, edition, at(moment), limit_days="5", key=moment), "receipt").number
        for moment in ("2026-12-30 09:00", "2026-12-31 09:00", "2027-01-04 09:00")
    ]
    assert numbers == ["01/TNHS", "02/TNHS", "01/TNHS"]


def test_a_correction_names_the_paper_that_it_replaces(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    old = paper_of(dossier, "receipt")
    with transaction.atomic():
        new = letters.issue_letter(
            "receipt", dossier, by=cast.counter, at=at("2026-11-03 08:00"), facts={}, replaces=old
        )
    assert "(Thay thế Giấy tiếp nhận hồ sơ và hẹn trả kết quả số 01/TNHS ngày 02 tháng 11 năm 2026)" in said_by(new)
    assert new.replaces == old


def test_papers_stay_vietnamese_on_an_english_page(cast, edition):
    with translation.override("en"):
        dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
        with transaction.atomic():
            paper = letters.issue_letter("control_slip", dossier, by=cast.head, at=at("2026-11-03 16:00"), facts={})
    assert "Trưởng phòng chuyên môn" in said_by(paper)


def test_who_reads_a_paper(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    receipt = paper_of(dossier, "receipt")
    with transaction.atomic():
        slip = letters.issue_letter("control_slip", dossier, by=cast.officer, at=at("2026-11-03 16:00"), facts={})
    for actor, reads_receipt, reads_slip in (
        (cast.citizen, True, False),
        (cast.counter, True, True),
        (cast.officer, True, True),
        (cast.stranger, False, False),
        (ANONYMOUS, False, False),
    ):
        assert access.may_read_paper(actor, dossier.reference, receipt) is reads_receipt
        assert access.may_read_paper(actor, dossier.reference, slip) is reads_slip
        assert may_read_paper(actor, receipt) is reads_receipt


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        ("5", "working_day", "5 ngày làm việc"),
        ("0.50", "working_day", "0,5 ngày làm việc"),
        ("20", "calendar_day", "20 ngày"),
        ("100.00", "working_hour", "100 giờ làm việc"),
        ("0", "at_once", "Giải quyết ngay khi tiếp nhận"),
        ("2", "month", "2 tháng"),
    ],
)
def test_limits_in_words(amount, unit, words):
    assert subject.limit(Decimal(amount), unit) == words
