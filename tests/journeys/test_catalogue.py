"""A new edition from the draft to publication by two people, and open queries worked off together."""

import pytest

from agencies.models import Agency
from procedures.models import Confirmation, Edition, Procedure
from procedures.review.queries import undecided_queries
from tests.factories.people import staff_actor
from tests.journeys.visitor import DESKTOP, session_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
CODE = "1.001193"
LEADER, CONTROLLER = "lanhdao.vpubnd", "danhmuc"


@pytest.fixture(scope="module")
def office(portal, django_db_blocker):
    """The catalogue controller and the leader of the provincial office."""
    found = {}
    with django_db_blocker.unblock():
        agency = Agency.objects.get(key="office", valid_to=None)
        for username, role in ((CONTROLLER, "controller"), (LEADER, "leader")):
            found[username] = staff_actor(username, agency, role)
            portal.sessions[found[username].account.pk] = session_of(found[username])
    return found


@pytest.fixture
def staff(office, visit):
    """staff(username) -> a visitor signed in as one of them."""
    return lambda username: visit("vi", DESKTOP, office[username])


def test_an_edition_goes_from_draft_to_publication_with_four_eyes(staff):
    controller = staff(CONTROLLER)
    controller.open(f"/manage/catalogue/{CODE}/")
    controller.look("catalogue-procedure")
    controller.send("form[action$='/draft/'] button")
    life = controller.path
    controller.look("edition-draft")
    controller.open(f"{life}part/fees/")
    controller.look("edition-fees")
    controller.page.fill("#id_fees-0-name", "Lệ phí đăng ký muộn")
    controller.page.check("input[name='fees-0-channels'][value='counter']")
    controller.page.fill("#id_fees-0-amount", "tám nghìn")
    controller.page.get_by_role("button", name="Lưu", exact=True).click()
    controller.page.wait_for_selector(".govuk-error-message")
    controller.look("edition-fees-wrong")
    controller.page.fill("#id_fees-0-amount", "8.000")
    controller.page.fill("#id_fees-0-exemptions", "Người thuộc hộ nghèo: 0%")
    controller.page.get_by_role("button", name="Lưu", exact=True).click()
    controller.page.wait_for_url(f"**{life}")
    controller.look("edition-changed")
    controller.open(f"{life}fees/?channel=counter&exemptions=nguoi-thuoc-ho-ngheo&on=23/11/2026")
    controller.look("fee-bench")
    controller.open(f"{life}preview/")
    controller.look("edition-preview")
    controller.open(life)
    controller.send("form[action$='/act/review/'] button")
    assert not controller.page.locator("form[action$='/act/approve/']").count()

    leader = staff(LEADER)
    leader.open("/manage/editions/?list=mine")
    leader.look("editions-mine")
    leader.page.locator(f"a[href='{life}']").click()
    leader.send("form[action$='/act/approve/'] button")
    leader.look("edition-approved")

    controller.open(f"{life}act/announce/")
    controller.page.fill("#id_decision_number", "1582/QĐ-UBND")
    controller.page.fill("#id_decision_date", "01/01/2099")
    controller.page.fill("#id_effective_from", "20/11/2026")
    controller.page.locator("main form button.govuk-button").click()
    controller.page.wait_for_selector(".govuk-error-message")
    controller.look("edition-announce")
    controller.page.fill("#id_decision_date", "20/11/2026")
    controller.send("main form button.govuk-button")
    controller.look("edition-announced")
    controller.send("form[action$='/act/publish/'] button")
    controller.look("edition-published")
    controller.open(f"/procedures/{CODE}/")
    controller.look("procedure")
    assert controller.page.get_by_text("8.000 đ").count()
    edition = Procedure.objects.get(code=CODE).current
    assert edition.origin == "controller"
    assert edition.approved_by.username == LEADER
    controller.open(f"/manage/catalogue/{CODE}/compare/")
    controller.look("compare")


def test_open_queries_are_worked_off_together_by_two(staff):
    controller, leader = staff(CONTROLLER), staff(LEADER)
    kind = "limit_to_be_confirmed"
    before = undecided_queries().filter(kind=kind).count()
    controller.open(f"/manage/queries/?kind={kind}")
    controller.look("open-queries")
    assert not controller.page.locator("form:has(input[name='alike'])").count()  # no words of a source to be equal by
    for place in range(3):
        controller.page.locator("input[name='query']").nth(place).check()
    controller.page.locator("form:has(input[name='query']) button").last.click()
    controller.page.wait_for_selector(".moj-alert, .govuk-notification-banner, .oss-messages, [role='region']")
    assert undecided_queries().filter(kind=kind).count() < before - 1
    made = Confirmation.objects.filter(status="waiting").get()
    leader.open("/manage/confirmations/")
    leader.look("confirmations")
    leader.open(f"/manage/confirmations/{made.pk}/")
    leader.look("confirmation")
    leader.send("button[value='approve']")
    assert Edition.objects.filter(approved_by__username=LEADER, drafted_by__username=CONTROLLER).count() > 1


def test_a_new_procedure_begins_with_a_draft(staff):
    controller = staff(CONTROLLER)
    controller.open("/manage/catalogue/new/")
    controller.look("new-procedure")
    page = controller.page
    page.fill("#id_code", "5.000123.H05")
    page.fill("#id_title", "Xác nhận hộ làm nghề gốm truyền thống")
    page.fill("#id_new_field", "Nghề truyền thống")
    page.check("input[name='levels'][value='commune']")
    page.select_option("#id_settled_commune", "commune_pc")
    page.check("input[name='applicants'][value='citizen']")
    controller.send("main form button.govuk-button")
    controller.look("new-draft")
    assert Edition.objects.get(procedure__code="5.000123.H05").status == "draft"
    controller.open("/manage/catalogue/new/")
    page.fill("#id_code", CODE)
    page.click("main form button.govuk-button")
    page.wait_for_selector("a[href='/manage/catalogue/1.001193/']")
    controller.look("code-taken")


def test_the_other_pages_of_the_catalogue(staff):
    controller = staff(CONTROLLER)
    for name, address in (
        ("updates", "/manage/updates/"),
        ("replacements", "/manage/replacements/"),
        ("evaluation", "/manage/evaluation/"),
        ("improvements", "/manage/evaluation/improvements/"),
        ("competence", "/manage/catalogue/competence/"),
        ("competence-row", "/manage/competence/row/"),
        ("propose", "/manage/evaluation/2.002516/unused/"),
    ):
        controller.open(address)
        controller.look(name)
    controller.open("/manage/catalogue/1.004222/")
    controller.send("form[action$='/draft/'] button")
    life = controller.path
    for part in ("general", "service", "cases", "terms", "documents", "results"):
        controller.open(f"{life}part/{part}/")
        controller.look(f"part-{part}")
    controller.open(f"{life}act/withdraw/")
    controller.page.fill("#id_reason", "Lập để xem")
    controller.send("main form button.govuk-button")
