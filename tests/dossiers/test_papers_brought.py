"""Papers that come later: what is demanded, what may be missing, what an answer must hold, scans at any time."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.owner_references import owner_reference
from core.refusals import Refused
from dossiers.filing import complete, drafts
from dossiers.filing.papers_brought import Brought, lacking_papers_of
from dossiers.lifecycle import execute_transition
from dossiers.models import DossierDocument, State
from dossiers.views import sheet
from papers.models import Paper
from procedures.editions.papers import Need, demanded_papers, need_of_paper
from procedures.models import RequiredDocument
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

MONDAY = at("2026-11-09 09:00")


def pdf_of(pages: int) -> bytes:
    made, buffer = pikepdf.Pdf.new(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page()
    made.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        ({}, Need.DEMANDED),
        ({"required": False}, Need.IF_ANY),
        ({"show_only": True}, Need.SHOWN),
        ({"replaced_by": "Cơ sở dữ liệu quốc gia về dân cư"}, Need.BY_DATA),
        ({"verification": True}, Need.BY_AGENCY),
        ({"key": "declaration"}, Need.BY_FORM),
        ({"required": False, "key": "birth"}, Need.DEMANDED),
    ],
)
def test_one_answer_to_what_a_paper_is_needed_for(facts, need):
    paper = RequiredDocument(**{"key": "paper", "required": True, **facts})
    assert need_of_paper(paper, filled="declaration", wanted={"birth"}) is need


def test_what_data_stand_for_is_told_in_the_same_words_on_every_page(cast, edition):
    """Nobody is told on one page that a paper is not needed and asked for it on the next without a word."""
    paper = next(paper for paper in edition.documents.all() if need_of_paper(paper) is Need.DEMANDED)
    RequiredDocument.objects.filter(pk=paper.pk).update(replaced_by="CSDL Dân cư")
    dossier = received(cast, edition, MONDAY)
    draft = drafts.start_draft(edition, cast.person, key="k", at=MONDAY)
    citizen, counter = signed_in(cast.citizen), signed_in(cast.counter)
    intake = reverse("desk-intake", args=[edition.procedure.code])
    for client, address in (
        (citizen, reverse("procedure", args=[edition.procedure.code])),
        (citizen, reverse("file-documents", args=[draft.uid])),
        (
            counter,
            f"{intake}?owner={owner_reference(cast.person)}&key=i",
        ),
        (counter, reverse("dossier-act", args=[dossier.code, "add_papers"])),
    ):
        page = client.get(address)
        html = page.content.decode()
        assert (page.status_code, html.count("Không phải nộp khi dữ liệu đã có trong CSDL Dân cư")) == (200, 1), address
        assert f"<s>{paper.name}</s>" not in html, "it is demanded where the data are missing"


@pytest.fixture
def filed(cast, edition):
    """Sent online, every demanded paper promised for later."""
    draft = complete.draft_whole(
        edition,
        cast.person,
        at=MONDAY,
        case="",
        content="Xin cấp phiếu",
        territory=cast.agency.territory,
        files=[(paper, []) for paper in demanded_papers(edition, "")],
        method="counter",
        phone="0912345678",
        email="",
        address="",
    )
    execute_transition(draft, "send", cast.citizen, at=MONDAY)
    return draft


def test_is_not_accepted_while_papers_are_missing_unless_a_ground_is_named(cast, filed):
    lacking = lacking_papers_of(filed)
    assert lacking
    with pytest.raises(Refused, match="Còn thiếu"):
        execute_transition(filed, "accept", cast.counter, at=MONDAY, limit_days="5")
    with pytest.raises(Refused, match="trong danh sách"):
        execute_transition(filed, "accept", cast.counter, at=MONDAY, limit_days="5", lacking_ground="because")
    execute_transition(filed, "accept", cast.counter, at=MONDAY, limit_days="5", lacking_ground="at_return")
    assert filed.events.get(action="accept").account == cast.counter.account
    for line in (sheet.timeline(filed, public=public)[1] for public in (False, True)):
        assert lacking[0].name in line["text"]
        assert "Bản chính được đối chiếu" in line["text"]
    recorded = filed.events.get(action="accept").facts
    assert recorded["lacking"] == [paper.name for paper in lacking]
    assert recorded["lacking_ground"] == "at_return"


def test_missing_papers_and_who_came_first_are_named_in_the_readers_language(cast, filed):
    lacking = lacking_papers_of(filed)
    paper = lacking[0]
    assert paper.name_en
    with translation.override("en"):
        with pytest.raises(Refused) as refused:
            execute_transition(filed, "accept", cast.counter, at=MONDAY, limit_days="5")
        assert paper.name_en in refused.value.sentence
        execute_transition(filed, "accept", cast.counter, at=MONDAY, limit_days="5", lacking_ground="at_return")
        assert "One-stop shop officer" in filed.events.get(action="accept").local_actor
        assert filed.documents.get(required_document=paper).local_name == paper.name_en
    assert filed.events.get(action="accept").facts["lacking"] == [each.name for each in lacking]


def test_papers_brought_to_the_counter_complete_an_online_filing(cast, filed):
    execute_transition(filed, "ask_completion", cast.counter, at=MONDAY, items=["Bản vẽ"], reason="Thiếu giấy tờ")
    papers = [Brought(p.name, p, originals=1) for p in lacking_papers_of(filed)]
    execute_transition(filed, "answer_supplement", cast.counter, at=at("2026-11-10 09:00"), papers=papers)
    assert filed.state == State.FILED
    assert filed.answer_due_at is not None
    assert lacking_papers_of(filed) == []
    assert filed.events.last().facts["received"] == [paper.as_recorded() for paper in papers]
    execute_transition(filed, "accept", cast.counter, at=at("2026-11-10 09:10"), limit_days="5")
    lines = DossierDocument.objects.filter(dossier=filed, required_document__isnull=False)
    assert {(line.originals, line.later) for line in lines} == {(1, False)}


def test_the_counter_sees_what_was_asked_for_and_receives_it(cast, filed, client):
    execute_transition(filed, "ask_completion", cast.counter, at=MONDAY, items=["Bản vẽ"], reason="Bản vẽ mờ")
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[filed.code, "answer_supplement"])
    page = client.get(address)
    shown = {row["key"]: row["value"] for row in page.context["action_context"]}
    assert shown["Đã yêu cầu bổ sung"] == "Bản vẽ"
    assert shown["Lý do"] == "Bản vẽ mờ"
    assert "Gửi giấy tờ" not in page.content.decode()
    assert "Nhận giấy tờ bổ sung" in client.get(reverse("dossier", args=[filed.code])).content.decode()
    refused = client.post(address, {"revision": filed.revision})
    assert refused.status_code == 422
    assert "cho cơ quan" not in refused.content.decode()
    wrong = client.post(address, {"revision": filed.revision, "papers-originals_0": "x"})
    assert wrong.status_code == 422
    assert "bảng giấy tờ" in wrong.context["form"].non_field_errors()[0]


def test_the_page_says_which_papers_are_missing_before_it_refuses(cast, filed, client):
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[filed.code, "accept"])
    form = client.get(address).context["form"]
    assert form.fields["lacking_ground"].required
    names = [paper.name for paper in lacking_papers_of(filed)]
    assert names
    assert all(name in form.fields["lacking_ground"].help_text for name in names)
    refused = client.post(address, {"revision": filed.revision, "limit_days": "5"})
    assert refused.status_code == 422
    assert "lacking_ground" in refused.context["form"].errors


def test_an_empty_answer_is_not_taken_and_a_full_one_may_grow(cast, edition):
    dossier = received(cast, edition, MONDAY)
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-09 10:00"), officer=cast.officer.post)
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-09 11:00"), items=["Bản vẽ"], reason="Thiếu bản vẽ"
    )
    with pytest.raises(Refused, match="Chưa có gì để gửi"):
        execute_transition(dossier, "answer_supplement", cast.citizen, at=at("2026-11-10 10:00"), answer="  ")
    execute_transition(dossier, "answer_supplement", cast.citizen, at=at("2026-11-10 10:00"), answer="Tôi gửi sau.")
    execute_transition(dossier, "add_to_answer", cast.citizen, at=at("2026-11-10 10:05"), answer="Đây là bản vẽ.")
    assert dossier.supplement_requests.get().answer == "Tôi gửi sau.\nĐây là bản vẽ."
    execute_transition(
        dossier, "add_papers", cast.officer, at=at("2026-11-10 10:10"), papers=[Brought("Bản vẽ", copies=1)]
    )
    with pytest.raises(Refused, match="nhắn tin"):
        execute_transition(dossier, "add_to_answer", cast.citizen, at=at("2026-11-10 11:00"), answer="Thêm nữa")


def test_a_paper_is_scanned_into_a_dossier_long_after_reception_with_history(cast, edition, client):
    dossier = received(cast, edition, MONDAY)
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[dossier.code, "add_papers"])
    # A way to the form: pressed as a button it was refused before anything could be entered.
    assert f'href="{address}"' in client.get(reverse("dossier", args=[dossier.code])).content.decode()
    page = client.get(address).content.decode()
    paper = dossier.edition.documents.first()
    assert paper.name in page
    empty = client.post(address, {"revision": dossier.revision})
    assert empty.status_code == 422
    assert "Hãy ghi số bản" in empty.content.decode()
    answer = client.post(
        address,
        {
            "revision": dossier.revision,
            "papers-originals_0": "2",
            "papers-file_0": SimpleUploadedFile("ban-ve.pdf", pdf_of(1), "application/pdf"),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    event = dossier.events.last()
    assert event.action == "add_papers"
    assert event.facts["received"][0]["originals"] == 2
    assert event.facts["received"][0]["scanned"] is True


def test_a_line_that_has_a_scan_keeps_it_beside_the_new_one(cast, edition, client):
    dossier = received(cast, edition, MONDAY)
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[dossier.code, "add_papers"])
    for pages, name in enumerate(("mot.pdf", "hai.pdf"), 1):
        dossier.refresh_from_db()
        sent = SimpleUploadedFile(name, pdf_of(pages), "application/pdf")
        answer = client.post(address, {"revision": dossier.revision, "papers-copies_0": "1", "papers-file_0": sent})
        assert answer.status_code == 302
    paper = dossier.edition.documents.first()
    names = {line.file.name for line in dossier.documents.filter(required_document=paper, file__isnull=False)}
    assert names == {"mot.pdf", "hai.pdf"}


def test_papers_brought_during_appraisal_get_a_receipt_that_lists_them(cast, edition, client):
    dossier = received(cast, edition, at("2025-11-24 09:00"))
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[dossier.code, "add_papers"])
    answer = client.post(address, {"revision": dossier.revision, "papers-originals_0": "2", "papers-copies_0": "1"})
    assert answer["Location"] == reverse("desk-done", args=[dossier.code])
    receipt = Paper.objects.get(owner=dossier.reference, form="papers_receipt")
    [line] = receipt.facts["documents"]
    assert (line["originals"], line["copies"]) == (2, 1)
    page = client.get(answer["Location"]).content.decode()
    assert reverse("paper", args=[receipt.code]) in page


def test_an_answer_at_the_counter_gets_one_too_and_one_from_home_does_not(cast, edition):
    asked = received(cast, edition, at("2025-11-24 09:00"))
    execute_transition(asked, "take", cast.officer, at=at("2025-11-24 10:00"))
    said = {"items": ["Giấy khai sinh"], "reason": "Thiếu giấy tờ"}
    execute_transition(asked, "ask_supplement", cast.officer, at=at("2025-11-24 11:00"), **said)
    execute_transition(
        asked,
        "answer_supplement",
        cast.counter,
        at=at("2025-11-25 09:00"),
        papers=[Brought("Giấy khai sinh", copies=1)],
    )
    assert Paper.objects.filter(owner=asked.reference, form="papers_receipt").count() == 1
    execute_transition(asked, "add_to_answer", cast.citizen, at=at("2025-11-25 09:10"), answer="Tôi đã nộp.")
    assert Paper.objects.filter(owner=asked.reference, form="papers_receipt").count() == 1


def test_what_was_refused_half_way_leaves_no_paper_behind(cast, edition, client, monkeypatch):
    """A post that ends midway: the papers, the receipt, its number and the scans go back together."""
    from digitization.models import StoredFile
    from dossiers.lifecycle import effects

    dossier = received(cast, edition, at("2025-11-24 09:00"))
    before = (dossier.documents.count(), Paper.objects.count(), StoredFile.objects.count())

    def broken(*_a, **_k):
        raise Refused("broken", "Chưa làm được.")

    monkeypatch.setattr(effects.letters, "issue_letter", broken)
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    sent = SimpleUploadedFile("ban-ve.pdf", pdf_of(1), "application/pdf")
    answer = client.post(
        reverse("dossier-act", args=[dossier.code, "add_papers"]),
        {"revision": dossier.revision, "papers-originals_0": "2", "papers-file_0": sent},
    )
    assert answer.status_code == 422
    assert 'value="2"' in answer.content.decode(), "what was typed stands there again"
    assert (dossier.documents.count(), Paper.objects.count(), StoredFile.objects.count()) == before
    assert dossier.events.filter(action="add_papers").count() == 0


def test_whose_post_has_ended_brings_nothing_in(cast, edition, client):
    dossier = received(cast, edition, at("2025-11-24 09:00"))
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("dossier-act", args=[dossier.code, "add_papers"])
    assert client.get(address).status_code == 200
    cast.counter.post.valid_to = at("2025-11-20 09:00").date()
    cast.counter.post.save(update_fields=["valid_to"])
    answer = client.post(address, {"revision": dossier.revision, "papers-originals_0": "2"})
    assert answer.status_code in (302, 403)
    assert not dossier.events.filter(action="add_papers").exists()


def test_papers_put_in_by_mistake_are_put_right_by_two_people(cast, edition):
    """History is never taken back: counts that were entered wrongly are corrected forwards, by a second person."""
    dossier = received(cast, edition, at("2025-11-24 09:00"))
    brought = [Brought("Bản vẽ", originals=9)]
    execute_transition(dossier, "add_papers", cast.counter, at=at("2025-11-24 10:00"), papers=brought)
    line = dossier.documents.get(name="Bản vẽ")
    said = {"kind": "counts", "document": line.pk, "originals": 1, "copies": 0, "reason": "Gõ nhầm"}
    execute_transition(dossier, "ask_correction", cast.counter, at=at("2025-11-24 10:05"), **said)
    with pytest.raises(Refused):
        execute_transition(dossier, "confirm_correction", cast.counter, at=at("2025-11-24 10:06"))
    execute_transition(dossier, "confirm_correction", cast.leader, at=at("2025-11-24 10:10"))
    line.refresh_from_db()
    assert line.originals == 1
    assert dossier.events.get(action="add_papers").facts["received"][0]["originals"] == 9
