"""The REST API over HTTP: creating, reading by code, the first and a deep page of a list; and webhooks delivered.

Ours is served as `make run` serves it (web server and worker), with DOSSIERS dossiers (20,000) of a simulated province.
The other side is a peer whose collection's full address is given with its Authorization header and the JSON of one
case or order to create: OPEN_ZAAK_URL (``…/zaken/api/v1/zaken``) or PRETIX_URL (``…/events/…/orders/``), each with
``…_TOKEN`` and ``…_BODY`` (a file). Without one it is the bare statements that each operation needs: the writes of a
filing, the reads of a page. Webhooks are held against a bare HTTP client that sends the same signed bodies to the same
local receiver with as many threads. Both sides by turns, in one run; creating by eight clients, reading by one.
Usage: make bench NAME=api; the last line is the result as JSON.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import filing, stage, webhooks
from bench.stage import Measured, Statement, say

DOSSIERS = int(os.environ.get("DOSSIERS", "20000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = {"create": 5.0, "code": 2.0, "first": 3.0, "deep": 3.0}
PAGE, DEPTH = 100, 0.5  # rows a page; how far down the deep one lies
GOALS_TO_PEER = {"create": 4.0, "code": 5.0, "first": 8.0, "deep": 8.0}
GOALS_TO_BARE = {"create": 0.35}
Do = Callable[[], object]


@dataclass
class Line:
    """One kept connection to a server, and the headers of every call."""

    address: str
    headers: dict[str, str]
    open: Any = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.open = kind(parts.netloc, timeout=60)

    def call(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """The JSON answered. Errors: SystemExit for an answer that is no success."""
        parts = urlsplit(address)
        sent = None if body is None else json.dumps(body)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.open.request(method, path, sent, self.headers | headers | {"Content-Type": "application/json"})
        answer = self.open.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {address} answered {answer.status}: {text[:500].decode(errors='replace')}")
        return json.loads(text)


@dataclass
class Peer:
    """Another system's collection. `own` names the field of an answer that leads to the one record, `size` the
    parameter of a page's size (empty where it is fixed), `rows` how many a page then has."""

    name: str
    url: str
    headers: dict[str, str]
    body: Any
    own: str
    size: str
    rows: int

    def line(self) -> Line:
        return Line(self.url, self.headers)

    def operations(self) -> dict[str, Callable[[], Do]]:
        line = self.line()
        made = line.call("POST", self.url, self.body)
        one = made[self.own] if self.own == "url" else f"{self.url}{made[self.own]}/"
        first = {self.size: str(self.rows)} if self.size else {}
        count = line.call("GET", f"{self.url}?{urlencode(first)}")["count"]
        deep = first | {"page": str(max(1, int(count * DEPTH / self.rows)))}

        def reads(address: str) -> Callable[[], Do]:
            def client() -> Do:
                mine = self.line()
                return lambda: mine.call("GET", address)

            return client

        def creates() -> Do:
            mine = self.line()
            return lambda: mine.call("POST", self.url, self.body)

        return {
            "create": creates,
            "code": reads(one),
            "first": reads(f"{self.url}?{urlencode(first)}"),
            "deep": reads(f"{self.url}?{urlencode(deep)}"),
        }


def peers() -> list[Peer]:
    known = {"OPEN_ZAAK": ("url", "", 100), "PRETIX": ("code", "page_size", 50)}
    found = []
    for name, (own, size, rows) in known.items():
        if url := os.environ.get(f"{name}_URL"):
            headers = {"Authorization": os.environ.get(f"{name}_TOKEN", "")}
            if name == "OPEN_ZAAK":
                headers |= {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
            body = json.loads(Path(os.environ[f"{name}_BODY"]).read_text(encoding="utf-8"))
            found.append(Peer(name.lower(), url, headers, body, own, size, rows))
    return found


def main() -> None:
    begun_load = round(os.getloadavg()[0], 1)
    os.environ["API_SYSTEM_RATE"] = "1000000/min"
    folder = stage.prepare("bench-api")
    stage.fill_with_dossiers(DOSSIERS)
    token, bodies = filing.system_and_applicants()
    reader, code, cursor = _reading_system()
    with _served(folder) as base:
        operations = {
            "ours": _ours(base, token, bodies, reader, code, cursor),
            **{peer.name: peer.operations() for peer in peers()},
        }
        others = [name for name in operations if name != "ours"]
        if not others:
            operations["bare"] = _bare(base, token, bodies, reader, code, cursor)
            others = ["bare"]
        found = _by_turns(operations)
    goals = GOALS_TO_BARE if others == ["bare"] else GOALS_TO_PEER
    ratios = {
        other: {kind: round(found["ours", kind].rate / found[other, kind].rate, 3) for kind in SECONDS}
        for other in others
    }
    hooks = webhooks.measure()
    holds = all(found_ >= goals.get(kind, 0) for ratio in ratios.values() for kind, found_ in ratio.items())
    print(
        json.dumps(
            {
                "name": "api",
                "ours": round(found["ours", "create"].rate, 1),
                "other": round(found[others[0], "create"].rate, 1),
                "ratio": ratios[others[0]]["create"],
                "goal": goals,
                "holds": holds and hooks["holds"],
                "detail": {
                    "unit": f"dossiers created a second by {stage.CLIENTS} clients",
                    "dossiers": DOSSIERS,
                    "load": {
                        "begun": begun_load,
                        "ended": round(os.getloadavg()[0], 1),
                        "processors": os.cpu_count(),
                    },
                    "ratios": ratios,
                    "webhooks": hooks,
                    **{side: {kind: found[side, kind].summary() for kind in SECONDS} for side in operations},
                },
            }
        )
    )


def _by_turns(operations: dict[str, dict[str, Callable[[], Do]]]) -> dict[tuple[str, str], Measured]:
    """Creating by eight clients at once, reading by one at a time."""
    found = {(side, kind): Measured() for side in operations for kind in SECONDS}
    for number in range(ROUNDS + 1):
        for kind, seconds in SECONDS.items():
            for side, clients in operations.items():
                several = stage.CLIENTS if kind == "create" else 1
                measured = filing.run_clients(clients[kind], seconds if number else 1.0, several)
                if number:  # the first round only warms
                    found[side, kind].add(measured)
        say(f"round {number} of {ROUNDS}")
    return found


def _reading_system() -> tuple[str, str, str]:
    """(token of a system at the post of an officer with many dossiers, a code it sees, the cursor of a deep page)."""
    from base64 import b64encode
    from datetime import timedelta

    from django.db.models import Count
    from django.utils import timezone

    from accounts.models import StaffPost
    from accounts.permissions import visible
    from dossiers.models import Dossier
    from exchange.models import ON_BEHALF, ConnectedSystem
    from exchange.systems import actor_of_system, new_token

    busy = Dossier.objects.sent().values("settling_agency").annotate(n=Count("id")).order_by("-n")
    officers = StaffPost.objects.filter(role="officer", valid_to=None)
    post = next(post for row in busy for post in officers.filter(agency=row["settling_agency"])[:1])
    token, digest = new_token()
    system, _made = ConnectedSystem.objects.update_or_create(
        name="bench reader",
        defaults={
            "token_sha256": digest,
            "scopes": ["dossiers:read", ON_BEHALF],
            "post": post,
            "active": True,
            "expires_at": timezone.now() + timedelta(days=1),
        },
    )
    seen = visible(actor_of_system(system), Dossier.objects.sent()).order_by("-id")
    middle = seen[int(seen.count() * DEPTH)]
    return token, middle.code, b64encode(urlencode({"p": middle.pk}).encode()).decode()


@contextmanager
def _served(folder: Any) -> Iterator[str]:
    """The web server and the worker, as processes of their own; the API's address."""
    from django.db import connections

    from oss_portal.run import plan
    from oss_portal.run.checks import HOST, free_port
    from oss_portal.run.portal import answers
    from oss_portal.run.supervisor import Supervisor

    port = free_port()
    os.environ.update(plan.environment(folder, port, {}))
    plan.load_program()
    connections.close_all()  # each process opens its own
    with Supervisor() as supervisor:
        wanted = ("the web server", "the worker")
        supervisor.start([child for child in plan.processes(folder, {}) if child.name in wanted])
        supervisor.wait_until(
            lambda: answers(f"http://{HOST}:{port}/health/ready"), seconds=60, otherwise="The web server is not ready."
        )
        yield f"http://{HOST}:{port}/api/v1/"


def _addresses(base: str, code: str, cursor: str) -> dict[str, str]:
    page = f"{base}dossiers/?page_size={PAGE}"
    return {
        "code": f"{base}dossiers/{code}/",
        "first": page,
        "deep": f"{page}&{urlencode({'cursor': cursor})}",
    }


def _ours(base: str, token: str, bodies: list[Any], reader: str, code: str, cursor: str) -> dict[str, Callable[[], Do]]:
    made = itertools.count()

    def creates() -> Do:
        return filing.poster(f"{base}dossiers/", f"Bearer {token}", lambda: bodies[next(made) % len(bodies)])

    def reads(address: str) -> Callable[[], Do]:
        def client() -> Do:
            line = Line(address, {"Authorization": f"Bearer {reader}"})
            return lambda: line.call("GET", address)

        return client

    return {"create": creates} | {kind: reads(at) for kind, at in _addresses(base, code, cursor).items()}


def _bare(base: str, token: str, bodies: list[Any], reader: str, code: str, cursor: str) -> dict[str, Callable[[], Do]]:
    """The writes of a filing and the reads of a page, each again by a bare connection."""
    from django.test import Client

    writes, _every = filing.one_filing(token, bodies[0])
    found: dict[str, Callable[[], Do]] = {"create": lambda: filing.bare_writer(writes)}
    for kind, address in _addresses("/api/v1/", code, cursor).items():
        client = Client(headers={"Authorization": f"Bearer {reader}"})
        client.get(address)
        with stage.read() as reads:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}: {answer.content.decode()}")
        found[kind] = lambda reads=tuple(reads): _reader(reads)  # type: ignore[misc]
    return found


def _reader(reads: tuple[Statement, ...]) -> Do:
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection

    def read() -> None:
        with raw.cursor() as cursor:
            for statement in reads:
                cursor.execute(statement.sql, statement.values)
                cursor.fetchall()

    return read


if __name__ == "__main__":
    main()
