"""The due date of a hypothetical start over HTTP."""

import pytest


@pytest.fixture
def due_date(client, cast):
    def ask(**given):
        return client.get("/api/v1/due-date/", {"start": "2026-11-18T09:10", "unit": "working_day", **given})

    return ask


@pytest.mark.parametrize("amount", ["1,5", "1.5", " 1,5 ", "١,5", "1,\u200b5"])
def test_an_amount_is_written_as_in_the_table(due_date, amount):
    answer = due_date(amount=amount)
    assert answer.status_code == 200
    assert answer.json()["due_at"] == "2026-11-20T11:30+07:00"


@pytest.mark.parametrize("amount", ["1,5,5", "1e3", "NaN", "", "một", "-1", "½"])
def test_what_is_no_amount_is_refused_with_an_example(due_date, amount):
    answer = due_date(amount=amount)
    assert answer.status_code == 422
    assert "amount=5" in str(answer.json())


def test_what_arrives_on_a_saturday_leaves_out_that_day_with_its_ground(due_date):
    answer = due_date(start="2026-11-21T09:10", amount="1").json()
    assert answer["due_at"] == "2026-11-23T17:00+07:00"
    assert "Bộ luật Dân sự 2015, khoản 2 Điều 147" in answer["days"][0]["vi"]
    assert "Civil Code 2015, clause 2 article 147" in answer["days"][0]["en"]


def test_a_province_may_say_otherwise(due_date, settings):
    settings.FIRST_DAY_LEFT_OUT = "working_day"
    assert due_date(start="2026-11-21T09:10", amount="1").json()["due_at"] == "2026-11-25T17:00+07:00"
