"""Moving in: how quickly another system's dossiers are staged, checked and put in force, and taken back again.

`make bench NAME=moving_in` makes OSS_BENCH_DOSSIERS (100,000) rows of all communes, a third of them open, and does
with them what `manage.py move_in` does. The process that puts them in force is killed when a third is written, and
another goes on. `other` copies the written rows within the database, without index or trigger.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import psutil

from bench import stage

GOAL_SECONDS = 900  # for 100,000
MAPPING = """
fields: {code: code, procedure: procedure, state: state, agency: agency, owner_name: name, owner_number: number,
  received_at: received, due_at: due, finished_at: finished, limit_amount: days, fee: fee, fee_paid_at: paid,
  pauses: pauses, history: history, files: files}
defaults: {limit_unit: working_day}
"""
FILES_EVERY = 100  # one of so many has a file
DONE = ("Tiếp nhận hồ sơ", "Chuyển phòng chuyên môn", "Thẩm định")


def rows(count: int, agencies: list[str], procedures: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    chance = random.Random(14)  # noqa: S311 - believable data, not a secret
    for n in range(count):
        day = f"2024-{n % 12 + 1:02}-{n % 27 + 1:02}"
        due = f"{day[:8]}28"
        closed, waits, owes = n % 3 > 0, n % 30 == 0, n % 30 == 3
        row = {
            "code": f"CU-{n:07}",
            "procedure": chance.choice(procedures),
            "state": "10" if closed else "5" if waits else "4",
            "agency": chance.choice(agencies),
            "name": "Nguyễn Văn Thử",
            "number": f"0270{chance.randrange(50, 99)}{chance.randrange(count // 2):06}",
            "received": f"{day} 09:15:00",
            "due": due,
            "finished": due if closed else "",
            "days": "5",
            "fee": "100000",
            "paid": "" if owes else f"{day} 09:20:00",
            "pauses": [{"began_at": f"{day} 15:00:00"}] if waits else [],
            "history": [
                {"at": f"{day} {hour}:00:00", "actor": "Cán bộ", "text": text, "state": "4"}
                for hour, text in enumerate(DONE, start=10)
            ],
            "files": [],
        }
        if n % FILES_EVERY == 0:
            with pikepdf.new() as pdf:
                pdf.add_blank_page(page_size=(595, 842 + n / 1000))
                pdf.save(folder / f"{n}.pdf")
            row["files"] = [{"path": f"{n}.pdf", "name": "Đơn.pdf"}]
        yield row


def main() -> None:
    count = int(os.environ.get("OSS_BENCH_DOSSIERS", "100000"))
    server = stage.prepare(f"bench-moving-{count}")
    import psycopg
    from django.db import connection, connections
    from django.utils import timezone

    from accounts.actors import Actor
    from agencies.models import Agency
    from dossiers.access import involvements
    from dossiers.models import Dossier
    from dossiers.statistics.tallies import differing_cells
    from exchange.models import MovingRow
    from exchange.moving_in import batches, work
    from procedures.models import Edition

    by = Actor(system="bench", channel="command")
    agencies = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).values_list("code", flat=True)
    published = Edition.objects.filter(status="published").values_list("procedure__code", flat=True)
    folder = Path(tempfile.mkdtemp())
    file = folder / f"cu-{time.time_ns()}.jsonl"
    with file.open("w") as lines:
        for row in rows(count, sorted(agencies), sorted(published)[:60], folder):
            print(json.dumps(row, ensure_ascii=False), file=lines)
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}

    def clocked(name: str, do: Callable[[], Any]) -> Any:
        begun, spent = time.monotonic(), _processor_seconds(connection)
        result = do()
        seconds[name] = round(time.monotonic() - begun, 1)
        processor[name] = round(_processor_seconds(connection) - spent, 1)
        stage.say(f"{name}: {seconds[name]} s, {processor[name]} s of processors, load {os.getloadavg()[0]:.0f}")
        return result

    def whole(what: str) -> None:
        while work.do_next(batch, what, by=by):
            pass

    def until_killed() -> None:
        connections.close_all()  # or the fork would hold this process's
        worker = multiprocessing.get_context("fork").Process(target=whole, args=("force",), daemon=True)
        worker.start()
        written = MovingRow.objects.filter(batch=batch, state=MovingRow.State.WRITTEN)
        while worker.is_alive() and written.count() < count // 3:
            time.sleep(0.5)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()

    batch = clocked(
        "stage",
        lambda: batches.stage_batch(
            file, system=file.stem, mapping=MAPPING, folder=str(folder), by=by, at=timezone.now()
        ),
    )
    clocked("check", lambda: whole("check"))
    clocked("force until killed", until_killed)
    clocked("force the rest", lambda: whole("force"))
    counts = batches.counts_of(batch)
    wrong = {"involvements": len(involvements.differences()), "tallies": len(differing_cells(10))}

    def bare() -> None:
        owner = json.loads(server.state_file.read_text())["superuser_url"]  # the web's role makes no tables
        with psycopg.connect(owner, dbname=connection.settings_dict["NAME"]) as other:
            other.execute("CREATE TEMP TABLE bare (LIKE dossiers_dossier)")
            other.execute("INSERT INTO bare SELECT * FROM dossiers_dossier ORDER BY id DESC LIMIT %s", [count])

    clocked("bare", bare)
    stored = Dossier.objects.count()
    batches.begin_withdrawal(batch, reason="bench", by=by)
    clocked("withdraw", lambda: whole("withdraw"))
    withdrawn = batches.counts_of(batch)
    wrong |= {"involvements after": len(involvements.differences()), "tallies after": len(differing_cells(10))}
    took = sum(seconds[name] for name in ("stage", "check", "force until killed", "force the rest"))
    print(
        json.dumps(
            {
                "name": "moving_in",
                "ours": round(took, 1),
                "other": seconds["bare"],
                "ratio": round(took / max(seconds["bare"], 0.1), 1),
                "goal": GOAL_SECONDS * count / 100_000,
                "holds": took <= GOAL_SECONDS * count / 100_000
                and counts["written"] == withdrawn["taken_back"] == count
                and not any(wrong.values()),
                "detail": {
                    "unit": "seconds to stage, check and put in force; other copies the rows in the database",
                    "rows": count,
                    "stored": stored,
                    "seconds": seconds,
                    "processor_seconds": processor,
                    "states": counts,
                    "withdrawn": withdrawn["taken_back"],
                    "wrong": wrong,
                    "load": os.getloadavg(),
                },
            },
            ensure_ascii=False,
        )
    )


def _processor_seconds(connection: Any) -> float:
    """Of this process, those it started, and the database."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    server = psutil.Process(backend).parent()
    assert server is not None
    found = server.cpu_times()
    spent = found.user + found.system + found.children_user + found.children_system
    for process in server.children(recursive=True):
        times = process.cpu_times()
        spent += times.user + times.system
    return spent + sum(usage.ru_utime + usage.ru_stime for usage in own)


if __name__ == "__main__":
    main()
