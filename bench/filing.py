"""Dossiers filed a second over HTTP through the API, against the bare INSERTs and UPDATEs that a filing needs.

Both sides by the same eight clients in the same run, by turns, on the same durable PostgreSQL. The web server is
started as `make run` starts it. Other systems are measured too when their address is given: `OPEN_ZAAK_URL` or
`PRETIX_URL` (the full address to post to), with `…_TOKEN` (the Authorization header) and `…_BODY` (a file with the
JSON of one case or order). Run with `make bench NAME=filing`; the last line is the result as JSON.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from bench import stage
from bench.stage import CLIENTS, Measured, Statement, say

GOAL = 0.35
ROUNDS = 2
SECONDS = {"bare": 4.0, "filing": 7.0}
PROCEDURE = "2.000908"  # a copy from the register of originals: asks for no file
WARD = "09187"

Client = Callable[[], object]


def main() -> None:
    os.environ["API_SYSTEM_RATE"] = "1000000/min"
    folder = stage.prepare()
    from django.db import connections

    from oss_portal.run import plan
    from oss_portal.run.checks import HOST, free_port
    from oss_portal.run.portal import answers
    from oss_portal.run.supervisor import Supervisor

    token, bodies = system_and_applicants()
    writes, queries = one_filing(token, bodies[0])
    port = free_port()
    os.environ.update(plan.environment(folder, port, {}))
    plan.load_program()
    connections.close_all()  # each process opens its own
    with Supervisor() as supervisor:
        supervisor.start([child for child in plan.processes(folder, {}) if child.name == "the web server"])
        supervisor.wait_until(
            lambda: answers(f"http://{HOST}:{port}/health/ready"), seconds=60, otherwise="The web server is not ready."
        )
        address = f"http://{HOST}:{port}/api/v1/dossiers/"
        made = itertools.count()

        def filer() -> Client:
            return poster(address, f"Bearer {token}", lambda: bodies[next(made) % len(bodies)])

        say("Filing and writing by turns")
        run_clients(filer, 2.0)  # every thread of the server has its connection and calendar
        found = {"bare": Measured(), "filing": Measured()}
        for _round in range(ROUNDS):
            found["bare"].add(run_clients(lambda: bare_writer(writes), SECONDS["bare"]))
            found["filing"].add(run_clients(filer, SECONDS["filing"]))
    ours, other = found["filing"].rate, found["bare"].rate
    result = {
        "name": "filing",
        "ours": round(ours, 1),
        "other": round(other, 1),
        "ratio": round(ours / other, 3),
        "goal": GOAL,
        "holds": ours >= GOAL * other,
        "detail": {
            "unit": "filings a second",
            "clients": CLIENTS,
            "filing": found["filing"].summary() | {"queries": len(queries)},
            "bare": found["bare"].summary() | {"statements": len(writes)},
            **_others(),
        },
    }
    print(json.dumps(result))


def system_and_applicants() -> tuple[str, list[dict]]:
    from accounts.models import Person
    from exchange.models import ConnectedSystem
    from exchange.systems import new_token

    token, digest = new_token()
    ConnectedSystem.objects.update_or_create(
        name="bench", defaults={"token_sha256": digest, "scopes": ["dossiers:file"], "active": True}
    )
    people = Person.objects.exclude(personal_number=None).order_by("id")[:30]
    bodies = [
        {
            "procedure": PROCEDURE,
            "applicant": {"personal_number": person.personal_number, "full_name": person.full_name},
            "territory": WARD,
            "content": "Xin cấp bản sao từ sổ gốc",
        }
        for person in people
    ]
    return token, bodies


def one_filing(token: str, body: dict) -> tuple[list[Statement], list[str]]:
    """The writes of one filing and all its statements, caches warm as in a server that has run for a while."""
    from django.test import Client as InProcess

    def file() -> None:
        answer = InProcess().post(
            "/api/v1/dossiers/",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex},
        )
        if answer.status_code != 201:
            raise SystemExit(f"The filing was refused: {answer.content.decode()}")

    file()
    with stage.written() as (writes, every):
        file()
    return writes, every


def bare_writer(writes: list[Statement]) -> Client:
    """A client that writes what a filing writes, with fresh keys, in one transaction and nothing else."""
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    mine, serial = uuid.uuid4().hex[:8], itertools.count(1)

    def write() -> None:
        key = uuid.uuid4().hex
        fresh = {
            "journal_idempotencykey.key": key,
            "dossiers_dossier.uid": uuid.uuid4(),
            "dossiers_dossier.code": f"bare-{mine}-{next(serial)}",
            "journal_outboxmessage.key": f"bare:{key}",
        }
        with raw.transaction(), raw.cursor() as cursor:
            for statement in writes:
                cursor.execute(statement.sql, statement.with_values(fresh))
                if not statement.returns:
                    continue
                made = cursor.fetchone()[0]
                if statement.table == "dossiers_dossier":
                    fresh |= {
                        "dossiers_dossier.id": made,
                        "dossiers_dossierevent.dossier_id": made,
                        "dossiers_dossierdocument.dossier_id": made,
                    }

    return write


def poster(address: str, authorization: str, body: Callable[[], dict]) -> Client:
    """A client that posts one JSON body after the other over one kept connection."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.netloc, timeout=30)

    def post() -> None:
        headers = {
            "Content-Type": "application/json",
            "Authorization": authorization,
            "Idempotency-Key": uuid.uuid4().hex,
        }
        line.request("POST", parts.path, json.dumps(body()), headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"{address} answered {answer.status}: {text[:500].decode(errors='replace')}")

    return post


def run_clients(make: Callable[[], Client], seconds: float, clients: int = CLIENTS) -> Measured:
    """So many clients, each as busy as it can be, for so many seconds."""
    from django.db import connections

    def work(_n: int) -> list[float]:
        try:
            return stage.repeat(make(), until)
        finally:
            connections.close_all()

    begun = time.perf_counter()
    until = begun + seconds
    with ThreadPoolExecutor(clients) as pool:
        latencies = [took for part in pool.map(work, range(clients)) for took in part]
    return Measured(time.perf_counter() - begun, latencies)


def _others() -> dict[str, dict]:
    """The same clients on other systems whose address is given."""
    found = {}
    for name in ("OPEN_ZAAK", "PRETIX"):
        if address := os.environ.get(f"{name}_URL"):
            body = json.loads(Path(os.environ[f"{name}_BODY"]).read_text(encoding="utf-8"))
            token = os.environ.get(f"{name}_TOKEN", "")
            found[name.lower()] = run_clients(
                lambda a=address, t=token, b=body: poster(a, t, lambda: b), SECONDS["filing"]
            ).summary()
    return found


if __name__ == "__main__":
    main()
