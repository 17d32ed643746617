"""Staff's lists in a province of some years: milliseconds in the server by role, list and page depth, ours and the
build of an earlier commit by turns, on the same dossiers and the same machine.

BEFORE names the earlier commit (its code is checked out beside this one for the run; its database is a copy of ours in
the shape it had); empty, our build is measured alone, as for what lists cost when there are ten times as many. DOSSIERS
says how many there are. The first run writes them (`manage.py simulate --bulk`), which takes
some minutes; later ones find them. A page is asked through Django's test client with all its middleware, signed in
as the post; `statements` are those of the page. Processor milliseconds (of the web server's process and of its
connection's server process) stand beside the clock's, which tells little on a machine that others use. `bytes` is
what a dossier takes on disk, by table, indexes included.
Usage: make bench NAME=lists
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.builds import OURS, Build, become, checked_out, environment, server_ms

BEFORE = os.environ.get("BEFORE", "666c052")
DOSSIERS = int(os.environ.get("DOSSIERS", "200000"))
MONTHS = 22
ROUNDS = int(os.environ.get("ROUNDS", "6"))
DEPTH = 4  # pages turned before a deep page is asked
GOAL_MS, GOAL_RATIO = 40.0, 15.0
VIEWS = ("mine", "unit", "others", "paused", "opinions", "apologies", "done")
OFFICE = ("officer", "unit_head", "leader")
OTHERS = ("clerk", "counter", "supervisor", "citizen")
# By who works on a dossier, which no tally knows; asked where they are named (`bench.reports`).
PEOPLE = {
    "people": "/reports/people/",
    "people by unit": "/reports/table/?set=timeliness&by=unit",
    "people by person": "/reports/table/?set=timeliness&by=person",
}
NOT_LISTS = {*PEOPLE, "head reports", "province reports", "counter first page", "citizen dossiers"}
PROCESSOR = ("web", "server")
OLD_DATABASE = "portal_before"
FOLDER = "lists"


def main() -> None:
    from bench import stage

    given = os.environ.get("BEFORE_CHECKOUT")
    with nullcontext(Path(given or OURS)) if given or not BEFORE else checked_out(BEFORE) as old:
        if BEFORE and not has_before():
            written_by(old)
        stage.prepare(FOLDER)
        if not BEFORE:
            stage.fill_with_dossiers(DOSSIERS)
        sides = {"before": Build("bench.lists", old, SIDE_DATABASE=OLD_DATABASE)} if BEFORE else {}
        sides["ours"] = Build("bench.lists", OURS, SIDE_DATABASE="")
        found: dict[str, dict[str, list[dict[str, Any]]]] = {name: {} for name in sides}
        for _round in range(ROUNDS + 1):
            for name, side in sides.items():
                for case, answer in side.ask("run").items():
                    found[name].setdefault(case, []).append(answer)
        for side in sides.values():
            side.end()
        print(json.dumps(summary(found, bytes_a_dossier()), ensure_ascii=False))


def written_by(old: Path) -> None:
    """The dossiers written by an earlier build, in our folder, whose servers run by now: by itself it takes one of its
    own checkout."""
    from oss_portal.engines.folder import DataFolder

    env = environment(old, DATA_DIR=str(DataFolder().root))
    subprocess.run([sys.executable, "-m", "bench.lists", "--fill"], cwd=OURS, env=env, check=True)  # noqa: S603


def has_before() -> bool:
    """Whether an earlier run has written the dossiers and copied their database in the shape of before."""
    import psycopg

    from oss_portal import engines
    from oss_portal.engines.folder import DataFolder

    folder = DataFolder(DataFolder().root / FOLDER)
    engines.ensure(folder)
    url = json.loads(folder.state_file.read_text())["superuser_url"]
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OLD_DATABASE]).fetchone()
    return found is not None


def bytes_a_dossier() -> dict[str, int]:
    """What one takes on disk in the tables that hold most, indexes included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) / (SELECT count(*) FROM dossiers_dossier) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "ORDER BY pg_total_relation_size(oid) DESC LIMIT 12"
        )
        return dict(cursor.fetchall())


def summary(found: dict[str, dict[str, list[dict[str, Any]]]], found_bytes: dict[str, int]) -> dict[str, Any]:
    """The first round only warms. A case's figure is its median over the rounds; p95 is over the cases' asks."""
    pages = {}
    for case, ours in found["ours"].items():
        before = found.get("before", {}).get(case, [])
        mine, other = ([each["ms"] for each in asked[1:]] for asked in (ours, before))
        pages[case] = {
            "ours_ms": round(statistics.median(mine), 1),
            "before_ms": round(statistics.median(other), 1) if other else None,
            "processor_ms": {
                side: {part: round(statistics.median(each[part] for each in asked[1:]), 1) for part in PROCESSOR}
                for side, asked in (("ours", ours), ("before", before))
                if asked
            },
            "statements": ours[-1]["statements"],
            "statements_before": before[-1]["statements"] if before else None,
        }
    every = {side: sorted(each["ms"] for asks in cases.values() for each in asks[1:]) for side, cases in found.items()}
    p95 = {side: round(values[int(len(values) * 0.95)], 1) for side, values in every.items()}
    processor = {side: processor_of(cases) for side, cases in found.items()}
    ratio = round(p95["before"] / p95["ours"], 2) if BEFORE else None
    return {
        "name": "lists",
        "ours": p95["ours"],
        "other": p95.get("before"),
        "ratio": ratio,
        "goal": f"p95 {GOAL_MS:.0f} ms, {GOAL_RATIO:.0f} times faster",
        "holds": p95["ours"] <= GOAL_MS and (ratio is None or ratio >= GOAL_RATIO),
        "detail": {
            "dossiers": DOSSIERS,
            "before": BEFORE,
            "bytes": found_bytes,
            "median_ms": {side: round(statistics.median(values), 1) for side, values in every.items()},
            "processor_ms": processor,
            "processor_ratio": {
                name: round(spent / processor["ours"][name], 2) for name, spent in processor.get("before", {}).items()
            },
            "load": os.getloadavg()[0],
            "pages": pages,
        },
    }


def processor_of(cases: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    """Both parts of an ask together; the pages that both builds have."""
    spent = sorted(sum(each[part] for part in PROCESSOR) for asks in cases.values() for each in asks[1:])
    return {"median": round(statistics.median(spent), 1), "p95": round(spent[int(len(spent) * 0.95)], 1)}


def fill() -> None:
    """The dossiers, written by the earlier build in the shape its database had, and a copy of them for its turns."""
    become()
    from bench import stage

    folder = stage.prepare(FOLDER)
    import psycopg
    from django.core.management import call_command
    from django.db import connection

    url = json.loads(folder.state_file.read_text())["superuser_url"]
    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OLD_DATABASE]).fetchone():
            return
        stage.say(f"Writing {DOSSIERS} dossiers")
        call_command("simulate", dossiers=260, months=MONTHS, seed=3, bulk=DOSSIERS, stdout=sys.stderr)
        name = connection.settings_dict["NAME"]
        connection.close()
        server.execute(f'CREATE DATABASE {OLD_DATABASE} TEMPLATE "{name}"')
    with psycopg.connect(url, dbname=OLD_DATABASE, autocommit=True) as copy:
        # Both sides are the web's role, which did not make it.
        copy.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO portal_web")
        copy.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO portal_web")


def side() -> None:
    """The process of one build: its own code, its own database."""
    become()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")
    import django
    from django.conf import settings

    if os.environ["SIDE_DATABASE"]:
        settings.DATABASES["default"]["NAME"] = os.environ["SIDE_DATABASE"]
    # File names of style sheets need no look-up in a manifest here, on neither side.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    clients = {role: found for role in (*OFFICE, *OTHERS) if (found := signed_in(role))}
    only = [name for name in os.environ.get("SIDE_CASES", "").split(",") if name]
    for line in sys.stdin:
        if line.strip() == "run":
            chosen = [case for case in cases(clients) if (case[0] in only if only else case[0] not in NOT_LISTS)]
            print(json.dumps({name: asked(clients[role], url) for name, role, url in chosen}), flush=True)


def cases(clients: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for role in OFFICE:
        for view in VIEWS:
            found.append((f"{role} {view}", role, f"/work/?view={view}"))
        for view in ("unit", "done"):
            found.append((f"{role} {view} page {DEPTH + 1}", role, deep(clients[role], f"/work/?view={view}")))
        found.append((f"{role} search", role, looked_for(clients[role], "/work/search/")))
    for view in ("mine", "unit", "done"):
        found.append((f"clerk {view}", "clerk", f"/work/?view={view}"))
    found.append(("counter inbox", "counter", "/desk/inbox/"))
    found.append(("counter returns", "counter", "/desk/returns/"))
    found.append((f"counter returns page {DEPTH + 1}", "counter", deep(clients["counter"], "/desk/returns/")))
    found.append(("counter search", "counter", looked_for(clients["counter"], "/desk/search/")))
    found.append(("head reports", "leader", "/reports/"))
    found.append(("province reports", "supervisor", "/reports/"))
    found.append(("counter first page", "counter", "/desk/"))
    found.append(("citizen dossiers", "citizen", "/my/dossiers/"))
    found += [(name, "leader", address) for name, address in PEOPLE.items()]
    return [case for case in found if case[1] in clients]


_known: dict[tuple[int, str], str] = {}


def deep(client: Any, address: str) -> str:
    """The address of a page further down, found once."""
    key = (id(client), address)
    if key not in _known:
        from django.test.utils import setup_test_environment, teardown_test_environment

        path = address
        setup_test_environment()  # answers know their context; not while it is measured
        for _turn in range(DEPTH):
            page = client.get(path).context["page"]
            if not page.next_url:
                break
            path = address.partition("?")[0] + page.next_url
        teardown_test_environment()
        _known[key] = path
    return _known[key]


def looked_for(client: Any, address: str) -> str:
    key = (id(client), address)
    if key not in _known:
        _known[key] = client.post(address, {"q": "Nguyễn"})["Location"]
    return _known[key]


def signed_in(role: str) -> Any:
    """Somebody of the role where most dossiers are open (of counters: where most wait to be fetched)."""
    from django.db import connection
    from django.test import Client

    from accounts.models import StaffPost

    column = "receiving_agency_id" if role == "counter" else "settling_agency_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM dossiers_dossier WHERE state BETWEEN 1 AND 9 GROUP BY 1 ORDER BY count(*) DESC"  # noqa: S608
        )
        busy = [pk for (pk,) in cursor.fetchall()]
    if role == "citizen":
        return signed_in_citizen()
    posts = {post.agency_id: post for post in StaffPost.objects.filter(role=role, valid_to=None).order_by("-id")}
    post = next((posts[pk] for pk in busy if pk in posts), None) or next(iter(posts.values()))
    client = Client(SERVER_NAME="localhost")
    client.force_login(post.account, backend="accounts.backends.AccountBackend")
    return client


def signed_in_citizen() -> Any:
    """Who has filed most of those that have an account; nobody in a build that keeps them otherwise."""
    from django.db import DatabaseError, connection, transaction
    from django.test import Client

    from accounts import models

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.account_id FROM accounts_person p WHERE p.account_id IS NOT NULL ORDER BY "
                "(SELECT count(*) FROM dossiers_dossier d WHERE d.filer_id = p.id) DESC LIMIT 1"
            )
            found = cursor.fetchone()
    except DatabaseError:
        return None
    if not found:
        return None
    client = Client(SERVER_NAME="localhost")
    client.force_login(models.Account.objects.get(pk=found[0]), backend="accounts.backends.AccountBackend")
    return client


def asked(client: Any, address: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    server, begun, web = server_ms(), time.perf_counter(), time.process_time()
    answer = client.get(address)
    took = (time.perf_counter() - begun) * 1000
    spent = {"web": (time.process_time() - web) * 1000, "server": server_ms() - server}
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    if address not in _statements:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        _statements[address] = len(queries)
    return {"ms": took, "statements": _statements[address], **spent}


_statements: dict[str, int] = {}

if __name__ == "__main__":
    {"--build": side, "--fill": fill}.get(sys.argv[-1], main)()
