"""How papers are laid out, without a database."""

from datetime import date, datetime

import pypdfium2
import pytest

from papers import blocks, heading, layout
from papers.issuers import Issuer

ISSUER = Issuer("H05", "Sở Nông nghiệp và Môi trường", "Ủy ban nhân dân tỉnh Bắc Ninh", "Bắc Ninh")


def pages(sheet: layout.Sheet) -> list[str]:
    drawn = layout.render_pdf(
        sheet,
        head=layout.Head(ISSUER, "12/TNHS", datetime(2026, 11, 23, 9, 10)),
        code="ABCDEFGHJKMN",
        check_url="https://motcua.example.vn/track/paper/ABCDEFGHJKMN",
    )
    document = pypdfium2.PdfDocument(drawn)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_dates_have_zeros_where_the_decree_wants_them(day, written):
    assert blocks.written_date(day) == written


@pytest.mark.parametrize("size", ["A4", "A5", "A4-landscape"])
def test_every_size_carries_head_and_code(size):
    (text,) = pages(layout.Sheet("Phiếu", [blocks.field("Ghi", "chữ")], size=size))
    assert "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG" in text
    assert "Mã giấy tờ: ABCD EFGH JKMN" in text
    assert "https://motcua.example.vn/track/paper/ABCDEFGHJKMN" in text


def test_long_tables_go_on_with_their_heads_and_each_copy_counts_its_own_pages():
    rows = [[number, f"Giấy tờ thứ {number}"] for number in range(1, 61)]
    table = blocks.table(["TT", "Tên giấy tờ"], rows, [12, 140])
    texts = pages(layout.Sheet("Phiếu", [table], copies=("Liên 1", "Liên 2")))
    half = len(texts) // 2
    assert half > 1
    assert all("Tên giấy tờ" in text for text in texts)
    assert all("Liên 1" in text and (n == 1 or f" {n} " in text) for n, text in enumerate(texts[:half], 1))
    assert all("Liên 2" in text and (n == 1 or f" {n} " in text) for n, text in enumerate(texts[half:], 1))
    assert "Giấy tờ thứ 60" in texts[half - 1]
    assert "Giấy tờ thứ 60" in texts[-1]


def test_what_is_not_known_is_left_to_be_filled_in_by_hand():
    (text,) = pages(layout.Sheet("Phiếu", [blocks.field("Địa chỉ", "")]))
    assert "Địa chỉ: ……" in text


def test_a_long_name_is_broken_into_even_lines():
    lines = heading.name_lines("Trung tâm Phục vụ hành chính công phường Kinh Bắc", "Tinos-Bold", 12, 210)
    assert lines == ["TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG", "PHƯỜNG KINH BẮC"]
    lines = heading.name_lines("Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh", "Tinos-Bold", 12, 260)
    assert lines == ["TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "TỈNH BẮC NINH"]
    assert heading.name_lines("Sở Y tế", "Tinos-Bold", 12, 210) == ["SỞ Y TẾ"]
