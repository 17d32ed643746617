"""Agencies that merge, are split or end: the work goes on elsewhere, the past stays, and a mistake is taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import may, visible
from agencies.models import Agency, Desk
from core.second_person import SecondPersonMissing
from dossiers.access import involvements
from dossiers.correspondence.feedback import agency_answering
from dossiers.filing.agencies import intake_place, intake_places
from dossiers.letters import register
from dossiers.lifecycle import execute_transition
from dossiers.models import AgencyChange, Dossier, Folder, FolderMove, MovedDossier
from dossiers.reorganisation.carrying_out import begin_due_changes, carry_out
from dossiers.reorganisation.workflow import CHANGES, impossible
from dossiers.views import lists
from journal.models import Entry, OutboxMessage
from procedures.competence.lookup import agency_at, keys_by_level
from procedures.models import Competence, Edition, Field
from tests.factories.dossiers import filed_online, received, to_result
from tests.factories.moments import at
from tests.factories.people import agency_called, signed_in, staff_actor
from tests.factories.reorganisation import carried_out, decided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]
MORNING = at("2026-11-23 09:10")
Kind = AgencyChange.Kind


@pytest.fixture
def first(cast):
    return staff_actor("sapnhap1", "office", StaffPost.Role.ADMINISTRATOR)


@pytest.fixture
def second(cast):
    return staff_actor("sapnhap2", "office", StaffPost.Role.ADMINISTRATOR)


@pytest.fixture
def neighbour(cast):
    other = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk)
    return other.order_by("code").first()


def centre_of(agency):
    return Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=agency.territory, valid_to=None)


def actor_of(actor: Actor, agency) -> Actor:
    """The same person in the post they hold at another agency."""
    post = StaffPost.objects.get(account=actor.account, agency=agency, valid_to=None)
    return Actor(account=actor.account, post=post, channel="web")


def where(dossier: Dossier) -> tuple:
    dossier = Dossier.objects.select_related("step").get(pk=dossier.pk)
    return dossier.settling_agency_id, dossier.receiving_agency_id, dossier.step.agency_id, dossier.holder_id


def test_a_merger_moves_what_is_open_and_leaves_the_past(cast, edition, first, second, neighbour):
    done = received(cast, edition, MORNING, key="xong")
    to_result(cast, done, MORNING, pause=timedelta(minutes=1))
    Dossier.objects.filter(pk=done.pk).update(state=10)  # returned
    running = received(cast, edition, MORNING, key="dang-lam")
    execute_transition(running, "take", cast.officer, at=MORNING)
    change = carried_out(cast.agency, neighbour, first, second)
    assert (change.finished_at is not None, change.problem) == (True, "")

    officer = actor_of(cast.officer, neighbour)
    assert where(running) == (neighbour.pk, cast.centre.pk, neighbour.pk, officer.post.pk)
    assert Dossier.objects.get(pk=done.pk).settling_agency_id == cast.agency.pk
    event = running.events.last()
    assert (event.action, event.public, event.automatic) == ("agency_changed", True, True)
    assert involvements.differences() == []
    running.refresh_from_db()
    execute_transition(running, "attach_result", officer, at=MORNING, name="Giấy phép", text="Chấp thuận.")

    cast.agency.refresh_from_db()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (cast.agency.valid_to, cast.agency.successor_id) == (yesterday, neighbour.pk)
    cast.officer.post.refresh_from_db()
    assert cast.officer.post.valid_to == yesterday
    assert agency_at("commune_pc", cast.agency.territory, timezone.localdate()) == neighbour
    assert Folder.objects.filter(agency=cast.agency).count() == 0
    assert agency_answering(Dossier.objects.get(pk=done.pk).settler, at=timezone.now())[0] == neighbour


def test_a_centre_gives_its_desks_and_papers_to_the_one_that_takes_over(cast, edition, first, second, neighbour):
    waiting = filed_online(cast, edition, MORNING)
    paper = received(cast, edition, MORNING, key="giay")
    desk = Desk.objects.filter(agency=cast.centre).first()
    centre = centre_of(neighbour)
    change = carried_out(cast.centre, centre, first, second)
    desk.refresh_from_db()
    assert desk.agency_id == centre.pk
    waiting.refresh_from_db()
    assert (waiting.receiving_agency_id, waiting.settling_agency_id) == (centre.pk, cast.agency.pk)
    assert intake_place(cast.agency)[0] == centre
    assert intake_places([cast.agency])[cast.agency.pk][0] == centre
    folder = Folder.objects.get(dossier=paper)
    assert folder.agency_id == centre.pk
    assert folder.moves.last().how == FolderMove.How.MERGED
    CHANGES.undo(change.pk, reason="Nhầm trung tâm", by=second, at=timezone.now())
    carry_out(change.pk)
    folder.refresh_from_db()
    waiting.refresh_from_db()
    desk.refresh_from_db()
    here = cast.centre.pk
    assert (folder.agency_id, waiting.receiving_agency_id, desk.agency_id) == (here, here, here)


def test_what_was_moved_by_mistake_comes_back(cast, edition, first, second, neighbour):
    running = received(cast, edition, MORNING, key="nham")
    execute_transition(running, "take", cast.officer, at=MORNING)
    before = where(running)
    change = carried_out(cast.agency, neighbour, first, second)
    CHANGES.undo(change.pk, reason="Nghị quyết nói đến phường khác", by=first, at=timezone.now())
    carry_out(change.pk)
    change.refresh_from_db()
    assert (change.taken_back_at is not None, change.problem) == (True, "")
    assert where(running) == before
    assert not MovedDossier.objects.filter(taken_back=False).exists()
    assert involvements.differences() == []
    cast.agency.refresh_from_db()
    assert (cast.agency.valid_to, cast.agency.successor_id) == (None, None)
    cast.officer.post.refresh_from_db()
    assert cast.officer.post.valid_to is None
    assert agency_at("commune_pc", cast.agency.territory, timezone.localdate()) == cast.agency
    assert [event.action for event in running.events.all()][-2:] == ["agency_changed", "agency_restored"]


def test_it_waits_for_its_day(cast, first, second, neighbour):
    tomorrow = timezone.localdate() + timedelta(days=1)
    change = carried_out(cast.agency, neighbour, first, second, day=tomorrow)
    assert change.began_at is None
    assert begin_due_changes(today=timezone.localdate()) == 0
    assert begin_due_changes(today=tomorrow) == 1
    assert OutboxMessage.objects.filter(topic="dossiers.agency_change", payload={"change": change.pk}).exists()
    CHANGES.undo(change.pk, reason="Hoãn", by=first, at=timezone.now())
    assert begin_due_changes(today=tomorrow) == 0


def test_nobody_decides_on_their_own(cast, first, neighbour):
    with pytest.raises(SecondPersonMissing):
        decided(cast.agency, neighbour, first, first)


def test_a_split_gives_fields_their_work_and_their_competence(cast, first, second):
    justice, other = agency_called("justice"), agency_called("construction")
    row = Competence.objects.filter(agency_key="justice", level="province", field__isnull=False).select_related(
        "field"
    )[0]
    rest = set(Competence.objects.exclude(field=row.field).values_list("pk", "agency_key"))
    change = carried_out(justice, other, first, second, kind=Kind.SPLIT, fields=[row.field.key])
    edition = Edition.objects.filter(field=row.field, procedure__current__isnull=False).first()
    row.refresh_from_db()
    assert row.agency_key == "construction"
    assert edition is None or "justice" not in keys_by_level(edition).values()
    assert Agency.objects.get(pk=justice.pk).valid_to is None
    CHANGES.undo(change.pk, reason="Chưa chia", by=first, at=timezone.now())
    carry_out(change.pk)
    row.refresh_from_db()
    assert row.agency_key == "justice"
    assert set(Competence.objects.exclude(field=row.field).values_list("pk", "agency_key")) == rest


def test_a_split_moves_the_open_dossiers_of_its_fields(cast, edition, first, second):
    running = received(cast, edition, MORNING, key="tach")
    execute_transition(running, "take", cast.officer, at=MORNING)
    police = Agency.objects.filter(key="commune_police", territory=cast.agency.territory, valid_to=None).first()
    carried_out(cast.agency, police, first, second, kind=Kind.SPLIT, fields=[edition.field.key])
    assert where(running) == (police.pk, cast.centre.pk, police.pk, None)
    # Other communes keep theirs.
    assert keys_by_level(edition, territory=cast.agency.territory)["commune"] == "commune_police"
    assert keys_by_level(edition)["commune"] == "commune_pc"


def test_an_agency_ends_only_when_it_has_nothing_in_hand(cast, edition, first, second, neighbour):
    change = AgencyChange(agency=cast.agency, kind=Kind.END, first_day=timezone.localdate())
    received(cast, edition, MORNING)
    assert "Hồ sơ đang giải quyết: 1" in impossible(change)[0]
    empty = Agency.objects.create(
        key="trials", code="H05.991", kind="department", name="Sở Thử",
        territory=agency_called("office").territory,
        calendar=agency_called("office").calendar, search_key="", sort_key="", valid_from=MORNING.date(),
    )  # fmt: skip
    holder = staff_actor("thunghiem", empty, StaffPost.Role.OFFICER)
    carried_out(empty, None, first, second, kind=Kind.END)
    empty.refresh_from_db()
    holder.post.refresh_from_db()
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (empty.valid_to, holder.post.valid_to) == (yesterday, yesterday)


@pytest.mark.parametrize("kind", [Kind.END, Kind.MERGE])
def test_a_post_that_would_begin_after_the_last_day_is_never_held(cast, first, second, neighbour, kind):
    office = agency_called("office")
    gone = Agency.objects.create(
        key="trials", code="H05.991", kind="department", name="Sở Thử", territory=office.territory,
        calendar=office.calendar, search_key="", sort_key="", valid_from=MORNING.date(),
    )  # fmt: skip
    coming = staff_actor("sapden", gone, StaffPost.Role.OFFICER).post
    starts = timezone.localdate() + timedelta(days=5)
    StaffPost.objects.filter(pk=coming.pk).update(valid_from=starts)
    successor = None
    if kind == Kind.MERGE:  # who holds the same role there keeps that one post
        successor = neighbour
        StaffPost.objects.create(account=coming.account, agency=successor, role=coming.role, valid_from=MORNING.date())
    change = carried_out(gone, successor, first, second, kind=kind)
    coming.refresh_from_db()
    assert coming.valid_to == starts - timedelta(days=1)
    CHANGES.undo(change.pk, reason="Nhầm", by=first, at=timezone.now())
    carry_out(change.pk)
    coming.refresh_from_db()
    assert (coming.agency_id, coming.valid_to) == (gone.pk, None)


def test_what_another_body_was_asked_is_asked_of_the_one_that_takes_over(cast, edition, first, second, neighbour):
    consulted = cast.consulted.post.agency
    heir = Agency.objects.filter(kind=consulted.kind, valid_to=None).exclude(pk=consulted.pk).order_by("pk").first()
    asked = {}
    for name, agencies in (("one", [consulted]), ("both", [consulted, heir])):
        dossier = received(cast, edition, MORNING, key=name)
        execute_transition(dossier, "take", cast.officer, at=MORNING)
        execute_transition(
            dossier, "ask_opinion", cast.officer, at=MORNING, agencies=agencies, question="Hợp?", limit_days="2"
        )
        asked[name] = dossier
    change = carried_out(consulted, heir, first, second)
    now = {name: list(d.opinions.filter(ended_at=None).values_list("agency", flat=True)) for name, d in asked.items()}
    assert now == {"one": [heir.pk], "both": [heir.pk]}
    twice = asked["both"].opinions.get(agency=consulted)
    assert None not in (twice.ended_at, twice.used_minutes)
    assert involvements.differences() == []
    CHANGES.undo(change.pk, reason="Nhầm", by=first, at=timezone.now())
    carry_out(change.pk)
    assert asked["one"].opinions.get(ended_at=None).agency_id == consulted.pk


def seen_of(actor: Actor, dossier: Dossier) -> bool:
    actor.post.agency.refresh_from_db()  # read anew in every request
    dossier = Dossier.objects.get(pk=dossier.pk)
    listed = visible(actor, Dossier.objects.sent()).filter(pk=dossier.pk).exists()
    assert may(actor, "view", dossier) == listed
    return listed


def closed(cast, edition, key: str) -> Dossier:
    dossier = received(cast, edition, MORNING, key=key)
    to_result(cast, dossier, MORNING, pause=timedelta(minutes=1))
    Dossier.objects.filter(pk=dossier.pk).update(state=10)  # returned
    return dossier


def done_of(actor: Actor) -> list[int]:
    post = StaffPost.objects.get(pk=actor.post.pk)
    return list(lists._listed(post, "done", timezone.now()).values_list("dossier_id", flat=True))


def test_who_takes_over_from_an_agency_finds_its_archive(cast, edition, first, second, neighbour):
    old = closed(cast, edition, "cu")
    third = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(
        pk__in=[cast.agency.pk, neighbour.pk]
    )
    heir = staff_actor("thuaketo", neighbour, StaffPost.Role.OFFICER)
    counter = staff_actor("motcuamoi", centre_of(neighbour), StaffPost.Role.COUNTER)
    last = staff_actor("thuakehai", third.first(), StaffPost.Role.LEADER)
    assert not any(seen_of(actor, old) for actor in (heir, counter, last))
    change = carried_out(cast.agency, neighbour, first, second)
    carried_out(cast.centre, centre_of(neighbour), first, second)
    assert [seen_of(actor, old) for actor in (heir, counter, last)] == [True, True, False]
    assert old.code in signed_in(heir).get(reverse("dossier", args=[old.code])).content.decode()
    assert done_of(heir) == [old.pk]
    day = timezone.localdate(old.received_at)
    assert list(register.received(neighbour, day, day)) == [old]
    CHANGES.undo(change.pk, reason="Nhầm", by=first, at=timezone.now())
    carry_out(change.pk)
    assert not seen_of(heir, old)
    assert done_of(heir) == list(register.received(neighbour, day, day)) == []
    carried_out(cast.agency, neighbour, first, second)
    carried_out(neighbour, last.post.agency, first, second)
    assert seen_of(last, old)


def test_who_is_given_fields_finds_what_was_closed_in_them(cast, edition, first, second):
    old = closed(cast, edition, "cu")
    police = Agency.objects.filter(key="commune_police", territory=cast.agency.territory, valid_to=None).get()
    heir = staff_actor("thuaketo", police, StaffPost.Role.OFFICER)
    other = Field.objects.exclude(pk=edition.field_id).first()
    carried_out(cast.agency, police, first, second, kind=Kind.SPLIT, fields=[other.key])
    assert not seen_of(heir, old)
    change = carried_out(cast.agency, police, first, second, kind=Kind.SPLIT, fields=[edition.field.key])
    assert seen_of(heir, old)
    assert seen_of(cast.officer, old)
    day = timezone.localdate(old.received_at)
    assert done_of(heir) == [old.pk]
    assert list(register.received(police, day, day)) == [old]
    CHANGES.undo(change.pk, reason="Chưa chia", by=first, at=timezone.now())
    carry_out(change.pk)
    assert not seen_of(heir, old)


def successor_of_another_kind(cast, neighbour):
    return {"agency": cast.agency, "successor": cast.centre}


def administrators_gone(cast, neighbour):
    return {"agency": agency_called("office"), "successor": agency_called("justice")}


def fields_far_away(cast, neighbour):
    return {"agency": agency_called("justice"), "successor": neighbour, "kind": Kind.SPLIT, "field_keys": ["x"]}


def same_key(cast, neighbour):
    return {"agency": cast.agency, "successor": neighbour, "kind": Kind.SPLIT, "field_keys": ["x"]}


def nothing_given(cast, neighbour):
    return {"agency": cast.agency, "successor": neighbour, "kind": Kind.SPLIT}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (successor_of_another_kind, "chỉ sáp nhập với một trung tâm"),
        (administrators_gone, "PROVINCE_ADMINISTRATORS"),
        (fields_far_away, "phải cùng địa bàn"),
        (same_key, "cùng khóa"),
        (nothing_given, "ít nhất một lĩnh vực"),
    ],
)
def test_what_cannot_be_is_said(cast, neighbour, made, said):
    change = AgencyChange(**{"kind": Kind.MERGE, "first_day": timezone.localdate(), **made(cast, neighbour)})
    assert any(said in sentence for sentence in impossible(change))


def test_an_agency_that_has_been_promised_another_takes_over_nothing(cast, first, second, neighbour):
    later = timezone.localdate() + timedelta(days=9)
    decided(neighbour, cast.agency, first, second, day=later)
    change = AgencyChange(agency=cast.agency, successor=neighbour, kind=Kind.MERGE, first_day=timezone.localdate())
    assert any("sắp sáp nhập" in sentence for sentence in impossible(change))


def test_the_pages_draft_preview_and_decide(cast, edition, first, second, neighbour):
    received(cast, edition, MORNING)
    writer, decider = signed_in(first), signed_in(second)
    assert (
        reverse("manage-agency-change-new", args=[cast.agency.pk])
        in writer.get(reverse("manage-agency", args=[cast.agency.pk])).content.decode()
    )
    begin = reverse("manage-agency-change-new", args=[cast.agency.pk])
    given = {"kind": "merge", "successor": neighbour.pk, "first_day": "01/01/2020", "document": "NQ 12"}
    refused = writer.post(begin, given)
    assert (refused.status_code, AgencyChange.objects.count()) == (422, 0)
    today = timezone.localdate().strftime("%d/%m/%Y")
    answer = writer.post(begin, given | {"first_day": today})
    change = AgencyChange.objects.get()
    page = reverse("manage-agency-change", args=[change.pk])
    assert answer.url == page
    shown = writer.get(page)
    assert {str(item.label): item.number for item in shown.context["work"]}["Hồ sơ đang giải quyết"] == 1
    assert writer.get(begin).url == page
    writer.post(page, given | {"first_day": today, "document": "NQ 13", "revision": change.revision})
    change.refresh_from_db()
    assert change.document == "NQ 13"
    writer.post(page, {"do": "submit", "revision": change.revision})
    own = writer.post(page, {"do": "force", "revision": change.revision})
    assert own.status_code == 409
    assert "Người đã soạn" in own.content.decode()
    assert decider.post(page, {"do": "force", "revision": change.revision}).url == page
    change.refresh_from_db()
    assert (change.status, Entry.objects.filter(verb="agency_change.in_force").count()) == ("in_force", 1)
    carry_out(change.pk)
    assert "Đã chuyển xong" in decider.get(page).content.decode()
    assert "Đã chuyển xong" in decider.get(reverse("manage-agency-changes")).content.decode()
    ended = decider.get(reverse("manage-agency", args=[cast.agency.pk])).content.decode()
    assert neighbour.name in ended
    assert "đã kết thúc hoạt động" in decider.get(begin).content.decode()
    assert decider.post(page, {"do": "undo", "reason": "Nhầm"}).url == page


def test_who_administers_one_agency_merges_none(cast, neighbour):
    own = signed_in(staff_actor("quantrimot", cast.agency, StaffPost.Role.ADMINISTRATOR))
    assert own.get(reverse("manage-agency-change-new", args=[cast.agency.pk])).status_code == 403
    assert own.get(reverse("manage-agency-changes")).status_code == 403
