"""Answers of a form that are numbers a fee is counted by."""

from datetime import date

import pytest

from procedures.editions import bundled
from procedures.questionnaire.checking import layout_problems
from procedures.questionnaire.counting import counted_answers, counting_questions
from procedures.questionnaire.layout import Layout, Question, Section, read_layout
from procedures.questionnaire.schema import Context, build_schema, of_question
from procedures.questionnaire.validation import validate_answers

COPIES = Question("copies", "number", "Số bản", least=1, counts="copy")


def layout(*questions):
    return Layout("Tờ khai", sections=(Section("Phần", questions=questions),))


def forms():
    for path in sorted((bundled.CATALOGUE / "forms").glob("*.yaml")):
        yield from bundled.yaml_data(path)["forms"]


@pytest.mark.parametrize(("values", "number"), [({"copies": 3}, 3), ({"copies": 0}, 0), ({}, 0)])
def test_an_answer_is_the_number_and_no_answer_is_none(values, number):
    assert counted_answers(layout(COPIES), values) == {"copy": number}
    assert of_question(COPIES)["type"] == "integer"


def test_half_a_copy_is_refused_in_a_sentence():
    found = layout(COPIES)
    outcome = validate_answers(found, build_schema(found), {"copies": "2,5"}, Context(date(2026, 11, 23)), "")
    assert outcome.mistakes == (("copies", "Số bản phải là số nguyên, ví dụ 3."),)


@pytest.mark.parametrize(
    "wrong",
    [
        (Question("copies", "text", "Số bản", counts="copy"),),
        (Question("copies", "number", "Số bản", least=0, counts="sheep"),),
        (Question("copies", "number", "Số bản", counts="copy"),),
        (COPIES, Question("more", "number", "Thêm", least=0, counts="copy")),
    ],
)
def test_only_one_number_from_nothing_upwards_counts_a_thing(wrong):
    assert [problem for problem in layout_problems(layout(*wrong)) if "phí" in problem.sentence]
    assert not layout_problems(layout(COPIES))


def test_no_bundled_form_lets_the_fee_page_ask_for_copies_again():
    lines = {facts["code"]: facts["fees"] for facts in bundled.read_bundled()}
    for form in forms():
        found = read_layout(form)
        counted = counting_questions(found)
        asks = [q.id for _section, q in found.questions() if q.kind == "number" and "bản sao" in q.label.casefold()]
        if asks and any(fee["per"] == "copy" for fee in lines[form["procedure"]]):
            assert counted.get("copy") in asks, form["procedure"]
