"""Days of birth of which only the year or the month is known: taken, kept, printed and given out as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.questionnaire import answers, schema, validation, values
from procedures.questionnaire.formulas import compute_formula, read_formula
from procedures.questionnaire.layout import read_layout
from tests.factories.questionnaires import AROUND, TODAY
from vietnam.dates import InvalidDate, format_partial_date, is_partial_date, parse_partial_date

TABLE = [
    ("22/11/1990", "1990-11-22", "22/11/1990"),
    ("05/1938", "1938-05", "05/1938"),
    ("1938", "1938", "1938"),
    ("00/00/1938", "1938", "1938"),
    ("--/05/1938", "1938-05", "05/1938"),
    ("1938-05", "1938-05", "05/1938"),
]


@pytest.mark.parametrize(("typed", "kept", "written"), TABLE)
def test_it_is_kept_at_the_precision_that_is_known(typed, kept, written):
    assert parse_partial_date(typed) == kept
    assert format_partial_date(kept) == written
    assert parse_partial_date(written) == kept
    layout = read_layout(
        {
            "title": "T",
            "content": "Cho {who.name}, sinh {who.birth_date}",
            "sections": [
                {
                    "title": "S",
                    "questions": [
                        {"id": "who", "kind": "person", "label": "Người", "parts": ["name", "birth_date"]},
                        {"id": "age", "kind": "computed", "label": "Tuổi", "formula": "age(who.birth_date)"},
                    ],
                }
            ],
        }
    )
    rules = schema.build_schema(layout)
    sent = {"who-name": "Lê Văn A", "who-birth_date": typed}
    judged = validation.validate_answers(layout, rules, sent, AROUND, "")
    assert judged.mistakes == ()
    assert judged.values["who"]["birth_date"] == kept
    assert "01/01" not in str(values.answers_text(layout, judged.values, {}))
    assert f"ngày sinh {written}" in str(values.answers_text(layout, judged.values, {}))
    assert values.content_text(layout, judged.values, {}) == f"Cho Lê Văn A, sinh {written}"
    assert answers.typed(layout, judged.values)["who-birth_date"] == written
    assert validation.validate_answers(layout, rules, answers.typed(layout, judged.values), AROUND, "").mistakes == ()


@pytest.mark.parametrize(
    "text", ["", "38", "13/1938", "00/13/1938", "0000", "051938", "1938/05", "năm 1938", "31/02/1938"]
)
def test_what_names_no_day_month_or_year(text):
    with pytest.raises(InvalidDate):
        parse_partial_date(text)


@given(st.dates(), st.integers(1, 3))
def test_what_is_written_is_read_back(day, precision):
    kept = "-".join(day.isoformat().split("-")[:precision])
    assert is_partial_date(kept)
    assert parse_partial_date(format_partial_date(kept)) == kept


@pytest.mark.parametrize(
    ("born", "age"),
    [("1990-11-23", 36), ("1990-11-24", 35), ("1990-11", None), ("1990-10", 36), ("1990-12", 35), ("1990", None)],
)
def test_an_age_is_said_only_where_it_is_sure(born, age):
    assert compute_formula(read_formula("age(who.birth_date)"), {"who": {"birth_date": born}}, TODAY) == age
