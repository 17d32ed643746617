"""Pages about money: the cashier's list, refunds by two, statements to closing, the report, the customer's window."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import Agency
from core import references
from papers.permissions import PaperRules
from payments import accounts, papers, receipts, settlement, verification
from payments.ledger import audit, strays
from payments.models import (
    CashClosing,
    Charge,
    CollectionAccount,
    DayClosing,
    Payment,
    Receipt,
    ReceiptSeries,
    Refund,
    StatementLine,
    StrayMoney,
)
from payments.providers.base import Report, Status
from payments.providers.registry import provider_named
from payments.statements.likely import charges_meant
from tests.factories.charges import ask_to_pay, charge_thing
from tests.factories.people import AccountFactory, StaffPostFactory

pytestmark = pytest.mark.django_db


def client_of(username: str, agency, role: str = "counter") -> Client:
    account = AccountFactory(username=username, full_name=f"Người {username}")
    StaffPostFactory(account=account, agency=agency, role=role)
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    client.account = account
    return client


@pytest.fixture
def agency(cast):
    return cast.counter.post.agency


@pytest.fixture
def one(agency):
    return client_of("thu.nhat", agency)


@pytest.fixture
def two(agency):
    return client_of("thu.hai", agency)


@pytest.fixture
def charge(things, agency):
    references.register_answers("thing", PaperRules(lambda actor, _owner, _paper: not actor.is_anonymous))
    return charge_thing(agency_code=agency.code, agency_name=agency.name)


def told(payment: Payment, amount: int, number: str = "FT1"):
    report = Report(payment.reference, Status.PAID, amount, number, {"amount": str(amount)})
    verification.verify_report(report, provider="bank", kind="callback", at=timezone.now())


def text(client: Client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def test_a_wrong_amount_is_worked_off_by_the_cashier(one, charge):
    told(ask_to_pay(charge, at=timezone.now()), 20_000)
    assert "20.000\u00a0đ" in text(one, "money-strays")
    stray = StrayMoney.objects.get()
    page = reverse("money-stray", args=[stray.pk])
    assert "Nộp thiếu" in text(one, "money-stray", stray.pk)
    assert one.post(page, {"act": "ask", "note": "Gọi điện hỏi"}).status_code == 302
    assert one.post(page, {"act": "apply", "charge": str(charge.pk)}).status_code == 302
    assert "Không có khoản nào chờ xử lý" in text(one, "money-strays")
    assert "20.000\u00a0đ" in text(one, "money-strays", all="1")
    assert "Còn phải nộp: <strong>6.000\u00a0đ</strong>" in text(one, "payment", charge.uid)
    one.post(reverse("payment-cash", args=[charge.uid]), {"received": "on"})
    assert Receipt.objects.get().amount == 26_000
    assert audit.broken_rules() == {}


def test_money_whose_code_was_typed_wrong_is_proposed_for_its_charge(one, charge, agency):
    code = ask_to_pay(charge, at=timezone.now()).reference
    other = ask_to_pay(charge_thing("thing:2", agency_code=agency.code), at=timezone.now()).reference
    written = {
        f"IBFT NOP PHI {code[:7]}{code[8:]}": True,  # one letter lost
        f"{code[:4]}9{code[4:]}; cam on": True,
        f"{code[:11]}{'3' if code[11] != '3' else '4'}{code[12:]}": True,
        f"{code[:5]}{code[7:]}": False,  # two lost
        "nop phi khong co ma": False,
        "": False,
    }
    for number, (purpose, found) in enumerate(written.items()):
        stray = strays.take_in(
            StrayMoney.Kind.UNKNOWN, agency_code=agency.code, place="bank", provider="statement",
            transaction=f"line:{number}", amount=26_000, at=timezone.now(), by="k", purpose=purpose,
        )  # fmt: skip
        page = text(one, "money-stray", stray.pk)
        assert (f'name="charge" value="{charge.pk}"' in page) is found, purpose
        assert 'name="q"' in page
    assert charges_meant(f"{other[:7]}{other[8:]}", 25_000, Charge.objects.all()) == []  # another amount
    first = StrayMoney.objects.get(transaction="line:0")
    one.post(reverse("money-stray", args=[first.pk]), {"act": "apply", "charge": str(charge.pk)})
    charge.refresh_from_db()
    assert charge.settled_at is not None


def test_a_refund_by_two_people_with_its_paper(one, two, charge):
    one.post(reverse("payment-cash", args=[charge.uid]), {"received": "on"})
    assert "Đề nghị hoàn khoản này" in text(one, "payment", charge.uid)
    page = reverse("payment-refund", args=[charge.uid])
    assert 'value="26.000"' in one.get(page).content.decode()  # as it is written everywhere
    given = {"amount": "26.000", "reason": "withdrawn", "ground": "Rút hồ sơ", "way": "transfer", "target": ""}
    assert "Hãy nhập tài khoản nhận" in one.post(page, given).content.decode()
    assert "Chỉ hoàn được nhiều nhất" in one.post(page, {**given, "way": "cash", "amount": "27.000"}).content.decode()
    assert one.post(page, {**given, "way": "cash"}).status_code == 302
    refund = Refund.objects.get()
    shown = reverse("money-refund", args=[refund.uid])
    one.post(shown, {"act": "grant"})
    refund.refresh_from_db()
    assert refund.state == "asked"
    assert "Duyệt" in text(two, "money-refund", refund.uid)
    two.post(shown, {"act": "grant"})
    one.post(shown, {"act": "pay"})
    refund.refresh_from_db()
    assert refund.state == "done"
    assert "Số giao dịch" not in text(two, "money-refund", refund.uid), "cash has none"
    assert "<span>Đã hoàn</span>" in text(one, "payment", charge.uid)  # and no longer: paid
    Refund.objects.update(done_by="vnpay", provider_transaction="14422574")  # as the provider's answer leaves it
    assert "VNPAY, " in text(two, "money-refund", refund.uid)
    assert 'Số giao dịch <span class="oss-code">14422574</span>' in text(two, "money-refund", refund.uid)
    paper = one.get(reverse("money-refund-paper", args=[refund.uid]), follow=True)
    assert paper["Content-Type"] == "application/pdf"
    shown = text(one, "payment-receipts", charge.uid)
    assert "Biên lai điều chỉnh" in shown
    assert "-26.000\u00a0đ" in shown
    assert audit.broken_rules() == {}


def test_another_agencys_money_is_not_there(charge, two, things):
    from agencies.models import Agency

    other = client_of("xa.khac", Agency.objects.filter(kind="commune_centre").exclude(code=charge.agency_code).first())
    told(ask_to_pay(charge, at=timezone.now()), 20_000)
    assert other.get(reverse("money-stray", args=[StrayMoney.objects.get().pk])).status_code == 404
    assert "20.000\u00a0đ" not in text(other, "money-strays")


CSV = "Ngày,Ghi có,Ghi nợ,Nội dung,Số dư\n{}\n"


def test_from_a_statement_to_a_closed_day(one, charge):
    account = accounts.province_account(provider_named("bank"))
    payment = ask_to_pay(charge, at=timezone.now())
    told(payment, 26_000)
    mapping = {
        "name": "VCB",
        "encoding": "utf-8-sig",
        "delimiter": ",",
        "date_column": "Ngày",
        "date_format": "%d/%m/%Y",
        "credit_column": "Ghi có",
        "debit_column": "Ghi nợ",
        "decimal": "comma",
        "purpose_column": "Nội dung",
        "balance_column": "Số dư",
    }
    assert one.post(reverse("money-mapping"), mapping).status_code == 302
    today = timezone.localdate()
    rows = f'{today:%d/%m/%Y},"26.000,00",,nop {payment.reference},"126.000,00"\n{today:%d/%m/%Y},,1.100,Phi,124.900'
    page = reverse("money-import")

    def send(content: str):
        file = SimpleUploadedFile("so.csv", content.encode())
        from payments.models import StatementMapping

        chosen = {"account": account.pk, "format": "csv", "mapping": StatementMapping.objects.get().pk, "file": file}
        return one.post(page, chosen)

    assert "không đúng dạng" in send(CSV.format("hôm nay,1,,x,1")).content.decode()
    assert "2 dòng mới" in one.get(send(CSV.format(rows))["Location"]).content.decode()
    assert "Tệp này đã được nhập lúc" in one.get(send(CSV.format(rows))["Location"]).content.decode()
    assert StatementLine.objects.count() == 2
    assert "Còn 1 dòng sao kê chưa rõ" in text(one, "money-lines", account.key)
    line = StatementLine.objects.get(state="open")
    shown = reverse("money-line", args=[line.pk])
    assert "không hợp với chiều tiền" in one.post(shown, {"reason": "cash", "explanation": "x"}).content.decode()
    assert one.post(shown, {"reason": "cost", "explanation": "Phí tháng"}).status_code == 302
    one.post(reverse("money-close-day", args=[account.key]), {"day": f"{today}"})
    assert DayClosing.objects.get().closing == 124_900
    assert "Các ngày đã chốt" in text(one, "money-lines", account.key, all="1")
    assert account.options["number"] in text(one, "money-statements")
    assert audit.broken_rules() == {}


def test_cash_is_counted_and_the_sheet_is_a_paper(one, charge):
    one.post(reverse("payment-cash", args=[charge.uid]), {"received": "on"})
    assert "26.000\u00a0đ" in text(one, "money")
    page = reverse("money-close-cash")
    assert "ghi lý do chênh lệch" in one.post(page, {"counted": "20.000"}).content.decode()
    response = one.post(page, {"counted": "26.000"}, follow=True)
    assert response["Content-Type"] == "application/pdf"
    closed = CashClosing.objects.get()
    assert closed.counted == 26_000
    book = one.get(reverse("money-cash-sheet", args=[closed.pk]), {"as": "xlsx"})
    rows = list(load_workbook(BytesIO(book.content)).active.values)
    assert [row[-1] for row in rows[1:]] == ["Số tiền", 26_000, 26_000, 26_000]


def test_a_day_with_cards_alone_has_its_sheet_too(one, agency):
    """The slips of the terminal are handed over with the sheet; the drawer is empty."""
    CollectionAccount.objects.create(
        key="pos-t1", agency_code=agency.code, provider="pos", options={"terminal": "T1"}, valid_from=date(2026, 1, 1)
    )
    page = reverse("money-close-cash")
    assert "không có gì để chốt" in one.post(page, {"counted": "0"}).content.decode()
    paid = charge_thing("thing:card", agency_code=agency.code)
    one.post(reverse("payment-card", args=[paid.uid]), {"approval": "a1b2c3"})
    assert one.post(page, {"counted": "0"}, follow=True)["Content-Type"] == "application/pdf"
    facts = papers.sheet_content(CashClosing.objects.get())
    assert facts["rows"] == []
    assert [(card["approval"], card["amount"]) for card in facts["cards"]] == [("A1B2C3", 26_000)]
    assert "không có gì để chốt" in one.post(page, {"counted": "0"}).content.decode()
    assert audit.broken_rules() == {}


def test_the_report_on_the_page_as_a_workbook_and_as_a_pdf(one, agency, charge, tmp_path):
    settlement.take_cash(charge, by="thu quỹ", at=timezone.now())
    page = text(one, "money-report")
    assert "26.000\u00a0đ" in page
    assert agency.name in page
    book = one.get(reverse("money-report"), {"as": "xlsx"})
    (tmp_path / "thu.xlsx").write_bytes(book.content)
    rows = list(load_workbook(tmp_path / "thu.xlsx").active.values)
    assert rows[2][3:] == ("Tiền mặt", None, 1, 26_000) or rows[2][3:] == ("Tiền mặt", "", 1, 26_000)
    assert rows[-1][-1] == 26_000
    assert one.get(reverse("money-report"), {"as": "pdf"}).content.startswith(b"%PDF")
    assert one.get(reverse("money-report"), {"first": "5/1/2026", "last": "1/1/2026"}).status_code == 422


def test_one_key_shows_the_code_on_the_customers_window(one, charge):
    state = reverse("money-window-state")
    assert "Mã để nộp phí" in text(one, "money-window")
    assert one.get(state, {"seen": "empty"}).status_code == 204
    assert 'data-key="q"' in text(one, "payment", charge.uid)
    one.post(reverse("payment-show", args=[charge.uid]))
    attempt = charge.payments.get()
    shown = one.get(state, {"seen": "empty"}).content.decode()
    assert "<svg" in shown
    assert "data-paid" not in shown
    told(attempt, 26_000)
    shown = one.get(state, {"seen": f"{charge.uid}-0-{attempt.reference}"}).content.decode()
    assert "data-paid" in shown
    assert "Đã nhận tiền" in shown


def test_a_card_at_the_counter(one, charge, agency):
    assert "Quẹt thẻ" not in text(one, "payment", charge.uid)
    CollectionAccount.objects.create(
        key="pos-t1", agency_code=agency.code, provider="pos", options={"terminal": "T1"}, valid_from=date(2026, 1, 1)
    )
    assert "Quẹt thẻ" in text(one, "payment", charge.uid)
    page = reverse("payment-card", args=[charge.uid])
    assert "4 đến 12 chữ cái" in one.post(page, {"approval": "?"}).content.decode()
    assert one.post(page, {"approval": "123456"}).status_code == 302
    again = charge_thing("thing:9", agency_code=agency.code)
    said = one.post(reverse("payment-card", args=[again.uid]), {"approval": "123456"}).content.decode()
    assert "đã được ghi hôm nay" in said
    assert audit.broken_rules() == {}


def test_an_administrator_gives_an_agency_its_account_and_series(agency, charge, settings):
    admin = client_of("quan.tri", agency, "administrator")
    assert "Cả tỉnh" in text(admin, "payment-accounts")
    page = reverse("payment-account-new", args=["bank"])
    given = {"agency_code": agency.code, "bin": "970436", "number": "777", "holder": "UBND", "url": ""}
    assert (
        "Không có cơ quan" in admin.post(page, {**given, "agency_code": "X", "valid_from": "1/1/2030"}).content.decode()
    )
    assert "từ hôm nay trở đi" in admin.post(page, {**given, "valid_from": "1/1/2020"}).content.decode()
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert admin.post(page, {**given, "valid_from": today}).status_code == 302
    made = CollectionAccount.objects.get(agency_code=agency.code, provider="bank")
    assert "PAYMENT_SECRETS[bank-970436-777]" in text(admin, "payment-accounts")
    pos = {"agency_code": agency.code, "terminal": "T123", "valid_from": today}
    saved = admin.post(reverse("payment-account-new", args=["pos"]), pos, follow=True).content.decode()
    assert "Đã lưu tài khoản pos-t123" in saved  # a terminal has no secret
    settings.PAYMENT_SECRETS = {made.key: "bí mật"}
    assert ask_to_pay(charge, at=timezone.now()).account == made
    assert admin.post(page, {**given, "number": "888", "valid_from": "1/1/2030"}).status_code == 302
    made.refresh_from_db()
    assert made.valid_to == date(2029, 12, 31)
    series = {
        "agency_code": agency.code,
        "form_symbol": "01BLP0-001",
        "serial": "BN-26E",
        "collector_name": "UBND phường",
        "collector_tax_code": "2300000001",
        "valid_from": today,
    }
    new = reverse("payment-series-new")
    wrong = admin.post(new, {**series, "serial": "x", "valid_from": ""}).content.decode()
    assert "có dạng BN-26E" in wrong
    assert wrong.index("govuk-error-summary") < wrong.index('name="agency_code"')  # once, above every field
    assert wrong.count("govuk-error-summary__title") == 1
    assert f'<option value="{agency.code}" selected>{agency.name} ({agency.code})' in wrong
    assert admin.post(new, series).status_code == 302
    receipt = settlement.take_cash(charge, by="thu quỹ", at=timezone.now())
    assert (receipt.serial, receipt.number) == ("BN-26E", "0000001")
    content = receipts.receipt_content(receipt)  # who collects as the tax authority knows them
    assert (content["agency"], content["tax_code"]) == ("UBND phường", "2300000001")


def test_heads_read_and_do_not_touch(agency, charge):
    head = client_of("xem.leader", agency, "leader")
    told(ask_to_pay(charge, at=timezone.now()), 20_000)
    assert "20.000\u00a0đ" in text(head, "money-strays")
    for name in ("money", "money-refunds", "money-statements", "money-report"):
        assert "Tiền mặt của tôi" not in text(head, name), "a head has no drawer"
    assert head.get(reverse("money-stray", args=[StrayMoney.objects.get().pk])).status_code == 403
    assert head.get(reverse("money-import")).status_code == 403


def test_a_supervisor_sees_sums_and_nobody_who_paid(agency, charge):
    """Names of payers and what they wrote on a transfer are no figures: they are seen in a dossier that was opened."""
    eye = client_of("giam.sat", agency, "supervisor")
    told(ask_to_pay(charge, at=timezone.now()), 20_000)
    for name in ("money", "money-statements", "money-report"):
        page = text(eye, name)
        assert charge.payer_name not in page
        for closed in ("/money/strays/", "/money/refunds/", "/money/held/", "/money/statements/bank"):
            assert f'href="{closed}' not in page, f"{name} leads to {closed}"
    key = CollectionAccount.objects.get(provider="bank").key
    for name, args in (("money-strays", []), ("money-refunds", []), ("money-lines", [key]), ("money-held", [key])):
        assert eye.get(reverse(name, args=args)).status_code == 403, name


def test_the_head_of_the_body_decides_for_its_centre(one, agency, charge):
    """A commune's centre may have one cashier; its committee's leader is the second person."""
    one.post(reverse("payment-cash", args=[charge.uid]), {"received": "on"})
    given = {"amount": "26.000", "reason": "withdrawn", "ground": "Rút hồ sơ", "way": "cash"}
    one.post(reverse("payment-refund", args=[charge.uid]), given)
    refund = Refund.objects.get()
    assert agency.parent is not None
    head = client_of("lanh.dao", agency.parent, "leader")
    head.post(reverse("money-refund", args=[refund.uid]), {"act": "grant"})
    refund.refresh_from_db()
    assert refund.state == "granted"
    officer = client_of("chuyen.vien", agency.parent, "officer")
    assert officer.get(reverse("money-refund", args=[refund.uid])).status_code == 403


def test_the_page_of_importing_says_what_it_takes_and_chooses_the_only_account(one, agency, charge):
    ask_to_pay(charge, at=timezone.now())
    account = CollectionAccount.objects.get(provider="bank")
    shown = text(one, "money-import")
    assert "Tệp mà ngân hàng gửi" in shown
    assert "ảnh chụp" not in shown  # what dossiers take
    assert f'<option value="{account.pk}" selected>{account.options["number"]} · ' in shown


def test_an_administrator_of_one_agency_leads_no_others_fees_elsewhere(agency, cast):
    """Neither by an account nor by a series of receipts; what others keep is not on their list either."""
    admin = client_of("quan.tri", agency, "administrator")
    other = Agency.objects.filter(kind=Agency.Kind.COMMUNE_CENTRE, valid_to=None).exclude(code=agency.code).first()
    theirs = CollectionAccount.objects.create(
        key="bank-theirs", agency_code=other.code, provider="bank", options={"number": "1"}, valid_from=date(2026, 1, 1)
    )
    since = {"agency_code": other.code, "valid_from": "1/1/2030"}
    bank = {**since, "bin": "970436", "number": "777", "holder": "UBND", "url": ""}
    series = {**since, "form_symbol": "01BLP", "serial": "QZ-26E", "collector_name": "X", "collector_tax_code": ""}
    for name, args, given in (("payment-account-new", ["bank"], bank), ("payment-series-new", [], series)):
        answer = admin.post(reverse(name, args=args), given)
        assert answer.status_code == 422
        assert "Bạn chỉ khai tài khoản và biên lai của cơ quan mình" in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.valid_to is None
    assert not ReceiptSeries.objects.filter(agency_code=other.code, serial="QZ-26E").exists()
    assert "bank-theirs" not in text(admin, "payment-accounts")
