"""What is proposed from the text of a paper: number, day, end, and which paper of the checklist it is."""

from datetime import date

import pytest

from digitization.proposals import Proposed, best_name, propose_fields, proposed_of

HEAD = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Proposed()),
        ("Số: 12/GP-UBND\nBắc Ninh, ngày 23 tháng 11 năm 2026", Proposed("12/GP-UBND", date(2026, 11, 23))),
        ("Số 0123 / 2026/QĐ-STP ngày 01 tháng 02 năm 2026", Proposed("0123/2026/QĐ-STP", date(2026, 2, 1))),
        ("Ngày 31 tháng 02 năm 2026", Proposed()),
        ("Giấy phép có giá trị đến hết ngày 30/6/2027.", Proposed(valid_to=date(2027, 6, 30))),
        (
            "Số: 7/GP-SXD\nngày 05 tháng 01 năm 2025\nThời hạn: ngày 05 tháng 01 năm 2030",
            Proposed("7/GP-SXD", date(2025, 1, 5), date(2030, 1, 5)),
        ),
        ("Có hiệu lực đến ngày 05 tháng 01 năm 2030", Proposed(valid_to=date(2030, 1, 5))),
        ("Số điện thoại: 0912345678, số nhà 31/2", Proposed()),
    ],
)
def test_what_a_paper_says_of_itself(text, found):
    assert propose_fields(HEAD + text) == found
    assert proposed_of(found.as_facts()) == found


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("TỜ KHAI ĐĂNG KÝ KHAI SINH\nKính gửi", 0),
        ("GIẤY CHỨNG SINH\nSố 12", 1),
        ("Hóa đơn tiền điện tháng 11", None),
        ("", None),
    ],
)
def test_which_paper_of_the_checklist_it_is(text, best):
    names = ["Tờ khai đăng ký khai sinh theo mẫu", "Giấy chứng sinh", "Giấy chứng nhận kết hôn"]
    assert best_name(text, names) == best


def test_papers_of_the_same_name_are_not_guessed_between():
    assert best_name("GIẤY CHỨNG SINH", ["Giấy chứng sinh", "Giấy chứng sinh"]) is None
    assert best_name("GIẤY CHỨNG SINH", []) is None
