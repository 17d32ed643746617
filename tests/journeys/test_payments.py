"""A fee on a phone by VietQR and by VNPAY, the counter's second window, a refund by two: against the simulators."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from dossiers.models import Dossier
from oss_portal.engines.folder import CHECKOUT
from payments import charges
from payments.ledger import audit
from payments.models import Charge, DayClosing, Payment, Refund
from tests.factories.dossiers import received
from tests.journeys.visitor import DESKTOP, LANGUAGES, PHONE
from tests.simulators.processes import BankProcess, start_bank

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
SECRET = "journey"
BOTH = ["vi", "en"]  # citizen, counter, cashier and a refund by two, in both languages every day


@dataclass
class Outside:
    bank: BankProcess
    charges: dict[str, Charge]


@pytest.fixture(scope="module")
def outside(portal, django_db_blocker) -> Iterator[Outside]:
    """Bank and VNPAY beside the running portal, and four fees of one citizen."""
    ipn = f"{portal.address}/payments/vnpay/callback"
    command = [sys.executable, "-m", "simulators.vnpay", "--port", "0", "--ipn-url", ipn, "--secret", SECRET]
    vnpay = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    url = vnpay.stdout.readline().split()[-1]
    bank = start_bank(portal.address, SECRET)
    process = next(bank)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    named = {
        "BANK_URL": process.url,
        "BANK_SECRET": SECRET,
        "VNPAY_URL": f"{url}/paymentv2/vpcpay.html",
        "VNPAY_API_URL": f"{url}/merchant_webapi/api/transaction",
        "VNPAY_TMN_CODE": "DEMOBN01",
        "VNPAY_HASH_SECRET": SECRET,
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {**policy, "form-action": [*policy["form-action"], url]}},
    }
    with override_settings(**named):
        with django_db_blocker.unblock():
            ways = [(way, language) for way in ("qr", "vnpay", "desk", "cash") for language in BOTH]
            found = {f"{way}-{language}": _fee(portal.cast, way, language) for way, language in ways}
        yield Outside(process, found)
    vnpay.terminate()
    vnpay.wait(60)
    bank.close()


def _fee(cast, way: str, language: str) -> Charge:
    from procedures.models import Edition

    edition = Edition.objects.filter(status="published", procedure__code="1.013228").first()
    dossier = received(cast, edition, timezone.now(), key=f"pay-{way}-{language}", limit_days="5")
    if way == "cash":  # the dossier's own fee, so that the page after taking in offers to collect it
        Dossier.objects.filter(pk=dossier.pk).update(fee_amount=26_000, fee_settled_at=None)
    return charges.raise_charge(
        owner=dossier.reference,
        reason="fee" if way == "cash" else "extra",
        title=f"{dossier.code} · {edition.title}",
        payer_name=dossier.owner_name,
        agency_code=cast.counter.post.agency.code,
        agency_name=cast.counter.post.agency.name,
        lines=[{"name": "Phí thẩm định", "name_en": "Appraisal fee", "amount": 26_000}],
        by="test",
    )


@pytest.mark.parametrize("language", BOTH)
def test_two_taps_on_a_phone(portal, visit, outside, language):
    me = visit(language, PHONE, portal.cast.citizen)
    charge = outside.charges[f"qr-{language}"]
    me.open(f"/payments/{charge.uid}/")
    me.look("pay")
    me.send("button[name=way][value=bank]")
    me.look("pay-qr")
    payment = Payment.objects.get(charge=charge)
    assert outside.bank.scan(payment.qr_payload) == ["00"]
    me.page.locator("a[href$='/receipt']").first.wait_for()  # without reloading
    me.look("paid")
    charge = outside.charges[f"vnpay-{language}"]
    me.open(f"/payments/{charge.uid}/")
    me.page.locator("button[name=way][value=vnpay]").click()
    me.page.wait_for_url("**/paymentv2/vpcpay.html**")
    me.page.locator("form button").click()
    me.page.wait_for_url(f"**/payments/{charge.uid}/")
    me.page.locator("a[href$='/receipt']").first.wait_for()
    me.look("paid-by-vnpay")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counter_shows_the_code_by_one_key(portal, visit, outside, language):
    counter, window = (visit(language, DESKTOP, portal.cast.counter) for _n in range(2))
    charge = outside.charges[f"desk-{language}"]
    window.open("/money/window/")
    window.look("window-empty")
    counter.open(f"/payments/{charge.uid}/")
    counter.press("q")
    window.page.locator("#customer-window svg").wait_for()
    window.look("window-code")
    counter.look("counter-code")
    outside.bank.scan(Payment.objects.get(charge=charge).qr_payload)
    window.page.locator("[data-paid]").wait_for()
    window.look("window-paid")
    counter.page.locator("a[href$='/receipt']").first.wait_for()  # this page learnt of it too
    for path, name in (
        ("/money/", "money"),
        ("/money/strays/", "strays"),
        ("/money/refunds/", "refunds"),
        ("/money/statements/", "statements"),
        ("/money/statements/import/", "import"),
        ("/money/report/", "report"),
        ("/money/held/vnpay-demobn01/", "held"),
        ("/money/cash/", "close-cash"),
        (f"/payments/{charge.uid}/refund", "ask-refund"),
    ):
        counter.open(path)
        counter.look(f"money-{name}")


@pytest.mark.parametrize("language", BOTH)
def test_cash_by_few_keys_a_refund_by_two_and_the_day_closed(portal, visit, outside, tmp_path, language):
    counter = visit(language, DESKTOP, portal.cast.counter)
    page, charge = counter.page, outside.charges[f"cash-{language}"]
    code = Dossier.objects.get(uid=charge.owner.partition(":")[2]).code
    counter.open(f"/desk/done/{code}/")
    counter.presses = 0
    counter.press("F7")
    page.wait_for_url("**/payments/*/")
    counter.press("m")
    page.wait_for_url("**/cash")
    counter.look("cash")
    page.focus("[name=received]")  # looking at both widths took the focus
    counter.press("Space", "Control+Enter")
    page.locator("a[href$='/receipt']").first.wait_for()
    assert counter.presses <= 6, "from received to paid"

    counter.open(f"/payments/{charge.uid}/refund")
    page.fill("[name=ground]", "Rút hồ sơ")
    counter.send("main form .govuk-button")
    counter.look("refund-asked")
    head = visit(language, DESKTOP, portal.cast.head)
    address = f"/money/refunds/{Refund.objects.get(charge=charge).uid}/"
    head.open(address)
    head.look("refund-to-decide")
    head.send("button[value=grant]")
    counter.open(address)
    counter.send("main form .govuk-button")
    counter.look("refund-done")
    assert Refund.objects.get(charge=charge).state == "done"

    day = tmp_path / "day.xml"
    day.write_bytes(urlopen(f"{outside.bank.url}/statement.xml", timeout=30).read())
    counter.open("/money/statements/import/")
    page.select_option("[name=account]", index=1)
    page.select_option("[name=format]", "camt053")
    page.set_input_files("[name=file]", day)
    counter.send("main form .govuk-button")
    counter.look("statement-lines")
    while (row := page.locator("tr[data-row]", has=page.locator("a[href*='/money/lines/']")).first).count():
        said = row.inner_text()
        reason = "cost" if "FTCOST" in said else "reversal" if "FTREVERSED" in said else "other"
        row.locator("a[href*='/money/lines/']").click()
        page.wait_for_url("**/money/lines/**")
        if reason == "reversal":
            counter.look("statement-line")
        page.check(f"[name=reason][value={reason}]")
        page.fill("[name=explanation]", "Theo sổ phụ của ngân hàng")
        counter.send("main form .govuk-button")
    if not DayClosing.objects.exists():  # the same file in another language changes nothing
        counter.send("form[action$='/close'] button")
    counter.look("day-closed")
    assert DayClosing.objects.count() == 1
    assert audit.broken_rules() == {}
