"""National updates where the province has spoken: part by part, nothing overruled, provincial additions kept."""

import copy

import pytest
from django.test import Client

from accounts.models import StaffPost
from procedures.editions import publishing, source_updates
from procedures.editions.lifecycle import drafts
from procedures.models import Edition, Procedure
from procedures.review import queries, updates
from tests.factories.catalogue import AT
from tests.factories.people import staff_actor
from tests.procedures.pages import approve_last, enter_as

CARRIED, CONTROLLER = Edition.Origin.BUNDLED, Edition.Origin.CONTROLLER
CODE = "1.001193"
COUNCIL_FEE = {
    "name": "Lệ phí của tỉnh", "kind": "levy", "channels": ["counter"], "amount": 8000, "per": "dossier",
    "set_by": "province", "state": "confirmed",
}  # fmt: skip


@pytest.fixture
def controller(catalogue):
    return staff_actor("danh muc", "office", "controller")


@pytest.fixture
def national(catalogue):
    """What the bundled catalogue said; the province has added a fee line and its own guidance since."""
    said = copy.deepcopy(Procedure.objects.get(code=CODE).current.facts)
    own = copy.deepcopy(said)
    own["fees"] = [*own["fees"], COUNCIL_FEE]
    own.pop("free", None)
    own["guidance"] = "Hướng dẫn riêng của tỉnh dành cho người dân."
    publishing.publish_edition(CODE, own, CONTROLLER, "controller", AT)
    return said


@pytest.fixture
def second(catalogue):
    return enter_as(Client(), StaffPost.Role.SUPERVISOR)


def waiting():
    return {
        source_updates.part_of(open_query): open_query
        for open_query in updates.updates_waiting().filter(procedure__code=CODE)
    }


def current():
    return Procedure.objects.get(code=CODE).current


def changed(national, **parts):
    return {**copy.deepcopy(national), **parts}


def test_only_what_the_source_itself_changed_is_put_before_a_person(national):
    before = current()
    offered = changed(national, title="Đăng ký khai sinh (mới)")
    assert publishing.offer_documents([offered], CARRIED, "source", AT)[0].change == "kept"
    assert current() == before
    assert set(waiting()) == {"title"}
    assert publishing.offer_documents([offered], CARRIED, "source", AT)[0].change == "kept"  # it waits still
    assert set(waiting()) == {"title"}


def test_an_accepted_part_keeps_what_the_province_added(national, controller, second):
    fee = {**COUNCIL_FEE, "name": "Lệ phí quốc gia", "amount": 5000}
    del fee["set_by"]
    offered = changed(national, fees=[fee], legal_basis=[*national["legal_basis"], "9/2026/NĐ-CP"])
    publishing.offer_documents([offered], CARRIED, "source", AT)
    parts = waiting()
    assert set(parts) == {"fees", "legal_basis"}
    judged = updates.decide_update(
        current().procedure, {parts["fees"]: "accept", parts["legal_basis"]: "refuse"}, controller, AT
    )
    assert judged.proposed.items.count() == 1
    assert current().facts["fees"] != [fee]
    approve_last(second)
    facts = current().facts
    assert [line["name"] for line in facts["fees"]] == ["Lệ phí quốc gia", "Lệ phí của tỉnh"]
    assert "9/2026/NĐ-CP" not in facts["legal_basis"]
    assert facts["guidance"] == "Hướng dẫn riêng của tỉnh dành cho người dân."
    assert not waiting()
    assert publishing.offer_documents([offered], CARRIED, "source", AT)[0].change == "unchanged"
    # The next word of the source is compared with its last one: what was refused does not come back.
    publishing.offer_documents([{**offered, "conditions": "Điều kiện mới"}], CARRIED, "source", AT)
    assert set(waiting()) == {"conditions"}


def test_a_part_taken_into_a_draft_is_adapted_there(national, controller):
    publishing.offer_documents([changed(national, title="Đăng ký khai sinh (mới)")], CARRIED, "source", AT)
    judged = updates.decide_update(current().procedure, {waiting()["title"]: "adapt"}, controller, AT)
    assert judged.proposed is None
    assert judged.draft.title == "Đăng ký khai sinh (mới)"
    assert current().title != judged.draft.title
    assert not waiting()


def test_nothing_is_decided_when_a_draft_stands_in_the_way(national, controller):
    publishing.offer_documents([changed(national, title="Đăng ký khai sinh (mới)")], CARRIED, "source", AT)
    drafts.start_draft(current().procedure, controller, AT)
    with pytest.raises(drafts.Refused):
        updates.decide_update(current().procedure, {waiting()["title"]: "adapt"}, controller, AT)
    assert set(waiting()) == {"title"}


def test_a_difference_that_the_source_takes_back_waits_for_nobody(national):
    publishing.offer_documents([changed(national, title="Đăng ký khai sinh (mới)")], CARRIED, "source", AT)
    assert waiting()
    publishing.offer_documents([national], CARRIED, "source", AT)
    assert not waiting()


def test_entries_bring_their_cases_along(national, controller, second):
    case = {"key": "case-1", "name": "Trường hợp 1"}
    terms = [{**term, "case": "case-1"} for term in national["terms"]]
    publishing.offer_documents([changed(national, cases=[case], terms=terms)], CARRIED, "source", AT)
    parts = waiting()
    updates.decide_update(current().procedure, {parts["terms"]: "accept"}, controller, AT)
    approve_last(second)
    assert current().facts["cases"] == [case]


def test_like_updates_are_accepted_at_once(catalogue, second, client):
    codes = list(Procedure.objects.filter(current__isnull=False).values_list("code", flat=True)[:5])
    offered = []
    for code in codes:
        facts = Procedure.objects.get(code=code).current.facts
        own = {**copy.deepcopy(facts), "guidance": "Hướng dẫn riêng của tỉnh dành cho người dân."}
        publishing.publish_edition(code, own, CONTROLLER, "controller", AT)
        offered.append({**copy.deepcopy(facts), "legal_basis": ["9/2026/NĐ-CP"]})
    publishing.offer_documents(offered, CARRIED, "source", AT)
    enter_as(client, StaffPost.Role.CONTROLLER)
    page = client.get("/manage/updates/")
    group = page.context["groups"][0]
    assert group["number"] == 5
    assert "9/2026/NĐ-CP" in group["words"]
    client.post("/manage/queries/accept/", {"alike": group["example"], "back": "updates"})
    approve_last(second)
    assert not queries.undecided_queries().filter(kind=source_updates.DIFFERS).exists()
    for code in codes:
        edition = Procedure.objects.get(code=code).current
        assert edition.facts["legal_basis"] == ["9/2026/NĐ-CP"]
        assert edition.facts["guidance"].startswith("Hướng dẫn riêng")


def test_the_page_shows_both_wordings_and_takes_the_choice(national, second, client):
    publishing.offer_documents([changed(national, title="Đăng ký khai sinh (mới)")], CARRIED, "source", AT)
    enter_as(client, StaffPost.Role.CONTROLLER)
    assert client.get("/manage/updates/").context["rows"][0]["code"] == CODE
    open_query = waiting()["title"]
    assert client.get(f"/manage/queries/{open_query.pk}/")["Location"] == f"/manage/updates/{CODE}/"
    page = client.get(f"/manage/updates/{CODE}/").content.decode()
    assert "Đăng ký khai sinh (mới)" in page
    assert "Hãy chọn" in client.post(f"/manage/updates/{CODE}/", {}).content.decode()
    client.post(f"/manage/updates/{CODE}/", {f"part-{open_query.pk}": "accept"})
    approve_last(second)
    assert current().title == "Đăng ký khai sinh (mới)"
    assert client.get("/manage/updates/khong-co/").status_code == 404
