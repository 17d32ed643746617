"""Figures of reports in a province of some years: milliseconds from the tallies, from a plain GROUP BY over dossiers
and, where DuckDB is installed, from the same rows in Parquet, by turns; every cell compared.

DOSSIERS says how many there are; the first run writes them (`manage.py simulate --bulk`), later ones find them, those
of the bench of lists too. DuckDB is no part of the portal: `pip install duckdb` brings it in. OTHER_CHECKOUT names a
folder with another build whose pages (head, province) are asked by turns with ours, OTHER_DATABASE its copy of the
data. Usage: make bench NAME=reports
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.builds import OURS, Build

DOSSIERS = int(os.environ.get("DOSSIERS", "200000"))
ROUNDS = int(os.environ.get("ROUNDS", "7"))
OTHER = os.environ.get("OTHER_CHECKOUT", "")
GOAL_RATIO, GOAL_PAGE_MS, GOAL_STATEMENTS = 20.0, 60.0, 20
FOLDER = "lists"
PAGES = ("head reports", "province reports")  # to the goal; those of people are only told
COUNTED = ("received", "early", "on_time", "late")
Cells = dict[tuple[Any, ...], dict[str, int]]


def main() -> None:
    from bench import stage

    stage.prepare(FOLDER)
    fill()
    with tempfile.TemporaryDirectory() as folder:
        found = {case: by_turns(sides) for case, sides in cases(folder)}
    print(json.dumps(summary(found, pages()), ensure_ascii=False))


def fill() -> None:
    from django.core.management import call_command

    from bench import stage
    from dossiers.models import Dossier

    if not Dossier.objects.sent().exists():
        stage.say(f"Writing {DOSSIERS} dossiers")
        call_command("simulate", dossiers=260, months=22, seed=3, bulk=DOSSIERS, stdout=sys.stderr)
    call_command("verify_figures", stdout=sys.stderr)


def spans() -> dict[str, tuple[date, date]]:
    """Periods (first day, day after the last) as people ask for them, the last one with ragged edges. The month is the
    last whole one: of one that has just begun there is nothing to group."""
    from django.db.models import Max

    from dossiers.models import Dossier
    from vietnam.working_time import VIETNAM

    last = Dossier.objects.aggregate(last=Max("received_at"))["last"].astimezone(VIETNAM).date()
    month, year = last.replace(day=1), last.replace(month=1, day=1)
    return {
        "month": ((month - timedelta(days=1)).replace(day=1), month),
        "quarter": ((month - timedelta(days=80)).replace(day=1), month),
        "year": (year, last + timedelta(days=1)),
        "days": (last - timedelta(days=250), last - timedelta(days=9)),
    }


def cases(folder: str) -> Iterator[tuple[str, dict[str, Callable[[], Cells]]]]:
    from reports import figures
    from reports.cuts import CUTS, MONTH
    from reports.indicators import MEASURES
    from reports.indicators.kinds import Asked
    from reports.population import EVERYTHING
    from vietnam.working_time import VIETNAM

    kept = [name for name, measure in MEASURES.items() if measure.tallied]
    parquet = Parquet.exported(folder)
    for span, (first, end) in spans().items():
        since, until = (datetime(day.year, day.month, day.day, tzinfo=VIETNAM) for day in (first, end))
        asked = Asked(since, until, until, {})
        for cut in (*CUTS.values(), MONTH):
            yield (
                f"{span} by {cut.key}",
                {
                    "ours": lambda asked=asked, cut=cut: keyed(figures.figures(EVERYTHING, asked, kept, cut=cut)),
                    "plain": lambda asked=asked, cut=cut: keyed(
                        figures.counted_dossiers(EVERYTHING.dossiers, asked, kept, cut=cut)
                    ),
                },
            )
        sides = {
            "ours": lambda first=first, end=end: crossed(first, end),
            "plain": lambda since=since, until=until: crossed_plainly(since, until),
        }
        if parquet:
            sides["duckdb"] = lambda since=since, until=until: parquet.crossed(since, until)
        yield f"{span} by agency and field", sides


def keyed(found: dict[Any, dict[str, int]]) -> Cells:
    return {(key,): {name: number for name, number in row.items() if number} for key, row in found.items()}


def crossed(first: date, end: date) -> Cells:
    from django.db.models import F

    from dossiers.statistics.tallies import Tallied, tallies

    wanted = {name: Tallied((name,)) for name in COUNTED}
    by = {"agency": F("settling_agency"), "field": F("edition__field")}
    return tallies(first, end - timedelta(days=1), wanted, by=by)


def crossed_plainly(since: datetime, until: datetime) -> Cells:
    from django.db.models import Count, Q

    from dossiers.models import Dossier
    from reports.indicators import MEASURES
    from reports.indicators.kinds import Asked

    asked, found = Asked(since, until, until, {}), {}
    families = {
        "received": Q(received_at__gte=since, received_at__lt=until),
        "finished": Q(state__in=(9, 10), finished_at__gte=since, finished_at__lt=until),
    }
    for names, rows in ((("received",), families["received"]), (("early", "on_time", "late"), families["finished"])):
        counts = {f"n_{name}": Count("pk", filter=MEASURES[name].condition(asked) or None) for name in names}
        grouped = Dossier.objects.filter(rows).order_by().values_list("settling_agency", "edition__field")
        for agency, field, *numbers in grouped.annotate(**counts):
            cell = found.setdefault((agency, field), dict.fromkeys(COUNTED, 0))
            cell.update(zip(names, numbers, strict=True))
    return {key: cell for key, cell in found.items() if any(cell.values())}


class Parquet:
    """The same rows as a column store has them, read by DuckDB."""

    COLUMNS = (
        "d.state, d.received_at, d.finished_at, d.due_at, d.settling_agency_id AS agency, e.field_id AS field, "
        "(d.finished_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS finished_day, "
        "(d.due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS due_day"
    )
    QUERY = """
        SELECT agency, field, count(*) FILTER (WHERE received_at >= $1 AND received_at < $2),
            count(*) FILTER (WHERE done AND finished_at <= due_at AND finished_day < due_day),
            count(*) FILTER (WHERE done AND finished_at <= due_at AND finished_day >= due_day),
            count(*) FILTER (WHERE done AND finished_at > due_at)
        FROM (
            SELECT *, state IN (9, 10) AND finished_at >= $1 AND finished_at < $2 AS done FROM read_parquet('{place}')
        )
        GROUP BY agency, field
    """

    def __init__(self, place: str) -> None:
        import duckdb

        self.connection, self.query = duckdb.connect(), self.QUERY.format(place=place)
        self.connection.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")

    @classmethod
    def exported(cls, folder: str) -> Parquet | None:
        try:
            import duckdb
        except ImportError:
            return None
        from django.db import connection

        rows, place = f"{folder}/dossiers.csv", f"{folder}/dossiers.parquet"
        source = f"SELECT {cls.COLUMNS} FROM dossiers_dossier d JOIN procedures_edition e ON e.id = d.edition_id"  # noqa: S608
        taking = f"COPY ({source}) TO STDOUT WITH (FORMAT csv, HEADER)"
        with connection.cursor() as cursor, open(rows, "wb") as out, cursor.cursor.copy(taking) as copy:
            out.writelines(copy)
        duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{rows}')) TO '{place}' (FORMAT parquet)")  # noqa: S608
        return cls(place)

    def crossed(self, since: datetime, until: datetime) -> Cells:
        rows = self.connection.execute(self.query, [since, until]).fetchall()
        found = {(agency, field): dict(zip(COUNTED, numbers, strict=True)) for agency, field, *numbers in rows}
        return {key: cell for key, cell in found.items() if any(cell.values())}


def by_turns(sides: dict[str, Callable[[], Cells]]) -> dict[str, Any]:
    """Median milliseconds of each side; the first round only warms. Raises SystemExit where a cell differs."""
    took: dict[str, list[float]] = {name: [] for name in sides}
    cells: dict[str, Cells] = {}
    for _round in range(ROUNDS + 1):
        for name, ask in sides.items():
            begun = time.perf_counter()
            cells[name] = ask()
            took[name].append((time.perf_counter() - begun) * 1000)
    counted = {name: {key: row for key, row in each.items() if any(row.values())} for name, each in cells.items()}
    for name, found in counted.items():
        if found != counted["ours"]:
            raise SystemExit(f"{name} counts otherwise than the tallies")
    medians = {f"{name}_ms": round(statistics.median(times[1:]), 2) for name, times in took.items()}
    return {**medians, "cells": len(cells["ours"]), "ratio": round(medians["plain_ms"] / medians["ours_ms"], 1)}


def pages() -> dict[str, dict[str, Any]]:
    """The head's and the province's page of this build and, where one is named, of another one, by turns."""
    from bench import lists

    os.environ["SIDE_CASES"] = ",".join((*PAGES, *lists.PEOPLE))
    sides = {"ours": Build("bench.lists", OURS, SIDE_DATABASE="")}
    if OTHER:
        sides["other"] = Build("bench.lists", Path(OTHER), SIDE_DATABASE=os.environ.get("OTHER_DATABASE", ""))
    asked: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for _round in range(3 * ROUNDS + 1):
        for name, side in sides.items():
            for case, answer in side.ask("run").items():
                asked.setdefault(case, {}).setdefault(name, []).append(answer)
    for side in sides.values():
        side.end()
    found: dict[str, dict[str, Any]] = {}
    for case, answers in asked.items():
        found[case] = {"statements": answers["ours"][-1]["statements"]}
        for name, each in answers.items():
            spent = [sum(answer[part] for part in lists.PROCESSOR) for answer in each[1:]]
            for what, unsorted in (("", [answer["ms"] for answer in each[1:]]), ("processor_", spent)):
                times = sorted(unsorted)
                found[case] |= {
                    f"{name}_{what}median_ms": round(statistics.median(times), 1),
                    f"{name}_{what}p95_ms": round(times[int(len(times) * 0.95)], 1),
                }
    return found


def summary(found: dict[str, dict[str, Any]], asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
    ours, plain = (statistics.median(case[f"{side}_ms"] for case in found.values()) for side in ("ours", "plain"))
    judged = [asked[name] for name in PAGES]
    crossing = [case for name, case in found.items() if name.endswith("agency and field")]
    return {
        "name": "reports",
        "ours": round(ours, 2),
        "other": round(plain, 2),
        "ratio": round(plain / ours, 1),
        "goal": f"{GOAL_RATIO:.0f} times a plain GROUP BY, not slower than DuckDB over Parquet, pages within "
        f"{GOAL_PAGE_MS:.0f} ms at p95 and {GOAL_STATEMENTS} statements",
        "holds": all(case["ratio"] >= GOAL_RATIO for case in crossing)
        and all(case["ours_ms"] <= case.get("duckdb_ms", case["ours_ms"]) for case in crossing)
        and all(p["ours_p95_ms"] <= GOAL_PAGE_MS and p["statements"] <= GOAL_STATEMENTS for p in judged),
        "detail": {"dossiers": DOSSIERS, "load": os.getloadavg()[0], "reports": found, "pages": asked},
    }


if __name__ == "__main__":
    main()
