"""Rules that hold one answer against another: the server and the browser alike, written by a controller, used here."""

import json
from datetime import date

import pytest

from dossiers.filing import declaration
from procedures.editions.document import CATALOGUE, yaml_data
from procedures.models import Questionnaire
from procedures.questionnaire import building, schema, validation
from procedures.questionnaire.browser import page_rules
from procedures.questionnaire.checking import layout_problems
from procedures.questionnaire.comparisons import comparison_of, line_of, months_later
from procedures.questionnaire.layout import read_layout, write_layout
from procedures.questionnaire.schema import Context
from tests.factories import questionnaires
from tests.procedures.judge import Judge

TODAY = date(2026, 11, 23)
HERE, THERE = sorted(questionnaires.AROUND.communes)[:2]
AROUND = Context(TODAY, questionnaires.AROUND.communes)


@pytest.fixture(scope="module")
def browser():
    judge = Judge()
    yield judge
    judge.close()


def form(*questions):
    stored = [{"label": question["id"].title(), **question} for question in questions]
    return read_layout({"title": "T", "sections": [{"title": "S", "questions": stored}]})


def dates(*rules):
    return form({"id": "since", "kind": "date"}, {"id": "until", "kind": "date", "compare": list(rules)})


def both(browser, layout, typed):
    """The mistakes, once server and browser say the same."""
    rules = schema.build_schema(layout)
    server = [list(each) for each in validation.validate_answers(layout, rules, typed, AROUND).mistakes]
    assert browser(json.loads(page_rules(layout, rules, TODAY)), typed)["mistakes"] == server
    return server


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ({"op": "after", "to": "since"}, "02/12/2026", "01/12/2026"),
        ({"op": "not_before", "to": "since"}, "01/12/2026", "30/11/2026"),
        ({"op": "before", "to": "since"}, "30/11/2026", "01/12/2026"),
        ({"op": "not_after", "to": "since"}, "01/12/2026", "02/12/2026"),
        ({"op": "not_before", "to": "today"}, "23/11/2026", "22/11/2026"),
        ({"op": "after", "to": "today"}, "24/11/2026", "23/11/2026"),
        ({"op": "within", "to": "since", "months": 24}, "01/12/2028", "02/12/2028"),
        ({"op": "within", "to": "today", "months": 3}, "23/02/2027", "24/02/2027"),
    ],
)
def test_days_in_their_order(browser, rule, good, bad):
    layout = dates(rule)
    assert both(browser, layout, {"since": "01/12/2026", "until": good}) == []
    [[field, sentence]] = both(browser, layout, {"since": "01/12/2026", "until": bad})
    assert field == "until"
    assert sentence.startswith("Until: ")


def test_a_rule_says_nothing_of_what_is_missing_or_wrong_itself(browser):
    layout = dates({"op": "after", "to": "since"})
    assert [field for field, _said in both(browser, layout, {"since": "31/02/2026", "until": "01/12/2026"})] == [
        "since"
    ]
    assert [field for field, _said in both(browser, layout, {"since": "", "until": "01/12/2026"})] == ["since"]


def test_a_day_after_a_birth(browser):
    layout = form(
        {"id": "who", "kind": "person", "parts": ["name", "birth_date"]},
        {"id": "died_on", "kind": "date", "compare": [{"op": "not_before", "to": "who.birth_date"}]},
    )
    who = {"who-name": "Nguyễn Văn Thử", "who-birth_date": "02/03/1990"}
    assert both(browser, layout, {**who, "died_on": "02/03/1990"}) == []
    assert [field for field, _s in both(browser, layout, {**who, "died_on": "01/03/1990"})] == ["died_on"]


def test_another_place_than_before(browser):
    layout = form(
        {"id": "home", "kind": "address"},
        {"id": "place", "kind": "address", "compare": [{"op": "differs", "to": "home"}]},
    )
    typed = {
        "home-commune": HERE,
        "home-detail": "12 Phố  Mới",
        "place-commune": HERE,
        "place-detail": "12 phố mới",
    }
    assert [field for field, _said in both(browser, layout, typed)] == ["place-commune"]
    for same in ("so 12 pho moi", "Số 12, phố Mới."):  # as people type it the second time
        again = {**typed, "home-detail": "Số 12 Phố Mới", "place-detail": same}
        assert [field for field, _said in both(browser, layout, again)] == ["place-commune"]
    assert both(browser, layout, {**typed, "place-detail": "14 phố mới"}) == []
    assert both(browser, layout, {**typed, "place-commune": THERE}) == []


@pytest.mark.parametrize(
    "line", ["after since", "not_before today", "within 24 since", "differs home", "before a.birth_date"]
)
def test_a_line_is_read_and_written_alike(line):
    assert line_of(comparison_of(line)) == line


@pytest.mark.parametrize(
    "line", ["", "after", "later since", "within since", "after 24 since", "differs 1x", "after a.b.c"]
)
def test_lines_that_are_no_rule(line):
    assert comparison_of(line) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-11-30", 24, "2028-11-30"),
        ("2026-05", 12, "2027-05"),
    ],
)
def test_months_later(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    "rule",
    [
        {"op": "after", "to": "nobody"},
        {"op": "after", "to": "until"},
        {"op": "differs", "to": "since"},
        {"op": "within", "to": "since"},
        {"op": "around", "to": "since"},
        {"op": "after", "to": "since.part"},
    ],
)
def test_a_rule_that_cannot_be_judged_keeps_the_form_from_coming_into_force(rule):
    assert [problem.where for problem in layout_problems(dates(rule))] == ["until"]


def test_a_controller_writes_rules_in_the_editor():
    layout = dates({"op": "after", "to": "since"}, {"op": "within", "to": "since", "months": 24})
    rows = building.rows_of(layout)
    assert rows[2]["compare"] == "after since\nwithin 24 since"
    rows[2]["compare"] = "not_before today\nrubbish"
    made, errors = building.finished(layout, rows)
    assert [field for field, _sentence in errors] == ["r2-compare"]
    assert [line_of(rule) for rule in made.by_id()["until"].compare] == ["not_before today"]
    assert read_layout(write_layout(made)) == made


def test_the_bundled_forms_use_them_and_none_is_wrong():
    used = 0
    for path in sorted((CATALOGUE / "forms").glob("*.yaml")):
        for stored in yaml_data(path)["forms"]:
            layout = read_layout(stored)
            compared = [question for question in layout.by_id().values() if question.compare]
            wrong = {problem.where for problem in layout_problems(layout)}
            assert not wrong & {question.id for question in compared}, stored["procedure"]
            used += len(compared)
    assert used >= 8


@pytest.mark.django_db
def test_temporary_residence_in_the_past_is_refused_everywhere(catalogue):
    """The API judges by the same rules as the page."""
    asked = Questionnaire.objects.filter(procedure__code="1.004194").order_by("-number").first()
    answers = {"since": "2026-11-01", "until": "2026-11-01"}
    found = declaration.answers_carried_over(asked, answers, on=TODAY, case="")
    assert ("until", "Đến ngày: hãy chọn ngày sau “Từ ngày”.") in found.mistakes
