"""One act for many dossiers: each judged by itself, nothing done twice, a killed worker followed by another."""

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone, translation

from dossiers.lifecycle import TABLE, NotAllowed, Refused, available_transitions, bulk, execute_transition
from dossiers.models import BulkItem, BulkRun, Dossier, DossierEvent
from journal import outbox
from journal.models import OutboxMessage
from journal.roles import OWNER
from tests.databases import acting_as
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MORNING, NOON = at("2026-11-23 09:00"), at("2026-11-23 11:00")


@pytest.fixture
def dossiers(cast, edition) -> list[Dossier]:
    """Three dossiers that wait to be assigned."""
    found = [received(cast, edition, MORNING, key=f"b{n}") for n in range(3)]
    OutboxMessage.objects.all().delete()
    return found


def asked(cast, dossiers, *, key="once", by=None, action="assign", **facts) -> BulkRun:
    facts = facts or {"officer": cast.officer.post}
    selected = [(dossier, dossier.revision) for dossier in dossiers]
    return bulk.request_bulk_run(by or cast.head, action, selected, facts, key=key, at=NOON)


def carried(run: BulkRun, language: str = "vi") -> BulkRun:
    while bulk.run_batch(run.pk, language=language, at=NOON):
        pass
    run.refresh_from_db()
    return run


def test_all_are_done_with_the_facts_asked_once(cast, dossiers):
    run = carried(asked(cast, dossiers))
    assert run.finished_at == NOON
    assert list(run.items.values_list("done", "refusal")) == [(True, "")] * 3
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert dossier.holder == cast.officer.post
        event = dossier.events.latest("revision")
        assert (event.action, event.post, event.automatic) == ("assign", cast.head.post, False)


def test_one_stale_one_not_allowed_one_gone_and_one_done(cast, edition, dossiers):
    stale, not_allowed, gone = dossiers
    fine = received(cast, edition, MORNING, key="fine")
    run = asked(cast, [stale, not_allowed, gone, fine])
    execute_transition(stale, "take", cast.officer2, at=NOON)
    with acting_as(OWNER):
        BulkItem.objects.filter(dossier=gone).delete()
    Dossier.objects.filter(pk=not_allowed.pk).update(settling_agency=cast.centre)
    carried(run)
    outcome = {item.dossier_id: item for item in run.items.all()}
    assert outcome[fine.pk].done is True
    assert outcome[stale.pk].done is False
    assert cast.officer2.account.full_name in outcome[stale.pk].refusal
    assert "không được thực hiện" in outcome[not_allowed.pk].refusal
    assert gone.pk not in outcome
    assert run.finished_at == NOON
    assert not DossierEvent.objects.filter(dossier__in=[stale, not_allowed], action="assign").exists()


def test_refusals_are_said_in_the_askers_language(cast, dossiers):
    run = asked(cast, dossiers[:1])
    Dossier.objects.filter(pk=dossiers[0].pk).update(settling_agency=cast.centre)
    carried(run, language="en")
    with translation.override("en"):
        assert run.items.get().refusal == translation.gettext("Vị trí của bạn không được thực hiện việc này với hồ sơ.")


def test_asking_twice_is_one_run(cast, dossiers):
    first, second = asked(cast, dossiers), asked(cast, dossiers)
    assert first == second
    assert OutboxMessage.objects.filter(topic=bulk.TOPIC).count() == 1
    carried(first)
    carried(second)
    assert DossierEvent.objects.filter(action="assign").count() == 3
    other = asked(cast, dossiers, by=cast.leader)
    assert other != first, "another person's key is another's"


def test_killed_in_the_middle_and_taken_up(cast, dossiers, monkeypatch):
    run = asked(cast, dossiers)
    assert bulk.run_batch(run.pk, language="vi", at=NOON)

    def killed(self, *_a, **_k):
        raise SystemExit

    monkeypatch.setattr(BulkItem, "save", killed)
    with pytest.raises(SystemExit):
        bulk.run_batch(run.pk, language="vi", at=NOON)
    monkeypatch.undo()
    assert DossierEvent.objects.filter(action="assign").count() == 1, "the act went with its outcome"
    carried(run)
    assert DossierEvent.objects.filter(action="assign").count() == 3
    assert run.items.filter(done=True).count() == 3


def test_what_goes_wrong_unforeseen_is_that_items_outcome(cast, dossiers, monkeypatch):
    run = asked(cast, dossiers[:2])
    whole = execute_transition

    def broken(dossier, *a, **k):
        if dossier.pk == dossiers[0].pk:
            raise RuntimeError("disk full")
        return whole(dossier, *a, **k)

    monkeypatch.setattr(bulk, "execute_transition", broken)
    carried(run)
    assert [item.done for item in run.items.all()] == [False, True]
    assert "thử lại" in run.items.first().refusal


def test_a_database_that_is_away_leaves_the_item_waiting(cast, dossiers, monkeypatch):
    run = asked(cast, dossiers[:1])

    def away(*_a, **_k):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(bulk, "execute_transition", away)
    with pytest.raises(OperationalError):
        bulk.run_batch(run.pk, language="vi", at=NOON)
    assert run.items.get().done is None
    monkeypatch.undo()
    assert carried(run).items.get().done is True


def test_who_lost_the_post_meanwhile_does_nothing(cast, dossiers):
    run = asked(cast, dossiers)
    cast.head.post.valid_to = at("2026-11-20 00:00").date()
    cast.head.post.save(update_fields=["valid_to"])
    carried(run)
    assert set(run.items.values_list("done", flat=True)) == {False}
    assert not DossierEvent.objects.filter(action="assign").exists()


def test_the_outbox_calls_a_worker_and_looks_again_until_it_is_finished(cast, dossiers, monkeypatch):
    run = asked(cast, dossiers)
    calls: list[dict] = []
    monkeypatch.setattr(bulk.carry_out_bulk, "apply_async", lambda kwargs, **_k: calls.append(kwargs))
    outbox.dispatch_messages(at=timezone.now(), limit=1)
    assert [call["run"] for call in calls] == [run.pk]
    waiting = OutboxMessage.objects.get(topic=bulk.TOPIC, done_at=None)
    bulk.carry_out_bulk(**calls[0])
    bulk.enqueue_bulk_run(waiting.payload)
    assert len(calls) == 1
    assert run.items.filter(done=True).count() == 3


@pytest.mark.parametrize(
    ("action", "count", "code"),
    [("extend", 1, "not_bulk"), ("no_such", 1, "not_bulk"), ("assign", 0, "nothing_selected")],
)
def test_what_cannot_be_asked_is_refused_in_words(cast, dossiers, action, count, code):
    with pytest.raises(Refused) as refusal:
        asked(cast, dossiers[:count], action=action)
    assert refusal.value.code == code
    assert str(refusal.value.sentence)


def test_more_than_five_hundred_are_refused(cast, dossiers):
    many = [(Dossier(pk=n), 1) for n in range(1, bulk.AT_MOST + 2)]
    with pytest.raises(Refused, match="500"):
        bulk.request_bulk_run(cast.head, "assign", many, {}, key="k", at=NOON)
    with pytest.raises(NotAllowed):
        bulk.request_bulk_run(cast.citizen, "assign", many[:1], {}, key="k", at=NOON)


def test_no_act_that_files_or_receives_may_be_asked_for_many():
    allowed = {rule.action for rule in TABLE.values() if rule.bulk}
    assert {"assign", "submit", "approve", "issue", "return_result", "remind"} <= allowed
    assert not allowed & {"send", "receive", "accept", "refuse", "reject", "stop", "extend"}
    assert not any(fact.kind == "file" for action in allowed for fact in TABLE[action].fields if not fact.each)


def boxes(dossiers) -> list[str]:
    return [f"{dossier.code}:{dossier.revision}" for dossier in dossiers]


def test_from_the_list_to_the_outcomes(cast, dossiers):
    head = signed_in(cast.head)
    listed = head.get("/work/?view=unit")
    assert all("assign" in row["acts"] for row in listed.context["rows"])
    assert 'value="assign"' in listed.content.decode()

    asking = head.post(reverse("bulk"), {"action": "assign", "selected": boxes(dossiers)})
    assert asking.status_code == 200
    form = asking.context["form"]
    given = {
        "action": "assign",
        "confirmed": "1",
        "selected": boxes(dossiers),
        "key": form["key"].value(),
        "officer": cast.officer.post.pk,
    }
    missing = head.post(reverse("bulk"), given | {"officer": ""})
    assert missing.status_code == 422
    assert "officer" in missing.context["form"].errors
    answers = [head.post(reverse("bulk"), given) for _click in range(2)]
    run = BulkRun.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("bulk-run", args=[run.uid])}

    page = head.get(reverse("bulk-run", args=[run.uid])).content.decode()
    assert "hx-get" in page
    Dossier.objects.filter(pk=dossiers[2].pk).update(revision=99)
    carried(run)
    done = head.get(reverse("bulk-run", args=[run.uid]), headers={"HX-Request": "true"})
    assert "hx-get" not in done.content.decode()
    assert len(done.context["done"]) == 2
    assert f'value="{dossiers[2].code}:99"' in done.content.decode(), "what was refused can be chosen again"
    assert signed_in(cast.leader).get(reverse("bulk-run", args=[run.uid])).status_code == 404


def test_what_is_not_open_is_left_out_before_it_is_asked(cast, dossiers):
    execute_transition(dossiers[0], "assign", cast.head, at=NOON, officer=cast.officer.post)
    execute_transition(dossiers[0], "verify", cast.officer, at=NOON) if _may_verify(dossiers[0], cast.officer) else None
    head = signed_in(cast.head)
    sent = {"action": "assign", "selected": [*boxes(dossiers), "H05.000-261123-0001:1", "x", ":", "a:b"]}
    asking = head.post(reverse("bulk"), sent)
    assert asking.context["gone"] == 1
    left_out, chosen = asking.context["left_out"], asking.context["chosen"]
    assert {each["dossier"].code for each in (*left_out, *chosen)} == {d.code for d in dossiers}
    page = asking.content.decode()
    assert all(left["dossier"].owner_name in page and left["step"] in page for left in left_out)
    assert any(left["step"] for left in left_out), "where it is says why it is left"
    assert head.post(reverse("bulk"), {"action": "assign"}).status_code == 302
    assert head.post(reverse("bulk"), {"action": "extend", "selected": boxes(dossiers)}).status_code == 302


def _may_verify(dossier: Dossier, actor) -> bool:
    return any(rule.action == "verify" for rule in available_transitions(dossier, actor))


def test_the_whole_list_is_chosen_on_the_server(cast, dossiers):
    head = signed_in(cast.head)
    asking = head.post(reverse("bulk"), {"action": "assign", "whole": "1", "list": "unit"})
    assert [c["dossier"].code for c in asking.context["chosen"]] == [d.code for d in dossiers]
    assert head.post(reverse("bulk"), {"action": "assign", "whole": "1", "list": "nowhere"}).status_code == 302


def test_the_lists_cost_the_same_number_of_queries(cast, edition, dossiers, django_assert_max_num_queries):
    head = signed_in(cast.head)
    head.get("/work/?view=unit")
    for n in range(8):
        received(cast, edition, MORNING, key=f"more{n}")
    with django_assert_max_num_queries(24):
        head.get("/work/?view=unit")
