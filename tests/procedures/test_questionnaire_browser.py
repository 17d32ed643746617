"""The browser's check of a form against the server's: the same inputs refused, at the same field, in the same words.

The module of the page runs in Node; `tests/journeys/test_forms.py` sees it at work in a browser.
"""

import json
import unicodedata

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from procedures.questionnaire import answers, schema, validation
from procedures.questionnaire.browser import page_rules
from procedures.questionnaire.layout import read_layout
from tests.factories.questionnaires import AROUND, LAYOUT, RULES, TODAY, WHOLE
from tests.procedures.judge import Judge

# Letters that both Unicode versions know: what Node calls a letter of late, Python calls unassigned still.
_KNOWN_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=9)


@pytest.fixture(scope="module")
def browser():
    judge = Judge()
    yield judge
    judge.close()


def one(**question):
    """A form of one question."""
    stored = {"id": "q", "label": "Câu hỏi", **question}
    layout = read_layout({"title": "T", "sections": [{"title": "S", "questions": [stored]}]})
    return layout, schema.build_schema(layout)


def same(browser, typed, layout=LAYOUT, rules=RULES, case=""):
    """What both sides say of what was typed; fails unless they say the same. Returns the mistakes."""
    server = validation.validate_answers(layout, rules, typed, AROUND, case)
    found = browser(json.loads(page_rules(layout, rules, TODAY, case)), typed)
    mistakes = [list(mistake) for mistake in server.mistakes]
    assert found["mistakes"] == mistakes, typed
    assert set(found["asked"]) == server.asked
    assert {id_: n for id_, n in found["computed"].items() if n is not None} == {
        q.id: server.values[q.id] for q in layout.by_id().values() if q.kind == "computed" and q.id in server.values
    }
    return mistakes


def wide(text: str) -> str:
    """The same digits as a full-width keyboard gives them."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


# Kind with its limits: inputs that are taken, inputs that are refused.
TABLE = [
    (
        {"kind": "text", "most": 5},
        ["abc", "  a b  ", "ế" * 5, unicodedata.normalize("NFD", "ế" * 5), "😀" * 5, "a\u200bb", "\ud7ff", "\u00a0a"],
        ["", " ", "\u200b", "\u3000 \t", "abcdef", "ế" * 6, "😀" * 6, "\x00"],
    ),
    ({"kind": "text"}, ["x" * 300, "x" * 300 + " " * 4000], ["x" * 301, "x" * 9000, " " * 5000 + "x"]),
    (
        {"kind": "text", "pattern": r"[A-Z]{2}-\d{1,3}"},
        ["AB-12", "AB-1", " AB-12 ", "AB-" + wide("12"), "AB-١"],
        ["ab-12", "AB12", "AB-1234", "xAB-12", "AB-12x", "AB-12\nx", "ÁB-12"],
    ),
    ({"kind": "long_text", "most": 20}, ["a\r\nb", "a\n\n b ", "x" * 20, "1\t2"], ["\n\r\n", "x" * 21, "x\n" * 11]),
    (
        {"kind": "number", "least": 1, "most": 50},
        ["1", "50", "2,5", "2.5", wide("12"), "1,000000", " 7 "],
        ["", "0", "51", "-1", "1.500", "1e3", "12 000", "2,5,1", ".5", "5.", "x", "9" * 16, "9" * 400, "½", "--1"],
    ),
    ({"kind": "number"}, ["-5", "1.500", "1.500,25", "999999999999999", "-0"], ["1.234.567.890.123.456", "1" * 41]),
    (
        {"kind": "money"},
        ["0", "50000", "50.000", "50,000", "50 000", "50\u00a0000", "50.000 đ", "50000 VND", "5 ĐỒNG.", wide("50.000")]
        + ["1.000.000.000.000.000", "000050000"],
        ["", "-5", "1.5", "12.50", "1.000,000", "5 nghìn", "$5", "1.000.000.000.000.001", "9" * 60, "9" * 4400, "đ"],
    ),
    ({"kind": "money", "least": 1000, "most": 5000}, ["1000", "5.000"], ["999", "5001", "0"]),
    (
        {"kind": "date"},
        ["22/11/2026", "2-1-2026", "2.1.2026", "2 1 2026", "22112026", "2026-11-22", "29/02/2024", "29/02/2000"]
        + [wide("22/11/2026"), "31/12/9999", "1/1/0001", " 22/11/2026 "],
        ["31/02/2026", "29/02/2026", "29/02/1900", "31/04/2026", "0/1/2026", "1/13/2026", "1/1/26", "22/11-2026"]
        + ["2026-02-31", "1/1/0000", "2026/11/22", "hôm nay", "221126", "20261122", "1/1/10000", "2026-W01-1"],
    ),
    (
        {"kind": "date", "past": True},
        ["23/11/2026", "01/01/1900"],
        ["24/11/2026", "2027-01-01", "31/02/2020", "2026-02-31"],
    ),
    (
        {"kind": "birth_date"},
        ["22/11/1990", "05/1938", "5-1938", "5.1938", "1938", "1938-05", "1938-05-22", "00/00/1938", "--/--/1938"]
        + ["00/05/1938", "--/5/1938", "xx/xx/1938", wide("05/1938"), " 1938 ", "19\u200b38", "23/11/2026", "11/2026"]
        + ["2026", "29/02/2000"],
        ["13/1938", "0/1938", "38", "051938", "0000", "12/2026", "2027", "24/11/2026", "31/02/1938", "5/38", "năm 1938"]
        + ["--/1938/05", "1938/05", "10000", "00/13/1938", "/1938", "1938-", "00/00/00/1938"],
    ),
    (
        {"kind": "personal_number"},
        ["027190000011", "027 190 000 011", "027.190.000-011", wide("027190000011"), "101190000011", "399590000011"]
        + ["0271\u200b9000\u20600011", "027\u2011190\u2013000\u2212011", "\ufeff027\u00a0190\u00ad000\ufe0f011"],
        ["02719000001", "0271900000111", "000190000011", "400190000011", "027690000011", "02719000001a", "-", "027/1"],
    ),
    (
        {"kind": "paper_number"},
        ["027190000011", "121 234 567", "m 1234-5678", "\u200bM12345678", wide("121234567")],
        ["12345678", "999190000011", "ABCDEFG", "M1", "М12345678", "-"],
    ),
    (
        {"kind": "tax_number"},
        ["0100109106", "0100109106-001", "0100109106001", "0100 109 106", "027190000011"],
        ["0100109107", "0000000000", "01001091060", "000190000011", "0100109106-0011", "abc", "0100109107-001"]
        + ["0100109106-000"],
    ),
    (
        {"kind": "phone"},
        ["0912345678", "+84 912 345 678", "0084912345678", "(024) 3825.3536", "02438253536", wide("0912345678")]
        + ["84912345678", "+84 (0) 912 345 678", "84 24 3825 3536", "0912\u200b345\u2011678", "\u202a0912345678\u202c"]
        + ["0168 123 4567", "+84 121 123 4567", "84199 123 4567"],
        [
            "",
            "-",
            "()",
            "912345678",
            "0012345678",
            "8491234567",
            "84012345678",
            "091234567",
            "09123456789",
            "01301234567",
            "091234567890",
            "+1 912 345 678",
            "0912 34x 678",
        ],
    ),
    (
        {"kind": "email"},
        ["ten@example.com", "A.B+c@sub.example.vn", "a@localhost", "tên@example.com".replace("ê", "e"), "a@miền.việt"]
        + ['"a"@example.com', "a@xn--fsq.com", "a@" + "b" * 63 + ".vn"],
        ["", "ten", "ten@", "@x.vn", "a@b", "a b@x.vn", "tên@x.vn", "a@-b.vn", "a@b-.vn", "a@b..vn", "a.@b.vn"]
        + ["a@[127.0.0.1]", "a@b@c.vn,", "a@b.v", "x" * 250 + "@x.vn", "x" * 320 + "@x.vn", "a@" + "b" * 64 + ".vn"],
    ),
    ({"kind": "yes_no"}, ["yes", "no"], ["", "maybe", "YES", "on"]),
    ({"kind": "declaration"}, ["on", "1"], [""]),
    ({"kind": "choice", "options": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]}, ["a", "b"], ["", "c"]),
]
CASES = [(question, text, kind) for question, *texts in TABLE for kind, group in enumerate(texts) for text in group]


PAPERED = ["name", "personal_number"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("question", [row[0] for row in TABLE], ids=lambda question: question["kind"])
def test_one_answer_is_judged_alike(browser, question, language):
    needed, optional = one(**question, label_en="Question?"), one(**question, label_en="Question?", required=False)
    with translation.override(language):
        for asked, text, refused in CASES:
            if asked is question:
                assert bool(same(browser, {"q": text}, *needed)) == bool(refused), text
                same(browser, {"q": text}, *optional)
                same(browser, {"q-name": text}, *one(kind="person", parts=["name", "birth_date?"]))
                if question["kind"] == "personal_number":
                    same(browser, {"q-name": "An", "q-personal_number": text}, *one(kind="person", parts=PAPERED))
                if question["kind"] in ("date", "birth_date"):
                    born = {"q-name": "An", "q-birth_date": text}
                    for whole in (False, True):
                        same(browser, born, *one(kind="person", parts=["name", "birth_date"], whole_date=whole))


OPTIONS = [{"key": "one", "label": "Một"}, {"key": "two", "label": "Hai"}]
WHOLE_LAYOUT = read_layout(
    {
        "title": "T",
        "sections": [
            {
                "title": "S",
                "questions": [
                    {"id": "area", "kind": "number", "label": "Diện tích?", "required": False},
                    {"id": "price", "kind": "money", "label": "Giá", "when": {"field": "area", "value": "1.5"}},
                    {"id": "owner", "kind": "enterprise", "label": "Doanh nghiệp", "required": False},
                    {"id": "home", "kind": "address", "label": "Nơi ở"},
                    {"id": "land", "kind": "address", "label": "Đất", "parts": ["commune", "detail?"]},
                    {"id": "word", "kind": "text", "label": "Chữ", "required": False},
                    {
                        "id": "more",
                        "kind": "text",
                        "label": "Kể",
                        "when": {"field": "word", "op": "contains", "value": "đ"},
                    },
                    {"id": "paper", "kind": "file", "label": "Giấy", "when": {"field": "case", "value": "new"}},
                    {
                        "id": "new",
                        "kind": "yes_no",
                        "label": "Mới?",
                        "when": {"field": "case", "op": "is_not", "value": "old"},
                    },
                ],
            },
            {
                "title": "Bảng",
                "when": {"field": "new", "op": "is_not", "value": "yes"},
                "questions": [
                    {
                        "id": "people",
                        "kind": "rows",
                        "label": "Người",
                        "most": 3,
                        "columns": [
                            {"id": "number", "kind": "personal_number", "label": "Số"},
                            {"id": "born", "kind": "birth_date", "label": "Sinh", "required": False},
                            {"id": "share", "kind": "number", "label": "Phần", "most": 100},
                            {"id": "way", "kind": "choice", "label": "Cách", "options": OPTIONS, "required": False},
                            {"id": "agrees", "kind": "yes_no", "label": "Đồng ý", "required": False},
                        ],
                    },
                    {"id": "shares", "kind": "computed", "label": "Cộng", "formula": "sum(people.share, area)"},
                    {"id": "count", "kind": "computed", "label": "Số", "formula": "count(people)"},
                    {"id": "worth", "kind": "computed", "label": "Trị", "formula": "product(area, price)"},
                    {"id": "age", "kind": "computed", "label": "Tuổi", "formula": "age(people.born)"},
                    {"id": "votes", "kind": "computed", "label": "Phiếu", "formula": "sum(people.agrees)"},
                    {
                        "id": "why",
                        "kind": "text",
                        "label": "Vì sao",
                        "when": {"field": "shares", "op": "is_not", "value": "0.3"},
                    },
                    {"id": "guardian", "kind": "text", "label": "Giám hộ", "when": {"field": "age", "value": "10"}},
                ],
            },
        ],
    }
)
WHOLE_RULES = schema.build_schema(WHOLE_LAYOUT)
ROW = {"new": "no", "people-0-number": "027190000011", "people-0-share": "0,1"}
HOME = {"home-elsewhere": "Lào", "land-commune": "09202"}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, ["home-commune", "land-commune", "new"]),
        ({"new": "no"}, ["home-commune", "land-commune", "people-0-number"]),
        ({**HOME, "new": "yes", "people-0-number": "rubbish"}, []),
        ({**HOME, **ROW, "area": "0,2"}, []),  # 0,1 and 0,2 are 0,3 on both sides
        ({**HOME, **ROW, "area": "0,3"}, ["why"]),
        ({**HOME, **ROW, "area": "1,50", "why": "x"}, ["price"]),
        ({**HOME, **ROW, "price": "rubbish", "more": "x" * 999, "why": "x"}, []),  # hidden, so it decides nothing
        (
            {**HOME, **ROW, "why": "x", "people-1-number": " ", "people-2-share": "x"},
            ["people-2-number", "people-2-share"],
        ),
        ({**HOME, **ROW, "why": "x", "people-7-share": "1"}, []),  # no more rows than the table may have
        ({**HOME, **ROW, "why": "x", "people-0-agrees": "no", "people-0-way": "one"}, []),
        ({**HOME, **ROW, "why": "x", "people-0-agrees": "o", "people-0-way": "c"}, ["people-0-way", "people-0-agrees"]),
        ({**HOME, **ROW, "why": "x", "people-0-born": "23/11/2016"}, ["guardian"]),
        ({**HOME, **ROW, "why": "x", "people-0-born": "24/11/2026"}, ["people-0-born"]),
        ({**HOME, **ROW, "why": "x", "people-0-born": "10/2016"}, ["guardian"]),  # ten in any case
        ({**HOME, **ROW, "why": "x", "people-0-born": "2016"}, []),  # nine or ten: nobody is asked
        ({**HOME, **ROW, "why": "x", "home-elsewhere": "x" * 301}, ["home-elsewhere"]),
        ({**HOME, **ROW, "why": "x", "home-commune": "07105", "home-elsewhere": "x" * 301}, []),
        ({**HOME, **ROW, "why": "x", "home-elsewhere": "", "home-detail": "Số 1"}, ["home-commune"]),
        ({**HOME, **ROW, "why": "x", "land-commune": "", "land-detail": "Thửa 5"}, ["land-commune"]),
        ({**HOME, **ROW, "why": "x", "land-commune": "99999"}, ["land-commune"]),
        ({**HOME, **ROW, "why": "x", "owner-name": "Công ty A"}, ["owner-tax_number", "owner-representative"]),
        ({**HOME, **ROW, "why": "x", "word": "ghi đúng"}, ["more"]),
    ],
)
def test_what_hangs_together_is_judged_alike(browser, typed, fields):
    assert [field for field, _said in same(browser, typed, WHOLE_LAYOUT, WHOLE_RULES, "first")] == fields
    with translation.override("en"):
        same(browser, typed, WHOLE_LAYOUT, WHOLE_RULES, "new")
    # The database keeps the keys of a stored schema in an order of its own.
    stored = json.loads(json.dumps(WHOLE_RULES, sort_keys=True))
    assert [field for field, _said in same(browser, typed, WHOLE_LAYOUT, stored, "first")] == fields


NAMES = [*HOME, *ROW, *(f"people-{n}-{c}" for n in (0, 2) for c in ("born", "way", "agrees")), "area", "price"]
TEXTS = [text for _question, *groups in TABLE for group in groups for text in group if len(text) < 400]
ANY = st.one_of(
    st.sampled_from(TEXTS), st.sampled_from(["yes", "no", "one", "09202", "0,1", "0,2", "1,5"]), _KNOWN_TEXT
)


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("027 190 000 011", "027190000011"),
        ("121 234 567", "121234567"),
        ("m 1234-5678", "M12345678"),
        ("\u200bM12345678", "M12345678"),
        ("１２１２３４５６７", "121234567"),
        ("12345678", None),
        ("999190000011", None),
        ("ABCDEFG", None),
        ("M1", None),
        ("M12345678?", None),
        ("М12345678", None),  # a Cyrillic letter, as a copied page may have it
        ("M" + "1" * 20, None),
    ],
)
def test_a_person_is_known_by_a_number_or_a_passport(browser, number, kept):
    layout, rules = one(kind="person", parts=PAPERED)
    mistakes = same(browser, {"q-name": "Kim", "q-personal_number": number}, layout, rules)
    assert bool(mistakes) == (kept is None)
    if kept:
        assert answers.simple("paper_number", number) == kept


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([*NAMES, "home-detail", "owner-name", "word", "more"]), ANY),
    st.sampled_from(["", "new"]),
)
def test_whatever_is_typed_is_judged_alike(browser, typed, case):
    same(browser, typed, WHOLE_LAYOUT, WHOLE_RULES, case)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example({"child-name": "abc", "costs-0-amount": "9" * 16})  # beyond the whole numbers that a browser knows
@given(st.dictionaries(st.sampled_from([*WHOLE, "why", "loan", "needs--one", "home-commune", "child-sex"]), ANY))
def test_changes_of_a_good_form_are_judged_alike(browser, typed):
    same(browser, {**WHOLE, **typed})


UNSEEN = "\u200b\u200d\u2060\ufeff\u00ad\u202a\u202c\u034f\ufe0f\u3164\U000e0041\u0007"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(
        [
            ("personal_number", "027-190-000-011"),
            ("tax_number", "0100109106-001"),
            ("phone", "0912-345-678"),
            ("date", "22-11-1990"),
            ("birth_date", "22-11-1990"),
            ("birth_date", "11-1990"),
            ("money", "50.000"),
            ("number", "12,5"),
        ]
    ),
    st.data(),
)
def test_what_nobody_sees_changes_no_number(browser, pair, data):
    """Pasted from a message, a word processor or a card: the same number on both sides."""
    kind, text = pair
    layout, rules = one(kind=kind)
    dash = data.draw(st.sampled_from(DASHES))
    pasted = (wide(text) if data.draw(st.booleans()) else text).replace("-", dash)
    for character in data.draw(st.lists(st.sampled_from(UNSEEN), max_size=4)):
        place = data.draw(st.integers(0, len(pasted)))
        pasted = pasted[:place] + character + pasted[place:]
    assert same(browser, {"q": pasted}, layout, rules) == []
    assert answers.simple(kind, pasted) == answers.simple(kind, text)
