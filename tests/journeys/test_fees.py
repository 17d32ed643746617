"""What a fee depends on: a claim filed on a phone and decided at the counter, a value typed there by keyboard alone."""

import copy

import pytest
from django.utils import timezone

from dossiers.models import Dossier
from payments.models import Charge
from procedures.editions import publishing
from procedures.models import Edition
from tests.factories.desk import intake_page
from tests.factories.fees import FEE_CASES, FEES
from tests.journeys.steps import act
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
CODE = "1.000689"  # birth with recognition of a parent: by the commune, no form of its own


@pytest.fixture(scope="module")
def fees_by_facts(portal, django_db_blocker):
    """An edition whose fee depends on a value in one case, on copies and reliefs in another."""
    with django_db_blocker.unblock():
        edition = Edition.objects.get(procedure__code=CODE, status="published")
        facts = {**copy.deepcopy(edition.facts), "cases": FEE_CASES, "fees": FEES}
        return publishing.publish_edition(CODE, facts, Edition.Origin.CONTROLLER, "test", timezone.now())[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_on_a_phone_decided_at_the_counter(portal, visit, fees_by_facts, language):
    cast, me = portal.cast, visit(language, PHONE, portal.cast.citizen)
    page = me.page
    me.open(f"/file/{CODE}/")
    me.send("main form button.govuk-button--start")
    draft = Dossier.objects.get(uid=me.path.split("/")[3])
    me.open(f"/my/dossiers/{draft.uid}/file/applicant/")
    page.check("input[name=ground][value=self]")
    me.send()
    page.fill("#id_content", "Khai sinh và nhận cha")
    page.check("input[name=case][value=works]")
    page.select_option("#id_territory", cast.agency.territory.code)
    me.send()
    assert me.path.endswith("/fee/")
    page.fill("#id_value", "1.500.000.000")
    page.locator(".oss-card").get_by_text("900.000 đ").first.wait_for()
    me.look("fee-by-value")
    me.open(f"/my/dossiers/{draft.uid}/file/request/")  # another case after all
    page.check("input[name=case][value=paper]")
    me.send()
    page.fill("#id_quantity_copy", "2")
    page.check("[name=exemptions--near]")
    page.locator(".oss-card li").nth(1).wait_for()
    me.look("fee-claimed")
    me.send()
    for box in page.locator("input[type=checkbox][name$=later]").all():
        box.check()
    me.send("button[name=continue]")
    page.check("input[name=method][value=counter]")
    page.select_option("#id_desk_place", index=1)
    me.send()
    me.look("fee-check")
    me.send()
    me.look("fee-sent")
    draft.refresh_from_db()
    me.open(f"/my/dossiers/{draft.uid}/")
    me.look("fee-my-dossier")

    counter = visit(language, DESKTOP, cast.counter)
    counter.open(f"/dossiers/{draft.code}/")
    counter.look("fee-dossier")
    counter.page.locator("a[href$='/act/accept/']").first.click()
    counter.page.wait_for_url("**/act/accept/")
    counter.look("fee-accept")
    counter.send("main form.oss-pane button[type=submit]")
    counter.look("fee-accept-refused")
    counter.page.locator("[name=exemptions]").check()
    counter.page.select_option("[name=lacking_ground]", "at_return")  # the papers are promised for later
    counter.send("main form.oss-pane button[type=submit]")
    draft.refresh_from_db()
    assert draft.fee_amount == Charge.objects.get(owner=draft.reference).amount == 8_000
    me.open(f"/my/dossiers/{draft.uid}/")
    me.look("fee-decided")


def test_a_value_at_the_counter_by_keyboard_alone(portal, visit, fees_by_facts):
    cast, me = portal.cast, visit("vi", DESKTOP, portal.cast.counter)
    page = me.page
    me.open(intake_page(CODE, cast.stranger.person))
    me.look("intake-by-value")
    me.press("F4")
    assert page.evaluate("document.activeElement.name") == "value"
    me.type("999999999")
    page.locator("#reckoning").get_by_text("200.000 đ").first.wait_for()
    me.look("intake-value")
    page.focus("#id_case")
    me.press("ArrowDown")
    page.wait_for_selector("#id_quantity_copy")
    assert page.locator("#id_value").count() == 0
    me.look("intake-by-copies")
    me.press("F4")
    me.type("3")  # takes the place of the 1 that stands there
    page.locator("#reckoning").get_by_text("24.000 đ").first.wait_for()
    me.press("Tab", "Tab", "Space")
    page.locator("#reckoning").get_by_text("12.000 đ").first.wait_for()
    me.look("intake-exempt")
    page.keyboard.press("Escape")


def test_an_unclear_fee_is_fixed_by_staff(portal, visit, fees_by_facts):
    cast, me = portal.cast, visit("vi", DESKTOP, portal.cast.counter)
    me.open(intake_page(CODE, cast.stranger.person))
    me.page.select_option("#id_case", "doubt")
    me.page.wait_for_selector("#id_fee")
    me.look("intake-doubt")
    for box in me.page.locator("[name^=has_originals]").all():
        box.check()
    me.send("[name=act][value=receive]")
    dossier = Dossier.objects.get(code=me.path.split("/")[3])
    assert dossier.fee_amount is None
    act(me, dossier, "set_fee", look=True, fee="30.000", fee_ground="12/2025/NQ-HĐND")
    assert Charge.objects.get(owner=dossier.reference).amount == 30_000
    me.look("fee-fixed")
