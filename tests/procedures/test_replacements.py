"""Papers that data replaces: exact ones proposed, alike ones to a person, all approved by a second one."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from core.second_person import SecondPersonMissing
from procedures.editions import publishing
from procedures.editions.papers import Need, need_of_paper
from procedures.models import Edition, Procedure, Replacement
from procedures.review import replacements
from procedures.review.replacements import StaleReplacement, import_table
from tests.factories.catalogue import AT
from tests.procedures.pages import enter_as

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


@pytest.fixture
def one(catalogue):
    return Actor(account=Account.objects.create_account("mot", None, full_name="Một"))


@pytest.fixture
def second(catalogue):
    return Actor(account=Account.objects.create_account("hai", None, full_name="Hai"))


def approve_all(by):
    proposed = Replacement.objects.filter(status="proposed").values_list("pk", flat=True)
    return replacements.approve_rows(list(proposed), by, AT)


def test_exact_names_are_proposed_and_applied_by_a_second_person_as_a_new_edition(papers, table, one, second):
    before = papers.current
    result = import_table(table(row("Bản sao Giấy khai sinh", clause="Điều 9"), row("Bằng lái tàu bay")), one, AT)
    assert result.by_status == {"proposed": 1, "no_paper": 1}
    papers.refresh_from_db()
    assert papers.current == before
    with pytest.raises(SecondPersonMissing):
        approve_all(one)
    with pytest.raises(IntegrityError, match="replacement_by_a_second_person"), transaction.atomic():
        Replacement.objects.filter(status="proposed").update(status="applied", approved_by=one.account)
    assert [edition.number for edition in approve_all(second)[0]] == [before.number + 1]
    papers.refresh_from_db()
    assert papers.current.number == before.number + 1
    paper = papers.current.documents.get(key="birth-certificate")
    assert paper.replaced_by == "CSDL Dân cư"
    assert papers.current.facts["documents"][0]["replaced_by_data"] == {
        "database": "CSDL Dân cư", "clause": "Điều 9", "basis": replacements.BASIS,
    }  # fmt: skip
    again = import_table(table(row("Bản sao Giấy khai sinh", clause="Điều 9"), name="again.csv"), one, AT)
    assert (again.known, again.proposed) == (1, 0)
    papers.refresh_from_db()
    assert papers.current.number == before.number + 1


def test_alike_ones_wait_for_two_people(papers, table, one, second):
    import_table(table(row("Giấy chứng nhận kết hôn"), row("Giấy chứng nhận", code="1.999999")), one, AT)
    doubtful = Replacement.objects.get(status="doubtful")
    assert [p["key"] for p in replacements.alike(doubtful.paper, papers.current.facts["documents"])] == ["marriage"]
    assert replacements.counts() == {"doubtful": 1, "no_procedure": 1}
    replacements.decide_row(doubtful, "marriage", one, AT)
    with pytest.raises(StaleReplacement):
        replacements.decide_row(doubtful, "marriage", one, AT)
    assert replacements.return_rows([doubtful.pk], second) == 1
    assert replacements.counts() == {"doubtful": 1, "no_procedure": 1}
    replacements.decide_row(doubtful, "marriage", one, AT)
    [edition], gone = approve_all(second)
    assert (edition.documents.get(key="marriage").replaced_by, gone) == ("CSDL Dân cư", 0)
    with pytest.raises(StaleReplacement):
        approve_all(second)


def test_a_paper_that_went_meanwhile_is_chosen_again(papers, table, one, second):
    import_table(table(row("Giấy khai sinh")), one, AT)
    facts = Procedure.objects.get(code=CODE).current.facts
    publishing.publish_edition(
        CODE, {**facts, "documents": facts["documents"][1:]}, Edition.Origin.CONTROLLER, "test", AT
    )
    assert approve_all(second) == ([], 1)
    assert replacements.counts() == {"doubtful": 1}


def test_a_person_may_say_no(papers, table, one):
    import_table(table(row("Giấy chứng nhận kết hôn")), one, AT)
    doubtful = Replacement.objects.get(status="doubtful")
    with pytest.raises(StaleReplacement):
        replacements.decide_row(doubtful, "no-such-paper", one, AT)
    replacements.decide_row(doubtful, "", one, AT)
    assert replacements.counts() == {"dismissed": 1}
    replacements.match_rows(one, AT)
    assert replacements.counts() == {"dismissed": 1}


def test_what_waits_is_proposed_when_its_paper_comes(papers, table, one):
    import_table(table(row("Bằng lái tàu bay")), one, AT)
    facts = Procedure.objects.get(code=CODE).current.facts
    paper = {**facts["documents"][0], "key": "pilot", "name": "Bằng lái tàu bay"}
    publishing.publish_edition(CODE, {**facts, "documents": [paper]}, Edition.Origin.CONTROLLER, "test", AT)
    assert replacements.match_rows(one, AT) == 1
    assert replacements.counts() == {"proposed": 1}


def test_on_the_pages_one_proposes_and_another_applies(papers, table, client):
    enter_as(client, StaffPost.Role.CONTROLLER)
    with table(row("Giấy khai sinh"), row("Giấy chứng nhận kết hôn")).open("rb") as file:
        client.post("/manage/replacements/load/", {"table": file})
    doubtful = Replacement.objects.get(status="doubtful")
    client.post(f"/manage/replacements/{doubtful.pk}/", {"decision": "apply", "paper": "marriage"})
    rows = list(Replacement.objects.values_list("pk", flat=True))
    assert Replacement.objects.filter(status="proposed").count() == 2
    client.post("/manage/replacements/approve/", {"decision": "apply", "row": rows})
    assert not Replacement.objects.filter(status="applied").exists()
    second = enter_as(Client(), StaffPost.Role.SUPERVISOR)
    page = second.get("/manage/replacements/").content.decode()
    assert page.count(" checked") == 2
    second.post("/manage/replacements/approve/", {"decision": "apply", "row": rows})
    assert replacements.counts() == {"applied": 2}
    public = client.get(f"/procedures/{CODE}/").content.decode()
    assert "Không phải nộp khi dữ liệu đã có trong CSDL Dân cư" in public


def test_what_a_command_read_is_named_on_the_page(papers, table, client):
    """Whoever loads a table at the command line is not who works it off: rows that count once are said to both."""
    twice = row("Giấy khai sinh")
    call_command("import_replacements", str(table(twice, twice, row("Giấy chứng nhận kết hôn"), name="bang.csv")))
    enter_as(client, StaffPost.Role.CONTROLLER)
    page = client.get("/manage/replacements/").content.decode()
    assert "bang.csv" in page
    assert "Đã đọc 3 dòng" in page
    assert "1 dòng lặp lại trong tệp" in page


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
    assert counts["proposed"] > 0
    editions_before = Edition.objects.count()
    call_command("import_replacements", str(REAL))
    assert Edition.objects.count() == editions_before
    assert replacements.counts() == counts


def test_a_remark_that_only_a_part_is_replaced_leaves_the_paper_demanded(papers, table, one, second):
    partly = row("Sổ hộ khẩu", database="CSDL Cư trú (thay thế một phần)")
    import_table(table(row("Giấy khai sinh (thay thế 1 phần)"), partly), one, AT)
    found = Replacement.objects.get(paper="Giấy khai sinh")
    assert (found.partly, found.status) == (True, "proposed")
    assert Replacement.objects.get(paper="Sổ hộ khẩu").database == "CSDL Cư trú"
    replacements.approve_rows([found.pk], second, AT)
    paper = Procedure.objects.get(code=CODE).current.documents.get(key="birth-certificate")
    assert (paper.replaced_by, paper.partly_replaced_by) == ("", "CSDL Dân cư")
    assert need_of_paper(paper) is Need.DEMANDED
    assert "phần còn lại vẫn nộp" in Client().get(f"/procedures/{CODE}/").content.decode()


def test_only_a_paper_that_says_nearly_the_same_is_chosen_beforehand():
    def named(*names):
        return [{"key": str(n), "name": name} for n, name in enumerate(names)]

    assert replacements.surely_meant("Giấy khai sinh", named("Bản sao giấy khai sinh", "Tờ khai")) == "0"
    assert not replacements.surely_meant("Căn cước", named("Căn cước của người được ủy quyền và văn bản ủy quyền"))
    assert not replacements.surely_meant("Giấy khai sinh", named("Giấy khai sinh", "Giấy khai sinh"))


def test_whole_names_are_offered_and_the_pager_counts_the_filter(papers, table, client, one):
    long = "Giấy chứng nhận " + "đăng ký của cơ quan có thẩm quyền " * 12
    facts = Procedure.objects.get(code=CODE).current.facts
    documents = [{**facts["documents"][0], "name": long.strip()}]
    publishing.publish_edition(CODE, {**facts, "documents": documents}, Edition.Origin.CONTROLLER, "test", AT)
    rows = [row(f"Giấy chứng nhận đăng ký thẩm quyền số {n}") for n in range(30)]
    import_table(table(*rows, row("Việc khác", code="1.999999", procedure="x")), one, AT)
    enter_as(client, StaffPost.Role.CONTROLLER)
    page = client.get("/manage/replacements/?status=doubtful")
    text = page.content.decode()
    assert long.strip() in text
    assert page.context["total"] == Replacement.objects.filter(status="doubtful").count()
    assert f"25 trên {page.context['total']}" in text
    assert "checked" not in text.split('<tbody class="govuk-table__body">')[1]


def test_rows_that_stand_twice_or_say_nothing_are_counted(papers, table, one):
    result = import_table(table(row("Giấy khai sinh"), row("Giấy khai sinh"), row("")), one, AT)
    assert (result.read, result.doubled, result.unusable, result.known) == (3, 1, 1, 0)
    assert Replacement.objects.count() == 1


def test_a_name_as_long_as_the_resolution_has_is_kept_whole(papers, table, one):
    name = "Đăng ký biến động " + "đối với trường hợp " * 60
    import_table(table(row("Giấy khai sinh", procedure=name)), one, AT)
    assert Replacement.objects.get().procedure_name == name.strip()
