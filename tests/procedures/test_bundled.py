"""The bundled catalogue as it ships: complete, loaded once, and changing nothing the second time."""

from collections import Counter
from datetime import datetime
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import get_current_timezone

from journal.models import Entry
from journal.roles import OWNER
from procedures.editions import bundled, document, publishing
from procedures.editions.document import CATALOGUE, yaml_data
from procedures.models import Competence, Edition, Field, LifeEvent, OpenQuery, Procedure, Route
from tests.databases import acting_as

AT = datetime(2026, 11, 23, 9, 0, tzinfo=get_current_timezone())
# What people come for (the fields of the main job), by the keys of the bundled files.
FIELDS = {
    "civil_status", "residence", "identity_cards", "household_business", "enterprises", "construction", "land",
    "certification", "road_transport", "environment", "health", "education", "labour", "social_protection", "culture",
    "industry_trade",
}  # fmt: skip


def test_every_file_is_valid_and_complete():
    found = bundled.read_bundled()
    assert len(found) >= 150
    assert {f["field"]["key"] for f in found} >= FIELDS
    for entry in found:
        assert len(entry["guidance"].split()) >= 12, entry["code"]
        assert all(entry[key] for key in ("title_en", "results", "legal_basis")), entry["code"]


def test_sources_named_by_facts_exist():
    known = {row["key"] for row in bundled.bundled_competence("sources")["sources"]}
    named = {
        fact["source"]
        for entry in bundled.read_bundled()
        for part in ("terms", "fees", "documents")
        for fact in entry[part]
    }
    assert named <= known


def test_shares_of_every_standard_route_sum_to_one():
    standard = [route for route in bundled.bundled_competence("routes")["routes"] if "level" in route]
    assert standard
    for route in standard:
        assert sum(Fraction(step["share"]) for step in route["steps"]) == 1


def test_no_form_demands_twelve_digits_of_anybody():
    """Members, lessors, witnesses: anybody may be known by a passport."""
    asked = Counter(
        each["kind"]
        for path in sorted((CATALOGUE / "forms").glob("*.yaml"))
        for form in yaml_data(path)["forms"]
        for section in form["sections"]
        for question in section["questions"]
        for each in (question, *question.get("columns", ()))
    )
    assert asked["paper_number"] >= 6
    assert "personal_number" not in asked


def test_load_twice_changes_nothing(db):
    with acting_as(OWNER), connection.cursor() as cursor:
        cursor.execute("TRUNCATE procedures_procedure, procedures_field, procedures_route CASCADE")
        cursor.execute("TRUNCATE procedures_competence, procedures_lifeevent, journal_entry CASCADE")
    assert set(bundled.load_bundled(AT).counts) == {"new"}
    before = (Edition.objects.count(), OpenQuery.objects.count(), Competence.objects.count(), Entry.objects.count())
    again = bundled.load_bundled(AT)
    assert not again.changed
    assert set(again.counts) == {"unchanged"}
    assert again.indexed == 0
    assert before == (
        Edition.objects.count(), OpenQuery.objects.count(), Competence.objects.count(), Entry.objects.count()
    )  # fmt: skip


def test_a_changed_fact_makes_one_new_edition_and_keeps_the_old(catalogue):
    former = Edition.objects.get(procedure__code="1.001193", status="published")
    changed = {**former.facts, "guidance": "Hướng dẫn mới cho người dân khi đi đăng ký khai sinh."}
    edition, made = publishing.publish_edition("1.001193", changed, Edition.Origin.BUNDLED, "test", AT)
    assert made
    assert edition.number == former.number + 1
    former.refresh_from_db()
    assert former.status == Edition.Status.SUPERSEDED
    assert former.ended_at == AT
    assert former.facts["guidance"] != edition.facts["guidance"]
    procedure = Procedure.objects.get(code="1.001193")
    assert procedure.current_id == edition.pk
    assert edition.terms.count() == former.terms.count() == 3
    assert Entry.objects.filter(subject="procedure:1.001193", verb="edition.published").count() == 2
    assert publishing.publish_edition("1.001193", changed, Edition.Origin.BUNDLED, "test", AT) == (edition, False)


def test_command_prints_its_counts(catalogue, capsys):
    call_command("load_catalogue")
    assert "Catalogue:" in capsys.readouterr().out


def test_life_events_have_procedures_and_fields_an_english_name(catalogue):
    assert not LifeEvent.objects.filter(procedures=None).exists()
    assert not Field.objects.filter(editions__isnull=False, name_en="").exists()
    assert Procedure.objects.filter(life_events__key="birth", code="1.001193").exists()


def test_every_carried_procedure_has_its_competence_and_a_route_exists(catalogue):
    for edition in Edition.objects.select_related("procedure"):
        levels = set(edition.procedure.competences.values_list("level", flat=True))
        assert levels == set(edition.levels), edition.procedure.code
    assert set(Route.objects.exclude(level="").values_list("level", "case")) == {
        ("province", ""), ("province", "short"), ("commune", ""), ("commune", "short"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"code": "khai-sinh"}, "code"),
        ({"levels": []}, "levels"),
        ({"free": True, "fees": [{"name": "Lệ phí", "kind": "levy", "channels": ["counter"], "amount": 5}]}, ""),
        ({"terms": [{"channels": ["counter"], "amount": 1, "unit": "fortnight"}]}, "terms/0/unit"),
        ({"documents": [{"key": "a", "name": "Đơn", "case": "nowhere"}]}, "documents/0"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(change, problem):
    entry = next(entry for entry in bundled.read_bundled() if entry["code"] == "1.001193")
    found = document.problems_of(document.canonical_text({**entry, **change}), bundled=True)
    assert found
    assert problem in " ".join(found)
