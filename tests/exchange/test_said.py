"""Answers, fee facts and the case through the API: judged by the pages' rules, refused at their field, read back."""

import pytest

from dossiers.models import Dossier, State
from payments.models import Charge
from procedures.models import Edition
from tests.factories.fees import FEE_CASES, FEE_CODE, FEES, publish
from tests.factories.systems import APPLICANT, connected_system, filing

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "filing-said-1"}
FORM = "1.004873"  # confirmation of marital status, whose form the product carries


@pytest.fixture
def by_facts(cast) -> Edition:
    return publish(Edition.objects.get(procedure__code=FEE_CODE, status="published"), cases=FEE_CASES, fees=FEES)


def answers(cast) -> dict:
    return {
        "subject": {
            "name": "Nguyễn  Thị Ánh\u200b",
            "birth_date": "1990-03-02",
            "sex": "female",
            "personal_number": "027190000011",
            "nationality": "Việt Nam",
        },
        "ethnicity": "Kinh",
        "home": {"commune": cast.agency.territory.code, "detail": "12 Nguyễn Gia Thiều"},
        "period": "present",
        "status": "divorced",
        "divorce_decision": "12/2020/HNGĐ, Tòa án nhân dân khu vực 1",
        "purpose": "đăng ký kết hôn",
        "true_statement": True,
    }


def papers(edition, case: str = "") -> list[dict]:
    """What must be handed in at a counter."""
    wanted = [d for d in edition.documents.all() if d.required and not d.show_only and d.case in ("", case)]
    return [{"key": paper.key, "originals": 1} for paper in wanted]


def test_a_procedure_says_its_cases_form_and_what_its_fee_needs(anybody, by_facts):
    said = anybody.get(f"procedures/{FEE_CODE}/").json()
    assert [case["key"] for case in said["cases"]] == ["works", "paper", "doubt", "free"]
    needs = {row["case"]: row for row in said["fee_needs"] if row["channel"] == "online"}
    assert set(needs) == {"works", "paper"}
    assert needs["works"]["value"] is True
    assert needs["paper"]["quantities"] == ["copy"]
    assert [row["key"] for row in needs["paper"]["exemptions"]] == ["poor", "near"]
    assert said["form"] is None
    form = anybody.get(f"procedures/{FORM}/").json()["form"]
    assert form["schema"]["properties"]["status"]["enum"]
    assert form["layout"]["sections"]


def test_answers_file_like_the_page_and_come_back(cast, filing_system):
    edition = Edition.objects.get(procedure__code=FORM, status="published")
    sent = filing(procedure=FORM, content="", answers={**answers(cast), "spouse": "Không còn hiện"})
    answer = filing_system.post("dossiers/", sent, **KEY)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["content"].startswith("Cấp Giấy xác nhận tình trạng hôn nhân cho Nguyễn Thị Ánh")
    code = answer.json()["code"]
    read = connected_system("counter", post=cast.counter.post).get(f"dossiers/{code}/").json()
    assert read["answers"]["subject"]["name"] == "Nguyễn Thị Ánh"
    assert "spouse" not in read["answers"]  # hidden by the status, as on the page
    assert read["form"] == 1
    stranger = connected_system("elsewhere", post=cast.consulted.post)
    assert stranger.get(f"dossiers/{code}/").status_code == 404
    assert edition.pk == Dossier.objects.get(code=code).edition_id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "many"}, "answers.status"),
        ({"subject": {"name": "A", "birth_date": "02/03/1990"}}, "answers.subject.birth_date"),
        ({"subject": [1, {"a": None}]}, "answers.subject.name"),
        ({"home": {"commune": "99999"}}, "answers.home.commune"),
        ({"purpose": None}, "answers.purpose"),
        ({"true_statement": "yes"}, "answers.true_statement"),
        ({"nothing": 1}, "answers.nothing"),
        ({"period": 12.5}, "answers.period"),
    ],
)
def test_wrong_answers_are_refused_at_their_field(cast, filing_system, change, field):
    sent = filing(procedure=FORM, answers={**answers(cast), **change})
    answer = filing_system.post("dossiers/", sent, **KEY)
    assert answer.status_code == 422, answer.json()
    assert field in answer.json()["fields"], answer.json()
    assert all(answer.json()["fields"].values())
    assert not Dossier.objects.exists()


def test_a_number_nobody_can_count_with_is_refused(cast, filing_system):
    raw = b'{"procedure": "1.004873", "applicant": {"personal_number": "027190000011", "full_name": "A"}, '
    raw += b'"territory": "09187", "answers": {"ethnicity": [1e999]}}'
    answer = filing_system.client.post(
        "/api/v1/dossiers/", raw, content_type="application/json", headers={**filing_system.headers, **KEY}
    )
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("case", "facts", "field"),
    [
        ("", {}, "case"),
        ("works", {}, "fee_facts.value"),
        ("works", {"value": 10**16}, "fee_facts.value"),
        ("works", {"value": 5, "quantities": {"copy": 1}}, "fee_facts.quantities.copy"),
        ("paper", {"quantities": {"copy": 0}}, "fee_facts.quantities.copy"),
        ("paper", {"exemptions": ["rich"]}, "fee_facts.exemptions"),
    ],
)
def test_fee_facts_are_refused_at_their_field(filing_system, by_facts, case, facts, field):
    answer = filing_system.post("dossiers/", filing(procedure=FEE_CODE, case=case, fee_facts=facts), **KEY)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["message"]


def test_a_claim_is_filed_decided_and_read(cast, filing_system, by_facts):
    files = [{"key": p["key"], "file": filing_system.send_file(_pdf()).json()["id"]} for p in papers(by_facts)]
    facts = {"quantities": {"copy": 3}, "exemptions": ["near"]}
    sent = filing(procedure=FEE_CODE, case="paper", documents=files, fee_facts=facts)
    code = filing_system.post("dossiers/", sent, **KEY).json()["code"]
    counter = connected_system("counter", post=cast.counter.post)
    read = counter.get(f"dossiers/{code}/").json()
    assert read["fee_facts"] == {"quantities": {"copy": 3}, "value": None, "exemptions": {"near": "claimed"}}
    assert (read["case"], read["fee_amount"]) == ("paper", None)
    accept = f"dossiers/{code}/accept/"
    given = {"revision": read["revision"], "facts": {"limit_days": "3"}}
    refused = counter.post(accept, given)
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")
    given["facts"]["exemptions"] = ["near"]
    accepted = counter.post(accept, given).json()
    assert accepted["fee_amount"] == Charge.objects.get().amount == 12_000
    assert accepted["fee_facts"]["exemptions"] == {"near": "confirmed"}


def handed(edition, **changes) -> dict:
    owner = {"personal_number": APPLICANT["personal_number"], "name": APPLICANT["full_name"]}
    return {
        "procedure": FEE_CODE,
        "owner": owner,
        "territory": "09187",
        "case": "paper",
        "content": "Sao lục",
        "documents": papers(edition),
        "fee_facts": {"quantities": {"copy": 2}, "exemptions": ["near"]},
        "limit_days": "3",
        **changes,
    }


def test_a_counter_takes_in_once_with_its_own_software(cast, by_facts):
    counter = connected_system("counter", post=cast.counter.post)
    first, again = (counter.post("intakes/", handed(by_facts), **KEY) for _press in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    assert first.json()["code"] == again.json()["code"]
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.channel, dossier.fee_amount) == (State.PROCESSING, "counter", 8_000)
    assert dossier.fee_facts["exemptions"] == {"near": "confirmed"}
    assert dossier.events.get(action="receive").facts["exemptions"][0]["key"] == "near"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"documents": []}, "documents"),
        ({"case": "works"}, "fee_facts.value"),
        ({"owner": {"personal_number": "999999999999", "name": "A"}}, "owner.personal_number"),
        ({"owner": {"tax_number": "0100109106", "name": "Công ty Thử nghiệm"}}, "filer"),
        ({"limit_days": "lâu"}, "limit_days"),
        ({"fee": 5}, "fee"),
    ],
)
def test_an_intake_is_refused_at_its_field_and_keeps_nothing(cast, by_facts, change, field):
    sent = handed(by_facts, **change)
    if change.get("case") == "works":
        sent["fee_facts"] = {}
    answer = connected_system("counter", post=cast.counter.post).post("intakes/", sent, **KEY)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.json()
    assert not Dossier.objects.exists()


def test_only_a_counter_takes_in(cast, by_facts, filing_system):
    assert connected_system("head", post=cast.head.post).post("intakes/", handed(by_facts), **KEY).status_code == 403
    assert filing_system.post("intakes/", handed(by_facts), **KEY).status_code == 403


def _pdf():
    from tests.factories.scans import pdf_upload

    return pdf_upload()
