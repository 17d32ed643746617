"""The engine of forms: what the schema says is what is accepted; what conditions hide is dropped."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from procedures.questionnaire import answers, schema, validation, values
from procedures.questionnaire.checking import layout_problems
from procedures.questionnaire.conditions import settle_conditions
from procedures.questionnaire.layout import Layout, read_layout, write_layout
from tests.factories.questionnaires import AROUND, LAYOUT, RULES, TODAY, WHOLE


def judged(typed, layout=LAYOUT, rules=RULES, case=""):
    return validation.validate_answers(layout, rules, typed, AROUND, case)


def test_a_layout_comes_back_as_it_was_stored():
    assert read_layout(write_layout(LAYOUT)) == LAYOUT
    assert not layout_problems(LAYOUT)
    Draft202012Validator.check_schema(RULES)


def test_typed_answers_are_normalised_rows_closed_up_and_sums_computed():
    outcome = judged(WHOLE)
    assert not outcome.mistakes
    assert outcome.values == {
        "child": {"name": "Nguyễn Văn An", "birth_date": "2016-11-02"},
        "way": "one",
        "costs": [{"what": "Giấy", "amount": 20000}, {"what": "Mực", "amount": 5000}],
        "total": 25000,
        "age": 10,
        "sure": True,
    }
    assert values.content_text(LAYOUT, outcome.values, {}) == "Đăng ký cho Nguyễn Văn An"


def test_every_mistake_names_its_field():
    found = dict(
        judged({"way": "two", "costs-1-amount": "nhiều", "child-name": "A", "child-birth_date": "31/02/2020"}).mistakes
    )
    assert set(found) == {"child-birth_date", "why", "costs-1-what", "costs-1-amount", "sure"}
    assert "lý do" in found["why"]
    assert "Khoản, dòng 2: Tiền" in found["costs-1-amount"]
    assert "ngày có thật" in found["child-birth_date"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"child-birth_date": "24/11/2026"}, "child-birth_date"),
        ({"way": "four"}, "way"),
        ({"needs--one": "one", "loan": "1000001"}, "loan"),
        ({"needs--one": "one"}, "loan"),
        ({"home-commune": "99999"}, "home-commune"),
        ({"home-detail": "Số 1"}, "home-commune"),
        ({"costs-0-amount": "1.5"}, "costs-0-amount"),
        ({"sure": ""}, "sure"),
        ({"child-sex": "x"}, "child-sex"),
    ],
)
def test_one_mistake_is_refused_at_its_field(changed, field):
    assert [name for name, _sentence in judged({**WHOLE, **changed}).mistakes] == [field]


def test_hidden_answers_are_dropped_and_decide_nothing():
    outcome = judged({**WHOLE, "way": "three", "why": "ẩn", "loan": "5"})
    assert not outcome.mistakes
    assert set(outcome.values) == {"child", "way"}


def test_the_schema_itself_refuses_what_is_hidden():
    outcome = judged(WHOLE)
    assert schema.faults(RULES, {**outcome.values, "why": "x"}, AROUND)
    assert schema.faults(RULES, {**outcome.values, "unknown": "x"}, AROUND)
    assert not schema.faults(RULES, outcome.values, AROUND)


def test_the_case_of_the_dossier_may_be_asked_for():
    layout = read_layout(
        {
            "title": "T",
            "sections": [
                {
                    "title": "S",
                    "questions": [
                        {"id": "a", "kind": "text", "label": "A"},
                        {"id": "b", "kind": "text", "label": "B", "when": {"field": "case", "value": "new"}},
                    ],
                }
            ],
        }
    )
    rules = schema.build_schema(layout)
    assert judged({"a": "1", "b": "2"}, layout, rules, "old").values == {"a": "1"}
    assert [f for f, _s in judged({"a": "1"}, layout, rules, "new").mistakes] == ["b"]
    assert [problem.where for problem in layout_problems(layout, cases=["old"])] == ["b"]


TYPED = st.dictionaries(
    st.sampled_from(
        [*WHOLE, "why", "loan", "needs--one", "needs--two", "home-commune", "home-elsewhere", "child-sex", "total"]
    ),
    st.one_of(
        st.sampled_from(["", "on", "one", "two", "three", "09202", "1/1/2020", "2.000", "nam", "male", "9" * 400]),
        st.text(max_size=12),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TYPED)
def test_what_is_accepted_is_exactly_what_the_schema_says(typed):
    outcome = judged({**WHOLE, **typed})
    accepted = not schema.faults(RULES, outcome.values, AROUND)
    assert accepted == (not outcome.mistakes)
    assert set(outcome.values) <= outcome.asked
    assert settle_conditions(LAYOUT, outcome.values, today=TODAY)[0] == outcome.values
    for field, sentence in outcome.mistakes:
        assert sentence
        assert field
    if accepted:  # what is shown again is read again as the same answers
        assert judged(answers.typed(LAYOUT, outcome.values)).values == outcome.values


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"kind": "choice", "options": []}, "lựa chọn"),
        ({"kind": "computed", "formula": "__import__('os')"}, "công thức"),
        ({"kind": "computed", "formula": "sum(later.amount)"}, "công thức"),
        ({"kind": "rows", "columns": []}, "cột"),
        ({"kind": "rows", "columns": [{"id": "x", "kind": "person", "label": "X"}]}, "cột"),
        ({"kind": "file", "document": "none"}, "giấy tờ"),
        ({"kind": "text", "pattern": "(a+)+$"}, "mẫu chữ"),
        ({"kind": "number", "least": 5, "most": 1}, "nhỏ nhất"),
        ({"kind": "text", "when": {"field": "later", "value": "1"}}, "đứng trước"),
        ({"kind": "strange"}, "loại câu hỏi"),
        ({"kind": "text", "label": " "}, "nội dung"),
    ],
)
def test_a_wrong_layout_is_refused_in_words(question, words):
    stored = {"id": "q", "label": "Câu hỏi", **question}
    found = layout_problems(read_layout({"title": "T", "sections": [{"title": "S", "questions": [stored]}]}))
    assert any(words in problem.sentence for problem in found)


def asking(kind: str) -> Layout:
    question = {"id": "a", "kind": kind, "label": "A"}
    return read_layout({"title": "T", "sections": [{"title": "S", "questions": [question]}]})


@pytest.mark.parametrize(
    ("earlier", "later", "wrong"),
    [
        ("date", "text", ["a"]),
        ("date", "date", []),
        ("personal_number", "paper_number", []),  # every personal number is a number that somebody is known by
        ("paper_number", "personal_number", ["a"]),
    ],
)
def test_an_id_keeps_its_kind_or_gets_a_wider_one_in_later_versions(earlier, later, wrong):
    found = layout_problems(asking(later), former=asking(earlier))
    assert [problem.where for problem in found] == wrong
