"""Importing a statement: read once, matched batch by batch, written by COPY. The same again changes nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.refusals import Refused
from journal import audit_log, outbox
from payments.models import BankStatement, CollectionAccount, DayClosing, StatementLine, StatementMapping
from payments.statements import camt053, csv_file, mt940
from payments.statements.bookings import Booking, Statement, UnreadableStatement
from payments.statements.matching import Matched, match_bookings
from vietnam.dates import format_date

_BATCH = 4_000
_CONFIRMED_TOGETHER = 200
LARGEST_FILE = 40 * 1024 * 1024
_LINE = (
    "id, statement_id, account_id, fingerprint, batch, day, value_day, amount, reversal, bank_reference, purpose, "
    'payer, "references", state, reason, explanation, settled_by, settled_at'
)


def import_statement(
    account: CollectionAccount,
    kind: str,
    content: bytes,
    *,
    name: str,
    by: str,
    at: datetime,
    mapping: StatementMapping | None = None,
) -> BankStatement:
    """Import a file of the account; one that was imported before is returned unchanged.

    Raises UnreadableStatement for a file that says nothing we understand (nothing of it is kept), and Refused for one
    of another account or with new lines on a day that is closed.
    """
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        CollectionAccount.objects.select_for_update().get(pk=account.pk)
        if known := BankStatement.objects.filter(account=account, sha256=digest).first():
            return known
        read = _opened(kind, content, mapping)
        writer = _Writer(account, by=by, at=at)
        bookings = (booking for booking in read.bookings if booking.amount)
        while batch := list(islice(bookings, _BATCH)):
            writer.write(batch)
        if not writer.count:
            raise UnreadableStatement(_("Tệp không có dòng nào là tiền đã ghi sổ. Không có gì được nhập."))
        _require_same_account(read, account)
        statement = BankStatement.objects.create(
            pk=writer.statement,
            account=account,
            format=kind,
            name=name[:120],
            sha256=digest,
            content=content,
            first_day=writer.first,
            last_day=writer.last,
            opening=read.opening,
            closing=read.closing,
            lines_read=writer.count,
            lines_new=writer.new,
            pending=read.pending,
            imported_by=by[:200],
            imported_at=at,
        )
        audit_log.record_entry(
            "statement_imported", f"collection-account:{account.key}", by=by[:200], sha256=digest, lines=writer.new
        )
    return statement


def _opened(kind: str, content: bytes, mapping: StatementMapping | None) -> Statement:
    if kind == BankStatement.Format.MT940:
        return mt940.read_mt940(content)
    if kind == BankStatement.Format.CAMT053:
        return camt053.read_camt053(content)
    if mapping is None:
        raise UnreadableStatement(_("Hãy chọn mẫu đọc tệp cho tệp CSV."))
    return csv_file.read_csv(content, mapping)


def _require_same_account(read: Statement, account: CollectionAccount) -> None:
    number = str(account.options.get("number", ""))
    if read.account and number and number not in read.account.replace(" ", ""):
        raise Refused(
            "other_account",
            _("Tệp là sao kê của tài khoản %(told)s, không phải %(number)s. Hãy chọn đúng tài khoản.")
            % {"told": read.account[:40], "number": number},
        )


class _Writer:
    """Writes batches of bookings with what they hold, and their entries in the ledger."""

    def __init__(self, account: CollectionAccount, *, by: str, at: datetime) -> None:
        self.account, self.by, self.at = account, by[:200], at
        with connection.cursor() as cursor:
            # Keys are taken before their rows are written; whoever seals must see that somebody is writing.
            cursor.execute("LOCK TABLE payments_bankstatement, payments_statementline IN ROW EXCLUSIVE MODE")
        self.statement = self._keys("payments_bankstatement", 1)[0]
        self.seen: Counter[int] = Counter()
        self.batch: tuple[Booking | None, str] = None, ""  # the last one, with its fingerprint
        self.count = self.new = self.batches = 0
        self.first, self.last = date.max, date.min
        self.closed = set(DayClosing.objects.filter(account=account).values_list("day", flat=True))

    def write(self, batch: list[Booking]) -> None:
        marks = [(self._fingerprint(booking), self._batch_of(booking)) for booking in batch]
        self.count += len(batch)
        self.first = min(self.first, *(booking.day for booking in batch))
        self.last = max(self.last, *(booking.day for booking in batch))
        known = self._known(marks)
        fresh = [(booking, told) for booking, told in zip(batch, marks, strict=True) if known.isdisjoint(told)]
        if not fresh:
            return
        if late := next((booking for booking, _marks in fresh if booking.day in self.closed), None):
            raise Refused(
                "day_closed",
                _("Ngày %s đã chốt mà tệp có dòng mới của ngày ấy. Hãy hỏi ngân hàng rồi báo người quản lý.")
                % format_date(late.day),
            )
        self.new += len(fresh)
        self.batches += 1
        self._send(fresh, match_bookings(self.account, [booking for booking, _marks in fresh]))

    def _send(self, fresh: list[tuple[Booking, tuple[str, str]]], matched: list[Matched]) -> None:
        keys = self._keys("payments_statementline", len(fresh))
        held = [(key, found) for key, found in zip(keys, matched, strict=True) if found.found]
        self._copy("payments_statementline", _LINE, self._lines(keys, fresh, matched))
        self._copy(
            "payments_linematch",
            "line_id, payment_id, stray_id, amount",
            (
                row
                for key, found in held
                for row in (
                    *((key, pk, None, amount) for pk, amount in found.payments),
                    *((key, None, pk, amount) for pk, amount in found.strays),
                )
            ),
        )
        if held:
            self._enter([found for _key, found in held])
        waiting = [pk for _key, found in held for pk in found.unconfirmed]
        for place in range(0, len(waiting), _CONFIRMED_TOGETHER):
            some = waiting[place : place + _CONFIRMED_TOGETHER]
            outbox.record_message("payments.confirm_arrived", {"payments": some})

    def _lines(
        self, keys: list[int], fresh: list[tuple[Booking, tuple[str, str]]], matched: list[Matched]
    ) -> Iterator[tuple]:
        for key, (booking, marks), found in zip(keys, fresh, matched, strict=True):
            state = StatementLine.State.MATCHED if found.found else StatementLine.State.OPEN
            yield (
                key,
                self.statement,
                self.account.pk,
                *marks,
                booking.day,
                booking.value_day,
                booking.amount,
                booking.reversal,
                booking.bank_reference[:80],
                booking.purpose[:500],
                booking.payer[:200],
                found.references[:50],
                str(state),
                "",
                "",
                self.by if found.found else "",
                self.at if found.found else None,
            )

    def _enter(self, held: list[Matched]) -> None:
        """One transaction a batch: what providers reported has arrived at the bank."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO payments_ledgertransaction (kind, key, agency_code, at, by, note) "
                "VALUES ('arrived', %s, %s, %s, %s, '') RETURNING id",
                [f"arrived:{self.statement}:{self.batches}", self.account.agency_code, self.at, self.by],
            )
            entered = cursor.fetchone()[0]
        place, total = self.account.key, sum(a for found in held for _pk, a in (*found.payments, *found.strays))
        columns = "transaction_id, account, place, amount, payment_id, stray_id"

        def lines() -> Iterator[tuple]:
            yield entered, "bank", place, total, None, None
            for found in held:
                for pk, amount in found.payments:
                    yield entered, "clearing", place, -amount, pk, None
                for pk, amount in found.strays:
                    yield entered, "clearing", place, -amount, None, pk

        self._copy("payments_ledgerline", columns, lines())

    def _known(self, marks: list[tuple[str, str]]) -> set[str]:
        """Those of the fingerprints that are there: of lines, and of batches whose transactions are.

        A batch may come whole in one file and taken apart in another, and was always one line before its transactions
        were read: what is there one way is not counted again the other way.
        """
        own = [mark for mark, _batch in marks]
        batches = list({batch for _mark, batch in marks if batch})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT fingerprint FROM payments_statementline WHERE account_id = %(account)s "
                "AND fingerprint = ANY(%(any)s) UNION ALL SELECT batch FROM payments_statementline "
                "WHERE account_id = %(account)s AND batch <> '' AND batch = ANY(%(own)s)",
                {"account": self.account.pk, "any": own + batches, "own": own},
            )
            return {mark for (mark,) in cursor.fetchall()}

    def _batch_of(self, booking: Booking) -> str:
        """The fingerprint of the batch that it is a transaction of, "" when it is none; once a batch."""
        if booking.batch is None:
            return ""
        if booking.batch is not self.batch[0]:
            self.batch = booking.batch, self._fingerprint(booking.batch)
        return self.batch[1]

    def _fingerprint(self, booking: Booking) -> str:
        """The same booking has the same one in every file; two alike in one file are told apart by their number."""
        own = booking.bank_reference or f"{booking.value_day}|{booking.purpose}"
        alike = f"{booking.day}|{booking.amount}|{own}"
        mark = hashlib.sha256(alike.encode()).digest()
        number = int.from_bytes(mark[:8], "big")
        self.seen[number] += 1
        return hashlib.sha256(f"{alike}|{self.seen[number]}".encode()).hexdigest()

    @staticmethod
    def _keys(table: str, count: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]

    @staticmethod
    def _copy(table: str, columns: str, rows: Iterator[tuple]) -> None:
        with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
