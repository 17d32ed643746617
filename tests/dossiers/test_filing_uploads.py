"""Files sent in parts: each lands where it belongs, once, and only for those who may put it there."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digitization import unused
from digitization.models import Scan, StoredFile
from dossiers.correspondence import messages
from dossiers.filing import discarding, draft_papers, drafts, intake, upload_targets
from dossiers.filing.papers_brought import Brought
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierDocument, State
from procedures.models import Edition
from tests.factories.desk import intake_page
from tests.factories.dossiers import sent_online
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import PDF

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")  # pages act now, so what came before lies in the past
TUS = {"Tus-Resumable": "1.0.0"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def edition(cast) -> Edition:
    return Edition.objects.get(procedure__code="2.002516", status="published")


@pytest.fixture
def draft(cast, edition) -> Dossier:
    return drafts.start_draft(edition, cast.person, key="page", at=MORNING)


@pytest.fixture
def me(cast) -> Client:
    return signed_in(cast.citizen)


def begin(client: Client, owner: str, purpose: str, size: int, name: str = "to-khai.pdf"):
    facts = {"filename": name, "owner": owner, "purpose": purpose}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
    return client.post(reverse("file-upload"), headers=headers)


def part(client: Client, address: str, offset: int, data: bytes):
    headers = {**TUS, "Upload-Offset": str(offset)}
    return client.patch(address, data, content_type="application/offset+octet-stream", headers=headers)


def send(client: Client, owner: str, purpose: str = "", data: bytes = PDF, name: str = "to-khai.pdf") -> StoredFile:
    address = begin(client, owner, purpose, len(data), name)["Location"]
    half = len(data) // 2
    part(client, address, 0, data[:half])
    return StoredFile.objects.get(pk=part(client, address, half, data[half:])["OSS-File"])


def first_paper(draft: Dossier):
    return next(p for p in draft_papers.required_documents(draft) if p.required and not p.show_only)


def test_an_arrived_file_is_the_line_of_its_paper(me, draft):
    paper = first_paper(draft)
    file = send(me, draft.reference, upload_targets.purpose_of(paper))
    line = draft.documents.get()
    assert (line.required_document, line.file, line.later) == (paper, file, False)
    assert Scan.objects.filter(file=file).exists()
    slot = me.get(reverse("file-documents", args=[draft.uid]), {"slot": paper.pk}, headers=HTMX).content.decode()
    assert "to-khai.pdf" in slot
    assert "<h1" not in slot


def test_what_is_taken_off_a_draft_is_taken_back(me, draft):
    file = send(me, draft.reference, upload_targets.purpose_of(first_paper(draft)))
    line = draft.documents.get()
    address = reverse("file-detach", args=[draft.uid, line.pk, file.pk])
    assert me.get(address).status_code == 302
    assert draft.documents.count() == 1
    me.post(address)
    assert not draft.documents.exists()
    file.refresh_from_db()
    assert file.removed_at is not None


def test_the_files_of_a_discarded_draft_are_taken_back(me, draft):
    file = send(me, draft.reference, upload_targets.purpose_of(first_paper(draft)))
    me.post(reverse("file-discard", args=[draft.uid]))
    discarding.delete_discarded(timezone.now() + timedelta(minutes=1))
    file.refresh_from_db()
    assert file.removed_at is not None


@pytest.mark.parametrize("who", ["stranger", "counter", "officer"])
def test_nobody_else_adds_to_a_draft(cast, draft, who):
    answer = begin(signed_in(getattr(cast, who)), draft.reference, "", 10)
    assert answer.status_code == 403


def test_a_purpose_that_is_no_paper_of_the_draft_is_refused_in_words(me, draft):
    address = begin(me, draft.reference, "paper:0", len(PDF))["Location"]
    answer = part(me, address, 0, PDF)
    assert answer.status_code == 422
    assert "tải lại trang" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_draft_that_was_sent_meanwhile_takes_no_more(me, cast, draft):
    paper = first_paper(draft)
    address = begin(me, draft.reference, upload_targets.purpose_of(paper), len(PDF))["Location"]
    part(me, address, 0, PDF[:20])
    sent_online(draft, cast, MORNING)
    papers = draft.documents.count()
    assert part(me, address, 20, PDF[20:]).status_code == 404
    assert draft.documents.count() == papers
    assert not StoredFile.objects.exists()


def test_an_answer_is_handed_in_with_its_files(me, cast, asked):
    owner = upload_targets.answer_owner(asked.supplement_requests.get())
    papers = asked.documents.count()
    files = [send(me, owner, name=name) for name in ("mot.pdf", "hai.pdf")]
    assert asked.documents.count() == papers
    assert signed_in(cast.officer).get(reverse("file", args=[files[0].pk])).status_code == 404
    address = reverse("my-dossier-act", args=[asked.uid, "answer_supplement"])
    page = me.get(address)
    assert [card["name"] for card in page.context["waiting"]] == ["mot.pdf", "hai.pdf"]
    me.post(reverse("my-dossier-take-back", args=[asked.uid, files[0].pk]))
    asked.refresh_from_db()
    me.post(address, {"revision": asked.revision, "answer": "Xin gửi"})
    asked.refresh_from_db()
    assert asked.state == State.PROCESSING
    added = asked.documents.filter(kind=DossierDocument.Kind.OTHER)
    assert [line.name for line in added] == ["hai.pdf"]
    assert added.get().file.owner == asked.reference
    assert signed_in(cast.officer).get(reverse("file", args=[files[1].pk])).status_code == 200
    assert begin(me, owner, "", 10).status_code == 201, "until staff act it can be added to"
    execute_transition(asked, "add_papers", cast.officer, at=MORNING, papers=[Brought("Ảnh", copies=1)])
    assert begin(me, owner, "", 10).status_code == 403


def test_a_refused_answer_hands_nothing_in(me, cast, asked):
    owner = upload_targets.answer_owner(asked.supplement_requests.get())
    send(me, owner)
    papers = asked.documents.count()
    address = reverse("my-dossier-act", args=[asked.uid, "answer_supplement"])
    me.post(address, {"revision": asked.revision - 1, "answer": "Xin gửi"})
    asked.refresh_from_db()
    assert asked.state == State.SUPPLEMENT
    assert asked.documents.count() == papers
    assert len(upload_targets.waiting_uploads([owner])[owner]) == 1


@pytest.mark.parametrize("who", ["stranger", "counter", "officer"])
def test_nobody_else_adds_to_an_answer(cast, asked, who):
    owner = upload_targets.answer_owner(asked.supplement_requests.get())
    assert begin(signed_in(getattr(cast, who)), owner, "", 10).status_code == 403


def intake_address(cast, edition) -> str:
    return intake_page(edition.procedure.code, cast.person, "page1")


def test_a_scan_waits_for_the_intake_and_goes_with_it_once(cast, edition):
    desk = signed_in(cast.counter)
    paper = next(p for p in edition.documents.all() if p.required and not p.show_only)
    owner = upload_targets.intake_owner(cast.counter.post.desk_id, paper, "page1")
    earlier, file = (send(desk, owner, name=name) for name in ("mot.pdf", "hai.pdf"))
    address = intake_address(cast, edition)
    assert "hai.pdf" in desk.get(address).content.decode()
    given = {"act": "receive", "ground": "self", "return_method": "counter", "territory": cast.agency.territory.code}
    given |= {name: "1" for name in ("quantity_item", "quantity_copy")}
    refused = desk.post(address, given)
    assert refused.status_code == 422
    assert "hai.pdf" in refused.content.decode()
    ticks = {f"has_originals_{p.key}": "on" for p in edition.documents.all() if p != paper}
    taken = [desk.post(address, {**given, **ticks}) for _press in range(2)]
    assert taken[0].url == taken[1].url
    dossier = Dossier.objects.get()
    assert dossier.documents.get(required_document=paper).files == [earlier, file]
    for scan in (earlier, file):
        scan.refresh_from_db()
        assert scan.owner == dossier.reference
    assert Scan.objects.filter(file=file).exists()


def test_a_scan_is_taken_back_before_the_intake(cast, edition):
    desk = signed_in(cast.counter)
    paper = edition.documents.first()
    file = send(desk, upload_targets.intake_owner(cast.counter.post.desk_id, paper, "page1"))
    address = reverse("desk-intake-scan", args=[edition.procedure.code, paper.pk]) + "?key=page1"
    assert "to-khai.pdf" in desk.get(address, headers=HTMX).content.decode()
    assert "to-khai.pdf" in desk.post(address, headers=HTMX).content.decode()  # names none
    assert "to-khai.pdf" not in desk.post(f"{address}&file={file.pk}", headers=HTMX).content.decode()
    file.refresh_from_db()
    assert file.removed_at is not None


@pytest.mark.parametrize("who", ["citizen", "officer"])
def test_nobody_else_adds_to_an_intake(cast, edition, who):
    owner = upload_targets.intake_owner(cast.counter.post.desk_id, edition.documents.first(), "page1")
    assert begin(signed_in(getattr(cast, who)), owner, "", 10).status_code == 403


def test_scans_of_an_intake_that_nobody_finished_are_not_kept(cast, edition):
    owner = upload_targets.intake_owner(cast.counter.post.desk_id, edition.documents.first(), "page1")
    file = send(signed_in(cast.counter), owner)
    assert unused.take_back_unused_files(file.uploaded_at + timedelta(hours=23)) == 0
    assert unused.take_back_unused_files(file.uploaded_at + timedelta(hours=25)) == 1
    file.refresh_from_db()
    assert file.removed_at is not None


def test_taking_in_with_a_waiting_file_makes_it_the_dossiers(cast, edition):
    paper = edition.documents.first()
    file = send(signed_in(cast.counter), upload_targets.intake_owner(cast.counter.post.desk_id, paper, "k"))
    dossier = intake.take_in(
        edition,
        by=cast.counter,
        filer=cast.person,
        owner=cast.person,
        ticked=[intake.Ticked(paper, files=(file,))],
        territory=cast.agency.territory,
        key="k",
        at=timezone.now(),
    )
    assert dossier.documents.get().file.owner == dossier.reference


def test_a_message_takes_the_files_that_were_sent_before_it(me, cast, asked):
    owner = messages.upload_owner(asked, cast.citizen, as_applicant=True)
    files = [send(me, owner, name=name) for name in ("mot.pdf", "hai.pdf")]
    assert signed_in(cast.officer).get(reverse("file", args=[files[1].pk])).status_code == 404
    address = reverse("my-dossier-messages", args=[asked.uid])
    kept = me.post(f"{address}?take_back={files[0].pk}", {"text": "Đang viết", "key": "k"}).content.decode()
    assert "Đang viết" in kept
    assert "hai.pdf" in kept
    assert "mot.pdf" not in kept
    assert me.post(address, {"text": "", "key": "k"}).status_code == 422
    assert me.post(address, {"text": "Xin gửi", "key": "k"}).status_code == 302
    message = asked.messages.get()
    assert [file.name for file in message.files.all()] == ["hai.pdf"]
    assert message.files.get().owner == asked.reference
    assert signed_in(cast.officer).get(reverse("file", args=[files[1].pk])).status_code == 200
    assert not me.get(address).context["waiting"]


def test_nobody_adds_to_the_message_of_another(cast, asked):
    theirs = messages.upload_owner(asked, cast.citizen, as_applicant=True)
    for who in (cast.stranger, cast.officer):
        assert begin(signed_in(who), theirs, "", 10).status_code == 403
    own = messages.upload_owner(asked, cast.stranger, as_applicant=True)
    assert begin(signed_in(cast.stranger), own, "", 10).status_code == 403
    staffs = messages.upload_owner(asked, cast.officer, as_applicant=False)
    assert begin(signed_in(cast.officer), staffs, "", 10).status_code == 201
    assert begin(signed_in(cast.citizen), "message:99999999999999999999:applicant:1", "", 10).status_code == 403
