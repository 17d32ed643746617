"""Bundled facts beside an extract: every difference with both texts, by the command and in the report of an import."""

from pathlib import Path

import pytest
import yaml
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import translation

from procedures.editions import bundled
from procedures.editions.document import InvalidFacts
from procedures.importing import comparison, extract, judgements
from procedures.importing.rows import FieldNames
from procedures.importing.run import field_names, import_file
from tests.factories.catalogue import AT, row

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "procedures_2026-07.jsonl.xz"


def facts(**more):
    given = {
        "code": "1.900001", "title": "Cấp giấy thử", "levels": ["province"], "applicants": ["citizen"],
        "terms": [{"channels": ["counter"], "amount": 5, "unit": "working_day", "state": "confirmed"}],
        "fees": [], "free": True, "documents": [], "results": [], "legal_basis": ["1/2025/NĐ-CP"],
    }  # fmt: skip
    return {**given, **more}


def paper(name, originals, copies):
    fact = {"key": fold_key(name), "name": name, "originals": originals, "copies": copies}
    return {**fact, "required": True, "kind": "submit", "state": "confirmed"}


def fold_key(name):
    return name.replace(" ", "-")


FEE = {
    "name": "Lệ phí",
    "kind": "levy",
    "channels": ["counter"],
    "amount": 50_000,
    "per": "dossier",
    "state": "confirmed",
}
TERM = facts()["terms"][0]


@pytest.mark.parametrize(
    ("old", "new", "parts", "texts"),
    [
        ({}, {}, [], ()),
        ({"title": "Cấp giấy khác"}, {}, ["title"], ("Cấp giấy khác", "Cấp giấy thử")),
        ({}, {"terms": [{**TERM, "amount": 3}]}, ["terms"], ("5 ngày làm việc", "3 ngày làm việc")),
        ({"terms": [{**TERM, "note": "Sau khi xác minh"}]}, {}, ["terms"], ("Sau khi xác minh", "–")),
        ({"terms": [{**TERM, "after_15h_next_day": True}]}, {}, ["terms"], ("sau 15 giờ", "–")),
        ({}, {"fees": [FEE], "free": None}, ["fees"], ("miễn phí", "50.000 đ")),
        (
            {"fees": [{**FEE, "amount": None, "set_by": "province"}], "free": None}, {}, ["fees"],
            ("Lệ phí", "miễn phí"),
        ),
        (
            {"results": [{"code": "KQ.G12.000001", "name": "Tạm ngừng"}]},
            {"results": [{"code": "KQ.G12.000001", "name": "Tiếp tục"}]},
            ["results"], ("KQ.G12.000001 Tạm ngừng", "KQ.G12.000001 Tiếp tục"),
        ),
        (
            {"applicants": ["household_business"]}, {"applicants": ["foreigner"]}, ["applicants"],
            ("Hộ kinh doanh", "Người nước ngoài"),
        ),
        ({"terms": [{**TERM, "note": "xác  \n minh"}]}, {}, ["terms"], ("xác minh", "–")),
        ({"legal_basis": ["2/2020/NĐ-CP"]}, {}, ["legal_basis"], ("2/2020/NĐ-CP", "1/2025/NĐ-CP")),
        (
            {"documents": [paper("Văn bản ủy quyền", 0, 1)]}, {"documents": [paper("Văn bản ủy quyền", 1, 0)]},
            ["documents"], ("0 bản chính, 1 bản sao", "1 bản chính, 0 bản sao"),
        ),
    ],
)  # fmt: skip
def test_every_cell_that_differs_is_listed_with_both_texts(old, new, parts, texts):
    found = list(comparison.compare_cells(facts(**old), facts(**new)))
    assert [each.part for each in found] == parts
    if texts:
        assert texts[0] in found[0].before
        assert texts[1] in found[0].after


def test_a_judged_difference_is_open_again_when_either_side_says_something_else():
    at_hand = {facts["code"]: facts for facts in bundled.read_bundled()}["1.001193"]
    line = {"code": "1.001193", "name": "Đăng ký khai sinh kiểu khác", "field": "Hộ tịch"}
    names = FieldNames({}, {})

    def open_titles(judged, **more):
        found = comparison.compare_with_bundled([row(**{**line, **more})], names, judged)
        return [each for each in found.found[0].differences if each.kind == "title"], found

    [difference], _found = open_titles(judgements.Judgements({}, {}))
    judged = judgements.Judgements({"short": "words"}, {("1.001193", difference.mark): "short"})
    none_left, found = open_titles(judged)
    assert (none_left, found.judged["short"], found.stale) == ([], 1, 0)
    again, found = open_titles(judged, name="Đăng ký khai sinh kiểu khác nữa")
    assert ([each.before for each in again], found.stale) == ([at_hand["title"]], 1)
    other = comparison.compare_cells({**at_hand, "title": "Tên mới"}, {**at_hand, "title": line["name"]})
    assert judged.find_ground("1.001193", next(each.mark for each in other)) is None


def test_the_same_difference_has_one_mark_in_every_language():
    old, new = facts(free=None, fees=[FEE]), facts(terms=[{**TERM, "amount": 3}])
    marks = []
    for language in ("vi", "en"):
        with translation.override(language):
            marks.append([each.mark for each in comparison.compare_cells(old, new)])
    assert marks[0] == marks[1]
    assert len(marks[0]) == len(set(marks[0])) == 2


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ({"1.1": {"unknown": "aa"}}, "the ground unknown is not explained"),
        ({"1.1": {"known": "aa", "other": "aa"}}, "aa is judged twice"),
    ],
)
def test_a_judgement_without_an_explained_ground_is_refused(tmp_path, judged, said):
    grounds = [{"key": "known", "name": "Known"}, {"key": "other", "name": "Other"}]
    (tmp_path / judgements.FILE).write_text(yaml.safe_dump({"version": 1, "grounds": grounds, "judged": judged}))
    with pytest.raises(InvalidFacts, match=said):
        judgements.read_judgements(tmp_path)


def test_every_ground_is_used_and_every_judged_procedure_is_carried():
    judged = judgements.read_judgements()
    assert set(judged.marks.values()) == set(judged.grounds)
    assert {code for code, _mark in judged.marks} <= {facts["code"] for facts in bundled.read_bundled()}


def test_the_command_and_the_import_list_the_differences(catalogue, written, capsys):
    path = written(row(code="1.001193", name="Đăng ký khai sinh kiểu khác", field="Hộ tịch"), row())
    call_command("compare_catalogue", str(path))
    said = capsys.readouterr().out
    assert "1.001193" in said
    assert "Đăng ký khai sinh kiểu khác" in said
    assert "1.900001" not in said
    assert "open: 1 of name" in said
    run = import_file(path, "test", AT)
    with default_storage.open(run.report) as report:
        page = report.read().decode()
    assert "Danh mục kèm sản phẩm khác với tệp này" in page
    with pytest.raises(CommandError):
        call_command("compare_catalogue", "absent.json")


def test_a_file_without_bundled_procedures_has_nothing_to_compare(catalogue, written, capsys):
    path = written(row())
    call_command("compare_catalogue", str(path))
    said = capsys.readouterr().out
    assert said == f"Nothing to compare: {path.name} names no procedure of the bundled catalogue.\n"
    with default_storage.open(import_file(path, "test", AT).report) as report:
        assert "không có gì để so sánh" in report.read().decode()


def test_the_real_extract_beside_the_bundled_facts(catalogue):
    """Result codes of suspension and resumption, once swapped, name what the extract says."""
    assert REAL.exists(), f"{REAL} is needed: the extract stands beside the checkout"
    carried = {entry["code"]: entry for entry in bundled.read_bundled()}
    rows = [line.row for line in extract.read_extract(REAL) if line.row is not None and line.row["code"] in carried]
    compared = comparison.compare_with_bundled(rows, field_names())
    found = compared.found
    assert compared.stale == 0, "a judged difference is no more: judge anew"
    assert {"limit", "fee", "after_15h", "result_name", "title", "levels"} & set(compared.open_by_kind) <= {
        "limit",
        "fee",
    }
    for each in found:
        for difference in each.differences:
            # An open limit or fee is one that the bundle itself calls unconfirmed.
            if difference.kind in ("limit", "fee"):
                assert "chờ xác nhận" in difference.before, (each.code, difference.before)
    assert len(rows) >= 130
    assert compared.number == len({row["code"] for row in rows})
    assert {each.code for each in found} <= set(carried)
    named = [d for each in found if each.code == "2.002029" for d in each.differences if d.part == "results"]
    for word in ("tạm ngừng", "tiếp tục"):
        assert all((word in d.before.casefold()) == (word in d.after.casefold()) for d in named)
