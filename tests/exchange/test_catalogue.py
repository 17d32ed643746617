"""The catalogue, due dates and the document that describes the API."""

import pytest
import yaml
from django.core.management import call_command


def test_the_catalogue_is_searched_with_and_without_accents(anybody, cast):
    found = anybody.get("procedures/", {"q": "dang ky khai sinh"}).json()["results"]
    assert "khai sinh" in found[0]["title"]
    assert found[0]["title"] == anybody.get("procedures/", {"q": "đăng ký khai sinh"}).json()["results"][0]["title"]
    page = anybody.get("procedures/").json()
    assert len(page["results"]) == 50
    assert page["next"]


def test_a_procedure_with_terms_fees_and_papers(anybody, edition):
    said = anybody.get("procedures/1.013228/").json()
    assert said["code"] == "1.013228"
    assert said["terms"]
    assert [paper["key"] for paper in said["documents"]] == [paper.key for paper in edition.documents.all()]
    assert anybody.get("procedures/9.999999/").status_code == 404


def test_a_due_date_with_its_reasons(anybody, cast):
    said = anybody.get("due-date/", {"start": "2026-11-23T09:10", "amount": "1", "unit": "working_day"}).json()
    # 24 November is Vietnam Culture Day, so one working day ends on the 25th.
    assert said["due_at"] == "2026-11-25T17:00+07:00"
    assert [day["date"] for day in said["days"] if not day["counted"]] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"start": "yesterday", "amount": "1"}, "bad_start"),
        ({"start": "2026-02-31T09:00", "amount": "1"}, "bad_start"),
        ({"start": "2026-11-23T09:10", "amount": "one"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "1", "unit": "moon"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "-1"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "NaN"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "999999"}, "outside_calendar"),
        ({"start": "2026-11-23T09:10", "amount": "1e99999999"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "1e-99999999"}, "bad_period"),
        ({"start": "2026-11-23T09:10", "amount": "0.5", "unit": "month"}, "bad_period"),
        ({"start": "1999-11-23T09:10", "amount": "1"}, "outside_calendar"),
        ({"start": "2026-11-23T09:10", "amount": "1", "agency": "X"}, "unknown_agency"),
    ],
)
def test_what_cannot_be_counted_is_said(anybody, cast, given, code):
    answer = anybody.get("due-date/", given)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_document_is_openapi_3_1_without_a_warning(anybody, tmp_path):
    target = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    document = yaml.safe_load(target.read_text())
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/dossiers/{code}/{action}/" in document["paths"]
    assert document["components"]["securitySchemes"]["systemToken"] == {"type": "http", "scheme": "bearer"}
    assert anybody.get("schema/").status_code == 200


@pytest.mark.parametrize("question", [{}, {"q": "khai sinh"}])
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({"page_size": "null"}, 400),
        ({"page_size": "0"}, 400),
        ({"cursor": "abc"}, 404),
        ({"cursor": "%%%"}, 404),  # base64 passes over it, and would begin anew
        ({"cursor": ""}, 200),
        ({"page_size": "1"}, 200),
    ],
)
def test_paging_is_judged_with_a_question_as_without(client, question, asked, answered):
    answer = client.get("/api/v1/procedures/", {**question, **asked})
    assert answer.status_code == answered
    if answered == 404:
        assert "“next”" in answer.json()["detail"], "what to do about it"
    if asked.get("page_size") == "1":
        assert len(answer.json()["results"]) == 1
