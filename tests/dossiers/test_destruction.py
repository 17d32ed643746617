"""Dossiers whose time of keeping is over: who decides, what goes, what stays, and what is not touched."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, RegistryLookup, StaffPost
from core.refusals import Refused
from core.second_person import SecondPersonMissing
from digitization import uploads
from digitization.models import RegisteredDocument
from digitization.register import register_documents
from dossiers.correspondence import feedback
from dossiers.correspondence.messages import write_message, writes_as_applicant
from dossiers.lifecycle import available_transitions, execute_transition
from dossiers.lifecycle.retention import due, lists
from dossiers.models import (
    Correction,
    DestructionItem,
    DestructionList,
    Dossier,
    DossierEvent,
    Folder,
    Place,
    State,
    Tally,
    TallyChange,
)
from exchange.models import PostOrder, SpecialisedDossier, SpecialisedSystem
from journal import outbox
from journal.kept import kept_models
from journal.sealing import seal_streams
from journal.verifying import verify_history
from papers.models import Paper
from payments.models import Charge
from procedures.review import retention
from tests.factories.charges import refused
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import PersonFactory, signed_in, staff_actor
from tests.factories.scans import PDF

pytestmark = pytest.mark.django_db
MARK = "DẤU-VẾT-7431"
NOON = at("2026-11-23 12:00")
LONG_AGO = at("2005-06-15 09:00")


@pytest.fixture
def keepers(cast):
    return {
        "writer": staff_actor("danhmuc.mot", "office", "controller"),
        "second": staff_actor("danhmuc.hai", "office", "controller"),
        "administrator": staff_actor("quantri.xa", cast.agency, "administrator"),
        "leader": cast.leader,
    }


def in_force(scope, years, keepers):
    draft = retention.write_period(
        scope, years=years, ground="Danh mục thời hạn bảo quản, mục 12", revision=-1, by=keepers["writer"], at=NOON
    )
    retention.RETENTION.submit_draft(draft.pk, revision=draft.revision, by=keepers["writer"], at=NOON)
    return retention.RETENTION.put_in_force(
        draft.pk, revision=draft.revision, by=keepers["second"], at=NOON, reason="Quyết định 15/QĐ-UBND"
    )


@pytest.fixture
def period(edition, keepers):
    return in_force(edition.field, 10, keepers)


def told_elsewhere(dossier):
    """What registers said for it, whom the post visited, and what a ministry's software remarked."""
    RegistryLookup.objects.create(
        registry=RegistryLookup._meta.get_field("registry").choices[0][0], number="027190000011", purpose="x",
        record=dossier.reference, by="x", at=NOON, outcome="found", facts={"name": MARK},
    )  # fmt: skip
    PostOrder.objects.create(
        dossier=dossier, kind="delivery", state="delivered", name=MARK, phone="0912345678", address=MARK, number="EMS1",
        asked_by="x", asked_at=NOON, available_at=NOON,
    )  # fmt: skip
    post = StaffPost.objects.filter(role=StaffPost.Role.OFFICER).first()
    software = SpecialisedSystem.objects.create(
        key="s", name="S", url="https://s.vn", secret="s", mapping="", post=post
    )
    SpecialisedDossier.objects.create(system=software, dossier=dossier, note=MARK, available_at=NOON)


def ended(cast, edition, key="k", closed=LONG_AGO) -> Dossier:
    """Stopped, with words of people in every place, long ago."""
    dossier = received(cast, edition, at("2026-11-02 09:00"), key=key)
    write_message(dossier, cast.citizen, f"Tin {MARK}", as_applicant=True, at=at("2026-11-02 10:00"))
    execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-03 09:00"), reason="Không cần nữa")
    execute_transition(dossier, "stop", cast.counter, at=at("2026-11-03 10:00"))
    Dossier.objects.filter(pk=dossier.pk).update(
        closed_at=closed, content=MARK, contact_address=MARK, contact_phone="0912345678", answers={"a": MARK}
    )
    dossier.refresh_from_db()
    return dossier


def drawn_up(cast, keepers) -> DestructionList:
    return lists.draw_up_list(cast.agency, by=keepers["administrator"], at=NOON)


def approved(made, keepers) -> DestructionList:
    lists.DESTRUCTION.submit_draft(made.pk, revision=made.revision, by=keepers["administrator"], at=NOON)
    lists.DESTRUCTION.put_in_force(
        made.pk, revision=made.revision, by=keepers["leader"], at=NOON, reason="Quyết định 16/QĐ-UBND"
    )
    outbox.dispatch_messages(at=timezone.now())
    made.refresh_from_db()
    return made


def pdf(words: str) -> SimpleUploadedFile:
    """A content of its own."""
    return SimpleUploadedFile("a.pdf", PDF + f"\n% {words}\n".encode(), "application/pdf")


def tables_with(mark: str) -> list[str]:
    """Tables that hold the mark, but those whose rows are kept by law and sealed."""
    kept = {model for model, _promise in kept_models()}
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model not in kept and model._meta.managed:
                cursor.execute(
                    f"SELECT 1 FROM {model._meta.db_table} AS t WHERE t::text LIKE %s LIMIT 1", [f"%{mark}%"]
                )
                found += [model._meta.label] if cursor.fetchone() else []
    return found


def figures():
    counted = Dossier.objects.values_list(
        "state", "edition", "settling_agency", "channel", "outcome", "received_at", "closed_at"
    )
    return sorted(map(str, counted)), Tally.objects.count() + TallyChange.objects.count(), DossierEvent.objects.count()


def test_two_people_destroy_over_http_and_figures_and_history_stay(cast, edition, keepers, period, media):
    dossier = ended(cast, edition)
    told_elsewhere(dossier)
    elsewhere = {"exchange.PostOrder", "exchange.SpecialisedDossier", "accounts.RegistryLookup"}
    assert {"dossiers.DossierMessage"} | elsewhere <= set(tables_with(MARK))
    seal_streams(at=timezone.now())
    before = figures()
    writer, head = signed_in(keepers["administrator"]), signed_in(keepers["leader"])
    page = writer.get(reverse("manage-destruction"))
    assert "Có thể tiêu hủy bây giờ" in page.content.decode()
    answer = writer.post(reverse("manage-destruction-new"), {"agency": cast.agency.pk})
    made = DestructionList.objects.get()
    address = reverse("manage-destruction-list", args=[made.uid])
    assert answer["Location"] == address
    assert dossier.code in writer.get(address).content.decode()
    head.cookies["django_language"] = "en"
    for page in (address, reverse("manage-destruction")):
        in_english = unescape(head.get(page).content.decode())
        assert cast.agency.name_en in in_english
        assert cast.agency.name not in in_english
    assert dossier.edition.title_en in unescape(head.get(address).content.decode())
    head.cookies["django_language"] = "vi"
    writer.post(address, {"do": "submit", "revision": made.revision})
    itself = writer.post(address, {"do": "force", "revision": made.revision, "reason": "QĐ 16"})
    assert itself.status_code == 409
    assert "không tự đưa vào áp dụng" in itself.content.decode()
    head.post(address, {"do": "force", "revision": made.revision, "reason": "Quyết định 16/QĐ-UBND"})
    outbox.dispatch_messages(at=timezone.now())
    made.refresh_from_db()
    dossier.refresh_from_db()
    assert made.finished_at
    assert dossier.destroyed_at
    assert tables_with(MARK) == []
    assert (dossier.state, dossier.code is not None, dossier.owner_name) == (State.STOPPED, True, "")
    after = figures()
    assert after[:2] == before[:2]
    assert after[2] == before[2] + 1, "one event says that it was destroyed"
    seal_streams(at=timezone.now())
    assert verify_history().faults == []
    paper = Paper.objects.get(code=made.paper_code)
    assert paper.number.endswith("/BBTH")
    assert paper.facts["rows"][0]["outcome"] == "Đã tiêu hủy"
    assert cast.person.full_name not in str(paper.facts)
    assert head.get(reverse("paper", args=[paper.code])).status_code == 200
    assert signed_in(cast.citizen).get(reverse("paper", args=[paper.code])).status_code in (403, 404)
    assert "được tiêu hủy ngày" in head.get(reverse("dossier", args=[dossier.code])).content.decode()
    assert "Đã tiêu hủy" in head.get(address).content.decode()
    lists.carry_out({"list": made.pk})
    assert Paper.objects.filter(form="destruction").count() == 1, "done twice nothing more happens"


def test_its_files_go_but_those_of_the_register_and_of_others(cast, edition, keepers, period, media):
    dossier, other = ended(cast, edition), received(cast, edition, at("2026-11-02 09:00"), key="other")
    gone = uploads.store_file(pdf("một"), "a.pdf", dossier.reference, cast.citizen)
    shared = uploads.store_file(pdf("hai"), "b.pdf", dossier.reference, cast.citizen)
    uploads.store_file(pdf("hai"), "b.pdf", other.reference, cast.citizen)
    valid = uploads.store_file(pdf("ba"), "c.pdf", dossier.reference, cast.citizen)
    facts = {"kind": "result", "name": "Giấy phép", "way": "electronic", "source": dossier.reference}
    register_documents(
        [(valid, {**facts, "holder_person": cast.person, "holder_name": "Ánh"})],
        agency=cast.agency, by=cast.clerk, at=NOON,
    )  # fmt: skip
    approved(drawn_up(cast, keepers), keepers)
    for file in (gone, shared, valid):
        file.refresh_from_db()
    assert gone.erased_at
    assert (gone.name, gone.uploaded_by) == ("", "")
    assert not default_storage.exists(gone.storage_name)
    assert shared.erased_at
    assert default_storage.exists(shared.storage_name), "another dossier has the same content"
    assert valid.erased_at is None
    assert default_storage.exists(valid.storage_name)
    assert RegisteredDocument.objects.filter(file=valid).exists()


def _linked(dossier, cast, edition):
    Dossier.objects.filter(pk=received(cast, edition, at("2026-11-02 09:00"), key="child").pk).update(opened_by=dossier)


def _corrected(dossier, cast, edition):
    Correction.objects.create(
        dossier=dossier, kind="phone", reason="x", asked_by=cast.officer.post,
        asked_by_account=cast.officer.account, asked_at=NOON,
    )  # fmt: skip


def _complained(dossier, cast, edition):
    feedback.file_feedback(kind="complaint", text="Chậm", dossier=dossier, by=cast.citizen, at=NOON)


def _owed(dossier, cast, edition):
    Charge.objects.create(
        owner=dossier.reference, title="Lệ phí", payer_name="x", agency_code="x", agency_name="x", amount=1
    )


def _travelling(dossier, cast, edition):
    Folder.objects.update_or_create(
        dossier=dossier, kind="papers", defaults={"place": Place.COURIER, "agency": cast.agency, "since": NOON}
    )


def _running(dossier, cast, edition):
    Dossier.objects.filter(pk=dossier.pk).update(state=State.DONE, finished_at=LONG_AGO)


def _young(dossier, cast, edition):
    Dossier.objects.filter(pk=dossier.pk).update(closed_at=at("2016-01-02 08:00"))


NEEDED = {
    "linked": _linked, "correction": _corrected, "feedback": _complained, "money": _owed, "travelling": _travelling,
    "not_due": _young, "": _running,
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_needed_is_neither_listed_nor_destroyed(cast, edition, keepers, period, media, name):
    dossier = ended(cast, edition)
    assert list(due.due_dossiers([cast.agency], NOON)) == [dossier]
    made = drawn_up(cast, keepers)
    NEEDED[name](dossier, cast, edition)
    assert not due.due_dossiers([cast.agency], NOON).exists()
    if name:
        approved(made, keepers)
        dossier.refresh_from_db()
        assert dossier.destroyed_at is None
        assert dossier.content == MARK
        assert made.items.get().hindrance == name
        assert Paper.objects.get(code=made.paper_code).facts["rows"][0]["outcome"].startswith("Giữ lại")


def test_whole_years_count_and_a_procedures_own_period_goes_first(cast, edition, keepers, period):
    dossier = ended(cast, edition)
    for closed, is_due in (("2015-12-31 23:59", True), ("2016-01-01 00:00", False)):
        Dossier.objects.filter(pk=dossier.pk).update(closed_at=at(closed))
        assert due.due_dossiers([cast.agency], NOON).exists() == is_due, closed
    Dossier.objects.filter(pk=dossier.pk).update(closed_at=LONG_AGO)
    in_force(edition.procedure, 70, keepers)
    assert not due.due_dossiers([cast.agency], NOON).exists()
    draft = retention.write_period(
        edition.procedure, years=None, ground="Vĩnh viễn", revision=-1, by=keepers["writer"], at=NOON
    )
    retention.RETENTION.submit_draft(draft.pk, revision=0, by=keepers["writer"], at=NOON)
    with pytest.raises(SecondPersonMissing):
        retention.RETENTION.put_in_force(draft.pk, revision=0, by=keepers["writer"], at=NOON, reason="QĐ")
    retention.RETENTION.put_in_force(draft.pk, revision=0, by=keepers["second"], at=NOON, reason="QĐ")
    assert not due.due_dossiers([cast.agency], NOON + timedelta(days=365 * 200)).exists(), "for ever"


def test_without_a_period_in_force_nothing_is_ever_due(cast, edition, keepers):
    ended(cast, edition)
    assert not due.due_dossiers([cast.agency], NOON + timedelta(days=365 * 200)).exists()
    with pytest.raises(Refused, match="Không có hồ sơ nào"):
        drawn_up(cast, keepers)


def test_who_looked_through_the_list_keeps_one_until_a_day(cast, edition, keepers, period, media):
    kept, gone = ended(cast, edition), ended(cast, edition, key="l")
    made = drawn_up(cast, keepers)
    client = signed_in(keepers["administrator"])
    address = reverse("manage-destruction-list", args=[made.uid])
    item = made.items.get(dossier=kept)
    drawn = client.get(address).content.decode()
    assert f'name="item" value="{item.pk}"' in drawn, "what its form sends names the dossier"
    assert f'for="until-{item.pk}"' in drawn
    wrong = client.post(address, {"item": item.pk, "revision": made.revision, "reason": "Đang có kiện", "until": "x"})
    assert wrong.status_code == 422
    assert "Đang có kiện" in wrong.content.decode(), "what was typed is not lost"
    client.post(address, {"item": item.pk, "revision": made.revision, "reason": "Đang có kiện", "until": "31/12/2030"})
    made.refresh_from_db()
    approved(made, keepers)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.destroyed_at, bool(gone.destroyed_at)) == (None, True)
    assert not due.due_dossiers([cast.agency], NOON).exists()
    assert due.due_dossiers([cast.agency], at("2031-01-02 08:00")).exists(), "after that day it is looked at again"


def test_the_database_holds_what_was_submitted_and_by_whom(cast, edition, keepers, period):
    first, other = ended(cast, edition), ended(cast, edition, key="l")
    made = drawn_up(cast, keepers)
    made.items.filter(dossier=other).delete()
    lists.DESTRUCTION.submit_draft(made.pk, revision=made.revision, by=keepers["administrator"], at=NOON)
    row = {"list": made, "dossier": other, "period": period, "ended_on": date(2005, 6, 15)}
    with pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
        DestructionItem.objects.create(**row)
    with pytest.raises(IntegrityError, match="destruction_by_a_second_person"), transaction.atomic():
        DestructionList.objects.filter(pk=made.pk).update(
            status="in_force", number=1, in_force_at=NOON, in_force_by=keepers["administrator"].account
        )
    with pytest.raises(IntegrityError, match="dossier_destroyed_is_empty"), transaction.atomic():
        Dossier.objects.filter(pk=first.pk).update(destroyed_at=NOON)


def test_nobody_goes_on_with_what_is_gone(cast, edition, keepers, period, media):
    dossier = ended(cast, edition)
    approved(drawn_up(cast, keepers), keepers)
    dossier.refresh_from_db()
    for who in (cast.citizen, cast.counter, cast.head, cast.leader, cast.supervisor):
        assert available_transitions(dossier, who) == []
    assert not writes_as_applicant(cast.citizen, dossier)
    with refused("destroyed"):  # what it says of people would never be erased
        feedback.file_feedback(kind="complaint", text="Chậm", dossier=dossier, by=cast.citizen, at=NOON)
    page = signed_in(cast.citizen).get(reverse("feedback-dossier", args=[dossier.code]))
    assert page.status_code == 302
    assert page.url == reverse("track-dossier", args=[dossier.code])
    call_command("index_search")
    dossier.refresh_from_db()
    assert dossier.search_vector is None
    assert signed_in(cast.citizen).get(reverse("my-dossier", args=[dossier.uid])).status_code == 200


def test_people_of_whom_nothing_else_is_kept_are_forgotten(cast, edition, keepers, period, media):
    lone, busy = (
        PersonFactory(account=None, personal_number=number, full_name=f"Người {MARK}", search_key=MARK.lower())
        for number in ("027190000033", "027190000044")
    )
    for person, key in ((lone, "a"), (busy, "b")):
        dossier = ended(cast, edition, key=key)
        Dossier.objects.filter(pk=dossier.pk).update(owner_person=person, filer=person)
    still = received(cast, edition, at("2026-11-02 09:00"), key="c")
    Dossier.objects.filter(pk=still.pk).update(filer=busy)
    approved(drawn_up(cast, keepers), keepers)
    lone, busy = Person.objects.get(pk=lone.pk), Person.objects.get(pk=busy.pk)
    assert (lone.full_name, lone.personal_number, lone.search_key) == ("", None, "")
    assert busy.full_name
    assert busy.personal_number == "027190000044"


def test_only_the_agencys_own_administrator_and_head_see_its_lists(cast, edition, keepers, period):
    ended(cast, edition)
    made = drawn_up(cast, keepers)
    elsewhere = staff_actor("quantri.khac", "construction", "administrator")
    address = reverse("manage-destruction-list", args=[made.uid])
    assert signed_in(elsewhere).get(address).status_code == 404
    assert signed_in(elsewhere).post(reverse("manage-destruction-new"), {"agency": cast.agency.pk}).status_code == 404
    assert signed_in(cast.officer).get(address).status_code == 403


def test_the_dry_run_lists_what_is_due_and_changes_nothing(cast, edition, keepers, period, capsys):
    dossier = ended(cast, edition)
    call_command("list_due_dossiers")
    said = capsys.readouterr().out
    assert dossier.code in said
    assert "10" in said
    assert MARK not in said
    assert not DestructionList.objects.exists()


def test_a_period_is_written_and_put_in_force_on_its_page(edition, keepers):
    address = reverse("manage-retention-field", args=[edition.field.key])
    writer, second = signed_in(keepers["writer"]), signed_in(keepers["second"])
    assert writer.post(address, {"years": "0", "ground": "", "revision": -1}).status_code == 422
    writer.post(address, {"years": "20", "ground": "Mục 12", "revision": -1})
    draft = retention.draft_of(edition.field)
    stale = writer.post(address, {"years": "21", "ground": "Mục 13", "revision": -1})
    assert stale.status_code == 409
    assert "Mục 13" in stale.content.decode(), "what was typed stays"
    assert "Điều bạn nhập chưa được lưu" in stale.content.decode()
    writer.post(address, {"do": "submit", "revision": draft.revision})
    assert writer.post(address, {"do": "force", "revision": draft.revision, "reason": "QĐ"}).status_code == 409
    second.post(address, {"do": "force", "revision": draft.revision, "reason": "QĐ"})
    assert retention.period_of(edition.field).years == 20
    listed = second.get(reverse("manage-retention")).content.decode()
    assert "20 năm" in listed
    second.cookies["django_language"] = "en"
    for page in (address, reverse("manage-retention")):
        listed = second.get(page).content.decode()
        assert edition.field.name_en in listed
        assert f">{edition.field.name}<" not in listed
    assert second.get(reverse("manage-retention"), {"code": edition.procedure.code})["Location"] == reverse(
        "manage-retention-procedure", args=[edition.procedure.code]
    )
