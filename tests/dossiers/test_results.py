"""A result is drafted with content, approved as it stands, issued with number, day, signer and file, at every door."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from digitization import uploads
from digitization.permissions import may_read_file
from dossiers.forms.action import ActionForm
from dossiers.lifecycle import TABLE, Refused, bulk, execute_transition, results
from dossiers.models import Dossier, DossierDocument
from tests.factories.dossiers import DRAFT, received, signed
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import pdf_upload
from tests.factories.systems import connected_system

DAY = at("2026-11-23 10:00")


@pytest.fixture
def dossier(cast, edition):
    made = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    execute_transition(made, "assign", cast.head, at=DAY, officer=cast.officer.post)
    return made


def to_approval(cast, dossier, **draft):
    if draft:
        execute_transition(dossier, "attach_result", cast.officer, at=DAY, **draft)
    execute_transition(dossier, "verify", cast.officer, at=DAY)
    execute_transition(dossier, "submit", cast.head, at=DAY)


def approved(cast, dossier, **draft):
    to_approval(cast, dossier, **(draft or DRAFT))
    return execute_transition(dossier, "approve", cast.leader, at=DAY)


def scan_of(cast, dossier):
    return uploads.store_file(pdf_upload(), "da-ky.pdf", dossier.reference, cast.clerk)


@pytest.mark.parametrize("text", ["", "  "])
def test_a_name_alone_is_no_draft(cast, dossier, text):
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "attach_result", cast.officer, at=DAY, name="Giấy phép", text=text)
    assert (refusal.value.code, refusal.value.field) == ("empty_draft", "file")
    assert not results.results_of(dossier).exists()


def test_nothing_is_approved_without_a_draft(cast, dossier):
    to_approval(cast, dossier)
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "approve", cast.leader, at=DAY)
    assert refusal.value.code == "no_draft"


def test_nor_in_bulk_nor_by_another_system(cast, dossier):
    to_approval(cast, dossier)
    run = bulk.request_bulk_run(cast.leader, "approve", [(dossier, dossier.revision)], {}, key="k", at=DAY)
    while bulk.run_batch(run.pk, language="vi", at=DAY):
        pass
    assert "Chưa có dự thảo" in run.items.get().refusal
    answer = connected_system("leader", post=cast.leader.post).post(
        f"dossiers/{dossier.code}/approve/", {"revision": dossier.revision, "facts": {}}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "no_draft")


def test_the_event_fixes_by_hash_what_was_approved_and_the_page_shows_it(cast, dossier, client):
    to_approval(cast, dossier, **DRAFT)
    draft = results.results_of(dossier).get()
    client.force_login(cast.leader.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("dossier-act", args=[dossier.code, "approve"])).content.decode()
    assert DRAFT["text"] in page
    assert results.digest_of(draft) in page
    event = execute_transition(dossier, "approve", cast.leader, at=DAY)
    assert event.facts["approved"] == [{"name": draft.name, "digest": results.digest_of(draft)}]


@pytest.mark.parametrize("change", [{"name": "Khác"}, {"text": "Khác"}, {"outcome": "refused"}, {"file": None}])
def test_the_hash_holds_all_that_is_approved(cast, dossier, change):
    execute_transition(dossier, "attach_result", cast.officer, at=DAY, **DRAFT, file=scan_of(cast, dossier))
    draft = results.results_of(dossier).get()
    before = results.digest_of(draft)
    for name, value in change.items():
        setattr(draft, name, value)
    assert results.digest_of(draft) != before


def test_a_draft_of_the_same_name_replaces_the_earlier_one(cast, dossier):
    for text in ("Một", "Hai"):
        execute_transition(dossier, "attach_result", cast.officer, at=DAY, name="Giấy phép", text=text)
    assert results.results_of(dossier).get().text == "Hai"
    assert dossier.documents.filter(withdrawn_at=DAY, text="Một").exists()


def test_a_change_after_the_approval_voids_it(cast, dossier):
    approved(cast, dossier)
    execute_transition(dossier, "attach_result", cast.clerk, at=DAY, name="Giấy phép", text="Nội dung khác")
    assert (dossier.step.carries, dossier.outcome, dossier.holder) == ("approve", "", cast.leader.post)
    assert dossier.events.last().facts["approval_void"]
    execute_transition(dossier, "approve", cast.leader, at=DAY)
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY))
    assert dossier.outcome == "granted"


def test_a_change_behind_the_rules_is_not_issued(cast, dossier):
    approved(cast, dossier)
    DossierDocument.objects.filter(dossier=dossier, kind="result").update(text="Nội dung khác")
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY))
    assert refusal.value.code == "not_approved"


def test_what_was_sent_back_must_be_approved_again(cast, dossier):
    approved(cast, dossier)
    execute_transition(dossier, "send_back", cast.clerk, at=DAY, reason="Sai số")
    assert dossier.outcome == ""
    assert results.results_of(dossier).get().approved_digest == ""


@pytest.mark.parametrize("gap", ["number", "issued_on", "signer", "file"])
def test_nothing_is_issued_without_number_day_signer_and_file(cast, dossier, gap):
    approved(cast, dossier)
    said = signed(cast, dossier, DAY, **{gap: None})
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "issue", cast.clerk, at=DAY, **said)
    assert (refusal.value.code, refusal.value.field) == ("result_incomplete", gap)
    said = {name: value for name, value in said.items() if name not in ("file", gap)}
    answer = connected_system("clerk", post=cast.clerk.post).post(
        f"dossiers/{dossier.code}/issue/",
        {
            "revision": dossier.revision,
            "facts": {**said, **({"issued_on": "2026-11-23"} if gap != "issued_on" else {})},
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "result_incomplete")


def test_a_signed_scan_stands_beside_the_approved_draft(cast, dossier):
    approved(cast, dossier)
    said = signed(cast, dossier, DAY)
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **said)
    result = results.results_of(dossier).get()
    assert (result.file, result.draft_file, result.number, result.signer) == (
        said["file"],
        None,
        said["number"],
        said["signer"],
    )
    assert result.approved_digest == results.digest_of(result)
    assert dossier.has_digital_result
    assert dossier.events.get(action="issue").facts["issued"][0]["file"] == said["file"].sha256


def test_an_approved_file_is_issued_as_it_is(cast, dossier):
    file = scan_of(cast, dossier)
    approved(cast, dossier, name="Giấy phép", file=file)
    said = {"number": "1/GP", "issued_on": DAY.date(), "signer": "Lê Văn Lãnh"}
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **said)
    result = results.results_of(dossier).get()
    assert (result.file, result.draft_file) == (file, file)


def test_a_day_out_of_order_and_a_number_too_long_are_refused(cast, dossier):
    approved(cast, dossier)
    days = ({"issued_on": at(f"2026-11-{day} 10:00").date()} for day in (22, 24))  # before reception, to come
    for wrong in (*days, {"number": "1" * 61}, {"signer": "L" * 151}):
        with pytest.raises(Refused) as refusal:
            execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY, **wrong))
        assert refusal.value.field == next(iter(wrong))


def test_each_of_several_results_is_recorded_by_itself(cast, dossier):
    execute_transition(dossier, "attach_result", cast.officer, at=DAY, name="Bản vẽ đóng dấu", text="Kèm theo")
    approved(cast, dossier)
    first, second = results.results_of(dossier)
    with pytest.raises(Refused, match="Bản vẽ|Giấy phép"):
        execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY))
    execute_transition(dossier, "record_signed", cast.clerk, at=DAY, result=second.pk, **signed(cast, dossier, DAY))
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY, number="13/GP"))
    assert [result.number for result in results.results_of(dossier)] == ["13/GP", "12/GP-UBND"]
    with pytest.raises(Refused):
        execute_transition(dossier, "record_signed", cast.clerk, at=DAY, result="abc")


def test_a_rejection_is_answered_in_writing_by_what_the_leader_saw(cast, dossier):
    to_approval(cast, dossier, **DRAFT)
    event = execute_transition(dossier, "reject", cast.leader, at=DAY, reason="Không đủ diện tích")
    answer = results.results_of(dossier).get()
    assert (answer.outcome, answer.text) == ("refused", "Không đủ diện tích")
    assert event.facts["approved"][0]["digest"] == answer.approved_digest
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY))
    assert dossier.outcome == "refused"


def test_a_drafted_refusal_is_not_approved_but_answers_a_rejection(cast, dossier):
    to_approval(cast, dossier, name="Thông báo", text="Không đủ điều kiện", outcome="refused")
    with pytest.raises(Refused, match="Chưa có dự thảo"):
        execute_transition(dossier, "approve", cast.leader, at=DAY)
    execute_transition(dossier, "reject", cast.leader, at=DAY, reason="Như dự thảo")
    assert results.results_of(dossier).get().name == "Thông báo"


def test_many_are_issued_at_once_where_each_has_its_number_and_file(cast, dossier):
    file = scan_of(cast, dossier)
    approved(cast, dossier, name="Giấy phép", number="7/GP", file=file)
    facts = {"issued_on": DAY.date(), "signer": "Lê Văn Lãnh"}
    run = bulk.request_bulk_run(cast.clerk, "issue", [(dossier, dossier.revision)], facts, key="k", at=DAY)
    while bulk.run_batch(run.pk, language="vi", at=DAY):
        pass
    assert run.items.get().done is True, run.items.get().refusal
    assert results.results_of(dossier).get().issued_on == DAY.date()


def test_the_page_asks_for_what_is_missing(cast, dossier):
    approved(cast, dossier)
    form = ActionForm(TABLE["issue"], dossier)
    assert {name for name, field in form.fields.items() if field.required} == {
        "revision",
        "number",
        "issued_on",
        "signer",
        "file",
    }


def test_the_database_holds_no_issued_result_without_a_number(cast, dossier):
    approved(cast, dossier)
    with pytest.raises(IntegrityError, match="issued_with_number"), transaction.atomic():
        DossierDocument.objects.filter(dossier=dossier, kind="result").update(issued_on=DAY.date())


def test_an_applicant_reads_the_signed_copy_and_never_the_draft(cast, dossier):
    draft = scan_of(cast, dossier)
    approved(cast, dossier, name="Giấy phép", file=draft)
    said = signed(cast, dossier, DAY)
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **said)
    assert may_read_file(cast.citizen, said["file"])
    assert not may_read_file(cast.citizen, draft)
    assert may_read_file(cast.officer, draft)


@pytest.mark.parametrize(
    ("expected", "proposed", "hint"),
    [
        ([{"name": "Giấy phép"}], "Giấy phép", ""),
        ([{"name": "Giấy phép"}, {"name": "Phiếu xác nhận"}], "", "Giấy phép; Phiếu xác nhận"),
        ([], "", ""),
    ],
)
def test_a_draft_is_named_as_the_catalogue_names_the_result(cast, dossier, expected, proposed, hint):
    dossier.edition.facts["results"] = expected
    assert results.proposed_name(dossier) == proposed
    form = ActionForm(TABLE["attach_result"], dossier)
    assert hint in str(form.fields["name"].help_text)
    assert bool(form.fields["name"].help_text) == bool(hint)
    page = signed_in(cast.officer).get(reverse("dossier-act", args=[dossier.code, "attach_result"]))
    assert page.context["form"].initial["name"] == results.proposed_name(Dossier.objects.get(pk=dossier.pk))
    execute_transition(dossier, "attach_result", cast.officer, at=DAY, **DRAFT)
    assert results.proposed_name(dossier) == DRAFT["name"], "what is attached again replaces it"
