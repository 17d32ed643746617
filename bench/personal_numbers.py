"""What sealed personal numbers cost: this checkout against one from before they were sealed, by turns in one run.

`BEFORE` names that checkout (set up, with its own environment); each side works on servers and data of its own, with
`PEOPLE` people (200,000) on record. Measured: a person looked up by number, found by the search of people, a dossier
found by its owner's number, an intake's person (`find_or_create_person` of somebody known), and one whole filing
through the API. Run with `BEFORE=… make bench NAME=personal_numbers`; the last line is the result as JSON: a ratio is
how many times as many are done a second as before.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PEOPLE = int(os.environ.get("PEOPLE", "200000"))
ROUNDS = 6
SECONDS = 2.0
KINDS = ("look-up", "people search", "dossier search", "intake", "filing")
GOAL = 0.9


def main() -> None:
    before = os.environ.get("BEFORE")
    if not before:
        raise SystemExit("BEFORE must name a checkout from before numbers were sealed, after `make setup` in it.")
    sides = {"ours": _Side(HERE), "before": _Side(Path(before))}
    rates: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in sides} for kind in KINDS}
    for turn in range(ROUNDS):
        for kind in KINDS:
            for name in sorted(sides, reverse=bool(turn % 2)):
                rates[kind][name].append(sides[name].rate(kind))
    for side in sides.values():
        side.end()
    detail = {}
    for kind, found in rates.items():
        middle = {name: statistics.median(each) for name, each in found.items()}
        detail[kind] = {
            "ours_per_second": round(middle["ours"], 1),
            "before_per_second": round(middle["before"], 1),
            "ratio": round(middle["ours"] / middle["before"], 3),
        }
    worst = min(row["ratio"] for row in detail.values())
    result = {
        "name": "personal_numbers",
        "ours": detail["filing"]["ours_per_second"],
        "other": detail["filing"]["before_per_second"],
        "ratio": detail["filing"]["ratio"],
        "goal": GOAL,
        "holds": detail["filing"]["ratio"] >= GOAL,
        "detail": {"people": PEOPLE, "worst": worst, **detail},
    }
    print(json.dumps(result))


class _Side:
    """A checkout at work in a process of its own: it is told what to do, and says how many a second it did."""

    def __init__(self, checkout: Path) -> None:
        self.process = subprocess.Popen(
            [str(checkout / ".venv" / "bin" / "python"), "-P", __file__, "--worker"],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def rate(self, kind: str) -> float:
        assert self.process.stdin is not None
        print(kind, file=self.process.stdin, flush=True)
        return float(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("bench: "):
                return line.removeprefix("bench: ")
        raise SystemExit("A side has ended early; what it said stands above.")

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def work() -> None:
    os.environ["API_SYSTEM_RATE"] = "1000000/min"
    from bench import stage  # of the checkout at work

    stage.prepare("numbers")
    acts = _acts()
    for act in acts.values():
        for _warm in range(20):
            act()
    print("bench: ready", flush=True)
    for line in sys.stdin:
        act, until, done = acts[line.strip()], time.perf_counter() + SECONDS, 0
        begun = time.perf_counter()
        while time.perf_counter() < until:
            act()
            done += 1
        print(f"bench: {done / (time.perf_counter() - begun)}", flush=True)


def _acts() -> dict[str, Callable[[], object]]:
    from django.test import Client

    from accounts import people
    from accounts.models import Person
    from dossiers.models import Dossier
    from dossiers.search import dossiers_matching
    from exchange.models import ConnectedSystem
    from exchange.systems import new_token

    numbers = _people(Person, people)
    token, digest = new_token()
    ConnectedSystem.objects.update_or_create(
        name="bench", defaults={"token_sha256": digest, "scopes": ["dossiers:file"], "active": True}
    )
    chance = random.Random(7)

    def file() -> None:
        number, name = chance.choice(numbers)
        answer = Client().post(
            "/api/v1/dossiers/",
            {
                "procedure": "2.000908",
                "applicant": {"personal_number": number, "full_name": name},
                "territory": "09187",
                "content": "Xin cấp bản sao từ sổ gốc",
            },
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex},
        )
        if answer.status_code != 201:
            raise SystemExit(f"The filing was refused: {answer.content.decode()}")

    def intake() -> None:
        number, name = chance.choice(numbers)
        if people.find_or_create_person(number, full_name=name)[1]:
            raise SystemExit("Somebody known was not found.")

    def look_up() -> None:
        if people.find_by_number(chance.choice(numbers)[0]) is None:
            raise SystemExit("Somebody known was not found.")

    def search() -> None:
        if len(people.search_people(chance.choice(numbers)[0])) != 1:
            raise SystemExit("Somebody known was not found.")

    def search_dossiers() -> None:
        list(dossiers_matching(Dossier.objects.all(), chance.choice(numbers)[0])[:20])

    return {
        "look-up": look_up,
        "people search": search,
        "dossier search": search_dossiers,
        "intake": intake,
        "filing": file,
    }


def _people(person: type, people: object) -> list[tuple[str, str]]:
    """`PEOPLE` people, made once; the last thousand of them are asked for."""
    from django.db import connection

    numbers = [f"0271{70 + n % 20}{n:06d}" for n in range(PEOPLE)]
    missing = PEOPLE - person.objects.filter(address="bench").count()
    for start in range(PEOPLE - missing, PEOPLE, 5000):
        person.objects.bulk_create(
            person(
                personal_number=number,
                full_name="Nguyễn Thị Đo",
                address="bench",
                search_key=people.search_key("Nguyễn Thị Đo", number, ""),
            )
            for number in numbers[start : start + 5000]
        )
    if missing:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE accounts_person")
    return [(number, "Nguyễn Thị Đo") for number in numbers[-1000:]]


if __name__ == "__main__":
    work() if "--worker" in sys.argv else main()
