"""Documents once accepted or issued are on record, checked by anybody, used again, and counted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Look
from accounts.owner_references import owner_reference
from digitization import uploads
from digitization.models import RegisteredDocument, Scan, StoredFile
from digitization.register import describe_document, documents_of, usable_documents
from dossiers.filing import draft_papers, drafts, reuse
from dossiers.filing.same_paper import may_stand_for, name_same_paper
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, DossierDocument
from dossiers.statistics.digitisation import Group, count_digitisation
from journal.models import Entry
from procedures.models import RequiredDocument
from tests.factories.dossiers import complete_draft, received, to_result
from tests.factories.moments import at
from tests.factories.scans import pdf_upload
from vietnam.text import fold

MORNING = at("2026-11-23 09:10")
DAY = date(2026, 11, 23)
BACKEND = "accounts.backends.AccountBackend"


@pytest.fixture
def done(cast, edition):
    """A settled dossier, one of whose papers was scanned after its reception."""
    made = received(cast, edition, MORNING, limit_days="5")
    line = made.documents.filter(kind=DossierDocument.Kind.COMPONENT).order_by("position").first()
    scan = uploads.store_file(pdf_upload(), "giay.pdf", made.reference, cast.counter)
    execute_transition(made, "add_scan", cast.counter, at=MORNING, scan=scan, paper=str(line.pk))
    to_result(cast, made, MORNING)
    return made


def licence_on_record(cast, edition):
    """(a paper that came with a dossier before, the line of the checklist that asks for its kind)."""
    paper = next(each for each in edition.documents.all() if each.issued_as)
    document = documents_of(cast.person).get(kind="component")
    document.name = paper.name
    document.save()
    return document, paper


def test_papers_and_results_are_on_record_once_with_what_is_known_of_them(cast, done):
    component, result = documents_of(cast.person).order_by("kind")
    assert (component.kind, component.way, component.holder_name) == ("component", "scanned", cast.person.full_name)
    assert (result.kind, result.number, result.issued_on) == ("result", "12/GP-UBND", DAY)
    assert result.issuer == done.settling_agency.name
    assert component.code != result.code
    assert component.source == done.reference


def test_anybody_checks_a_code_and_nobody_learns_whose_it_is(cast, done, client):
    result = documents_of(cast.person).get(kind="result")
    page = client.get(reverse("document-check", args=[result.code.lower()])).content.decode()
    assert "12/GP-UBND" in page
    assert cast.person.full_name not in page
    assert client.get(reverse("document-check", args=["ABCDEFGHJKMN"])).status_code == 404
    assert reverse("file", args=[result.file_id]) not in page


def test_the_register_is_the_agencys_own_and_its_export_holds_every_row(cast, done, client):
    result = documents_of(cast.person).get(kind="result")
    client.force_login(cast.clerk.account, backend=BACKEND)
    page = client.get(reverse("documents"), {"q": "12/gp-ubnd"}).content.decode()
    assert result.code in page
    sheet = b"".join(client.get(reverse("documents"), {"csv": "1"}).streaming_content).decode("utf-8-sig")
    assert result.code in sheet
    assert cast.person.full_name in sheet
    assert Look.objects.filter(person=cast.person, purpose="export", record=done.reference).exists()
    client.force_login(cast.citizen.account, backend=BACKEND)
    assert client.get(reverse("documents")).status_code == 403


def test_the_register_is_searched_by_words_without_accents(cast, done, client):
    result = documents_of(cast.person).get(kind="result")
    client.force_login(cast.clerk.account, backend=BACKEND)

    def found(words):
        return {row["document"].pk for row in client.get(reverse("documents"), {"q": words}).context["rows"]}

    for words in (fold(f"{result.name} {cast.person.full_name}"), result.number.lower(), result.code.lower()):
        assert found(words) == {result.pk}
    assert not found("—")
    assert not found("không có giấy này")
    describe_document(result, {"issuer": "Sở Tư pháp tỉnh Bắc Giang"}, by=cast.clerk)
    assert found("bac giang") == {result.pk}


def test_the_holder_sees_them_and_others_do_not(cast, done, client):
    client.force_login(cast.citizen.account, backend=BACKEND)
    assert "12/GP-UBND" in client.get(reverse("my-documents")).content.decode()
    client.force_login(cast.stranger.account, backend=BACKEND)
    assert "12/GP-UBND" not in client.get(reverse("my-documents")).content.decode()


def test_what_has_ended_or_was_withdrawn_is_not_offered(cast, done):
    result = documents_of(cast.person).get(kind="result")
    assert result in usable_documents(cast.person, DAY)
    result.valid_to = DAY
    result.save()
    assert result in usable_documents(cast.person, DAY)
    assert result not in usable_documents(cast.person, DAY + timedelta(days=1))
    RegisteredDocument.objects.filter(pk=result.pk).update(standing="withdrawn", withdrawn_at=MORNING, valid_to=None)
    assert result not in usable_documents(cast.person, DAY)


def test_a_result_not_paid_for_is_neither_opened_nor_used_again(cast, edition, done, client):
    Dossier.objects.filter(pk=done.pk).update(fee_amount=8_000, fee_settled_at=None)
    result = documents_of(cast.person).get(kind="result")
    client.force_login(cast.citizen.account, backend=BACKEND)
    page = client.get(reverse("my-documents")).content.decode()
    assert result.name in page
    assert reverse("file", args=[result.file_id]) not in page
    assert reverse("my-dossier", args=[done.uid]) in page
    assert result not in reuse.known_documents(cast.person)
    draft = drafts.start_draft(edition, cast.person, key="again", at=MORNING)
    paper = draft_papers.required_documents(draft)[0]
    with pytest.raises(Refused) as refused:
        reuse.use_for_draft(draft, paper, result.pk, by=cast.citizen, at=MORNING)
    assert refused.value.code == "fee_open"
    Dossier.objects.filter(pk=done.pk).update(fee_settled_at=MORNING)
    page = client.get(reverse("my-documents")).content.decode()
    assert reverse("file", args=[result.file_id]) in page
    assert result in reuse.known_documents(cast.person)


def test_a_result_taken_back_is_named_and_not_opened(cast, done, client):
    result = documents_of(cast.person).get(kind="result")
    RegisteredDocument.objects.filter(pk=result.pk).update(standing="withdrawn", withdrawn_at=MORNING)
    client.force_login(cast.citizen.account, backend=BACKEND)
    page = client.get(reverse("my-documents")).content.decode()
    assert result.name in page
    assert reverse("file", args=[result.file_id]) not in page


def test_a_document_used_again_is_counted_and_enters_the_register_no_second_time(cast, edition, done, client):
    before = count_digitisation(DAY, DAY)[0]
    assert (before.received, before.reused, before.settled, before.results) == (1, 0, 1, 1)
    draft = drafts.start_draft(edition, cast.person, key="again", at=MORNING)
    complete_draft(draft, cast)
    document, paper = licence_on_record(cast, draft.edition)
    client.force_login(cast.citizen.account, backend=BACKEND)
    page = reverse("file-documents", args=[draft.uid])
    address = reverse("file-reuse", args=[draft.uid, paper.pk, document.pk])
    assert address in client.get(page).content.decode()
    assert client.post(address).status_code == 302
    assert address not in client.get(page).content.decode()
    assert client.post(address).status_code == 302  # a page that was still open; it stands there once
    line = draft.documents.get(required_document=paper)
    assert [file.reused_from for file in line.files] == [document]
    assert line.file.sha256 == document.file.sha256
    assert line.later is False
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    execute_transition(draft, "accept", cast.counter, at=MORNING, limit_days="5", lacking_ground="at_return")
    assert documents_of(cast.person).filter(kind="component").count() == 1
    after = count_digitisation(DAY, DAY)[0]
    assert (after.received, after.reused) == (2, 1)
    by_agency = count_digitisation(DAY, DAY, Group.AGENCY)
    assert sum(row.reused for row in by_agency) == 1
    assert {row.key for row in by_agency} == {draft.receiving_agency_id, done.settling_agency_id}
    assert [row.received for row in count_digitisation(DAY, DAY, Group.MONTH) if row.received] == [2]


def test_nobody_uses_somebody_elses(cast, edition, done):
    draft = drafts.start_draft(edition, cast.person, key="again", at=MORNING)
    complete_draft(draft, cast)
    paper = draft_papers.required_documents(draft)[0]
    document = documents_of(cast.person).first()
    with pytest.raises(Refused) as refused:
        reuse.use_for_draft(draft, paper, document.pk, by=cast.stranger, at=MORNING)
    assert refused.value.code == "not_on_record"


def test_at_the_counter_it_waits_as_a_scan_would_and_the_holder_sees_who_looked(cast, edition, done, client):
    document, paper = licence_on_record(cast, edition)
    client.force_login(cast.counter.account, backend=BACKEND)
    intake = reverse("desk-intake", args=[edition.procedure.code])
    query = {"owner": owner_reference(cast.person), "key": "k9"}
    page = client.get(intake, query).content.decode()
    address = reverse("desk-intake-reuse", args=[edition.procedure.code, paper.pk, document.pk])
    assert address in page
    assert Look.objects.filter(person=cast.person, record=f"document:{document.code}", purpose="reception").exists()
    found = address + page.split(address, 1)[1].split('"', 1)[0].replace("&amp;", "&")
    answer = client.post(found, headers={"HX-Request": "true"})
    assert document.file.name in answer.content.decode()
    client.post(found, headers={"HX-Request": "true"})
    waiting = StoredFile.objects.get(reused_from=document)
    assert waiting.owner.startswith("intake:")
    assert address not in client.get(intake, query).content.decode()


def test_what_a_paper_says_is_entered_by_hand_with_what_was_read_proposed(cast, done, client):
    document = documents_of(cast.person).get(kind="component")
    Scan.objects.update_or_create(
        file=document.file, defaults={"facts": {"proposed": {"number": "7/GP-SXD", "valid_to": "2030-01-05"}}}
    )
    client.force_login(cast.counter.account, backend=BACKEND)
    address = reverse("document-describe", args=[document.code])
    assert address in client.get(reverse("documents")).content.decode()
    page = client.get(address).content.decode()
    assert "7/GP-SXD" in page
    assert "05/01/2030" in page
    said = {"number": "7/GP-SXD", "issued_on": "05/01/2025", "valid_to": "04/01/2025", "scope": "Tỉnh Bắc Ninh"}
    assert client.post(address, said).status_code == 422
    assert client.post(address, {**said, "valid_to": "05/01/2030"}).status_code == 302
    document.refresh_from_db()
    assert (document.number, document.valid_to, document.scope) == ("7/GP-SXD", date(2030, 1, 5), "Tỉnh Bắc Ninh")
    assert document not in usable_documents(cast.person, date(2030, 1, 6))
    entry = Entry.objects.get(verb="document_described")
    assert entry.changes["after"]["scope"] == "Tỉnh Bắc Ninh"
    client.post(address, {**said, "valid_to": "05/01/2030"})
    assert Entry.objects.filter(verb="document_described").count() == 1


def test_of_a_result_only_what_its_dossier_does_not_say_is_entered(cast, done, client):
    result = documents_of(cast.person).get(kind="result")
    client.force_login(cast.clerk.account, backend=BACKEND)
    address = reverse("document-describe", args=[result.code])
    assert client.post(address, {"number": "0/X", "valid_to": "30/11/2027"}).status_code == 302
    result.refresh_from_db()
    assert (result.number, result.valid_to) == ("12/GP-UBND", date(2027, 11, 30))
    client.force_login(cast.counter.account, backend=BACKEND)  # another agency digitised it
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("known", "wanted", "same"),
    [
        ("Giấy khai sinh", "Bản sao giấy khai sinh cấp trước đây", True),
        ("Giấy khai sinh", "Giấy khai sinh của trẻ", True),
        ("Giấy khai sinh của cháu Bình", "Giấy khai sinh", True),
        ("Căn cước công dân", "Căn cước, hộ chiếu hoặc giấy tờ khác có ảnh", True),
        ("Giấy chứng nhận kết hôn", "Bản sao giấy chứng nhận kết hôn", True),
        ("Quyết định về việc hưởng mai táng phí", "Tờ khai đề nghị hỗ trợ chi phí mai táng", False),
        ("Quyết định", "Quyết định giao đất", False),
        ("Giấy chứng nhận kết hôn", "Giấy chứng nhận đã cấp", False),
        ("Giấy khai sinh", "Giấy chứng tử", False),
        ("Giấy phép xây dựng", "Giấy phép lái xe", False),
        ("Giấy chứng nhận đủ điều kiện cửa hàng bán lẻ LPG chai", "Điều lệ", False),
        ("Văn bản xác nhận thông tin hộ tịch", "Thông tin hoặc biên lai nộp lệ phí trước bạ", False),
        ("Giay khai sinh", "Bản sao giấy khai sinh", True),
        ("GIẤY XÁC NHẬN HOÀN CẢNH", "Giấy xác nhận hòan cảnh", True),
    ],
)
def test_papers_are_the_same_by_what_their_names_say(known, wanted, same):
    assert name_same_paper(known, wanted) is same


@pytest.mark.parametrize(
    ("facts", "document", "stands"),
    [
        ({"name": "Bản gốc giấy chứng nhận đã cấp", "issued_as": "KQ.1"}, ("Giấy chứng nhận X", "KQ.1"), True),
        ({"name": "Bản gốc giấy chứng nhận đã cấp", "issued_as": "KQ.1"}, ("Giấy chứng nhận X", "KQ.2"), False),
        ({"name": "Tờ khai đăng ký khai sinh"}, ("Tờ khai đăng ký khai sinh", ""), False),
        ({"name": "Đơn đề nghị cấp phép"}, ("Đơn đề nghị cấp phép", ""), False),
        ({"name": "Đơn vị đo lường đã công bố"}, ("Đơn vị đo lường đã công bố", ""), True),
        ({"name": "Phiếu thu thập", "form": "Mẫu 02"}, ("Phiếu thu thập", ""), False),
        ({"name": "Giấy khai sinh", "secret": True}, ("Giấy khai sinh", ""), False),
        ({"name": "Giấy khai sinh", "verification": True}, ("Giấy khai sinh", ""), False),
    ],
)
def test_what_is_written_anew_or_of_another_kind_is_never_stood_for(facts, document, stands):
    name, kind = document
    assert may_stand_for(RegisteredDocument(name=name, document_type=kind), RequiredDocument(**facts)) is stands


def test_no_door_takes_a_document_of_another_kind(cast, edition, done, client):
    """Nor is it shown: whoever takes in sees of a holder's papers only those that fit, and only they count as seen."""
    RegisteredDocument.objects.update(name="Quyết định về việc hưởng mai táng phí")
    draft = complete_draft(drafts.start_draft(edition, cast.person, key="again", at=MORNING), cast)
    paper = draft_papers.required_documents(draft)[0]
    document = documents_of(cast.person).first()
    for door in (
        lambda: reuse.use_for_draft(draft, paper, document.pk, by=cast.citizen, at=MORNING),
        lambda: reuse.use_at_desk(cast.person, paper, document.pk, "intake:1:1:k", by=cast.counter, at=MORNING),
    ):
        with pytest.raises(Refused, match="không phải loại giấy tờ") as refused:
            door()
        assert refused.value.code == "other_paper"
    client.force_login(cast.citizen.account, backend=BACKEND)
    assert "Dùng giấy tờ" not in client.get(reverse("file-documents", args=[draft.uid])).content.decode()
    client.force_login(cast.counter.account, backend=BACKEND)
    query = {"owner": owner_reference(cast.person), "key": "k9"}
    assert "mai táng" not in client.get(reverse("desk-intake", args=[edition.procedure.code]), query).content.decode()
    assert not Look.objects.filter(person=cast.person, record=f"document:{document.code}").exists()
