"""Who has to do with which dossier, as kept for lists: whatever writes, the table says what its cause says."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from agencies.models import Agency, Desk
from dossiers.access.involvements import differences
from dossiers.access.relations import STAND_INS
from dossiers.filing import drafts
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, Involvement, Opinion, State, StepRun, Substate
from dossiers.views import lists
from tests.factories.dossiers import copies, filed_online, received, to_result
from tests.factories.moments import at
from tests.factories.people import StaffPostFactory, holder_of

MONDAY = at("2026-11-23 09:10")
Kind = Involvement.Kind


def kinds_of(dossier: Dossier) -> set[tuple[int, int]]:
    return set(dossier.involvements.values_list("agency_id", "kind"))


@pytest.fixture
def taken(cast, edition) -> Dossier:
    dossier = received(cast, edition, MONDAY, limit_days="10")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    return dossier


def test_each_row_says_why(cast, taken):
    assert kinds_of(taken) == {(cast.agency.pk, Kind.SETTLES), (cast.centre.pk, Kind.COUNTER)}
    asked = {"agencies": [cast.consulted.post.agency], "question": "Hợp?", "limit_days": "2"}
    execute_transition(taken, "ask_opinion", cast.officer, at=at("2026-11-24 09:00"), **asked)
    body = cast.consulted.post.agency_id
    assert (body, Kind.ASKED) in kinds_of(taken)
    execute_transition(
        taken, "give_opinion", cast.consulted, at=at("2026-11-24 10:00"), view="agrees", answer="Phù hợp"
    )
    assert (body, Kind.CONSULTED) in kinds_of(taken)
    to_return = taken
    for act, by in (("attach_result", cast.officer), ("verify", cast.officer), ("submit", cast.head)):
        facts = {"name": "Giấy phép", "text": "Chấp thuận."} if act == "attach_result" else {}
        execute_transition(to_return, act, by, at=at("2026-11-25 09:00"), **facts)
    row = taken.involvements.get(kind=Kind.SETTLES)
    assert (row.state, row.step_role, row.listed_at) == (State.PROCESSING, taken.step.role, taken.step.due_at)
    assert differences() == []


def test_a_draft_of_a_citizen_involves_nobody_and_one_of_a_desk_its_counter(cast, edition):
    draft = drafts.start_draft(edition, cast.person, key="d", at=MONDAY)
    Dossier.objects.filter(pk=draft.pk).update(settling_agency=cast.agency, receiving_agency=cast.centre)
    assert kinds_of(draft) == set()
    Dossier.objects.filter(pk=draft.pk).update(help_desk=cast.centre.desks.first())
    assert (cast.centre.pk, Kind.COUNTER) in kinds_of(draft)
    Dossier.objects.filter(pk=draft.pk).update(discarded_at=MONDAY)
    assert kinds_of(draft) == set()
    draft.delete()
    assert differences() == []


def test_it_follows_whatever_writes(cast, edition, taken):
    other = Agency.objects.filter(desks__isnull=False).exclude(pk=cast.centre.pk).first()
    desk, health = other.desks.first(), Agency.objects.get(key="health", valid_to=None)
    mine, run = Dossier.objects.filter(pk=taken.pk), StepRun.objects.filter(pk=taken.step_id)
    opinions = Opinion.objects.filter(dossier=taken)

    def ask() -> None:
        Opinion.objects.create(
            dossier=taken, agency=health, question="?", asked_at=MONDAY, due_at=MONDAY, minutes=480
        )  # fmt: skip

    writes: list[Callable[[], object]] = [
        ask,
        lambda: mine.update(return_desk=desk),
        lambda: mine.update(help_desk=desk, receiving_agency=other),
        lambda: mine.update(substate=Substate.SUSPENDED),
        lambda: mine.update(settling_agency=health),  # the step stays with the agency of before
        lambda: run.update(due_at=at("2026-12-01 09:00")),
        lambda: opinions.update(ended_at=at("2026-11-27 09:00")),
        ask,
        lambda: mine.update(holder=None),
        lambda: mine.update(step=None),
        lambda: Desk.objects.filter(pk=desk.pk).update(agency=health),
        lambda: mine.update(state=State.DONE, finished_at=MONDAY),
        lambda: mine.update(finished_at=at("2026-11-24 09:00")),
    ]
    for number, write in enumerate(writes):
        before = set(Involvement.objects.values_list())
        write()
        assert set(Involvement.objects.values_list()) != before, f"write {number} changes what stands there"
        assert differences() == [], f"write {number}"


def test_the_check_finds_and_mends(cast, taken, capsys):
    call_command("check_involvements")
    Involvement.objects.filter(dossier=taken, kind=Kind.SETTLES).update(listed_at=None)
    Involvement.objects.filter(dossier=taken, kind=Kind.COUNTER).delete()
    with pytest.raises(CommandError, match="1 dossiers differ"):
        call_command("check_involvements")
    call_command("check_involvements", "--mend")
    call_command("check_involvements")
    assert (cast.centre.pk, Kind.COUNTER) in kinds_of(taken)


def as_it_was_asked_of_dossiers(post, view: str):
    """What the lists were before there was a table: conditions over dossiers, their steps and their opinions."""
    asked = Opinion.objects.filter(dossier=OuterRef("pk"), agency=post.agency_id)
    sent = Dossier.objects.exclude(state=State.DRAFT, help_desk__isnull=True)
    if view == "opinions":
        return sent.filter(Exists(asked.filter(ended_at=None)))
    dossiers = sent.filter(Q(settling_agency=post.agency_id) | Q(step__agency=post.agency_id))
    if view == "done":
        return dossiers.filter(state__in=(State.DONE, State.RETURNED))
    if view == "paused":
        return dossiers.paused()
    running = dossiers.filter(state__in=(State.PROCESSING, State.WITHDRAWN))
    roles = [post.role, *(role for role, others in STAND_INS.items() if post.role in others)]
    mine = Q(holder=post) | Q(holder__isnull=True, step__role__in=roles, step__agency=post.agency_id)
    if view == "mine":
        return running.filter(mine)
    return running if view == "unit" else running.exclude(mine)


def test_lists_and_counts_are_what_dossiers_say(cast, edition):
    made = [received(cast, edition, MONDAY, key=f"k{n}", limit_days="5") for n in range(7)]
    filed_online(cast, edition, MONDAY)
    execute_transition(made[0], "take", cast.officer, at=at("2026-11-23 10:00"))
    execute_transition(made[1], "take", cast.officer2, at=at("2026-11-23 10:00"))
    asked = {"agencies": [cast.consulted.post.agency], "question": "Hợp?", "limit_days": "2"}
    execute_transition(made[0], "ask_opinion", cast.officer, at=at("2026-11-24 09:00"), **asked)
    execute_transition(made[1], "ask_supplement", cast.officer2, at=MONDAY, items=["Bản vẽ"], reason="Thiếu")
    to_result(cast, made[2], at("2026-11-24 09:00"))
    one = Dossier.objects.filter
    one(pk=made[3].pk).update(substate=Substate.SUSPENDED)
    one(pk=made[4].pk).update(settling_agency=cast.consulted.post.agency)
    one(pk=made[5].pk).update(state=State.WITHDRAWN)
    one(pk=made[6].pk).update(state=State.STOPPED, step=None)
    clerk_there = holder_of(StaffPostFactory(agency=cast.centre, role="clerk"))
    seen = 0
    for actor in (cast.officer, cast.officer2, cast.head, cast.leader, cast.clerk, cast.consulted, clerk_there):
        request = SimpleNamespace(actor=actor)
        counts = lists.counts(request)
        for view in set(lists.VIEWS) - {"apologies"}:
            listed = list(lists.listed(request, view).values_list("dossier_id", flat=True))
            assert len(listed) == len(set(listed))
            expected = set(as_it_was_asked_of_dossiers(actor.post, view).values_list("pk", flat=True))
            assert set(listed) == expected, (actor.role, view)
            assert counts[view] == ("" if view == "done" else str(len(listed))), (actor.role, view)
            seen += len(listed)
    assert seen > 20


def test_an_import_into_an_empty_province_reads_no_whole_table(cast, taken):
    """A session keeps the plan it made on the first dossiers; 300 more must not read the table 300 times."""
    tables = ("dossiers_involvement", "dossiers_dossier", "dossiers_steprun", "dossiers_opinion")
    read = "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
    copies(taken, 20)
    with connection.cursor() as cursor:
        cursor.execute(read, [list(tables)])
        [(before,)] = cursor.fetchall()
        copies(taken, 300)
        cursor.execute(read, [list(tables)])
        [(after,)] = cursor.fetchall()
    assert Involvement.objects.count() >= 640
    assert after - before < 2000
