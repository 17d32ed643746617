"""The case decides papers, fee, limit and route, whichever door the dossier comes through; the pages say so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dossiers.filing import drafts
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from procedures.models import Edition, Route
from tests.factories.desk import intake_page
from tests.factories.fees import FEE, FEE_CODE, publish
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import PDF
from tests.factories.systems import APPLICANT, connected_system, filing

pytestmark = pytest.mark.django_db
CASES = [
    {"key": "first", "name": "Lần đầu", "name_en": "First"},
    {"key": "again", "name": "Cấp lại", "name_en": "Again"},
]
PAPER = {"originals": 1, "copies": 0, "required": True, "kind": "submit", "state": "confirmed"}
TERM = {"channels": ["online", "counter"], "unit": "working_day", "state": "confirmed", "source": "test"}
# By case: the paper, the amount, the working days, the name of the second step.
WANTED = {"first": ("map", 70_000, 7, "Kiểm tra lần đầu"), "again": ("old", 20_000, 2, "Kiểm tra cấp lại")}
KEY = {"Idempotency-Key": "by-case-0001"}


@pytest.fixture
def edition(cast) -> Edition:
    made = publish(
        Edition.objects.get(procedure__code=FEE_CODE, status="published"),
        cases=CASES,
        documents=[{**PAPER, "key": key, "name": f"Giấy {key}", "case": case} for case, (key, *_r) in WANTED.items()],
        fees=[{**FEE, "name": "Lệ phí", "amount": amount, "case": case} for case, (_k, amount, *_r) in WANTED.items()],
        terms=[{**TERM, "amount": days, "case": case} for case, (_k, _a, days, _n) in WANTED.items()],
    )
    standard = Route.objects.get(level="commune", case="", status="in_force", agency_key="")
    for case, (*_rest, name) in WANTED.items():
        steps = [dict(step) for step in standard.steps]
        steps[1]["name"] = name
        Route.objects.create(edition=made, case=case, name=name, steps=steps, status="in_force", number=1,
                             in_force_at=timezone.now())  # fmt: skip
    return made


def online(cast, edition, case) -> Dossier:
    draft = drafts.start_draft(edition, cast.person, key=case, at=at("2025-11-24 09:00"))
    me, request = signed_in(cast.citizen), f"/my/dossiers/{draft.uid}/file/request/"
    other = next(key for key in WANTED if key != case)
    for chosen in (other, case):  # thought better of it: nothing of the other case is left
        me.post(request, {"case": chosen, "content": "Xin cấp", "territory": cast.agency.territory.code})
        paper = WANTED[chosen][0]
        me.post(f"/my/dossiers/{draft.uid}/file/documents/", {f"{paper}-later": "on", "continue": "1"})
    draft = Dossier.objects.get(pk=draft.pk)
    drafts.save_applicant(draft, ground="self", owner=cast.person, note="", phone="0912345678", email="", address="12")
    drafts.save_return(draft, method="counter", desk=cast.centre.desks.first(), address="")
    key, amount, days, _name = WANTED[case]
    page = me.get(f"/my/dossiers/{draft.uid}/file/check/").content.decode()
    assert f"Giấy {key}" in page
    assert f"Giấy {WANTED[other][0]}" not in page
    assert f"{amount // 1000}.000\u00a0đ" in page
    assert f"{days} ngày làm việc" in page
    draft = Dossier.objects.get(pk=draft.pk)
    execute_transition(draft, "send", cast.citizen, at=timezone.now())
    execute_transition(draft, "accept", cast.counter, lacking_ground="at_return", at=timezone.now())
    return draft


def at_the_counter(cast, edition, case) -> Dossier:
    key, amount, days, _name = WANTED[case]
    desk, address = signed_in(cast.counter), intake_page(FEE_CODE, cast.person, f"by-{case}")
    asked = {"case": case, "territory": cast.agency.territory.code}
    part = {"headers": {"HX-Request": "true"}}
    assert f"Giấy {key}" in desk.post(address, {**asked, "part": "case"}, **part).content.decode()
    said = desk.post(address, {**asked, "part": "reckoning"}, **part).content.decode()
    assert f"{amount // 1000}.000\u00a0đ" in said
    assert f"{days} ngày làm việc" in said
    given = {**asked, f"has_originals_{key}": "on", "ground": "self", "return_method": "counter", "act": "receive"}
    assert desk.post(address, given).status_code == 302
    return Dossier.objects.get()


def by_another_system(cast, edition, case) -> Dossier:
    caller = connected_system("portal", scopes=("dossiers:file",))
    file = caller.send_file(SimpleUploadedFile("don.pdf", PDF, "application/pdf")).json()["id"]
    documents = [{"key": WANTED[case][0], "file": file}]
    other = next(key for key in WANTED if key != case)
    wrong = caller.post("dossiers/", filing(procedure=FEE_CODE, case=other, documents=documents), **KEY)
    assert wrong.json()["field"] == "documents"
    filed = caller.post("dossiers/", filing(procedure=FEE_CODE, case=case, documents=documents), **KEY)
    assert filed.status_code == 201, filed.json()
    dossier = Dossier.objects.get()
    execute_transition(dossier, "accept", cast.counter, lacking_ground="at_return", at=timezone.now())
    return dossier


def by_counter_software(cast, edition, case) -> Dossier:
    sent = {
        "procedure": FEE_CODE,
        "case": case,
        "owner": {"personal_number": APPLICANT["personal_number"], "name": APPLICANT["full_name"]},
        "territory": "09187",
        "content": "Xin cấp",
        "documents": [{"key": WANTED[case][0], "originals": 1}],
    }
    answer = connected_system("desk", post=cast.counter.post).post("intakes/", sent, **KEY)
    assert answer.status_code == 201, answer.json()
    return Dossier.objects.get()


@pytest.mark.parametrize("case", list(WANTED))
@pytest.mark.parametrize("door", [online, at_the_counter, by_another_system, by_counter_software])
def test_the_case_decides_papers_fee_limit_and_route(cast, edition, door, case):
    key, amount, days, name = WANTED[case]
    dossier = door(cast, edition, case)
    dossier.refresh_from_db()
    assert dossier.case == case
    assert [line.required_document.key for line in dossier.documents.all()] == [key]
    assert (dossier.fee_amount, dossier.limit_amount) == (amount, days)
    assert dossier.route[1]["name"] == name


def test_the_first_page_says_which_case_asks_for_a_paper(cast, edition):
    page = signed_in(cast.citizen).get(f"/file/{FEE_CODE}/").content.decode()
    assert "Giấy map" in page
    assert "trường hợp: Cấp lại" in page
