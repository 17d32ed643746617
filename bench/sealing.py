"""Rows of the history sealed a second, against bare reading of the same rows; what verifying and keeping them costs.

Sealing is done by a task behind the acts, so what counts is that it keeps up. Run with `make bench NAME=sealing`; the
last line is the result as JSON.
"""

from __future__ import annotations

import json
import time

from bench import stage
from bench.stage import say

GOAL = 0.2
ROWS = 40_000


def main() -> None:
    stage.prepare("bench-sealing")
    from django.db import connection
    from django.utils import timezone

    from journal import sealing
    from journal.kept import sealed_models
    from journal.models import Entry, Seal
    from journal.verifying import verify_history

    sealing.seal_streams(at=timezone.now())
    say(f"Writing {ROWS} rows")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (at, actor, origin, request_id, verb, subject, changes) "
            "SELECT now(), 'Nguyễn Văn A, Chuyên viên', 'web 203.0.113.7', md5(n::text), 'charge_raised', "
            "'charge:' || md5(n::text), jsonb_build_object('owner', 'dossier:' || md5(n::text), 'amount', n) "
            "FROM generate_series(1, %s) AS n",
            [ROWS],
        )
    since = Entry.objects.order_by("-pk").values_list("pk", flat=True)[ROWS - 1] - 1
    fields = sealed_models()["journal"][1].forms[1]
    say("Reading, sealing, verifying")
    reading = _seconds(lambda: sum(1 for _ in Entry.objects.filter(pk__gt=since).values_list(*fields).iterator(2000)))
    sealed = _seconds(lambda: sealing.seal_streams(at=timezone.now(), only="journal"))
    report = []
    verifying = _seconds(lambda: report.append(verify_history()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('journal_seal')")
        kept = cursor.fetchone()[0]
    rows = sum(Seal.objects.values_list("rows", flat=True))
    ours, other = ROWS / sealed, ROWS / reading
    print(
        json.dumps(
            {
                "name": "sealing",
                "ours": round(ours),
                "other": round(other),
                "ratio": round(ours / other, 3),
                "goal": GOAL,
                "holds": ours >= GOAL * other and not report[0].faults,
                "detail": {
                    "unit": "rows a second",
                    "verified_a_second": round(report[0].rows / verifying),
                    "rows": rows,
                    "bytes_kept_a_row": round(kept / rows),
                },
            }
        )
    )


def _seconds(work: object) -> float:
    begun = time.monotonic()
    work()  # type: ignore[operator]
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
