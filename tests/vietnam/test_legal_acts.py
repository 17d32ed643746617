"""Numbers of legal acts in text that runs into them on both sides."""

import pytest

from vietnam.legal_acts import act_numbers_in, is_act_number, with_act_kinds


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nghị quyết số 66.7/2025/NQ-CP của Chính phủ", "66.7/2025/NQ-CP"),
        ("điều kiện kinh doanh66.16/2026/NQ-CP Nghị định", "66.16/2026/NQ-CP"),
        ("thuộc phạm vi quản lý.24/2026/NQ-CPLuật", "24/2026/NQ-CP"),
        ("ban hành năm 2025.24/2026/NQ-CP", "24/2026/NQ-CP"),
        ("năm 202566.7/2025/NQ-CP", "66.7/2025/NQ-CP"),
        ("hàng hóa xuất khẩu, nhập khẩu.38/2015/TT-BTCLuật", "38/2015/TT-BTC"),
        ("ngày 29/6/202443/2024/QH15Luật", "43/2024/QH15"),
        ("Luật Cư trú 202068/2020/QH14", "68/2020/QH14"),
        ("ngày 01/01/2017120/2016/NĐ-CPNghị", "120/2016/NĐ-CP"),
        ("sửa đổi 2025147/2025/QH1537/2024", "147/2025/QH15"),
        ("05/2015/TTLT-BTP-BCA-BYTThông tư", "05/2015/TTLT-BTP-BCA-BYT"),
        ("146/2012/TTLT-BTC-BTPNghị định", "146/2012/TTLT-BTC-BTP"),
        ("02/2020/TT-BXYZThông tư", "02/2020/TT-BXYZ"),
        ("170/1999/QĐ-TTgNghị", "170/1999/QĐ-TTg"),
        ("16/2026/QĐ-UBND và", "16/2026/QĐ-UBND"),
        ("04/2012/UBTVQH13", "04/2012/UBTVQH13"),
        ("20/2020/TT-BKHĐTQuy định", "20/2020/TT-BKHĐT"),
    ],
)
def test_a_number_is_read_whole(text, number):
    assert act_numbers_in(text) == [number]
    assert is_act_number(number)


@pytest.mark.parametrize("text", ["", "ngày 15/11/2015", "Thông tư 37/2013/2015/TT-NHNN", "1234/QĐ-BTP", "9/9/NĐ-CP"])
def test_what_cannot_be_read_is_no_number(text):
    assert act_numbers_in(text) == []


def test_each_number_comes_once_in_the_order_of_the_text():
    text = "Nghị định 05/2012/NĐ-CP05/2012/NĐ-CPLuật 01/2016/QH14Nghị định 05/2012/NĐ-CP"
    assert act_numbers_in(text) == ["05/2012/NĐ-CP", "01/2016/QH14"]


@pytest.mark.parametrize(
    ("text", "vietnamese", "english"),
    [
        ("85/2019/TT-BTC", "Thông tư số 85/2019/TT-BTC", "Circular No. 85/2019/TT-BTC"),
        ("123/2015/NĐ-CP", "Nghị định số 123/2015/NĐ-CP", "Decree No. 123/2015/NĐ-CP"),
        ("66.7/2025/NQ-CP", "Nghị quyết số 66.7/2025/NQ-CP", "Resolution No. 66.7/2025/NQ-CP"),
        (
            "09/2015/TTLT-BCA-BYT",
            "Thông tư liên tịch số 09/2015/TTLT-BCA-BYT",
            "Joint circular No. 09/2015/TTLT-BCA-BYT",
        ),
        (
            "60/2014/QH13",
            "Văn bản của Quốc hội số 60/2014/QH13",
            "Act of the National Assembly No. 60/2014/QH13",
        ),
        (
            "85/2019/TT-BTC; 123/2015/NĐ-CP",
            "Thông tư số 85/2019/TT-BTC; Nghị định số 123/2015/NĐ-CP",
            "Circular No. 85/2019/TT-BTC; Decree No. 123/2015/NĐ-CP",
        ),
        ("Quyết định của Giám đốc", "Quyết định của Giám đốc", "Quyết định của Giám đốc"),
    ],
)
def test_an_act_is_named_by_its_kind(text, vietnamese, english):
    assert with_act_kinds(text) == vietnamese
    assert with_act_kinds(text, english=True) == english
    assert with_act_kinds(vietnamese) == vietnamese


@pytest.mark.parametrize(
    "said", ["Thông tư 85/2019/TT-BTC", "Thông tư số 85/2019/TT-BTC", "theo thông tư 85/2019/TT-BTC."]
)
def test_what_a_text_says_itself_is_completed(said):
    assert "hông tư số 85/2019/TT-BTC" in with_act_kinds(said)
    assert with_act_kinds(said).lower().count("thông tư") == 1
