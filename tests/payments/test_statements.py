"""Statements as banks really write them, what they hold, and days that close only when they balance."""

import unicodedata
from datetime import date, timedelta

import pytest

from core.refusals import Refused
from payments import accounts, verification
from payments.ledger import audit
from payments.ledger.posting import Account, balance
from payments.models import BankStatement, LineMatch, Payment, StatementLine, StatementMapping, StrayMoney
from payments.providers.base import Report, Status
from payments.providers.registry import provider_named
from payments.statements import arrived, bookings, camt053, closing, csv_file, explaining, importing, mt940
from payments.statements.bookings import UnreadableStatement, whole_dong
from payments.statements.references import cut_references_in, references_in
from tests.factories.charges import ask_to_pay, charge_thing, refused
from tests.factories.moments import at

NOON = at("2026-11-23 12:00")
DAY = date(2026, 11, 23)
MT940 = """:20:STMT1
:25:970436/{account}
:28C:00361/001
:60F:C261230VND1000000,00
:61:2612301230C500000,00NTRFHS0001//B1
:86:LE PHI HO SO TT34679ACDEF
GHJ NGUYEN VAN AN
:61:2612311231RC500000,NTRFNONREF//B2
:86:HOAN LAI GIAO DICH B1
:61:2701011231C200000,00NTRFHS0002//B3
:86:LE PHI HO SO 0002
:61:2612311231RD30000,00NTRFNONREF//B4
:86:HUY PHI
:62F:C270102VND1230000,00
-
"""


def camt(entries: str, opening: int = 0, closing: int = 0, account: str = "0011002233445") -> bytes:
    bal = (
        "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='VND'>{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        "<Dt><Dt>2026-11-23</Dt></Dt></Bal>"
    )
    return (
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt><Stmt><Id>S1</Id>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{bal.format('OPBD', opening)}"
        f"{bal.format('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(
    amount: object, purpose: str = "", *, way: str = "CRDT", status: str = "<Cd>BOOK</Cd>", more: str = ""
) -> str:
    return (
        f"<Ntry><NtryRef>N{amount}{way}{purpose[:3]}</NtryRef><Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>"
        f"{more}<Sts>{status}</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt>"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def test_mt940_reversals_new_year_and_lines_of_a_purpose():
    read = mt940.read_mt940(MT940.format(account="0011001234567").encode())
    lines = list(read.bookings)
    assert [(line.amount, line.reversal) for line in lines] == [
        (500_000, False),
        (-500_000, True),
        (200_000, False),
        (30_000, True),
    ]
    assert (read.opening, read.closing) == (1_000_000, 1_230_000)
    assert read.opening + sum(line.amount for line in lines) == read.closing
    assert (lines[2].day, lines[2].value_day) == (date(2026, 12, 31), date(2027, 1, 1))
    assert references_in(lines[0].purpose) == ["TT34679ACDEFGH"]
    assert lines[1].bank_reference == "B2"


def test_a_camt_entry_that_is_pending_is_no_money():
    entries = entry(500_000, "a") + entry(70_000, "b", status="<Cd>PDNG</Cd>") + entry(9_000, "c", status="PDNG")
    read = camt053.read_camt053(camt(entries, 0, 500_000))
    assert [line.amount for line in read.bookings] == [500_000]
    assert (read.pending, read.opening, read.closing, read.account) == (2, 0, 500_000, "0011002233445")


def test_a_camt_reversal_takes_back_what_its_indicator_says():
    reversal = "<RvslInd>true</RvslInd>"
    entries = entry(500_000) + entry(500_000, way="DBIT", more=reversal) + entry("20000.00", more=reversal)
    lines = list(camt053.read_camt053(camt(entries)).bookings)
    assert [(line.amount, line.reversal) for line in lines] == [(500_000, False), (-500_000, True), (20_000, True)]


def batch(whole: int, *transactions: str, way: str = "CRDT") -> str:
    joined = "".join(f"<TxDtls>{each}</TxDtls>" for each in transactions)
    details = f"<Btch><NbOfTxs>{len(transactions)}</NbOfTxs></Btch>{joined}"
    return entry(whole, way=way).replace("<TxDtls><RmtInf><Ustrd></Ustrd></RmtInf></TxDtls>", details)


_AN = "<Amt Ccy='VND'>500000</Amt><RltdPties><Dbtr><Nm>Lê An</Nm></Dbtr></RltdPties><RmtInf><Ustrd>TT1</Ustrd></RmtInf>"
_BINH = "<AmtDtls><TxAmt><Amt Ccy='VND'>1000000.00</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>quà</Ustrd></RmtInf>"


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        (
            batch(1_500_000, _AN, _BINH),
            [(500_000, "TT1", "Lê An"), (1_000_000, "quà", "")],
        ),  # ISO 20022, camt.053: Btch
        (batch(1_500_000, _AN, _BINH, way="DBIT"), [(-500_000, "TT1", "Lê An"), (-1_000_000, "quà", "")]),
        (
            batch(500_000, f"<CdtDbtInd>DBIT</CdtDbtInd>{_AN}", f"<CdtDbtInd>CRDT</CdtDbtInd>{_BINH}"),
            [(-500_000, "TT1", "Lê An"), (1_000_000, "quà", "")],
        ),
        (batch(1_499_000, _AN, _BINH), [(1_499_000, "TT1 quà", "Lê An")]),  # less the bank's fee: they do not add up
        (batch(1_500_000, _AN, _BINH.replace("VND", "USD")), [(1_500_000, "TT1 quà", "Lê An")]),
        (batch(1_500_000, _AN, _BINH.replace("00.00", "00.50")), [(1_500_000, "TT1 quà", "Lê An")]),
    ],
)
def test_transactions_of_a_camt_batch_are_lines_of_their_own_when_they_add_up(entries, lines):
    read = list(camt053.read_camt053(camt(entries)).bookings)
    assert [(line.amount, line.purpose, line.payer) for line in read] == lines


@pytest.mark.parametrize(
    "content",
    [b"", b"<a/>", b"not xml", camt(entry("1.5")), camt(entry(5).replace("VND", "USD")), camt(entry(5, way="X"))],
)
def test_what_is_no_camt_statement_is_said(content):
    with pytest.raises(UnreadableStatement):
        list(camt053.read_camt053(content).bookings)


@pytest.mark.parametrize(
    ("text", "marks", "amount"),
    [
        ("1500000", {}, 1_500_000),
        ("1500000.00", {}, 1_500_000),
        ("1.500.000,00", {"decimal": ",", "group": "."}, 1_500_000),
        ("-1,500,000.00", {"group": ","}, -1_500_000),
        ("1 500 000", {}, 1_500_000),
        ("500000,", {"decimal": ",", "group": "."}, 500_000),
        ("", {}, 0),
    ],
)
def test_amounts_as_banks_write_them(text, marks, amount):
    assert whole_dong(text, place="x", **marks) == amount


@pytest.mark.parametrize("text", ["1,5", "1500000.50", "abc", "NaN", "1e99", "1.500.000"])
def test_a_part_of_a_dong_is_no_amount(text):
    with pytest.raises(UnreadableStatement):
        whole_dong(text, place="x")


@pytest.mark.parametrize(
    ("purpose", "found", "cut"),
    [
        ("Nộp lệ phí TT34679ACDEFGH của Nguyễn Văn Ân", ["TT34679ACDEFGH"], []),
        ("tt34679acdefgh", ["TT34679ACDEFGH"], []),
        ("NOP LE PHI TT34679 ACDEFGH", ["TT34679ACDEFGH"], []),
        ("TT34679ACDEFGH;TT34679ACDEFGJ", ["TT34679ACDEFGH", "TT34679ACDEFGJ"], []),
        ("UBND xa. Nop phi TT34679ACD", [], ["TT34679ACD"]),
        ("MBVCB.661.IBFT TT34679ACD", [], ["TTT34679ACD", "TT34679ACD"]),
        ("khong co gi", [], []),
        ("TT346", [], []),
    ],
)
def test_references_in_what_people_and_banks_write(purpose, found, cut):
    assert [reference for reference in references_in(purpose) if reference in found or not found] == found
    assert cut_references_in(purpose) == cut


CSV = "\ufeffNgân hàng,,,,\nNgày,Ghi có,Ghi nợ,Nội dung,Số dư\n{}\n,,,Cộng,\n"


def mapping(**facts) -> StatementMapping:
    given = {
        "name": "VCB",
        "date_column": "Ngày",
        "credit_column": "Ghi có",
        "debit_column": "Ghi nợ",
        "purpose_column": "Nội dung",
        "balance_column": "Số dư",
        "decimal": "comma",
    }
    return StatementMapping(**given | facts)


def test_a_csv_by_its_mapping():
    rows = '23/11/2026,"26.000,00",,"Nộp TT34679ACDEFGH","126.000,00"\n23/11/2026,,"1.100",Phí,"124.900"'
    read = csv_file.read_csv(CSV.format(rows).encode(), mapping())
    assert [(line.day, line.amount, line.purpose) for line in read.bookings] == [
        (DAY, 26_000, "Nộp TT34679ACDEFGH"),
        (DAY, -1_100, "Phí"),
    ]
    assert (read.opening, read.closing) == (100_000, 124_900)


def test_a_csv_whose_lines_end_at_their_last_filled_cell():
    """Excel leaves the dividers behind the last filled cell away, on some lines of a file and not on others."""
    rows = (
        "23/11/2026,26.000,,Nộp TT34679ACDEFGH,126.000\n23/11/2026,9.000,,Nộp phí\n23/11/2026,5.000\nTổng cộng,40.000"
    )
    read = csv_file.read_csv(CSV.format(rows).encode(), mapping())
    assert [(line.amount, line.purpose) for line in read.bookings] == [
        (26_000, "Nộp TT34679ACDEFGH"),
        (9_000, "Nộp phí"),
        (5_000, ""),
    ]


def test_heads_of_a_csv_are_known_however_they_are_broken_and_composed():
    heads = unicodedata.normalize("NFD", 'NGÀY,"Ghi  có\n(Credit)",Ghi nợ,Nội dung,Số dư')
    content = f"{heads}\n23/11/2026,26.000,,Nộp,126.000\n"
    read = csv_file.read_csv(content.encode(), mapping(credit_column="Ghi có (Credit)"))
    assert [(line.day, line.amount) for line in read.bookings] == [(DAY, 26_000)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CSV.format("2026-11-23,1,,x,1").encode(), "không đúng dạng"),
        (CSV.format('23/11/2026,"1,5",,x,1').encode(), "tròn đồng"),
        (b"a,b\n1,2\n", "Không thấy dòng tiêu đề"),
        ("Ngày".encode("utf-16"), "Không thấy dòng tiêu đề|không đọc được"),
    ],
)
def test_a_csv_that_does_not_fit_says_what_to_do(content, said):
    with pytest.raises(UnreadableStatement, match=said):
        list(csv_file.read_csv(content, mapping()).bookings)


@pytest.fixture
def account(things):
    return accounts.province_account(provider_named("bank"))


def told(payment: Payment, amount: int, number: str, provider: str = "bank"):
    report = Report(payment.reference, Status.PAID, amount, number, {"amount": str(amount)})
    return verification.verify_report(report, provider=provider, kind="callback", at=NOON)


def imported(account, entries: str, opening: int = 0, closing: int = 0) -> BankStatement:
    content = camt(entries, opening, closing)
    return importing.import_statement(account, "camt053", content, name="x.xml", by="Kế toán", at=NOON)


@pytest.mark.django_db
def test_matched_by_reference_and_amount_and_entered(account):
    one, two, three = (ask_to_pay(charge_thing(f"thing:{n}"), at=NOON) for n in (1, 2, 3))
    told(one, 26_000, "FT1")
    both = f"{two.reference} {three.reference}"
    statement = imported(
        account, entry(26_000, one.reference) + entry(52_000, both) + entry(-0 or 7_000, "quà"), 0, 85_000
    )
    states = dict(statement.lines.values_list("amount", "state"))
    assert states == {26_000: "matched", 52_000: "matched", 7_000: "open"}
    assert LineMatch.objects.count() == 3
    assert balance(Account.BANK, account.key) == 78_000
    arrived.confirm_arrived([two.pk, three.pk], at=NOON)
    arrived.confirm_arrived([two.pk, three.pk], at=NOON)
    assert Payment.objects.filter(state="confirmed").count() == 3
    assert balance(Account.CLEARING, account.key) == 0
    assert told(two, 26_000, "FT-late") == "repeated"  # the call comes after the statement
    assert not StrayMoney.objects.exists()
    assert audit.broken_rules() == {}


@pytest.mark.django_db
def test_a_stranger_in_a_batch_leaves_the_others_matched(account):
    ours = [ask_to_pay(charge_thing(f"thing:{n}"), at=NOON) for n in (1, 2)]
    texts = [payment.reference for payment in ours] + ["quà"]
    paid = [f"<Amt Ccy='VND'>26000</Amt><RmtInf><Ustrd>{text}</Ustrd></RmtInf>" for text in texts]
    for _time in (1, 2):  # an overlapping file brings nothing anew
        statement = imported(account, batch(78_000, *paid) + entry(_time), 0, 78_000 + _time)
    assert sorted(StatementLine.objects.filter(amount=26_000).values_list("state", flat=True)) == ["matched"] * 2 + [
        "open"
    ]
    assert (statement.lines_read, statement.lines_new) == (4, 1)


@pytest.mark.parametrize("reference", ["N1500000CRDT", ""])
@pytest.mark.parametrize("whole_first", [True, False])
@pytest.mark.django_db
def test_a_batch_counts_once_whether_it_comes_whole_or_taken_apart(account, monkeypatch, reference, whole_first):
    """So were all read before its transactions were, and so is a bank's MT940 or CSV still."""
    monkeypatch.setattr(importing, "_BATCH", 1)
    taken_apart = batch(1_500_000, _AN, _BINH)
    if not reference:
        taken_apart = taken_apart.replace("<NtryRef>N1500000CRDT</NtryRef>", "")
    files = [
        ("csv", f"Ngày,Ghi có,Ghi nợ,Nội dung,Số\n23/11/2026,1500000,,TT1 quà,{reference}\n".encode()),
        ("camt053", camt(taken_apart + entry(4_000, "mới"))),
    ]
    named = mapping(reference_column="Số", balance_column="")
    for kind, content in files if whole_first else reversed(files):
        statement = importing.import_statement(
            account, kind, content, name="x", by="Kế toán", at=NOON, mapping=named if kind == "csv" else None
        )
    lines = StatementLine.objects.order_by("id").values_list("amount", flat=True)
    assert list(lines) == ([1_500_000, 4_000] if whole_first else [500_000, 1_000_000, 4_000])
    assert (statement.lines_read, statement.lines_new) == ((3, 1) if whole_first else (1, 0))


@pytest.mark.django_db
def test_imported_twice_changes_nothing_whatever_the_file(account):
    payment = ask_to_pay(charge_thing(), at=NOON)
    entries = entry(26_000, payment.reference) + entry(5_000, "x") + entry(5_000, "x")
    first = imported(account, entries)
    assert imported(account, entries) == first
    again = imported(account, entries + entry(8_000, "mới"))  # a longer statement of the same day
    assert (again.lines_read, again.lines_new) == (4, 1)
    assert StatementLine.objects.count() == 4
    assert balance(Account.BANK, account.key) == 26_000


@pytest.mark.django_db
def test_other_amounts_cut_references_and_money_twice(account):
    payment, other = ask_to_pay(charge_thing(), at=NOON), ask_to_pay(charge_thing("thing:2"), at=NOON)
    told(payment, 26_000, "FT1")
    told(payment, 26_000, "FT2")
    told(other, 25_000, "FT3")
    statement = imported(
        account,
        entry(26_000, f"A {payment.reference}")
        + entry(26_000, f"B {payment.reference}")
        + entry(25_000, other.reference)
        + entry(26_000, f"C {payment.reference}")
        + entry(26_000, f"IBFT {other.reference[:10]}"),
    )
    assert (
        sorted(statement.lines.values_list("purpose", "state"))
        == sorted(
            [
                (f"A {payment.reference}", "matched"),
                (f"B {payment.reference}", "matched"),  # the surplus that the bank told of
                (other.reference, "matched"),  # the partial sum
                (f"C {payment.reference}", "open"),
                (f"IBFT {other.reference[:10]}", "matched"),
            ]
        )
    )
    assert audit.broken_rules() == {}


@pytest.mark.django_db
def test_a_statement_of_another_account_is_refused_whole(account):
    with refused("other_account"):
        importing.import_statement(account, "camt053", camt(entry(5), account="999"), name="x", by="k", at=NOON)
    assert not StatementLine.objects.exists()


@pytest.mark.django_db
def test_a_day_closes_only_when_it_balances(account, cast):
    payment, late = ask_to_pay(charge_thing(), at=NOON), ask_to_pay(charge_thing("thing:2"), at=NOON)
    told(payment, 26_000, "FT1")
    told(late, 26_000, "FT2")
    entries = entry(26_000, payment.reference) + entry(1_100, "Phí", way="DBIT") + entry(9_000, "Ông Ân")
    imported(account, entries, 100_000, 133_900)

    def close(note=""):
        return closing.close_day(account, DAY, note, by=cast.counter, at=NOON)

    with pytest.raises(Refused) as caught:
        close()
    assert "Còn 2 dòng" in str(caught.value)
    cost, gift = StatementLine.objects.get(amount=-1_100), StatementLine.objects.get(amount=9_000)
    with pytest.raises(Refused):
        explaining.explain_line(cost, "stray", "phí", by=cast.counter, at=NOON)
    explaining.explain_line(cost, "cost", "Phí tháng 11", by=cast.counter, at=NOON)
    with pytest.raises(Refused):
        explaining.explain_line(gift, "stray", "  ", by=cast.counter, at=NOON)
    explaining.explain_line(gift, "stray", "Không ghi mã", by=cast.counter, at=NOON)
    assert StrayMoney.objects.get(provider="statement").amount == 9_000
    with refused("unbalanced"):
        close()  # 26.000 đ are reported, not on the statement
    closed = close("Tiền về ngày sau")
    assert (closed.opening, closed.moved, closed.closing, closed.in_transit) == (100_000, 33_900, 133_900, 26_000)
    with refused("day_closed"):
        imported(account, entry(3_000, "muộn"))
    with refused("unbalanced"):
        close("lần nữa")
    with pytest.raises(Refused, match="Chưa có sao kê"):  # the next day, before the bank has told of it
        closing.close_day(account, DAY + timedelta(days=1), by=cast.counter, at=NOON)
    assert audit.broken_rules() == {}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.django_db
def test_a_day_that_comes_in_several_files(account, order):
    """The morning's, the afternoon's and the evening's, imported in any order; also where the balance comes back."""
    files = [(entry(50_000, "sáng"), 100_000, 150_000), (entry(5_000, "trưa", way="DBIT"), 150_000, 145_000)]
    files.append((entry(7_000, "tối"), 145_000, 152_000))
    for number in order:
        imported(account, *files[number])
    stands = closing.day_balance(account, DAY)
    assert (stands.opening, stands.moved, stands.told, stands.closing) == (100_000, 52_000, 152_000, 152_000)


@pytest.mark.django_db
def test_a_day_in_files_that_ends_as_it_began(account):
    imported(account, entry(50_000, "sáng"), 100_000, 150_000)
    imported(account, entry(50_000, "trưa", way="DBIT"), 150_000, 100_000)
    stands = closing.day_balance(account, DAY)
    assert (stands.opening, stands.told, stands.closing) == (100_000, 100_000, 100_000)


@pytest.mark.django_db
def test_a_statement_that_lacks_a_line_does_not_close(account, cast):
    payment = ask_to_pay(charge_thing(), at=NOON)
    told(payment, 26_000, "FT1")
    imported(account, entry(26_000, payment.reference), 0, 27_000)
    with pytest.raises(Refused) as caught:
        closing.close_day(account, DAY, by=cast.counter, at=NOON)
    assert "lệch 1.000\u00a0đ" in str(caught.value)


def test_bookings_are_plain_values():
    assert bookings.Booking(DAY, DAY, 5) == bookings.Booking(DAY, DAY, 5)
