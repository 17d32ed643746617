"""Reading the national portal's untidy columns. The rows are made here, in the shapes that the source has."""

from decimal import Decimal

import pytest

from procedures.importing.act_numbers import acts_of
from procedures.importing.authority import proposed_agency
from procedures.importing.channels import read_cells, unread_text
from procedures.importing.documents import UNNAMED, read_papers
from procedures.importing.fees import FeeReading, read_fee
from procedures.importing.rows import FieldNames, RefusedRow, read_row
from procedures.importing.terms import read_term
from tests.factories.catalogue import row

FIELDS = FieldNames({}, {})


def one(text):
    cells = read_cells(text)
    assert len(cells) == 1
    return cells[0]


def test_cells_run_together_are_told_apart():
    text = (
        "Trực tuyến3 Ngày làm việc50,000 VNĐ(Lệ phí (mới))Nộp Trực tiếp cũng được"
        "Trực tiếp1Miễn phíDịch vụ bưu chínhKhông có thông tinKhông có thông tin"
    )
    cells = read_cells(text)
    assert [cell.channel for cell in cells] == ["online", "counter", "post"]
    assert cells[0].amount == 3
    assert cells[0].unit == "working_day"
    assert cells[0].fee == "50,000 VNĐ"
    assert cells[0].fee_text == "Lệ phí (mới"
    assert cells[0].note == "Nộp Trực tiếp cũng được"
    assert unread_text(text) == ""


@pytest.mark.parametrize("text", ["", "Trực tiếp", "gì đó khác", "(((", "Trực tuyến1", "9" * 5000])
def test_any_text_is_read_without_an_error(text):
    assert read_cells(text) == []


@pytest.mark.parametrize("text", ["Trực tuyến0 NgàyMiễn phí(((", "Trực tiếp1"])
def test_a_hostile_cell_is_read_without_an_error(text):
    (cell,) = read_cells(text + "Miễn phí")
    read_term(cell)
    read_fee(cell)


@pytest.mark.parametrize(
    ("text", "amount", "unit", "open_query", "proposal"),
    [
        ("Trực tiếp5 Ngày làm việcMiễn phí", 5, "working_day", "", None),
        ("Trực tiếp40 NgàyMiễn phí", 40, "calendar_day", "", None),
        ("Trực tiếp1.5 Ngày làm việcMiễn phí", Decimal("1.5"), "working_day", "", None),
        ("Trực tiếp4 Giờ làm việcMiễn phí", 4, "working_hour", "", None),
        ("Trực tiếp2 ThángMiễn phí", 2, "month", "", None),
        # A bare number is never proposed: the steps of such rows say 10 days, 20 days, a year.
        ("Trực tiếp1Miễn phí", None, None, "time_without_unit", None),
        ("Trực tiếp7Miễn phíTrong 7 ngày", None, None, "time_without_unit", {"amount": 7, "unit": "calendar_day"}),
        ("Trực tiếpKhông có thông tinMiễn phí", None, None, "time_missing", None),
        (
            "Trực tiếpKhông có thông tinMiễn phíKhông quá 3 ngày làm việc",
            None, None, "time_missing", {"amount": 3, "unit": "working_day"},
        ),
        ("Trực tiếpKhông phải trả kết quảMiễn phí", None, None, "time_in_words", None),
        ("Trực tiếp1100 VNĐ", None, None, "number_fee_glued", None),
        ("Trực tiếp140,000 VNĐ", None, None, "number_fee_glued", None),
    ],
)  # fmt: skip
def test_times(text, amount, unit, open_query, proposal):
    reading = read_term(one(text))
    assert (reading.amount, reading.unit, reading.open_query, reading.proposal) == (amount, unit, open_query, proposal)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Trực tiếp5 NgàyMiễn phí", FeeReading(0)),
        ("Trực tiếp5 NgàyMiễn phí(Không)", FeeReading(0)),
        ("Trực tiếp5 Ngày150,000 VNĐ", FeeReading(150_000)),
        ("Trực tiếp5 Ngày150,000 Việt Nam Đồng(Lệ phí: 150.000 đồng/lần)", FeeReading(150_000)),
        ("Trực tiếp5 Ngày100 VNĐ", FeeReading(None, ("fee_below_1000",))),
        ("Trực tiếp5 Ngày100 VNĐ(Phí 100.000 đồng)", FeeReading(None, ("fee_below_1000",), 100_000)),
        ("Trực tiếp5 Ngày10 USD", FeeReading(None, ("fee_usd",))),
        ("Trực tiếp5 Ngày50 VNĐ(tương đương 50 USD)", FeeReading(None, ("fee_usd",))),
        (
            "Trực tiếp5 Ngày1,000,000 VNĐ(Áp dụng mức phí 500.000 đồng đến hết năm)",
            FeeReading(None, ("fee_several",), 1_000_000),
        ),
        (
            "Trực tiếp5 Ngày500,000 VNĐPhí: 500.000 đồng, từ tháng 7 là 250.000 đồng",
            FeeReading(None, ("fee_several",), 500_000),
        ),
        ("Trực tiếp5 NgàyMiễn phí(Người khác nộp 20.000 đồng)", FeeReading(None, ("free_beside_amount",), 20_000)),
        ("Trực tiếp5 NgàyMiễn phí(Theo Hội đồng nhân dân cấp tỉnh)", FeeReading(None, ("fee_set_by_council",))),
        ("Trực tiếp5 NgàyKhông có thông tin", FeeReading(None, ("fee_not_amount",))),
        ("Trực tiếp1100 VNĐ", FeeReading(None, ("number_fee_glued",))),
        ("Trực tiếp1100 VNĐ(100.000 đồng/lần)", FeeReading(None, ("number_fee_glued",), 100_000)),
    ],
)  # fmt: skip
def test_fees(text, reading):
    assert read_fee(one(text)) == reading


def test_a_fee_s_long_name_ends_with_a_whole_word():
    said = "Mức phí theo quyết định của tỉnh, thành phố " * 4
    facts = read_row(row(channels_raw=f"Trực tiếp5 Ngày100,000 VNĐ({said.strip()})"), FieldNames({}, {}))
    [name] = {fee["name"] for fee in facts["fees"]}
    assert len(name) <= 120
    assert name.endswith("…")
    assert set(name.removesuffix("…").split()) <= set(said.split())


def test_papers_remarks_and_open_queries():
    papers = read_papers(
        [
            {"case": "", "name": "Đơn đề nghị", "originals": 1, "copies": 0, "form_file": "mau-01.docx"},
            {"case": "Giấy tờ phải xuất trình", "name": "Căn cước", "originals": 1, "copies": 0},
            {"case": "", "name": " ", "originals": 1, "copies": 0},
            {"case": "", "name": "Trường hợp nộp qua bưu chính thì nộp bản sao", "originals": 0, "copies": 0},
            {"case": "Lưu ý", "name": "Xuất trình khi nhận kết quả", "originals": 0, "copies": 0},
            {"case": "Trường hợp ủy quyền", "name": "Giấy ủy quyền", "originals": 1, "copies": 0},
        ]
    )
    assert [d["name"] for d in papers.documents][:3] == ["Đơn đề nghị", "Căn cước", UNNAMED]
    assert papers.documents[0]["form"] == "mau-01.docx"
    assert papers.documents[1]["kind"] == "show"
    assert papers.documents[4]["when"] == "Trường hợp ủy quyền"
    assert papers.documents[4]["required"] is False
    assert papers.remarks == ["Xuất trình khi nhận kết quả"]
    assert sorted(d["kind"] for d in papers.open_queries) == [
        "case_heading", "document_without_name", "document_without_number",
    ]  # fmt: skip
    assert [d["kind"] for d in read_papers([]).open_queries] == ["documents_missing"]


def test_a_year_run_into_a_number_is_taken_off():
    raw = "Luật Một năm 201102/2011/QH13Nghị định 05/2012/NĐ-CP05/2012/NĐ-CP"
    acts = acts_of({"legal_basis": ["102/2011/QH13", "05/2012/NĐ-CP"], "legal_basis_raw": raw})
    assert acts.numbers == ["02/2011/QH13", "05/2012/NĐ-CP"]


def test_a_number_with_a_dot_is_read_whole():
    raw = "Nghị quyết số 66.7/2025/NQ-CP của Chính phủ66.7/2025/NQ-CPNghị quyết 17/2026/NQ-CP17/2026/NQ-CP"
    acts = acts_of({"legal_basis": ["17/2026/NQ-CP", "7/2025/NQ-CP"], "legal_basis_raw": raw})
    assert acts.numbers == ["17/2026/NQ-CP", "66.7/2025/NQ-CP"]
    assert acts.misread == {"7/2025/NQ-CP": "66.7/2025/NQ-CP"}


def test_a_number_that_the_text_does_not_have_is_left_out_and_named():
    raw = "Thông tư 37/2013/2015/TT-NHNN37/2013/2015/TT-NHNNThông tư 29/2015/TT-NHNN29/2015/TT-NHNN"
    facts = read_row(row(legal_basis=["013/2015/TT-NHNN", "29/2015/TT-NHNN"], legal_basis_raw=raw), FIELDS)
    assert facts["legal_basis"] == ["29/2015/TT-NHNN"]
    (open_query,) = [open_query for open_query in facts["doubts"] if open_query["kind"] == "act_number_unclear"]
    assert "37/2013/2015/TT-NHNN" in open_query["raw"]


def test_a_clean_row_has_no_open_query():
    facts = read_row(row(), FIELDS)
    assert "doubts" not in facts
    assert facts["field"] == {"key": "linh-vuc-thu", "name": "Lĩnh vực thử"}
    assert facts["results"] == [{"name": "Giấy thử", "code": "KQ.G15.000099"}]
    assert [fee["channels"] for fee in facts["fees"]] == [["counter"]]
    assert facts["fees"][0]["kind"] == "levy"


def test_a_repeated_channel_becomes_unverified_cases():
    raw = "Trực tiếp10 NgàyMiễn phíTrường hợp mớiTrực tiếp5 NgàyMiễn phíTrường hợp đổi"
    facts = read_row(row(channels_raw=raw), FIELDS)
    assert [case["key"] for case in facts["cases"]] == ["case-1", "case-2"]
    assert [open_query["kind"] for open_query in facts["doubts"]] == ["time_several", "time_several"]
    assert facts["doubts"][1]["proposal"] == {"amount": 5, "unit": "calendar_day"}


def test_the_same_cell_twice_is_one():
    facts = read_row(row(channels_raw="Trực tiếp5 NgàyMiễn phíTrực tiếp5 NgàyMiễn phí"), FIELDS)
    assert len(facts["terms"]) == 1
    assert "doubts" not in facts


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": ""}, "no procedure code"),
        ({"code": "abc"}, "no procedure code"),
        ({"name": "  "}, "no name"),
        ({"levels": []}, "no level"),
        ({"levels": None}, "no level"),
        ({"field": ""}, "no field"),
        ({"name": None}, "no name"),
    ],
)
def test_a_row_is_refused_with_its_reason(changes, reason):
    with pytest.raises(RefusedRow, match=reason):
        read_row(row(**changes), FIELDS)


@pytest.mark.parametrize("junk", [None, 5, "text", {}, [1, 2], [None]])
@pytest.mark.parametrize("key", ["documents", "results", "channels_raw", "legal_basis", "applicants", "steps"])
def test_junk_in_a_part_never_breaks_a_row(key, junk):
    facts = read_row(row(**{key: junk}), FIELDS)
    assert facts["code"] == "1.900001"


def test_agencies_are_proposed_from_the_source_s_words():
    assert proposed_agency("province", "Sở Xây dựng") == "construction"
    assert proposed_agency("commune", "Công an cấp Xã") == "commune_police"
    assert proposed_agency("commune", "Sở Xây dựng") is None
