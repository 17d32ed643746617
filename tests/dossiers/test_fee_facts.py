"""What a fee depends on is asked where people file: shown, kept, claimed, decided, charged and told."""

import re

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.fees import amounts, display
from dossiers.filing import complete as filing_at_once
from dossiers.filing import completeness, drafts, edition_change
from dossiers.lifecycle import TABLE, NotAllowed, Refused, available_transitions, execute_transition
from dossiers.models import Dossier, State
from journal import outbox
from notices.models import Notice
from payments.models import Charge
from procedures.models import Edition
from tests.factories.desk import intake_page
from tests.factories.dossiers import complete_draft
from tests.factories.fees import FEE_CASES, FEE_CODE, FEES, NEAR, publish
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def edition(cast) -> Edition:
    """A fee by value in one case, by copies with reliefs in another, in doubt in a third, none in the last."""
    return publish(Edition.objects.get(procedure__code=FEE_CODE, status="published"), cases=FEE_CASES, fees=FEES)


@pytest.fixture
def me(cast):
    return signed_in(cast.citizen)


def drafted(cast, edition, case: str, facts: dict | None = None, key: str = "fee") -> Dossier:
    draft = drafts.start_draft(edition, cast.person, key=key, at=MORNING)
    complete_draft(draft, cast)
    drafts.save_request(draft, case=case, content="Xác nhận", territory=cast.agency.territory)
    if facts is not None:
        drafts.save_fee_facts(draft, {"quantities": {}, "value": None, "exemptions": [], **facts})
    return Dossier.objects.get(pk=draft.pk)


def page(draft: Dossier, section: str = "fee") -> str:
    return f"/my/dossiers/{draft.uid}/file/{section}/"


def test_free_of_charge_is_said_once(cast, edition):
    shown = display.fee_display(drafted(cast, edition, "free"), at=MORNING)
    assert (shown.amount, shown.sentences) == ("Miễn phí", ())


@pytest.mark.parametrize(
    ("case", "asked"),
    [("works", {"value"}), ("paper", {"quantity_copy", "exemptions"}), ("doubt", set()), ("free", set())],
)
def test_exactly_what_the_case_needs_is_asked(cast, edition, me, case, asked):
    draft = drafted(cast, edition, case)
    assert ("fee" in completeness.draft_sections(draft)) == bool(asked)
    answer = me.get(page(draft))
    if asked:
        assert set(answer.context["form"].fields) == asked
        assert "01/2025/TT-BTC" in answer.content.decode()
        assert {gap.section for gap in completeness.missing_parts(draft)} == {"fee"}
    else:
        assert answer.status_code == 302
        assert completeness.missing_parts(draft) == []


def test_money_is_read_with_and_without_dots_and_mistakes_stand_at_their_field(cast, edition, me):
    draft = drafted(cast, edition, "works")
    for wrong in ("", "1.5 tỷ", "-3", "9" * 17):
        answer = me.post(page(draft), {"value": wrong})
        assert answer.status_code == 422
        assert answer.context["form"].errors["value"], wrong
    for typed, value, amount in (
        ("999.999.999", 999_999_999, "200.000\u00a0đ"),
        ("1000000000", 10**9, "900.000\u00a0đ"),
    ):
        answer = me.post(page(draft), {"value": typed})
        assert answer["Location"].endswith("/file/documents/")
        draft = Dossier.objects.get(pk=draft.pk)
        assert draft.fee_facts["value"] == value
        assert amount in me.get(page(draft, "check")).content.decode()
    assert 'value="1.000.000.000"' in me.get(page(draft)).content.decode()


def test_the_amount_follows_what_is_typed(cast, edition, me):
    draft = drafted(cast, edition, "paper")
    ask = {"quantity_copy": "3", "exemptions--near": "near"}
    said = me.get(page(draft), ask, headers={"HX-Request": "true"}).content.decode()
    assert "12.000\u00a0đ" in said
    assert "24.000\u00a0đ" in said
    assert "<html" not in said
    said = me.get(page(draft), {"quantity_copy": "nhiều"}, headers={"HX-Request": "true"}).content.decode()
    assert "8.000\u00a0đ" not in said  # what cannot be read is not counted as one
    assert Dossier.objects.get(pk=draft.pk).fee_facts["quantities"] == {}


@pytest.mark.parametrize(("case", "facts"), [("works", {"value": 5}), ("free", None)])
def test_another_case_asks_again_and_drops_what_does_not_count_any_more(cast, edition, me, case, facts):
    draft = drafted(cast, edition, case, facts)
    assert completeness.missing_parts(draft) == []
    answer = me.post(page(draft, "request"), {"case": "paper", "content": "x", "territory": cast.agency.territory.code})
    assert answer["Location"].endswith("/file/fee/")
    draft = Dossier.objects.get(pk=draft.pk)
    assert draft.fee_facts == {"quantities": {}, "value": None, "exemptions": {}}
    assert [gap.section for gap in completeness.missing_parts(draft)] == ["fee"]


def test_a_new_edition_that_asks_other_facts_opens_the_page_again(cast, edition):
    draft = drafted(cast, edition, "paper", {"quantities": {"copy": 2}, "exemptions": ["poor"]})
    fewer = [dict(row) for row in FEES]
    fewer[2]["exemptions"] = [NEAR]
    publish(edition, fees=fewer)
    edition_change.move_to_edition(Dossier.objects.get(pk=draft.pk), at("2025-11-24 10:00"))
    draft = Dossier.objects.get(pk=draft.pk)
    assert draft.fee_facts == {"quantities": {"copy": 2}, "value": None, "exemptions": {}}
    assert [gap.section for gap in completeness.missing_parts(draft)] == ["fee"]


@pytest.mark.parametrize(("confirmed", "amount"), [(["near"], 8_000), ([], 16_000)])
def test_a_claim_waits_for_the_counter_and_the_amount_follows_its_word(cast, edition, me, confirmed, amount):
    draft = drafted(cast, edition, "paper", {"quantities": {"copy": 2}, "exemptions": ["near"]})
    shown = me.get(page(draft, "check")).content.decode()
    assert "8.000\u00a0đ nếu được miễn, giảm; 16.000\u00a0đ nếu không" in shown
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    assert (draft.fee_amount, Charge.objects.count()) == (None, 0)  # nobody pays before it is decided
    assert "chờ xác nhận" in me.get(f"/my/dossiers/{draft.uid}/").content.decode()

    desk = signed_in(cast.counter)
    address = f"/dossiers/{draft.code}/act/accept/"
    asked = desk.get(address).context["form"]
    assert {"exemptions", "reason"} <= set(asked.fields)
    given = {"revision": draft.revision, "limit_days": "3", "exemptions": confirmed, "lacking_ground": "at_return"}
    if not confirmed:
        refused = desk.post(address, given)
        assert refused.status_code == 422
        assert "Người thuộc hộ cận nghèo" in str(refused.context["form"].errors["reason"])
        given["reason"] = "Giấy xác nhận đã hết hạn"
    assert desk.post(address, given).status_code == 302
    dossier = Dossier.objects.get(pk=draft.pk)
    assert dossier.fee_amount == Charge.objects.get().amount == amount
    event = dossier.events.get(action="accept")
    assert event.facts["exemptions"][0]["state"] == ("confirmed" if confirmed else "refused")
    assert event.reason == given.get("reason", "")
    outbox.dispatch_messages(at=timezone.now(), limit=1000)
    told = Notice.objects.filter(key__contains=f"event:{event.pk}:applicant").first()
    assert f"{amount // 1000}.000\u00a0đ" in told.body
    page_of_it = me.get(f"/my/dossiers/{draft.uid}/").content.decode()
    assert ("đã xác nhận" if confirmed else "không được áp dụng") in page_of_it


def test_only_what_was_claimed_can_be_confirmed(cast, edition):
    draft = drafted(cast, edition, "paper", {"quantities": {"copy": 1}, "exemptions": ["near"]})
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    with pytest.raises(Refused) as refused:
        execute_transition(
            draft,
            "accept",
            cast.counter,
            lacking_ground="at_return",
            at=MORNING,
            limit_days="3",
            exemptions=["near", "poor"],
        )
    assert refused.value.field == "exemptions"
    with pytest.raises(NotAllowed):
        execute_transition(draft, "accept", cast.officer, at=MORNING, limit_days="3", exemptions=["near"])


def intake(cast, case: str, **facts) -> tuple:
    desk = signed_in(cast.counter)
    address = intake_page(FEE_CODE, cast.person, f"fee-{case}")
    edition = Edition.objects.get(procedure__code=FEE_CODE, status="published")
    ticks = {f"has_originals_{paper.key}": "on" for paper in edition.documents.all()}
    given = {"act": "receive", "ground": "self", "return_method": "counter", "case": case, "limit_days": "3"}
    return desk.post(address, {**given, **ticks, "territory": cast.agency.territory.code, **facts}), desk, address


def test_the_counter_confirms_what_it_ticks_and_the_history_says_so(cast, edition):
    answer, _desk, _address = intake(cast, "paper", **{"quantity_copy": "3", "exemptions--near": "near"})
    assert answer.status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.fee_facts["exemptions"] == {"near": "confirmed"}
    assert dossier.fee_amount == Charge.objects.get().amount == 12_000
    assert dossier.events.get(action="receive").facts["exemptions"][0]["name"] == NEAR["name"]
    history = signed_in(cast.head).get(f"/dossiers/{dossier.code}/").content.decode()
    assert "Người thuộc hộ cận nghèo (đã xác nhận)" in history


def test_the_counter_asks_by_case_and_reckons_as_one_types(cast, edition):
    answer, desk, address = intake(cast, "works", value="")
    assert answer.status_code == 422
    assert answer.context["form"].errors["value"]
    asked = {
        "part": "reckoning",
        "case": "works",
        "territory": cast.agency.territory.code,
        "value": "2.000.000.000",
    }
    said = desk.post(address, asked, headers={"HX-Request": "true"}).content.decode()
    assert "900.000\u00a0đ" in said
    assert 'id="id_value"' not in said
    other = desk.post(address, {**asked, "case": "paper", "part": "case"}, headers={"HX-Request": "true"})
    assert re.findall(r'id="id_(quantity_copy|value)"', other.content.decode()) == ["quantity_copy"]
    assert intake(cast, "works", value="2000000000")[0].status_code == 302
    assert Dossier.objects.get().fee_amount == 900_000


def test_an_amount_in_doubt_says_who_fixes_it_and_staff_fix_it_once(cast, edition, me):
    draft = drafted(cast, edition, "doubt")
    centre = draft.receiving_agency.local_name
    assert centre in display.fee_display(draft, at=MORNING).then
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    execute_transition(draft, "accept", cast.counter, lacking_ground="at_return", at=MORNING, limit_days="3")
    assert draft.fee_amount is None
    assert "set_fee" in {rule.action for rule in available_transitions(draft, cast.counter)}
    execute_transition(draft, "set_fee", cast.counter, at=MORNING, fee=30_000, fee_ground="12/2025/NQ-HĐND")
    charge = Charge.objects.get()
    assert (draft.fee_amount, charge.amount) == (30_000, 30_000)
    assert "12/2025/NQ-HĐND" in charge.lines[0]["explanation"]
    assert "set_fee" not in {rule.action for rule in available_transitions(draft, cast.counter)}
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "set_fee", cast.counter, at=MORNING, fee=1)
    assert refused.value.code == "fee_known"


def test_an_amount_is_not_typed_over_a_known_one(cast, edition):
    draft = drafted(cast, edition, "works", {"value": 5})
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "accept", cast.counter, lacking_ground="at_return", at=MORNING, limit_days="3", fee=1)
    assert refused.value.code == "fee_known"
    assert "fee" in {fact.name for fact in TABLE["accept"].fields}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["works", "paper", "doubt", "free"]),
    st.integers(1, 999),
    st.integers(0, 10**15),
    st.lists(st.sampled_from(["poor", "near"]), unique=True),
    st.booleans(),
)
def test_the_amount_shown_is_the_charge_raised(cast, edition, case, copies, value, claimed, granted):
    """Before sending, the page says what is to be paid (or both amounts while a claim is open): it is charged so."""
    person = cast.person
    draft = filing_at_once.draft_whole(
        edition,
        person,
        at=MORNING,
        case=case,
        content="Xác nhận",
        territory=cast.agency.territory,
        files=[(paper, []) for paper in edition.documents.all()],
        method="counter",
        phone=person.phone,
        email=person.email,
        address=person.address,
        said_of_fee={
            **({"quantities": {"copy": copies}, "exemptions": claimed} if case == "paper" else {}),
            **({"value": value} if case == "works" else {}),
        },
    )
    whole, hoped = (amounts.computed_fee(draft, at=MORNING, hoped=hope) for hope in (False, True))
    said = display.fee_display(draft, at=MORNING).amount
    for result in (whole, hoped):
        assert result.total is None or f"{result.total:,}".replace(",", ".") in said or result.free
    execute_transition(draft, "send", cast.citizen, at=MORNING)
    if amounts.open_claims(draft):
        assert not Charge.objects.filter(owner=draft.reference).exists()
        chosen = claimed if granted else []
        execute_transition(
            draft,
            "accept",
            cast.counter,
            lacking_ground="at_return",
            at=MORNING,
            limit_days="3",
            exemptions=chosen,
            reason="Không có giấy",
        )
        shown = hoped if granted else whole
    else:
        shown = whole
    assert draft.state in (State.FILED, State.PROCESSING)
    assert draft.fee_amount == shown.total
    assert sum(charge.amount for charge in Charge.objects.filter(owner=draft.reference)) == (shown.total or 0)
