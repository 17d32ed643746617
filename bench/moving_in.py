"""Moving in: how quickly another system's dossiers are staged, checked and put in force, and taken back again.

`make bench NAME=moving_in` makes OSS_BENCH_DOSSIERS (100,000) rows, a third of them open, and does with them what
`manage.py move_in` does; `other` copies the written rows within the database, without index or trigger.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import stage

GOAL_SECONDS = 900  # for 100,000
MAPPING = """
fields: {code: code, procedure: procedure, state: state, agency: agency, owner_name: name, owner_number: number,
  received_at: received, due_at: due, finished_at: finished, limit_amount: days, fee: fee, fee_paid_at: received,
  pauses: pauses, history: history}
defaults: {limit_unit: working_day}
"""


def rows(count: int, agency: str, procedures: list[str]) -> list[dict[str, Any]]:
    chance = random.Random(14)  # noqa: S311 - believable data, not a secret
    made = []
    for n in range(count):
        day = f"2024-{n % 12 + 1:02}-{n % 27 + 1:02}"
        closed = n % 3 > 0
        made.append(
            {
                "code": f"CU-{n:07}",
                "procedure": chance.choice(procedures),
                "state": "10" if closed else "4",
                "agency": agency,
                "name": "Nguyễn Văn Thử",
                "number": f"0270{chance.randrange(50, 99)}{chance.randrange(count // 2):06}",
                "received": f"{day} 09:15:00",
                "due": f"{day[:4]}-{n % 12 + 1:02}-28",
                "finished": f"{day[:4]}-{n % 12 + 1:02}-28" if closed else "",
                "days": "5",
                "fee": "100000",
                "pauses": [],
                "history": [{"at": f"{day} 10:00:00", "actor": "Cán bộ", "text": "Chuyển phòng", "state": "4"}],
            }
        )
    return made


def main() -> None:
    count = int(os.environ.get("OSS_BENCH_DOSSIERS", "100000"))
    folder = stage.prepare(f"bench-moving-{count}")
    import psycopg
    from django.db import connection
    from django.utils import timezone

    from accounts.actors import Actor
    from agencies.models import Agency
    from dossiers.access import involvements
    from dossiers.models import Dossier
    from dossiers.statistics.tallies import differing_cells
    from exchange.moving_in import batches, work
    from procedures.models import Edition

    by = Actor(system="bench", channel="command")
    agency = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).first()
    assert agency is not None, "the stage has a province"
    published = Edition.objects.filter(status="published").values_list("procedure__code", flat=True)
    file = Path(tempfile.mkdtemp()) / f"cu-{time.time_ns()}.jsonl"
    with file.open("w") as lines:
        for row in rows(count, agency.code, sorted(published)[:20]):
            print(json.dumps(row, ensure_ascii=False), file=lines)
    seconds: dict[str, float] = {}

    def clocked(name: str, do: Any) -> Any:
        begun = time.monotonic()
        result = do()
        seconds[name] = round(time.monotonic() - begun, 1)
        stage.say(f"{name}: {seconds[name]} s")
        return result

    def whole(what: str) -> None:
        while work.do_next(batch, what, by=by):
            pass

    batch = clocked(
        "stage",
        lambda: batches.stage_batch(file, system=file.stem, mapping=MAPPING, folder="", by=by, at=timezone.now()),
    )
    clocked("check", lambda: whole("check"))
    clocked("force", lambda: whole("force"))
    counts = batches.counts_of(batch)
    wrong = {"involvements": len(involvements.differences()), "tallies": len(differing_cells(10))}

    def bare() -> None:
        owner = json.loads(folder.state_file.read_text())["superuser_url"]  # the web's role makes no tables
        with psycopg.connect(owner, dbname=connection.settings_dict["NAME"]) as other:
            other.execute("CREATE TEMP TABLE bare (LIKE dossiers_dossier)")
            other.execute("INSERT INTO bare SELECT * FROM dossiers_dossier ORDER BY id DESC LIMIT %s", [count])

    clocked("bare", bare)
    stored = Dossier.objects.count()
    batches.begin_withdrawal(batch, reason="bench", by=by)
    clocked("withdraw", lambda: whole("withdraw"))
    wrong |= {"involvements after": len(involvements.differences()), "tallies after": len(differing_cells(10))}
    took = seconds["stage"] + seconds["check"] + seconds["force"]
    print(
        json.dumps(
            {
                "name": "moving_in",
                "ours": round(took, 1),
                "other": seconds["bare"],
                "ratio": round(took / max(seconds["bare"], 0.1), 1),
                "goal": GOAL_SECONDS * count / 100_000,
                "holds": took <= GOAL_SECONDS * count / 100_000
                and counts["written"] == count
                and not any(wrong.values()),
                "detail": {
                    "unit": "seconds to stage, check and put in force; other copies the rows in the database",
                    "rows": count,
                    "stored": stored,
                    "seconds": seconds,
                    "states": counts,
                    "wrong": wrong,
                    "load": os.getloadavg(),
                },
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
