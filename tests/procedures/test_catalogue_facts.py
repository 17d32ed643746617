"""Facts of the bundled catalogue that were once wrong, by what their sources say."""

from datetime import date

import pytest

from procedures import display
from procedures.editions import bundled, document
from procedures.editions.forms.rows import DocumentRow
from procedures.models import Procedure
from procedures.public import presentation

# Their source names the fee and leaves its amount to the provincial Council.
LEFT_TO_COUNCIL = [
    "2.000720", "2.000575", "1.001570", "1.001266", "1.004982", "1.012790", "1.012812", "1.012817", "1.013988",
    "1.014159",
]  # fmt: skip
SUPERSEDED = [
    ("2.000986", "15/2015/TT-BTP"),
    ("2.000821", "58/2014/QH13"),
    ("1.001939", "146/2018/NĐ-CP"),
    ("1.002759", "146/2018/NĐ-CP"),
    ("1.010038", "62/2021/NĐ-CP"),
    ("1.010041", "62/2021/NĐ-CP"),
]


# Replaced by a later law or decree that the bundle names instead.
SUPERSEDED_EVERYWHERE = {
    "15/2015/TT-BTP", "58/2014/QH13", "146/2018/NĐ-CP", "62/2021/NĐ-CP", "61/2018/NĐ-CP", "107/2021/NĐ-CP",
    "158/2005/NĐ-CP", "01/2021/NĐ-CP", "45/2013/QH13", "43/2014/NĐ-CP", "115/2015/NĐ-CP", "134/2015/NĐ-CP",
}  # fmt: skip


@pytest.fixture(scope="module")
def carried():
    return {facts["code"]: facts for facts in bundled.read_bundled()}


@pytest.mark.parametrize("code", LEFT_TO_COUNCIL)
def test_a_fee_that_the_council_sets_is_not_free(carried, code):
    facts = carried[code]
    paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
    assert set(document.free_channels(facts)).isdisjoint(paid)
    assert any(fee.get("set_by") == "province" and fee["amount"] is None for fee in facts["fees"])
    assert any(open_query["kind"] == "fee_set_by_council" for open_query in document.queries_of(facts))


def test_of_every_way_of_filing_it_is_said_what_it_costs(carried):
    for code, facts in carried.items():
        offered = {channel for term in facts["terms"] for channel in term["channels"]}
        paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
        assert offered <= paid | set(document.free_channels(facts)), code
        assert facts.get("free", {"state": "none"})["state"] in ("none", "confirmed", "to_be_confirmed"), code


@pytest.mark.parametrize("code", ["2.002029", "2.002018", "1.001570", "2.000575", "1.013988"])
def test_no_rule_of_fifteen_hours_without_a_source(carried, code):
    assert not any(term.get("after_15h_next_day") for term in carried[code]["terms"])


@pytest.mark.parametrize(
    ("code", "case", "limit"),
    [
        ("1.004359", "reissue", (3, "working_day")),
        ("1.009646", "ninth", (5, "working_day")),
        ("1.013080", "plate", (2, "working_day")),
    ],
)
def test_limits_of_cases(carried, code, case, limit):
    found = {(term["amount"], term["unit"]) for term in carried[code]["terms"] if term.get("case") == case}
    assert found == {limit}


@pytest.mark.parametrize("code", ["1.013080", "1.013082", "1.013065", "1.013123"])
def test_the_verification_of_a_loss_is_a_period_that_does_not_count(carried, code):
    assert carried[code]["excluded"]
    for period in carried[code]["excluded"]:
        assert (period["amount"], period["unit"]) == (30, "calendar_day")
        assert period["legal_ground"]


def test_suspension_and_resumption_have_their_own_result_codes(carried):
    names = {result["code"]: result["name"].casefold() for result in carried["2.002029"]["results"]}
    assert "tạm ngừng" in names["KQ.G12.001045"]
    assert "tiếp tục" in names["KQ.G12.001335"]


def test_reduced_fees_of_the_circular_end_and_the_whole_fee_follows(carried):
    ended = [
        (code, fee)
        for code, facts in carried.items()
        for fee in facts["fees"]
        if fee.get("legal_basis") == "64/2025/TT-BTC" and fee["amount"]
    ]
    assert ended
    for code, fee in ended:
        assert fee["valid_to"] == date(2026, 12, 31).isoformat(), code
        follow = [other for other in carried[code]["fees"] if other.get("valid_from") == "2027-01-01"]
        assert any(set(other["channels"]) & set(fee["channels"]) for other in follow), code


@pytest.mark.parametrize(("code", "act"), SUPERSEDED)
def test_no_superseded_act_is_a_ground(carried, code, act):
    grounds = {*carried[code]["legal_basis"], *(fee.get("legal_basis") for fee in carried[code]["fees"])}
    assert act not in grounds


def test_no_procedure_rests_on_a_replaced_act(carried):
    for code, facts in carried.items():
        rows = [*facts["fees"], *facts["terms"]]
        assert SUPERSEDED_EVERYWHERE.isdisjoint({*facts["legal_basis"], *(row.get("legal_basis") for row in rows)}), (
            code
        )


def test_a_confirmed_limit_has_a_number_a_unit_and_a_channel(carried):
    for code, facts in carried.items():
        for term in facts["terms"]:
            assert set(term["channels"]) <= {"online", "counter", "post"}, code
            if term["state"] == "confirmed":
                assert term["unit"], code
                assert term["unit"] == "at_once" or term["amount"], code


def test_no_remembered_amount_stands_where_the_council_sets_the_same_fee(carried):
    """One land procedure named 50.000 đ from memory for the levy that all others leave to the Council."""
    kept = {fee["name"] for facts in carried.values() for fee in facts["fees"] if fee.get("set_by") == "province"}
    for code, facts in carried.items():
        for fee in facts["fees"]:
            if fee["name"] in kept and fee.get("source") == "memory":
                assert not fee["amount"], (code, fee["name"])


@pytest.mark.parametrize(
    ("code", "last_year", "from_january"),
    [("1.014064", "Từ 35.000 đ", "Từ 70.000 đ"), ("2.002041", "100.000 đ đến 125.000 đ", "100.000 đ đến 150.000 đ")],
)
def test_the_page_of_january_shows_the_whole_fee_and_no_ended_line(catalogue, code, last_year, from_january):
    edition = Procedure.objects.get(code=code).current
    case = next(iter(edition.facts.get("cases", [])), {}).get("key", "")
    said = [display.fee_span(edition, day).replace("\u00a0", " ") for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert said == [last_year, from_january]
    lines = [line for row in presentation.fee_rows(edition, case, date(2027, 1, 1)) for line in row.lines]
    assert lines
    assert not any("31/12/2026" in str(line) for line in lines)


@pytest.mark.parametrize(
    ("code", "case", "words"),
    [
        ("1.012790", "", "8 đến 18 ngày làm việc"),
        ("1.012790", "mountain", "18 ngày làm việc"),
        ("1.004359", "", "3 đến 5 ngày làm việc"),
        ("1.013065", "", "8 giờ làm việc hoặc 2 ngày làm việc"),
        ("1.009664", "", "5 đến 10 ngày làm việc"),
        ("1.001193", "", "Giải quyết ngay"),
    ],
)
def test_the_head_says_the_limits_of_all_cases_until_one_is_chosen(catalogue, code, case, words):
    edition = Procedure.objects.get(code=code).current
    assert display.usual_limit(edition, case) == (words, False)


def test_a_carried_procedure_says_of_every_channel_whether_it_costs_something(carried):
    entry = {**carried["1.001193"], "free": {"channels": ["online"], "state": "confirmed"}, "fees": []}
    found = document.problems_of(document.canonical_text(entry), bundled=True)
    assert found == ["fees: nothing is said of counter", "fees: nothing is said of post"]
    entry["fees"] = [{"name": "Lệ phí", "kind": "levy", "channels": ["online", "counter", "post"], "amount": 8_000}]
    assert document.problems_of(document.canonical_text(entry), bundled=True) == ["free: online has a fee"]


def in_force(fee, day):
    return fee.get("valid_from", "") <= day and day <= fee.get("valid_to", "9999")


def test_limit_and_fee_of_most_procedures_are_confirmed(carried):
    day = "2026-12-01"
    sure = [
        code
        for code, facts in carried.items()
        if all(term["state"] == "confirmed" for term in facts["terms"])
        and all(fee["state"] == "confirmed" for fee in facts["fees"] if in_force(fee, day))
        and facts.get("free", {"state": "confirmed"})["state"] == "confirmed"
    ]
    assert len(carried) >= 209
    assert len(sure) >= 160


def test_what_was_read_in_a_law_says_in_which(carried):
    for code, facts in carried.items():
        free = [facts["free"]] if isinstance(facts.get("free"), dict) else []
        for fact in (*facts["terms"], *facts["fees"], *free):
            if fact["source"] == "law" and fact["state"] == "confirmed":
                assert fact.get("reference") or fact.get("legal_basis"), code


def test_what_only_the_compiler_knows_is_never_confirmed(carried):
    for code, facts in carried.items():
        free = [facts["free"]] if isinstance(facts.get("free"), dict) else []
        for fact in (*facts["terms"], *facts["fees"], *facts["documents"], *free):
            assert fact["source"] != "memory" or fact["state"] == "to_be_confirmed", code


@pytest.mark.parametrize(
    ("code", "case", "limit"),
    [
        ("1.013978", "register", (17, "working_day")),
        ("1.013978", "mountain", (30, "working_day")),
        ("1.013978", "mountain_register", (27, "working_day")),
        ("1.012783", "mountain_measured", (20, "working_day")),
        ("1.012786", "mountain", (20, "working_day")),
        ("1.013995", "change", (5, "working_day")),
        ("1.013995", "extension", (8, "working_day")),
        ("1.010801", None, (20, "calendar_day")),
        ("1.010833", None, (5, "working_day")),
        ("1.012590", None, (20, "calendar_day")),
        ("2.000829", None, (None, "at_once")),
        ("2.000986", None, (20, "working_day")),
    ],
)
def test_limits_read_in_the_law(carried, code, case, limit):
    terms = [term for term in carried[code]["terms"] if term.get("case") == case]
    assert {(term["amount"], term["unit"]) for term in terms} == {limit}
    assert all(term["state"] == "confirmed" for term in terms)


def test_the_package_of_birth_says_what_the_decree_gives_to_electronic_files(carried):
    (term,) = carried["2.000986"]["terms"]
    for words in (term["note"], term["note_en"]):
        assert "63/2024/NĐ-CP" in words
        assert "20" in words
        assert "3" in words


@pytest.mark.parametrize("code", ["1.013079", "1.013080", "1.013082"])
def test_the_plate_of_a_motorcycle_costs_half_of_a_car_s(carried, code):
    amounts = {fee["case"]: fee["amount"] for fee in carried[code]["fees"]}
    assert amounts == {"certificate": 50_000, "plate": 100_000, "plate_motorcycle": 50_000}


# Their source asks for a copy of the authorisation; every other one asks for the original.
COPIED = {"1.001612", "1.001570", "2.000575"}


def test_an_authorisation_is_handed_in_as_the_source_says(carried):
    asked = {
        code: (paper["originals"], paper["copies"])
        for code, facts in carried.items()
        for paper in facts["documents"]
        if paper["key"] == "authorisation"
    }
    assert len(asked) > 40
    assert {code for code, numbers in asked.items() if numbers != (1, 0)} == COPIED
    assert all(asked[code] == (0, 1) for code in COPIED)


def test_a_secret_paper_is_taken_from_no_store(carried):
    entry = carried["1.001193"]
    documents = [{**entry["documents"][0], "secret": True, "from_store": True}, *entry["documents"][1:]]
    found = document.problems_of(document.canonical_text({**entry, "documents": documents}), bundled=True)
    assert found == ["documents/0: a secret paper has no electronic form and stands in no store"]
    given = {"name": "Hồ sơ mật", "kind": "submit", "originals": 1, "copies": 0, "secret": 1, "from_store": 1}
    form = DocumentRow(given, facts=entry)
    assert "from_store" in form.errors


def test_no_guidance_calls_free_what_the_council_sets(carried):
    """The fee of 1.014159 was left to the Council, and its guidance still said that nothing was to be paid."""
    for code, facts in carried.items():
        if any(fee.get("set_by") == "province" for fee in facts["fees"]):
            assert "miễn phí" not in facts["guidance"].lower(), code
            assert "không mất tiền" not in facts["guidance"].lower(), code
            assert "free" not in facts["guidance_en"].lower().split(), code


def test_every_paper_that_survivors_get_has_its_result_code(carried):
    codes = [result["code"] for result in carried["2.000821"]["results"]]
    assert codes == ["KQ.G24.000053", *(f"KQ.G24.0000{number}" for number in range(63, 70))]


def test_who_the_source_names_is_among_those_who_may_file(carried):
    assert {"foreign_organisation", "official"} <= set(carried["1.014159"]["applicants"])
    assert {"foreigner", "overseas_vietnamese"} <= set(carried["2.002286"]["applicants"])
    assert "foreigner" in carried["1.003650"]["applicants"]
