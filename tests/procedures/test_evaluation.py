"""What stands out in the use of procedures, readers' votes, and proposals tracked to their decision."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.models import Account, StaffPost
from core.refusals import Refused
from procedures.models import ClarityVote, Improvement, Procedure
from procedures.review import evaluation
from procedures.review.evaluation import Usage
from tests.factories.catalogue import AT
from tests.factories.people import StaffPostFactory

CODE, OTHER = "1.001193", "2.001583"


def kinds(used, votes=(0, 0)):
    return [finding.kind for finding in evaluation.findings([CODE], {CODE: used}, {CODE: votes})]


@pytest.mark.parametrize(
    ("used", "votes", "expected"),
    [
        (Usage(), (0, 0), ["unused"]),
        (Usage(filed=20, supplemented=6), (0, 0), ["supplemented"]),
        (Usage(filed=20, supplemented=5), (0, 0), []),
        (Usage(filed=9, supplemented=9), (0, 0), []),
        (Usage(filed=20, finished=20, late=18), (0, 0), ["late"]),
        (Usage(filed=20, finished=20, early=19), (0, 0), ["early"]),
        (Usage(filed=20, finished=20, late=17, early=3), (0, 0), []),
        (Usage(filed=20, paid=10), (0, 0), ["paper_money"]),
        (Usage(filed=20, paid=10, paid_online=1), (0, 0), []),
        (Usage(filed=20), (7, 3), ["unclear"]),
        (Usage(filed=20), (3, 3), []),
    ],
)
def test_what_stands_out(used, votes, expected):
    assert kinds(used, votes) == expected


def test_what_was_published_within_the_period_is_not_called_unused(office):
    assert evaluation.findings([CODE, OTHER], {}, {}, young=frozenset({CODE}))[0].code == OTHER
    # The catalogue of this test was loaded a moment ago: nobody could use it for 365 days.
    page = office(StaffPost.Role.CONTROLLER).get("/manage/evaluation/?kind=unused")
    assert page.status_code == 200
    assert CODE not in page.content.decode()
    assert OTHER not in page.content.decode()


def test_the_heaviest_of_a_kind_comes_first_with_its_papers():
    used = {
        CODE: Usage(filed=100, supplemented=40, reasons=(("Tờ khai", 30), ("Căn cước", 10))),
        OTHER: Usage(filed=100, supplemented=90),
    }
    found = evaluation.findings([CODE, OTHER], used, {})
    assert [finding.code for finding in found] == [OTHER, CODE]
    assert found[1].reasons[0] == ("Tờ khai", 30)
    assert found[0].evidence == "90 trong 100 hồ sơ phải bổ sung."


@pytest.fixture
def office(catalogue, client, monkeypatch):
    """office(role) -> a client signed in at the provincial office; the catalogue's use is known."""
    monkeypatch.setattr(evaluation, "_providers", [])
    evaluation.register_usage(lambda since, until: {CODE: Usage(filed=20, supplemented=15, reasons=(("Tờ khai", 9),))})
    cache.clear()

    def enter(role):
        account, made = Account.objects.get_or_create(username=f"{role}-office", defaults={"full_name": role})
        if made:
            StaffPostFactory(account=account, role=role)
        client.force_login(account, backend="accounts.backends.AccountBackend")
        return client

    yield enter
    cache.clear()


def test_a_proposal_from_evidence_to_decision(office):
    controller = office("controller")
    page = controller.get("/manage/evaluation/?kind=supplemented")
    assert [row["finding"].code for row in page.context["rows"]] == [CODE]
    address = f"/manage/evaluation/{CODE}/supplemented/"
    assert "15 trong 20" in controller.get(address).content.decode()
    controller.post(address, {"proposal": "Bỏ tờ khai, dùng dữ liệu dân cư."})
    made = Improvement.objects.get()
    assert "Tờ khai (9)" in made.evidence
    assert controller.get("/manage/evaluation/?kind=supplemented").context["rows"][0]["proposed"]
    assert controller.post(f"/manage/evaluation/improvements/{made.pk}/").status_code == 403
    leader = office("leader")
    decide = f"/manage/evaluation/improvements/{made.pk}/"
    assert leader.get(decide).status_code == 200
    assert "decision" in leader.post(decide, {"status": "accepted"}).context["form"].errors
    for status in ("accepted", "done"):
        leader.post(decide, {"status": status, "decision": f"Đồng ý {status}"})
        made.refresh_from_db()
        assert made.status == status
    assert made.decision == "Đồng ý accepted\nĐồng ý done"
    leader.post(decide, {"status": "refused", "decision": "Muộn"})
    made.refresh_from_db()
    assert made.status == "done"
    assert "Đồng ý done" in leader.get("/manage/evaluation/improvements/").content.decode()


def test_nobody_decides_their_own_proposal(office, catalogue):
    account = Account.objects.create(username="somebody", full_name="Somebody")
    made = evaluation.propose_improvement(Procedure.objects.get(code=CODE), "late", "Trễ", "Sửa", account, AT)
    with pytest.raises(Refused):
        evaluation.decide_improvement(made, "accepted", "Được", account, AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=made.pk).update(decided_by=account, status="accepted", decided_at=AT)


def test_a_finding_that_is_gone_is_told(office):
    assert office("controller").get(f"/manage/evaluation/{OTHER}/supplemented/").status_code == 302
    assert office("controller").get(f"/manage/evaluation/{OTHER}/no-such/").status_code == 404


def test_readers_vote_once_a_day_for_a_page(catalogue, client):
    cache.clear()
    address = f"/procedures/{CODE}/clear/"
    assert "Cảm ơn" in client.post(address, {"clear": "no"}, follow=True).content.decode()
    assert "hôm nay bạn đã" in client.post(address, {"clear": "yes"}, follow=True).content.decode().lower()
    client.post(address, {"clear": "maybe"})
    client.post(f"/procedures/{OTHER}/clear/", {"clear": "yes"})
    assert sorted(ClarityVote.objects.values_list("procedure__code", "clear", "unclear")) == [
        (CODE, 0, 1),
        (OTHER, 1, 0),
    ]
    assert {field.name for field in ClarityVote._meta.fields} == {"id", "procedure", "day", "clear", "unclear"}
    assert client.post("/procedures/khong-co/clear/", {"clear": "no"}).status_code == 404
    cache.clear()


def test_votes_of_one_address_are_limited(catalogue, client, settings):
    cache.clear()
    settings.LIMITS = settings.LIMITS | {"votes": (2, 86_400)}
    codes = Procedure.objects.filter(current__isnull=False).exclude(kind="internal").values_list("code", flat=True)[:4]
    for code in codes:
        client.post(f"/procedures/{code}/clear/", {"clear": "yes"})
    assert ClarityVote.objects.count() == 2
    cache.clear()
