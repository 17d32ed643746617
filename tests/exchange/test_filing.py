"""Filing through HTTP: files first, then the dossier, once for a key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from digitization.models import Scan, StoredFile
from dossiers.models import Dossier, State
from dossiers.search import dossiers_matching
from journal.models import IdempotencyKey, OutboxMessage
from tests.factories.scans import PDF, pdf_upload
from tests.factories.systems import APPLICANT, connected_system, filing, sent_documents

KEY = {"Idempotency-Key": "filing-0001"}


def test_files_first_then_the_dossier(filing_system, edition, cast):
    sent = filing_system.send_file(pdf_upload())
    assert sent.status_code == 201
    assert sent.json()["size"] == len(PDF)
    papers = sent_documents(filing_system, edition)
    answer = filing_system.post("dossiers/", filing(documents=papers), **KEY)
    assert answer.status_code == 201, answer.json()
    filed = answer.json()
    assert filed["state"] == {"number": 1, "name": "Mới đăng ký"}
    assert filed["code"].startswith(f"{cast.agency.code}-")
    dossier = Dossier.objects.get(code=filed["code"])
    assert dossier.state == State.FILED
    assert dossier.filer == cast.person
    assert dossier.receiving_agency == cast.centre
    assert dossier.answer_due_at is not None
    assert {str(line.file_id) for line in dossier.documents.all()} == {paper["file"] for paper in papers}
    assert set(StoredFile.objects.filter(pk=papers[0]["file"]).values_list("owner", flat=True)) == {dossier.reference}
    assert Scan.objects.filter(file=papers[0]["file"]).exists()
    event = dossier.events.get()
    assert (event.action, event.actor) == ("send", "national portal")
    assert event.origin.startswith("api")
    assert OutboxMessage.objects.filter(key=f"dossiers.tell:{event.pk}").exists()


def test_a_key_files_once_and_belongs_to_one_request(filing_system, edition):
    papers = sent_documents(filing_system, edition)
    first = filing_system.post("dossiers/", filing(documents=papers), **KEY)
    again = filing_system.post("dossiers/", filing(documents=papers), **KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["code"] == first.json()["code"]
    other = filing_system.post("dossiers/", filing(documents=papers, content="Việc khác"), **KEY)
    assert other.status_code == 409
    assert other.json()["code"] == "key_reused"
    assert Dossier.objects.count() == 1


def test_a_paper_named_twice_has_both_files_in_their_order(filing_system, counter_system, edition):
    """Photos of pages come one by one; the last one does not take the place of the others."""
    first, *others = sent_documents(filing_system, edition)
    second = {**first, "file": filing_system.send_file(pdf_upload()).json()["id"]}
    answer = filing_system.post("dossiers/", filing(documents=[first, *others, second]), **KEY)
    assert answer.status_code == 201, answer.json()
    dossier = Dossier.objects.get(code=answer.json()["code"])
    line = dossier.documents.get(required_document__key=first["key"])
    assert [str(file.pk) for file in line.files] == [first["file"], second["file"]]
    assert {file.owner for file in line.files} == {dossier.reference}
    shown = counter_system.get(f"dossiers/{dossier.code}/").json()["documents"]
    assert [row["files"] for row in shown if row["key"] == first["key"]] == [[first["file"], second["file"]]]
    same = filing_system.post("dossiers/", filing(documents=[second, second]), **{"Idempotency-Key": "filing-0002"})
    assert same.status_code == 422


def test_two_systems_may_use_the_same_key(filing_system, edition):
    second = connected_system("post office", scopes=("dossiers:file",))
    codes = {
        caller.post("dossiers/", filing(documents=sent_documents(caller, edition)), **KEY).json()["code"]
        for caller in (filing_system, second)
    }
    assert len(codes) == 2


def test_a_new_applicant_becomes_known(filing_system, edition):
    applicant = {**APPLICANT, "personal_number": "024185001234", "full_name": "lê  thị bé"}
    answer = filing_system.post(
        "dossiers/", filing(documents=sent_documents(filing_system, edition), applicant=applicant), **KEY
    )
    assert answer.status_code == 201
    assert answer.json()["owner_name"] == Person.objects.get(personal_number="024185001234").full_name


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"procedure": "9.999999"}, "unknown_procedure", "procedure"),
        ({"territory": "00000"}, "unknown_territory", "territory"),
        ({"case": "no-such-case"}, "unknown_case", "case"),
        ({"applicant": {**APPLICANT, "personal_number": "999999999999"}}, "bad_number", "applicant.personal_number"),
        ({"applicant": {**APPLICANT, "phone": "12"}}, "bad_phone", "applicant.phone"),
        ({"documents": []}, "incomplete", "documents"),
        ({"content": ""}, "no_content", "content"),
        ({"answers": {"name": "A"}}, "not_accepted", "answers"),
        ({"fee_facts": {"value": 5}}, "not_accepted", "fee_facts.value"),
        (
            {"documents": [{"key": "nothing", "file": "00000000-0000-4000-8000-000000000000"}]},
            "unknown_document",
            "documents",
        ),
    ],
)
def test_a_refusal_says_which_field_and_keeps_nothing(filing_system, edition, change, code, field):
    papers = [] if "documents" in change else sent_documents(filing_system, edition)
    answer = filing_system.post("dossiers/", filing(documents=papers) | change, **KEY)
    assert answer.status_code == 422, answer.json()
    said = answer.json()
    assert (said["code"], said["field"]) == (code, field)
    assert said["message"]
    assert not Dossier.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_what_is_no_filing_is_400_with_its_fields(filing_system, edition):
    answer = filing_system.post("dossiers/", {"procedure": "1.013228"}, **KEY)
    assert answer.status_code == 400
    assert "applicant" in answer.json()["fields"]
    assert filing_system.post("dossiers/", filing()).json()["code"] == "no_key"


def test_files_of_another_system_cannot_be_filed(filing_system, edition):
    second = connected_system("post office", scopes=("dossiers:file",))
    answer = second.post("dossiers/", filing(documents=sent_documents(filing_system, edition)), **KEY)
    assert answer.json()["code"] == "unknown_document"


def test_a_file_of_a_kind_we_do_not_take_is_refused(filing_system):
    answer = filing_system.send_file(SimpleUploadedFile("a.pdf", b"MZ\x90\x00 no paper", "application/pdf"))
    assert answer.status_code == 422
    assert (answer.json()["field"], bool(answer.json()["message"])) == ("file", True)
    assert filing_system.post("dossiers/", filing(), **KEY).status_code == 422


@pytest.mark.parametrize(("files", "most"), [(1, 20), (3, 21)])  # further files of a paper are rows of their own
def test_statements_of_a_filing_do_not_grow(filing_system, edition, files, most):
    counts = []
    for n in range(3):
        papers = [paper for _n in range(files) for paper in sent_documents(filing_system, edition)]
        with CaptureQueriesContext(connection) as queries:
            answer = filing_system.post("dossiers/", filing(documents=papers), **{"Idempotency-Key": f"filing-{n:04d}"})
        assert answer.status_code == 201, answer.json()
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[1] == counts[2] <= most  # the last one tells every webhook in one statement


def test_a_filing_without_files_takes_fourteen_statements(filing_system, edition):
    edition.documents.all().delete()
    for n in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = filing_system.post("dossiers/", filing(documents=[]), **{"Idempotency-Key": f"filing-{n:04d}"})
        assert answer.status_code == 201, answer.json()
    assert sum("SAVEPOINT" not in query["sql"] for query in queries) <= 14
    filed = Dossier.objects.get(code=answer.json()["code"])
    assert (filed.revision, filed.events.get().action) == (1, "send")
    assert dossiers_matching(Dossier.objects.all(), filed.code).get() == filed


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_by_many_at_once_files_once(filing_system, edition):
    papers = sent_documents(filing_system, edition)

    def send(_n: int) -> tuple[int, str]:
        try:
            answer = filing_system.post("dossiers/", filing(documents=papers), **KEY)
            return answer.status_code, answer.json()["code"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert sorted(status for status, _code in answers) == [200] * 5 + [201]
    assert len({code for _status, code in answers}) == 1
    assert Dossier.objects.count() == 1
