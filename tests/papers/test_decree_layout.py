"""The page of Decree 30/2020/NĐ-CP, Annex I, measured on the PDF itself, without a database."""

from datetime import datetime
from pathlib import Path

import pytest
from reportlab.lib.units import mm

from agencies.models import Agency, Territory
from papers import blocks, heading, layout, parts, wording
from papers.issuers import Issuer
from papers.wording import LINE, PART, RECIPIENTS, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording
from tests.papers.reading import Reading

COMMUNE = Issuer("H05.160.001", "Trung tâm Phục vụ hành chính công phường Kinh Bắc", "UBND phường Kinh Bắc", "Kinh Bắc")
DEPARTMENT = Issuer("H05.006", "Sở Nông nghiệp và Môi trường", "UBND tỉnh Bắc Ninh", "Bắc Ninh")
LONG = Issuer(
    "H05.006.001",
    "Ban Quản lý các khu công nghiệp và khu kinh tế cửa khẩu quốc tế tỉnh Bà Rịa - Vũng Tàu",
    "Văn phòng UBND thành phố Hồ Chí Minh",
    "Thành phố Hồ Chí Minh",
)
AT = datetime(2026, 12, 23, 9, 10)
DATE = "ngày 23 tháng 12 năm 2026"
# What stands in the margins, and "Nơi nhận", may be smaller than the text (II.9.d, II.13).
SMALL = 11
everybody = pytest.mark.parametrize("issuer", [COMMUNE, DEPARTMENT, LONG], ids=["commune", "department", "long"])
every_size = pytest.mark.parametrize("size", list(layout.SIZES))


def drawn(body, *, issuer=COMMUNE, size="A4", copies=("",), number="12/TNHS", look="") -> Reading:
    pdf = layout.render_pdf(
        layout.Sheet("Phiếu", body, size=size, copies=copies),
        head=layout.Head(issuer, number, AT),
        code="ABCDEFGHJKMN",
        check_url="https://motcua.example.vn/track/paper/ABCDEFGHJKMN",
    )
    if look:
        Path(look).write_bytes(pdf)
    return Reading(pdf)


def text_box(reading: Reading, size: str):
    """The page inside its margins: left, right, top, bottom in points."""
    left, right, top, bottom = (side * mm for side in layout.MARGINS[size])
    width, height = reading.sizes[0]
    return left, width - right, height - top, bottom


def test_a_commune_and_who_is_above_it_have_one_line_each_on_a_receipt():
    """A5 is narrower than the decree's page; a name of common length stays whole all the same."""
    for name in ("UBND phường Kinh Bắc", "UBND phường Hạp Lĩnh"):
        reading = drawn(
            [], issuer=Issuer("H05.160", name, name.replace("UBND phường", "UBND xã"), "Bắc Ninh"), size="A5"
        )
        assert reading.place(name.upper()).lines == 1, name
        assert reading.place(name.upper().replace("UBND PHƯỜNG", "UBND XÃ")).lines == 1, name


@everybody
@every_size
def test_country_motto_number_and_date_have_one_line_each_in_the_letters_of_the_decree(issuer, size):
    reading = drawn([blocks.field("Ghi", "chữ")], issuer=issuer, size=size)
    date = reading.place(f"{issuer.place}, {DATE}")
    wanted = {heading.COUNTRY: 12, heading.MOTTO: 13, "Số: 12/TNHS": 13, f"{issuer.place}, {DATE}": 13}
    for text, points in wanted.items():
        assert reading.place(text).lines == 1, text
        # A5 is no size of the decree: its head is as large as it has room.
        assert reading.place(text).size == points or size == "A5", text
    for name in (issuer.superior, issuer.name):
        assert reading.place(name.upper()).size == (10 if size == "A5" else 12)
    left, right, _top, _bottom = text_box(reading, size)
    # The head's halves stand beside each other without touching, the number level with the date.
    assert reading.place(issuer.name.upper()).right < reading.place(heading.COUNTRY).left
    assert abs(reading.place("Số: 12/TNHS").top - date.top) < 3
    assert reading.place(heading.COUNTRY).right <= right + 1
    assert reading.place(issuer.name.upper()).left >= left - 1


@every_size
def test_the_first_page_bears_no_number_and_the_others_theirs_at_the_top_in_the_middle(size):
    reading = drawn([blocks.paragraph(f"Đoạn văn thứ {n}.") for n in range(150)], size=size)
    assert len(reading.pages) > 2
    left, right, top, bottom = text_box(reading, size)
    for number, letters in enumerate(reading.pages, 1):
        above = [letter for letter in letters if letter.bottom > top]
        assert "".join(letter.char for letter in above) == ("" if number == 1 else str(number))
        for letter in above:
            assert letter.size == 13
            assert abs((letter.left + letter.right) / 2 - (left + right) / 2) < 10
        below = "".join(letter.char for letter in letters if letter.top < bottom)
        assert "Trang" not in below
        assert below.startswith("Mãgiấytờ:ABCDEFGHJKMN")


def test_each_copy_counts_its_pages_anew():
    reading = drawn([blocks.paragraph(f"Đoạn {n}.") for n in range(50)], copies=("Liên 1: một", "Liên 2: hai"))
    top = text_box(reading, "A4")[2]
    above = ["".join(letter.char for letter in page if letter.bottom > top) for page in reading.pages]
    assert above == ["Liên1:một", "2Liên1:một", "Liên2:hai", "2Liên2:hai"]


@pytest.mark.parametrize("lines", [20, 25, 27, 28, 29, 30, 31, 35])
def test_places_to_sign_never_stand_alone_on_a_page_and_lines_stand_closer_where_that_saves_it(lines):
    body = wording.body(
        Wording(
            "Phiếu", "P", (*[Block(LINE, f"Dòng {n}", "chữ") for n in range(lines)], Block(SIGNATURE, "Ký", "Tên"))
        ),
        Vocabulary(),
        {},
    )
    reading = drawn(body, copies=("một", "hai"))
    assert len(reading.pages) == (2 if lines <= 29 else 4)
    for page in reading.pages:
        assert "Dòng" in "".join(letter.char for letter in page)
    last, before = reading.places(f"Dòng {lines - 1}")[0], reading.places(f"Dòng {lines - 2}")[0]
    distance = before.bottom - last.bottom
    assert distance >= 13 * 1.15 if last.page == before.page else True


@pytest.mark.parametrize("size", ["A4", "A4-landscape"])
@pytest.mark.parametrize("rows", [1, 8, 9, 10, 11, 12, 19, 20, 21, 22, 23, 24, 25, 40, 60])
def test_places_to_sign_below_a_table_take_its_last_row_along(size, rows):
    table = blocks.table(["Nội dung"], [[f"Việc {n}."] for n in range(rows)], [120])
    reading = drawn([table, blocks.signatures(("Người lập", "Tên"))], size=size, copies=("một", "hai"))
    assert [each.page for each in reading.places(f"Việc {rows - 1}.")] == [
        each.page for each in reading.places("NGƯỜI LẬP")
    ]
    # Each row once in each copy, below the head on every page.
    assert all(len(reading.places(f"Việc {n}.")) == 2 for n in range(rows))
    assert all("NộidungViệc" in "".join(letter.char for letter in page) for page in reading.pages)
    assert len(reading.pages) == 2 or rows > 12, "no page is begun without need"


@every_size
def test_a_table_is_never_wider_than_the_lines_above_it(size):
    reading = drawn([blocks.table(["Đầu", "Cuối"], [["một", "hai"]], [20, 400], aligns=["left", "right"])], size=size)
    left, right, _top, _bottom = text_box(reading, size)
    assert reading.place("một").left >= left
    assert reading.place("hai").right <= right


@every_size
def test_margins_are_those_of_the_decree(size):
    left, right, top, bottom = layout.MARGINS[size]
    if size != "A5":  # no size of the decree
        assert 30 <= left <= 35
        assert 15 <= right <= 20
        assert 20 <= top <= 25
        assert 20 <= bottom <= 25


def test_text_has_13_points_its_paragraphs_begin_one_centimetre_in():
    reading = drawn([blocks.paragraph("Chữ đầu đoạn lùi vào. " * 30), blocks.paragraph("Đoạn sau.")])
    left, _right, top, bottom = text_box(reading, "A4")
    inside = [letter for letter in reading.letters if bottom < letter.bottom < top]
    assert min(letter.size for letter in inside) == 12  # agencies' names
    assert reading.place("Chữ đầu đoạn").size == 13
    assert abs(reading.place("Chữ đầu đoạn").left - left - 10 * mm) < 1
    last = reading.places("lùi vào.")[-1]
    assert last.bottom - reading.place("Đoạn sau.").top + (13 * 1.2 - 13) >= 5.5


@pytest.mark.parametrize("label", ["Email", "Số điện thoại", "Địa chỉ nhận kết quả qua dịch vụ bưu chính công ích"])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_dots_to_be_filled_in_end_where_the_line_does(label, columns):
    cells = [blocks.field(label, "") for _ in range(columns)]
    reading = drawn([cells[0] if columns == 1 else blocks.columns(cells, [None] * columns)])
    left, right, _top, _bottom = text_box(reading, "A4")
    dots = [letter for letter in reading.letters if letter.char == "…"]
    lines = {round(letter.bottom) for letter in dots}
    assert len(dots) >= 4 * columns
    assert len(lines) == 1
    for column in range(columns):
        end = left + (right - left) * (column + 1) / columns
        begin = left + (right - left) * column / columns
        assert end - 14 <= max(letter.right for letter in dots if begin - 1 < letter.left < end - 5) <= end + 1


def test_a_row_longer_than_a_page_goes_on_over_the_turn():
    words = " ".join(f"từ{n}" for n in range(2000))
    reading = drawn([blocks.table(["TT", "Tên giấy tờ"], [[1, words], [2, "cuối cùng"]], [12, 140], size=13)])
    text = reading.text()
    assert len(reading.pages) > 2
    assert "từ0từ1từ2" in text
    assert "từ1999" in text
    assert "cuốicùng" in text


def test_a_row_stays_whole_and_the_heads_stand_once_a_page():
    rows = [[n, f"Giấy tờ thứ {n} " + "có tên dài " * 12] for n in range(1, 40)]
    reading = drawn([blocks.table(["TT", "Tên giấy tờ"], rows, [12, 100], size=13)])
    assert len(reading.places("Tên giấy tờ")) == len(reading.pages) > 2
    for n in range(1, 40):
        assert reading.places(f"Giấy tờ thứ {n} " + "có tên dài " * 12), n


def test_a_word_longer_than_its_column_stays_within_it():
    reading = drawn([blocks.table(["Địa chỉ"], [["x" * 300]], [60], size=13), blocks.field("Nội dung", "y" * 300)])
    _left, right, _top, _bottom = text_box(reading, "A4")
    assert max(letter.right for letter in reading.letters) <= right + 2


SIGNED = Wording(
    "Thông báo",
    "TB",
    (
        Block(TEXT, text="Kính gửi: {name}", centred=True),
        Block(RECIPIENTS, text="Như trên\n- {unit};\nLưu: VT, hồ sơ."),
        Block(SIGNATURE, "{title}", "{signer}"),
    ),
)
VOCABULARY = Vocabulary(
    fields={name: Field(name, name) for name in ("name", "unit", "title", "signer")},
    parts={"rows": parts.table("Bảng", [parts.Column("#", "TT", 12), parts.Column("name", "Tên", 100)], [])},
)


def test_recipients_stand_on_the_left_level_with_the_signers_power():
    said = {
        "name": "Ánh",
        "unit": "Trung tâm tỉnh",
        "title": "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch",
        "signer": "Lê Văn Cường",
    }
    assert wording.wording_problems(SIGNED, VOCABULARY) == []
    reading = drawn(wording.body(SIGNED, VOCABULARY, said))
    left, right, _top, _bottom = text_box(reading, "A4")
    to, power = reading.place("Nơi nhận:"), reading.place("TM. ỦY BAN NHÂN DÂN")
    assert (to.size, power.size) == (12, 13)
    assert abs(to.left - left) < 1
    assert abs(to.top - power.top) < 3
    for line in ("- Như trên;", "- Trung tâm tỉnh;", "- Lưu: VT, hồ sơ."):
        assert (reading.place(line).size, reading.place(line).lines) == (SMALL, 1)
    below = [reading.place(text) for text in ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn Cường")]
    assert [place.lines for place in below] == [1, 1, 1]
    assert power.bottom > below[0].bottom > below[1].bottom > below[2].bottom
    assert all(abs(place.middle - power.middle) < 1 for place in below)
    assert power.left > (left + right) / 2


def test_recipients_stand_below_two_signers():
    blocks_ = (*SIGNED.blocks[:2], Block(SIGNATURE, "Bên giao", "An"), Block(SIGNATURE, "Bên nhận", "Bình"))
    said = {"name": "Ánh", "unit": "Trung tâm", "title": "", "signer": ""}
    reading = drawn(wording.body(Wording("Thông báo", "TB", blocks_), VOCABULARY, said))
    assert reading.place("Nơi nhận:").top < reading.place("Bình").bottom


def test_heads_worded_for_other_columns_do_not_stop_the_counter():
    old = Wording(
        "Phiếu", "P", (Block(PART, "Gồm:", part="rows", heads=("TT", "Tên", "Bản")), Block(LINE, "a", "{name}"))
    )
    reading = drawn(wording.body(old, VOCABULARY, {"rows": [{"name": "Đơn"}], "name": "Ánh"}))
    assert reading.place("Đơn")


PROVINCE = Territory(code="24", kind="province", name="Tỉnh Bắc Ninh")
WARD = Territory(code="09187", kind="ward", name="Phường Kinh Bắc", parent=PROVINCE)
CITY = Territory(code="79", kind="province", name="Thành phố Hồ Chí Minh")
NUMBERED = Territory(code="00005", kind="ward", name="Phường 5", parent=CITY)
Kind = Agency.Kind
PROVINCIAL_PC = Agency(kind=Kind.PROVINCIAL_PC, name="Ủy ban nhân dân tỉnh Bắc Ninh", territory=PROVINCE)
WARD_PC = Agency(kind=Kind.COMMUNE_PC, name="Ủy ban nhân dân phường Kinh Bắc", territory=WARD, parent=PROVINCIAL_PC)
OFFICE = Agency(kind=Kind.DEPARTMENT, name="Văn phòng Ủy ban nhân dân tỉnh", territory=PROVINCE, parent=PROVINCIAL_PC)
SECTOR = Agency(kind=Kind.DEPARTMENT, name="Sở Nông nghiệp và Môi trường", territory=PROVINCE, parent=PROVINCIAL_PC)
POLICE = Agency(kind=Kind.VERTICAL, name="Công an tỉnh Bắc Ninh", territory=PROVINCE)


@pytest.mark.parametrize(
    ("agency", "superior", "name", "place"),
    [
        (PROVINCIAL_PC, "", "Ủy ban nhân dân tỉnh Bắc Ninh", "Bắc Ninh"),
        (WARD_PC, "", "Ủy ban nhân dân phường Kinh Bắc", "Kinh Bắc"),
        (OFFICE, "UBND tỉnh Bắc Ninh", "Văn phòng Ủy ban nhân dân tỉnh Bắc Ninh", "Bắc Ninh"),
        (SECTOR, "UBND tỉnh Bắc Ninh", "Sở Nông nghiệp và Môi trường", "Bắc Ninh"),
        (
            Agency(kind=Kind.PROVINCIAL_CENTRE, name="Trung tâm tỉnh Bắc Ninh", territory=PROVINCE, parent=OFFICE),
            "Văn phòng UBND tỉnh Bắc Ninh",
            "Trung tâm tỉnh Bắc Ninh",
            "Bắc Ninh",
        ),
        (
            Agency(kind=Kind.DEPARTMENT, name="Văn phòng Đăng ký đất đai tỉnh", territory=PROVINCE, parent=SECTOR),
            "Sở Nông nghiệp và Môi trường tỉnh Bắc Ninh",
            "Văn phòng Đăng ký đất đai tỉnh Bắc Ninh",
            "Bắc Ninh",
        ),
        (
            Agency(kind=Kind.COMMUNE_CENTRE, name="Trung tâm phường Kinh Bắc", territory=WARD, parent=WARD_PC),
            "UBND phường Kinh Bắc",
            "Trung tâm phường Kinh Bắc",
            "Kinh Bắc",
        ),
        (
            Agency(kind=Kind.VERTICAL, name="Công an phường Kinh Bắc", territory=WARD, parent=POLICE),
            "Công an tỉnh Bắc Ninh",
            "Công an phường Kinh Bắc",
            "Kinh Bắc",
        ),
        (
            Agency(kind=Kind.COMMUNE_PC, name="Ủy ban nhân dân Phường 5", territory=NUMBERED),
            "",
            "Ủy ban nhân dân Phường 5",
            "Phường 5",
        ),
        (Agency(kind=Kind.DEPARTMENT, name="Sở Y tế", territory=CITY), "", "Sở Y tế", "Thành phố Hồ Chí Minh"),
    ],
    ids=lambda value: value.name if isinstance(value, Agency) else "",
)
def test_the_head_names_agency_superior_and_place(agency, superior, name, place):
    issuer = Issuer.of(agency)
    assert (issuer.superior, issuer.name, issuer.place) == (superior, name, place)
