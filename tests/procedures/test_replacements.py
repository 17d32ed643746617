"""Papers that data replaces: exact ones applied, alike ones to a person, the rest waiting and counted."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procedures.editions import publishing
from procedures.models import Edition, Procedure, Replacement
from procedures.review import replacements
from procedures.review.replacements import import_table
from tests.factories.catalogue import AT

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "nq_replace_documents_by_data_2025.csv"
CODE = "1.001193"
COLUMNS = list(replacements.COLUMNS)


@pytest.fixture
def table(tmp_path):
    def write(*rows, name="table.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def row(paper, code=CODE, **facts):
    return {
        "code": code,
        "procedure": "Đăng ký khai sinh",
        "document_replaced": paper,
        "database": "CSDL Dân cư",
    } | facts


@pytest.fixture
def papers(catalogue):
    """The procedure with two papers of known names."""
    facts = Procedure.objects.get(code=CODE).current.facts
    known = {"originals": 1, "copies": 0, "required": True, "kind": "submit", "state": "confirmed"}
    documents = [
        {"key": "birth-certificate", "name": "Giấy khai sinh", **known},
        {"key": "marriage", "name": "Giấy chứng nhận kết hôn hoặc quyết định ly hôn của cha mẹ", **known},
    ]
    publishing.publish_edition(CODE, {**facts, "documents": documents}, Edition.Origin.CONTROLLER, "test", AT)
    return Procedure.objects.get(code=CODE)


def test_exact_names_are_applied_as_a_new_edition(papers, table):
    before = papers.current
    result = import_table(table(row("Bản sao Giấy khai sinh", clause="Điều 9"), row("Bằng lái tàu bay")), "test", AT)
    assert result.by_status == {"applied": 1, "no_paper": 1}
    papers.refresh_from_db()
    assert papers.current.number == before.number + 1
    paper = papers.current.documents.get(key="birth-certificate")
    assert paper.replaced_by == "CSDL Dân cư"
    assert papers.current.facts["documents"][0]["replaced_by_data"] == {
        "database": "CSDL Dân cư", "clause": "Điều 9", "basis": replacements.BASIS,
    }  # fmt: skip
    again = import_table(table(row("Bản sao Giấy khai sinh", clause="Điều 9"), name="again.csv"), "test", AT)
    assert (again.known, again.editions) == (1, 0)
    papers.refresh_from_db()
    assert papers.current.number == before.number + 1


def test_alike_ones_wait_for_a_person(papers, table):
    import_table(table(row("Giấy chứng nhận kết hôn"), row("Giấy chứng nhận", code="1.999999")), "test", AT)
    doubtful = Replacement.objects.get(status="doubtful")
    assert [p["key"] for p in replacements.alike(doubtful.paper, papers.current.facts["documents"])] == ["marriage"]
    assert replacements.counts() == {"doubtful": 1, "no_procedure": 1}
    edition = replacements.decide_row(doubtful, "marriage", "controller", AT)
    assert edition.documents.get(key="marriage").replaced_by == "CSDL Dân cư"
    with pytest.raises(replacements.StaleReplacement):
        replacements.decide_row(doubtful, "marriage", "controller", AT)


def test_a_person_may_say_no(papers, table):
    import_table(table(row("Giấy chứng nhận kết hôn")), "test", AT)
    doubtful = Replacement.objects.get(status="doubtful")
    with pytest.raises(replacements.StaleReplacement):
        replacements.decide_row(doubtful, "no-such-paper", "controller", AT)
    assert replacements.decide_row(doubtful, "", "controller", AT) is None
    assert replacements.counts() == {"dismissed": 1}
    replacements.match_rows("test", AT)
    assert replacements.counts() == {"dismissed": 1}


def test_what_waits_is_applied_when_its_paper_comes(papers, table):
    import_table(table(row("Bằng lái tàu bay")), "test", AT)
    facts = Procedure.objects.get(code=CODE).current.facts
    paper = {**facts["documents"][0], "key": "pilot", "name": "Bằng lái tàu bay"}
    publishing.publish_edition(CODE, {**facts, "documents": [paper]}, Edition.Origin.CONTROLLER, "test", AT)
    assert replacements.match_rows("test", AT) == 1
    assert replacements.counts() == {"applied": 1}


def test_the_public_page_says_what_need_not_be_brought(papers, table, client):
    import_table(table(row("Giấy khai sinh")), "test", AT)
    page = client.get(f"/procedures/{CODE}/").content.decode()
    assert "Không phải nộp khi dữ liệu đã có trong CSDL Dân cư" in page


@pytest.mark.parametrize("content", ["", "a;b\n1;2", "code,paper\n"])
def test_another_file_is_refused_in_words(catalogue, tmp_path, content):
    path = tmp_path / "wrong.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="column"):
        call_command("import_replacements", str(path))
    with pytest.raises(CommandError):
        call_command("import_replacements", str(tmp_path / "absent.csv"))


@pytest.mark.skipif(not REAL.exists(), reason=f"SKIPPED LOUDLY: the table of replaced papers is not at {REAL}")
def test_the_whole_table_is_accounted_for(catalogue, capsys):
    call_command("import_replacements", str(REAL))
    assert f"Rows read: {len(list(csv.reader(REAL.open(encoding='utf-8-sig')))) - 1}" in capsys.readouterr().out
    counts = replacements.counts()
    assert sum(counts.values()) == Replacement.objects.count()
    assert Replacement.objects.count() >= 755  # 761 rows, some of them twice
    assert counts["applied"] > 0
    editions_before = Edition.objects.count()
    call_command("import_replacements", str(REAL))
    assert Edition.objects.count() == editions_before
    assert replacements.counts() == counts
