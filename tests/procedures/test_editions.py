"""The life of an edition: from a draft to abolition, by two people, with its clocks and without losing a fact."""

import copy
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.timezone import get_current_timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from core.refusals import Refused
from procedures.editions import publishing
from procedures.editions.lifecycle import deadlines, drafts
from procedures.editions.lifecycle.execution import available_transitions, begin_due, execute_transition
from procedures.editions.lifecycle.table import TABLE
from procedures.models import LIFE, Edition, EditionAct, Procedure
from tests.factories.catalogue import AT
from tests.factories.people import StaffPostFactory, staff_actor

CODE = "1.001193"


@contextmanager
def refused_as(code):
    with pytest.raises(Refused) as refused:
        yield
    assert refused.value.code == code
    assert str(refused.value)


@pytest.fixture
def controller(catalogue):
    return staff_actor("danh muc", "office", StaffPost.Role.CONTROLLER)


@pytest.fixture
def leader(catalogue):
    return staff_actor("lanh dao", "office", StaffPost.Role.LEADER)


@pytest.fixture
def procedure(catalogue):
    return Procedure.objects.get(code=CODE)


@pytest.fixture
def draft(procedure, controller):
    made = drafts.start_draft(procedure, controller, AT)
    return guided(made, "Mang theo giấy chứng sinh khi đăng ký khai sinh cho con.", controller)


def guided(draft, text, by, at=AT):
    value = {"guidance": text}
    return drafts.write_part(draft, "general", value, by, at, seen=drafts.part_digest(draft.facts, value))


def announced(draft, controller, leader, effective_from=None):
    execute_transition(draft, "review", controller, at=AT)
    execute_transition(draft, "approve", leader, at=AT)
    said = {"decision_number": "1/QĐ-UBND", "decision_date": AT.date(), "effective_from": effective_from or AT.date()}
    execute_transition(draft, "announce", controller, at=AT, **said)
    return draft


def test_from_draft_to_publication(procedure, draft, controller, leader):
    before = procedure.current
    announced(draft, controller, leader)
    procedure.refresh_from_db()
    assert procedure.current == before
    execute_transition(draft, "publish", controller, at=AT + timedelta(hours=1))
    procedure.refresh_from_db()
    before.refresh_from_db()
    assert procedure.current == draft
    assert (draft.status, before.status) == ("published", "superseded")
    assert before.ended_at == draft.published_at == AT + timedelta(hours=1)
    assert [act.act for act in draft.acts.order_by("id")] == [
        "draft",
        "edit",
        "review",
        "approve",
        "announce",
        "publish",
    ]
    assert before.acts.first().act == "supersede"
    assert draft.terms.count() == before.terms.count()
    assert "giấy chứng sinh" in draft.facts["guidance"]


def test_the_drafter_does_not_approve(draft, controller):
    own = StaffPostFactory(account=controller.account, agency=controller.post.agency, role="leader")
    execute_transition(draft, "review", controller, at=AT)
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "approve", Actor(account=controller.account, post=own, posts=(own,)), at=AT)
    assert refused.value.code == "four_eyes"
    draft.refresh_from_db()
    assert draft.status == "reviewed"


def test_whoever_edited_before_somebody_else_does_not_approve_either(draft, controller, leader):
    second = staff_actor("danh muc hai", "office", StaffPost.Role.CONTROLLER)
    own = StaffPostFactory(account=controller.account, agency=controller.post.agency, role="leader")
    draft = guided(draft, "Người khác sửa hướng dẫn này lần cuối cùng.", second)
    assert draft.drafted_by == second.account
    execute_transition(draft, "review", second, at=AT)
    with refused_as("four_eyes"):
        execute_transition(draft, "approve", Actor(account=controller.account, post=own, posts=(own,)), at=AT)
    for account in (controller.account, second.account):
        with pytest.raises(IntegrityError, match="edition_four_eyes"), transaction.atomic():
            Edition.objects.filter(pk=draft.pk).update(status="approved", approved_by=account)


def test_the_database_holds_the_four_eyes(draft, controller, leader):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(approved_by=controller.account)
    execute_transition(draft, "review", controller, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(status="approved")


def test_the_database_holds_the_way_the_facts_and_the_history(draft, controller):
    with pytest.raises(ProgrammingError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(status="published")
    execute_transition(draft, "review", controller, at=AT)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(title="Tên khác")
    with pytest.raises(ProgrammingError), transaction.atomic():
        EditionAct.objects.filter(edition=draft).delete()
    with refused_as("stale"):
        guided(draft, "Sửa sau khi đã soát thì không được nữa.", controller)


def test_only_leaders_of_the_named_agencies_approve(draft, controller, leader, settings):
    execute_transition(draft, "review", controller, at=AT)
    of_department = staff_actor("lanh dao so", "justice", StaffPost.Role.LEADER)
    for actor in (of_department, controller):
        with refused_as("not_allowed"):
            execute_transition(draft, "approve", actor, at=AT)
    settings.CATALOGUE_APPROVERS = ["justice"]
    assert "approve" in [row.action for row in available_transitions(draft, of_department)]
    assert "approve" not in [row.action for row in available_transitions(draft, leader)]


def test_nothing_changed_is_not_reviewed(procedure, controller):
    made = drafts.start_draft(procedure, controller, AT)
    with refused_as("nothing"):
        execute_transition(made, "review", controller, at=AT)


def test_an_edition_may_begin_on_a_later_day(procedure, draft, controller, leader):
    before = procedure.current
    announced(draft, controller, leader, effective_from=AT.date() + timedelta(days=2))
    execute_transition(draft, "publish", controller, at=AT)
    assert draft.status == "upcoming"
    procedure.refresh_from_db()
    assert procedure.current == before
    assert begin_due(AT + timedelta(days=1)) == []
    assert begin_due(AT + timedelta(days=2)) == [draft]
    assert begin_due(AT + timedelta(days=2)) == []
    procedure.refresh_from_db()
    assert procedure.current == draft
    assert draft.acts.first().automatic


def test_clocks_count_working_days_after_the_decision(draft, controller, leader):
    announced(draft, controller, leader)
    zone = get_current_timezone()
    # 23/11/2026 is a Monday and the 24th a holiday: five working days end on Tuesday 1/12, three on Friday 27/11.
    assert draft.publish_by.astimezone(zone).date() == date(2026, 12, 1)
    assert draft.route_by.astimezone(zone).date() == date(2026, 11, 27)
    late = datetime(2026, 12, 2, 8, tzinfo=zone)
    assert deadlines.lateness(draft, late).publication
    assert list(deadlines.late(late)) == [draft]
    assert not deadlines.late(AT).exists()
    execute_transition(draft, "publish", controller, at=AT)
    execute_transition(draft, "confirm_route", controller, at=AT)
    assert not deadlines.late(late).exists()
    assert not deadlines.lateness(draft, late)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"decision_number": ""}, "decision_number"),
        ({"decision_date": None}, "decision_date"),
        ({"decision_date": AT.date() + timedelta(days=1)}, "decision_date"),
        ({"effective_from": AT.date() + timedelta(days=800)}, "effective_from"),
    ],
)
def test_an_announcement_needs_its_decision(draft, controller, leader, said, field):
    execute_transition(draft, "review", controller, at=AT)
    execute_transition(draft, "approve", leader, at=AT)
    whole = {"decision_number": "1/QĐ-UBND", "decision_date": AT.date(), "effective_from": AT.date()}
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "announce", controller, at=AT, **{**whole, **said})
    assert refused.value.field == field


def test_sent_back_it_is_a_draft_again_and_forgets_its_approval(draft, controller, leader):
    announced(draft, controller, leader)
    execute_transition(draft, "send_back", controller, at=AT, reason="Sai căn cứ")
    assert (draft.status, draft.approved_by, draft.decision_number, draft.publish_by) == ("draft", None, "", None)
    guided(draft, "Sửa lại theo ý kiến của lãnh đạo văn phòng.", controller)


def test_one_draft_at_a_time(procedure, draft, controller):
    with refused_as("under_way"):
        drafts.start_draft(procedure, controller, AT)
    execute_transition(draft, "withdraw", controller, at=AT, reason="Lập nhầm")
    assert drafts.start_draft(procedure, controller, AT).number == draft.number + 1


def test_a_page_that_is_out_of_date_does_not_overwrite(draft, controller):
    seen = drafts.part_digest(draft.facts, {"guidance"})
    guided(draft, "Người thứ nhất đã lưu hướng dẫn mới này.", controller)
    with refused_as("stale"):
        drafts.write_part(draft, "general", {"guidance": "Người thứ hai"}, controller, AT, seen=seen)


def test_an_overtaken_draft_follows_what_it_left_alone(procedure, draft, controller):
    facts = copy.deepcopy(procedure.current.facts)
    facts["title_en"], facts["guidance"] = "Birth registration (new)", "Bản đang áp dụng cũng đổi hướng dẫn này."
    publishing.publish_edition(CODE, facts, Edition.Origin.CONTROLLER, "doubts", AT)
    with refused_as("overtaken"):
        execute_transition(draft, "review", controller, at=AT)
    assert drafts.rebase_draft(draft, controller, AT) == ["guidance"]
    draft.refresh_from_db()
    assert draft.title_en == "Birth registration (new)"
    assert "giấy chứng sinh" in draft.facts["guidance"]
    execute_transition(draft, "review", controller, at=AT)


def test_suspension_and_abolition(procedure, draft, controller, leader, client):
    announced(draft, controller, leader)
    execute_transition(draft, "publish", controller, at=AT)
    said = {"decision_number": "2/QĐ-UBND", "decision_date": AT.date(), "reason": "Văn bản bị đình chỉ"}
    execute_transition(draft, "suspend", leader, at=AT, **said)
    page = client.get(f"/procedures/{CODE}/")
    assert page.status_code == 200
    assert "tạm ngừng" in page.content.decode()
    assert not page.context["file_url"]
    # A source does not end a suspension, nor bring back what was abolished.
    offered = {**copy.deepcopy(draft.facts), "title": "Đăng ký khai sinh theo nguồn"}
    assert publishing.offer_documents([offered], Edition.Origin.BUNDLED, "source", AT)[0].change == "kept"
    execute_transition(draft, "resume", leader, at=AT, reason="Hết đình chỉ")
    execute_transition(draft, "abolish", leader, at=AT, **said)
    procedure.refresh_from_db()
    assert procedure.current is None
    assert client.get(f"/procedures/{CODE}/").status_code == 404
    assert publishing.offer_documents([offered], Edition.Origin.BUNDLED, "source", AT)[0].change == "kept"
    assert draft.acts.first().facts["decision_number"] == "2/QĐ-UBND"


def test_every_way_of_the_table_is_one_of_the_database(draft):
    for row in TABLE.values():
        if callable(row.target):
            continue
        for source in row.sources:
            assert (source, row.target) in LIFE, row.action


def test_what_was_published_directly_says_so(catalogue, procedure):
    assert procedure.current.acts.get().act == "publish_directly"
    assert procedure.current.acts.get().facts == {"origin": "carried"}
