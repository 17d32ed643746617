"""Imports from a file to editions: nothing lost, nothing twice, the bundled catalogue first."""

import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from procedures.editions import source_updates
from procedures.importing import extract
from procedures.models import Edition, ImportRun, OpenQuery, Procedure
from procedures.review import queries
from tests.factories.catalogue import AT, imported, row, two_people

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "procedures_2026-07.jsonl.xz"


def test_every_row_ends_somewhere(catalogue, written):
    run = imported(
        written(
            row(),
            row(code="1.900002", channels_raw="Trực tiếp1Miễn phí"),
            row(code="nothing"),
            "{broken",
            row(),
            row(code="1.900003", levels=["Cấp bộ"]),
        )
    )
    assert run.counts["rows"] == {"read": 6, "imported": 1, "imported_with_doubts": 2, "refused": 3}
    assert run.counts["changes"] == {"new": 3}
    report = default_storage.open(run.report).read().decode()
    assert "nothing" in report
    assert "Thời hạn không có đơn vị" in report
    assert Procedure.objects.get(code="1.900003").kind == Procedure.Kind.REFERRED
    assert Procedure.objects.get(code="1.900001").kind == Procedure.Kind.RECEIVABLE
    # The field is in no table of competences.
    assert OpenQuery.objects.filter(procedure__code="1.900001", kind="no_competence").exists()


def test_the_same_again_changes_nothing_and_a_newer_only_what_changed(catalogue, written):
    first, second = row(), row(code="1.900002")
    imported(written(first, second))
    again = imported(written(first, second), 1)
    assert again.counts["changes"] == {"unchanged": 2}
    newer = imported(written(first, row(code="1.900002", name="Tên mới"), row(code="1.900003")), 2)
    assert newer.counts["changes"] == {"unchanged": 1, "changed": 1, "new": 1}
    numbers = Edition.objects.filter(procedure__code="1.900002").values_list("number", "status", "title")
    assert sorted(numbers) == [(1, "superseded", "Cấp giấy thử"), (2, "published", "Tên mới")]
    assert imported(written(first, row(code="1.900002", name="Tên mới"), row(code="1.900003")), 3).counts[
        "changes"
    ] == {"unchanged": 3}


def test_the_carried_catalogue_outranks_an_import_until_a_controller_says_otherwise(catalogue, written):
    carried = Procedure.objects.get(code="1.001193").current
    offered = row(code="1.001193", name="Đăng ký khai sinh kiểu khác", field="Hộ tịch")
    assert imported(written(offered)).counts["changes"] == {"kept": 1}
    waiting = queries.undecided_queries().filter(kind=source_updates.DIFFERS).count()
    again = imported(written(offered), 1)
    # The same file again: what waits still waits, and the report still names it.
    assert again.counts["changes"] == {"kept": 1}
    assert again.counts["doubts"][source_updates.DIFFERS] == 1
    assert queries.undecided_queries().filter(kind=source_updates.DIFFERS).count() == waiting
    procedure = Procedure.objects.get(code="1.001193")
    assert procedure.current_id == carried.pk
    open_query = queries.undecided_queries().get(
        procedure=procedure, kind=source_updates.DIFFERS, path="offered/import/title"
    )
    assert "đăng ký khai sinh kiểu khác" in open_query.raw
    others = (
        queries.undecided_queries()
        .filter(procedure=procedure, kind=source_updates.DIFFERS)
        .exclude(pk=open_query.pk)
        .count()
    )
    queries.decide_queries([queries.Decision(open_query, None)], "controller", AT, people=two_people())
    procedure.refresh_from_db()
    assert queries.undecided_queries().filter(procedure=procedure, kind=source_updates.DIFFERS).count() == others
    assert procedure.current.origin == Edition.Origin.CONTROLLER
    assert procedure.current.title == "Đăng ký khai sinh kiểu khác"
    assert imported(written(offered), 2).counts["changes"] == {"kept" if others else "unchanged": 1}


def test_a_confirmation_survives_the_same_import_and_a_changed_one_is_a_difference(catalogue, written):
    offered = row(code="1.900002", field="Hộ tịch", channels_raw="Trực tiếp1Miễn phí")
    imported(written(offered))
    open_query = queries.undecided_queries().get(procedure__code="1.900002", kind="time_without_unit")
    assert open_query.proposal is None
    said = {"amount": 1, "unit": "working_day"}
    queries.decide_queries([queries.Decision(open_query, said)], "controller", AT, people=two_people())
    term = Procedure.objects.get(code="1.900002").current.terms.get()
    assert (term.amount, term.unit, term.state) == (1, "working_day", "confirmed")
    assert imported(written(offered), 1).counts["changes"] == {"unchanged": 1}
    assert imported(written({**offered, "name": "Tên khác hẳn"}), 2).counts["changes"] == {"kept": 1}


def test_an_undecided_difference_follows_the_next_edition(catalogue, written):
    imported(written(row(code="1.001193", name="Kiểu khác", field="Hộ tịch")))
    differences = queries.undecided_queries().filter(procedure__code="1.001193", kind=source_updates.DIFFERS)
    before = sorted(differences.values_list("path", flat=True))
    assert "offered/import/title" in before
    level = queries.undecided_queries().get(procedure__code="1.001193", kind="online_level_to_be_confirmed")
    queries.decide_queries([queries.Decision(level, level.proposal)], "controller", AT, people=two_people())
    assert sorted(differences.values_list("path", flat=True)) == before


@pytest.mark.parametrize("name", ["a.jsonl.xz", "a.json", "a.jsonl"])
def test_three_kinds_of_file(catalogue, tmp_path, name):
    path = tmp_path / name
    text = json.dumps([row()]) if name.endswith(".json") else json.dumps(row())
    path.write_bytes(lzma.compress(text.encode()) if name.endswith("xz") else text.encode())
    assert imported(path).counts["rows"]["read"] == 1


@pytest.mark.parametrize("content", [b"", b"\xfd7zXZ broken", b"[1, 2"])
def test_an_unreadable_file_is_told_and_changes_nothing(catalogue, tmp_path, content):
    path = tmp_path / ("a.jsonl.xz" if content.startswith(b"\xfd") else "a.json")
    path.write_bytes(content)
    with pytest.raises(extract.UnreadableExtract):
        imported(path)
    with pytest.raises(CommandError):
        call_command("import_catalogue", str(tmp_path / "absent.jsonl"))
    assert not ImportRun.objects.exists()


@pytest.mark.skipif(not REAL.exists(), reason=f"SKIPPED LOUDLY: the national extract is not at {REAL}")
def test_the_national_extract(catalogue, capsys):
    call_command("import_catalogue", str(REAL))
    assert "Report:" in capsys.readouterr().out
    run = ImportRun.objects.get()
    assert run.counts["rows"]["read"] == 2470
    assert "refused" not in run.counts["rows"]
    assert run.counts["receivable"]["read"] == 1429
    # The scale of the mess as counted on the raw text, ± 2 %; a glued cell counts twice here, as limit and as fee.
    found = Counter(run.counts["doubts"])
    assert found["number_fee_glued"] == 150
    assert found["time_without_unit"] + 75 == pytest.approx(590, rel=0.02)
    assert found["time_in_words"] == pytest.approx(43, abs=2)
    assert found["fee_usd"] == pytest.approx(16, abs=1)
    assert found["free_beside_amount"] == pytest.approx(43, abs=4)
    assert found["document_without_name"] == 100
    assert found["documents_missing"] == 28
    assert Procedure.objects.filter(kind=Procedure.Kind.REFERRED).count() > 1000
    first = Edition.objects.count()
    call_command("import_catalogue", str(REAL))
    assert Edition.objects.count() == first
    again = ImportRun.objects.order_by("-pk").first().counts
    assert set(again["changes"]) == {"unchanged", "kept"}
    assert again["changes"]["kept"] == run.counts["changes"]["kept"]
