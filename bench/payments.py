"""Payment confirmations a second against the bare statements they need, and against pretix's; a statement matched.

The bank calls the portal with signed reports, by the same view as in production, one after the other; the other side
finds the order by its reference, locks its charge, and runs the INSERTs and UPDATEs of one such call again with fresh
keys, in transactions of the same number (`writes` in the result: without the finding and the lock). By turns, on the
same durable PostgreSQL. With PRETIX_PYTHON (the interpreter of an environment that has pretix) and PRETIX_DATABASE
(the address of an empty PostgreSQL database, best on the same kind of disk) pretix's own confirmation takes its turn
too; see `bench.pretix_payments` for what is left out in its favour. Then 100,000 lines of a CSV statement are matched
to 100,000 open orders in one pass
(`LINES` and `ROUNDS` make it smaller on a busy machine; the result says how busy it was). Run with `make bench
NAME=payments`; the last line is the result as JSON.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bench import stage
from bench.stage import Measured, Statement, say

GOAL, GOAL_PRETIX = 0.5, 3.0
ROUNDS, SECONDS = int(os.environ.get("ROUNDS", "5")), 1.0
LINES = int(os.environ.get("LINES", "100000"))
MOST_MB, MOST_SECONDS = 64, 20.0
MOST_A_SECOND = 150  # ready beforehand, so that their making is not measured
FEE = 26_000
CODE = "H05.BENCH"


def main() -> None:
    begun_load = round(os.getloadavg()[0], 1)
    stage.prepare("bench-payments")
    from django.conf import settings

    settings.BANK_URL, settings.BANK_SECRET = "http://127.0.0.1:9", "bench"
    say("Confirming by the bank's calls, and the bare statements, by turns")
    calls = _callbacks()
    next(calls)()
    writes = _writes(next(calls))
    found = {"bare": Measured(), "writes": Measured(), "calls": Measured()}
    bare, only, pretix = _bare(writes, reads=True), _bare(writes, reads=False), _Pretix.given()
    for _round in range(ROUNDS):
        if pretix:
            found.setdefault("pretix", Measured()).add(pretix.confirm())
        for name, works in (("bare", bare), ("writes", only), ("calls", calls)):
            ready = [next(works) for _n in range(int(SECONDS * MOST_A_SECOND))]
            queue = iter(ready)
            begun = time.perf_counter()
            latencies = []
            while (started := time.perf_counter()) < begun + SECONDS and (work := next(queue, None)):
                work()
                latencies.append((time.perf_counter() - started) * 1000)
            found[name].add(Measured(time.perf_counter() - begun, latencies))
    ours, other = found["calls"].rate, found["bare"].rate
    say(f"{ours:.0f} confirmations a second, {other:.0f} bare")
    holds = ours >= GOAL * other
    compared: dict[str, Any] = {}
    if pretix:
        pretix.end()
        times = ours / found["pretix"].rate
        holds = holds and times >= GOAL_PRETIX
        compared = {"pretix": found["pretix"].summary() | {"times": round(times, 2), "goal": GOAL_PRETIX}}
        say(f"{found['pretix'].rate:.0f} by pretix: {times:.1f} times")
    small, large = _matching(LINES // 4), _matching(LINES)
    result = {
        "name": "payments",
        "ours": round(ours, 1),
        "other": round(other, 1),
        "ratio": round(ours / other, 3),
        "goal": GOAL,
        "holds": holds and large["seconds"] <= MOST_SECONDS and large["growth_mb"] < MOST_MB,
        "detail": {
            "unit": "confirmations a second",
            "load": {"begun": begun_load, "ended": round(os.getloadavg()[0], 1), "processors": os.cpu_count()},
            "calls": found["calls"].summary(),
            "bare": found["bare"].summary() | {"statements": len(writes) + len(_READS)},
            "writes": found["writes"].summary() | {"statements": len(writes)},
            **compared,
            "matching": large | {"quarter": small, "times_the_quarter": round(large["seconds"] / small["seconds"], 2)},
        },
    }
    print(json.dumps(result))


def _attempts() -> Iterator[Any]:
    """Open attempts without end, each of a charge of its own."""
    from django.utils import timezone

    from payments import charges
    from payments.providers import registry

    while True:
        charge = charges.raise_charge(
            owner=f"bench:{uuid.uuid4()}",
            title="Đo tốc độ",
            payer_name="Nguyễn Văn Đo",
            agency_code=CODE,
            agency_name="Đo",
            lines=[{"name": "Lệ phí", "amount": FEE}],
            by="bench",
        )
        offer = registry.offered_providers(CODE, at=timezone.now())[0]
        yield charges.request_payment(charge, *offer, at=timezone.now())


def _callbacks() -> Iterator[Callable[[], None]]:
    """Calls of the bank, ready to be made; each confirms one attempt."""
    from django.conf import settings
    from django.test import RequestFactory

    from payments.providers.vietqr import signing
    from payments.views.providers import callback

    factory = RequestFactory()
    for payment in _attempts():
        fields = {
            "reference": payment.reference,
            "status": "paid",
            "amount": str(FEE),
            "currency": "VND",
            "transaction": f"FT{secrets.token_hex(6).upper()}",
            "said_at": "2026-11-23T09:00:00+00:00",
        }
        body = json.dumps(signing.signature_of(fields, settings.BANK_SECRET))
        request = factory.post("/payments/bank/callback", body, content_type="application/json")

        def call(request: Any = request) -> None:
            answer = callback(request, provider="bank")
            assert json.loads(answer.content)["RspCode"] == "00", answer.content

        yield call


def _writes(call: Callable[[], None]) -> list[Statement]:
    with stage.written() as (writes, _every):
        call()
    return writes


_READS = (
    "SELECT * FROM payments_payment p JOIN payments_charge c ON c.id = p.charge_id WHERE p.reference = %(reference)s",
    "SELECT settled_at, cancelled_at FROM payments_charge WHERE id = %(charge)s FOR UPDATE",
)


def _bare(writes: list[Statement], *, reads: bool) -> Iterator[Callable[[], None]]:
    """The writes of one confirmation, again for other attempts: the raw call by itself, the rest together."""
    from django.db import connection, transaction

    first, rest = writes[0], writes[1:]

    def again(payment: Any) -> None:
        fresh = {
            "payments_payment.id": payment.pk,
            "payments_payment.charge_id": payment.charge_id,
            "payments_charge.id": payment.charge_id,
            "payments_ledgertransaction.key": f"paid:{payment.pk}",
            "payments_receipt.payment_id": payment.pk,
            "payments_receipt.number": f"b{payment.pk}",
            "journal_outboxmessage.key": f"bench:{payment.pk}",
            "payments_payment.provider_transaction": f"B{payment.pk}",
            "payments_providercall.transaction": f"B{payment.pk}",
        }
        with connection.cursor() as cursor:
            cursor.execute(first.sql, first.values)
            with transaction.atomic():
                for read in _READS if reads else ():
                    cursor.execute(read, {"reference": payment.reference, "charge": payment.charge_id})
                    cursor.fetchall()
                for write in rest:
                    cursor.execute(write.sql, write.with_values(fresh))

    for payment in _attempts():
        yield lambda payment=payment: again(payment)


class _Pretix:
    """pretix in a process of its own interpreter; told what to do line by line."""

    def __init__(self, python: str, database: str) -> None:
        from psycopg.conninfo import conninfo_to_dict

        told = conninfo_to_dict(database)
        named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        self.folder = TemporaryDirectory()
        values = {f"PRETIX_DATABASE_{ours}": str(told[theirs]) for ours, theirs in named.items() if theirs in told}
        # Nothing of our own settings: both are Django.
        values |= {"PRETIX_DATABASE_BACKEND": "postgresql", "DATA_DIR": self.folder.name, "PATH": os.environ["PATH"]}
        # Its tasks (webhooks, notifications) are queued as in production, and nobody does them.
        values |= {"PRETIX_CELERY_BROKER": "memory://", "PRETIX_CELERY_BACKEND": "cache+memory://"}
        script = [python, "-m", "bench.pretix_payments"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(script, env=values, stdin=pipe, stdout=pipe, text=True)

    @classmethod
    def given(cls) -> _Pretix | None:
        python, database = os.environ.get("PRETIX_PYTHON"), os.environ.get("PRETIX_DATABASE")
        return cls(python, database) if python and database else None

    def _told(self, order: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def confirm(self) -> Measured:
        self._told(f"ready {int(SECONDS * MOST_A_SECOND) // 4}")
        answer = self._told(f"go {SECONDS}")
        return Measured(answer["seconds"], answer["latencies"])

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)
        self.folder.cleanup()


def _matching(lines: int) -> dict[str, float]:
    """Import one statement with a line for each of as many open orders."""
    from django.db import connection
    from django.utils import timezone

    from payments import accounts
    from payments.charges import ALPHABET
    from payments.models import StatementLine, StatementMapping
    from payments.providers import registry
    from payments.statements import importing

    say(f"Making {lines} open orders")
    provider = registry.provider_named("bank")
    assert provider is not None
    account = accounts.account_for(provider, CODE, at=timezone.now())
    assert account is not None
    picks = [secrets.token_bytes(12) for _n in range(lines)]
    references = ["TT" + "".join(ALPHABET[byte % 25] for byte in pick) for pick in picks]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO payments_charge (uid, owner, reason, title, category, category_name, "
            "payer_name, agency_code, agency_name, lines, amount, created_at) SELECT gen_random_uuid(), "
            "'bench:' || gen_random_uuid(), 'fee', 'Đo', '', '', 'Đo', %s, 'Đo', '[]', %s, now() "
            "FROM unnest(%s::text[]) RETURNING id), numbered AS (SELECT id, row_number() OVER () AS n FROM made) "
            "INSERT INTO payments_payment (charge_id, method, reference, amount, account_id, qr_payload, state, "
            "created_at, provider_transaction, taken_by) SELECT n.id, 'vietqr', r.reference, %s, %s, '', 'created', "
            "now(), '', '' FROM numbered n JOIN unnest(%s::text[]) WITH ORDINALITY r (reference, n) USING (n)",
            [CODE, FEE, references, FEE, account.pk, references],
        )
        cursor.execute("ANALYZE payments_payment")
    mapping = StatementMapping(
        date_column="Ngày", credit_column="Có", debit_column="Nợ", purpose_column="Nội dung", decimal="comma"
    )
    day = f"{timezone.localdate():%d/%m/%Y}"
    rows = (f'{day},"26.000,00",,NOP LE PHI {r} NGUYEN VAN AN {n}' for n, r in enumerate(references))
    content = "\n".join(["Ngày,Có,Nợ,Nội dung", *rows]).encode()
    del rows, picks, references
    say(f"Matching {lines} lines")
    assert connection.connection is not None
    server = psutil.Process(connection.connection.info.backend_pid)
    with _Growth() as growth:
        begun, worked = time.perf_counter(), time.process_time() + sum(server.cpu_times()[:2])
        made = importing.import_statement(
            account, "csv", content, name="bench.csv", mapping=mapping, by="bench", at=timezone.now()
        )
        seconds = time.perf_counter() - begun
        worked = time.process_time() + sum(server.cpu_times()[:2]) - worked
    matched = StatementLine.objects.filter(statement=made, state="matched").count()
    assert matched == lines, matched
    return {
        "lines": lines,
        "seconds": round(seconds, 2),
        "processor_seconds": round(worked, 2),  # of both processes; they work side by side where there is room
        "growth_mb": round(growth.most / 2**20, 1),
    }


class _Growth:
    """The most by which this process grew within the block, bytes, seen every 20 ms."""

    def __enter__(self) -> _Growth:
        self.process, self.ending, self.most = psutil.Process(), threading.Event(), 0
        self.before = self.process.memory_info().rss
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def _watch(self) -> None:
        while not self.ending.wait(0.02):
            self.most = max(self.most, self.process.memory_info().rss - self.before)

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.thread.join()


if __name__ == "__main__":
    main()
