"""Act numbers that an older import published cut short are put right wherever they wait or are in force."""

import json

import pytest
from django.core.management import call_command

from procedures.editions import publishing, source_updates
from procedures.importing import corrections
from procedures.models import Edition, Offer, Procedure
from procedures.review import queries
from tests.factories.catalogue import AT, imported, row

RAW = "Nghị quyết số 66.7/2025/NQ-CP66.7/2025/NQ-CP"
# As the older reading took it: without the raw text the list stands as it is.
OLD = {"legal_basis": ["7/2025/NQ-CP"]}
NEW = {"legal_basis": ["7/2025/NQ-CP"], "legal_basis_raw": RAW}


def acts(code):
    return Procedure.objects.get(code=code).in_force.facts["legal_basis"]


def test_the_data_task_corrects_what_is_in_force_and_what_waits(catalogue, written, capsys):
    imported(written(row(**OLD), row(code="1.001193", field="Hộ tịch", **OLD), row(code="1.900009", **OLD)))
    chosen = Procedure.objects.get(code="1.900009").in_force.facts
    publishing.publish_edition(
        "1.900009", {**chosen, "title": "Tên của tỉnh"}, Edition.Origin.CONTROLLER, "controller", AT
    )
    carried = Procedure.objects.get(code="1.001193").in_force
    waiting = queries.undecided_queries().get(procedure__code="1.001193", path="offered/import/legal_basis")
    assert waiting.proposal["value"] == ["7/2025/NQ-CP"]

    file = written(
        row(**NEW), row(code="1.001193", field="Hộ tịch", **NEW), row(code="1.900009", **NEW), name="new.jsonl"
    )
    call_command("correct_act_numbers", str(file))
    assert "Corrected editions: 2." in capsys.readouterr().out
    assert acts("1.900001") == acts("1.900009") == ["66.7/2025/NQ-CP"]
    kept = Procedure.objects.get(code="1.900009").in_force
    assert (kept.origin, kept.title) == (Edition.Origin.CONTROLLER, "Tên của tỉnh")
    assert Procedure.objects.get(code="1.001193").in_force.pk == carried.pk
    waiting.refresh_from_db()
    assert waiting.proposal["value"] == ["66.7/2025/NQ-CP"]
    assert "7/2025/NQ-CP" not in waiting.raw.replace("66.7/2025/NQ-CP", "")
    assert Offer.objects.get(procedure__code="1.001193").facts["legal_basis"] == ["66.7/2025/NQ-CP"]

    call_command("correct_act_numbers", str(file))
    assert "Corrected editions: 0." in capsys.readouterr().out


def test_an_import_corrects_what_a_person_had_confirmed(catalogue, written):
    imported(written(row(**OLD)))
    facts = Procedure.objects.get(code="1.900001").in_force.facts
    publishing.publish_edition(
        "1.900001", {**facts, "title": "Tên của tỉnh"}, Edition.Origin.CONTROLLER, "controller", AT
    )
    imported(written(row(**NEW)), 1)
    assert acts("1.900001") == ["66.7/2025/NQ-CP"]
    assert not queries.undecided_queries().filter(procedure__code="1.900001", kind=source_updates.DIFFERS).exists()


@pytest.mark.parametrize("raw", [RAW + "Nghị quyết 7/2025/NQ-CP7/2025/NQ-CP", "7/2025/NQ-CP"])
def test_a_number_that_stands_there_whole_is_left(raw):
    assert (
        corrections.misread_acts([json.loads(json.dumps(row(legal_basis=["7/2025/NQ-CP"], legal_basis_raw=raw)))]) == {}
    )
