"""Reading, tracking and acting through HTTP; acts come from the life-cycle table."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.lifecycle import TABLE
from dossiers.models import Dossier, State
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import pdf_upload
from tests.factories.systems import MEMBERS, connected_system


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    return received(cast, edition, at("2026-11-02 09:10"), limit_days="5")


def test_acting_with_the_facts_that_actions_declare(cast, dossier):
    head, officer = connected_system("head", post=cast.head.post), connected_system("officer", post=cast.officer.post)
    page = head.get(f"dossiers/{dossier.code}/").json()
    offered = {action["action"]: action for action in page["actions"]}
    assert [fact["name"] for fact in offered["assign"]["facts"]] == ["officer"]
    assert offered["assign"]["facts"][0]["kind"] == "post"
    assert offered["assign"]["label"] == str(TABLE["assign"].label)
    answer = head.post(
        f"dossiers/{dossier.code}/assign/",
        {"revision": page["revision"], "facts": {"officer": cast.officer.post.pk}},
    )
    assert answer.status_code == 200, answer.json()
    assert answer.json()["step"] == "verify"
    assert answer.json()["events"][-1]["action"] == "assign"
    stale = officer.post(f"dossiers/{dossier.code}/verify/", {"revision": page["revision"]})
    assert stale.status_code == 409
    assert "head (thay vị trí" in stale.json()["message"], "the second is told who was first"
    missing = officer.post(
        f"dossiers/{dossier.code}/ask_supplement/", {"revision": answer.json()["revision"], "facts": {}}
    )
    assert (missing.status_code, missing.json()["field"]) == (422, "items")
    asked = officer.post(
        f"dossiers/{dossier.code}/ask_supplement/",
        {"revision": answer.json()["revision"], "facts": {"items": ["Bản vẽ"], "reason": "Thiếu bản vẽ"}},
    )
    assert asked.json()["state"]["number"] == State.SUPPLEMENT
    assert asked.json()["due_at"] is None
    event = dossier.events.order_by("-revision").first()
    assert event.post == cast.officer.post
    assert (event.system, event.account) == ("officer", None)
    named = dict(dossier.events.values_list("action", "request_id"))
    assert named["assign"]
    assert named["ask_supplement"]
    assert named["assign"] != named["ask_supplement"], "each request has an id of its own"


def test_refusals_have_one_shape(cast, dossier):
    counter = connected_system("counter", post=cast.counter.post)
    revision = counter.get(f"dossiers/{dossier.code}/").json()["revision"]

    def post(action: str, **more):
        return counter.post(f"dossiers/{dossier.code}/{action}/", {"revision": revision, **more})

    forbidden, wrong_state = post("assign", facts={"officer": cast.officer.post.pk}), post("return_result")
    unknown_act, no_revision = (
        post("fly"),
        counter.post(f"dossiers/{dossier.code}/assign/", {}),
    )
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not_allowed")
    assert (wrong_state.status_code, wrong_state.json()["code"]) == (409, "not_in_this_state")
    assert (unknown_act.status_code, unknown_act.json()["code"]) == (422, "unknown_action")
    assert (no_revision.status_code, "revision" in no_revision.json()["fields"]) == (400, True)
    assert all(answer.json()["message"] for answer in (forbidden, wrong_state, unknown_act, no_revision))
    nowhere = counter.get("dossiers/H05.000-261101-0001/")
    assert (nowhere.status_code, set(nowhere.json())) == (404, MEMBERS)


@pytest.mark.parametrize(
    ("action", "facts", "field"),
    [
        ("assign", {"officer": "abc"}, "officer"),
        ("assign", {"officer": 999999}, "officer"),
        ("assign", {"officer": [1]}, "officer"),
    ],
)
def test_facts_that_cannot_be(cast, dossier, action, facts, field):
    head = connected_system("head", post=cast.head.post)
    answer = head.post(f"dossiers/{dossier.code}/{action}/", {"revision": dossier.revision, "facts": facts})
    assert answer.status_code == 422, answer.json()
    assert answer.json().get("field") == field


def test_a_file_that_is_no_id_is_told(cast, dossier):
    head, officer = connected_system("head", post=cast.head.post), connected_system("officer", post=cast.officer.post)
    page = head.post(
        f"dossiers/{dossier.code}/assign/",
        {"revision": dossier.revision, "facts": {"officer": cast.officer.post.pk}},
    ).json()
    answer = officer.post(
        f"dossiers/{dossier.code}/attach_result/",
        {"revision": page["revision"], "facts": {"name": "Giấy phép", "file": "not-an-id"}},
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "file")


def test_tracking_says_state_and_dates_and_no_name(anybody, cast, dossier):
    answer = anybody.get(f"track/{dossier.code.lower()}/")
    assert answer.status_code == 200
    said = answer.json()
    assert said["state"] == {"number": 4, "name": "Đang xử lý"}
    assert said["received_at"] == "2026-11-02T09:10:00+07:00"
    text = answer.content.decode()
    for secret in (cast.person.full_name, cast.person.phone, cast.person.email, cast.officer.account.full_name):
        assert secret not in text
    unknown = anybody.get("track/H05.160-261123-9999/")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown")
    assert anybody.get("track/nonsense/").status_code == 404


def test_lists_have_pages_and_a_constant_number_of_queries(cast, edition):
    counter = connected_system("counter", post=cast.counter.post)
    received(cast, edition, at("2026-11-02 09:10"), key="first", limit_days="5")
    counter.get("dossiers/")
    with CaptureQueriesContext(connection) as few:
        counter.get("dossiers/")
    for n in range(3):
        received(cast, edition, at("2026-11-02 09:20"), key=f"more-{n}", limit_days="5")
    with CaptureQueriesContext(connection) as many:
        page = counter.get("dossiers/", {"page_size": 3}).json()
    assert len(many) == len(few) <= 4
    (rows,) = [query["sql"] for query in many if 'FROM "dossiers_dossier"' in query["sql"]]
    assert rows[: rows.index(" FROM ")].count('", "') < 50  # what is shown, and not all columns of seven tables
    assert len(page["results"]) == 3
    rest = counter.client.get(page["next"], headers=counter.headers).json()
    assert len(rest["results"]) == 1
    assert counter.get("dossiers/", {"state": "4"}).json()["results"]
    assert counter.get("dossiers/", {"state": "10"}).json()["results"] == []
    refused = counter.get("dossiers/", {"state": "x"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["state"]), "no empty list for a mistake"


def test_one_dossier_costs_the_same_at_any_age(cast, dossier):
    head = connected_system("head", post=cast.head.post)
    head.get(f"dossiers/{dossier.code}/")
    with CaptureQueriesContext(connection) as young:
        head.get(f"dossiers/{dossier.code}/")
    for _n in range(4):
        revision = head.get(f"dossiers/{dossier.code}/").json()["revision"]
        head.post(f"dossiers/{dossier.code}/remind/", {"revision": revision, "facts": {"reason": "Gấp"}})
    with CaptureQueriesContext(connection) as old:
        head.get(f"dossiers/{dossier.code}/")
    assert len(old) == len(young) <= 10


def test_a_paper_brought_to_the_counter_is_added_with_its_file(cast, dossier):
    counter = connected_system("counter", post=cast.counter.post)
    sent = counter.send_file(pdf_upload()).json()["id"]
    answer = counter.post(
        f"dossiers/{dossier.code}/add_papers/",
        {"revision": dossier.revision, "facts": {"papers": [{"name": "Bản vẽ", "copies": 1, "file": sent}]}},
    )
    assert answer.status_code == 200, answer.json()
    line = dossier.documents.get(name="Bản vẽ")
    assert (line.copies, str(line.file_id)) == (1, sent)
