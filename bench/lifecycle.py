"""Acts a second by eight officers at once, against the bare INSERTs and UPDATEs that the same acts must make.

Each of eight processes works one dossier up and down its route (verify, submit, send back, send back again): acts
that move a step and issue no paper. Both sides by turns, on the same durable PostgreSQL. Run with
`make bench NAME=lifecycle`; the last line is the result as JSON.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable
from typing import Any

from bench import stage
from bench.builds import Side, at_once
from bench.stage import CLIENTS, Measured, Statement, say

GOAL = 0.25
ROUNDS = 5  # short turns: what else the machine does comes and goes
SECONDS = 2.0
PROCEDURE = "1.014027"  # social pension allowance: settled by the commune, without a fee
WARD = "09187"


def main() -> None:
    stage.prepare("bench-lifecycle")
    from django.db import connections

    say("Taking dossiers in")
    working, *dossiers = [_at_work() for _n in range(1 + 2 * CLIENTS)]
    writes = _writes(working)
    connections.close_all()  # each process opens its own
    sides: dict[str, Side] = {
        "bare": lambda n: _bare(dossiers[CLIENTS + n], writes),
        "acts": lambda n: _acts(dossiers[n]),
    }
    say("Acting and writing by turns")
    found = {"bare": Measured(), "acts": Measured()}
    for _round in range(ROUNDS):
        for name, side in sides.items():
            found[name].add(_run(side))
    ours, other = found["acts"].rate, found["bare"].rate
    result = {
        "name": "lifecycle",
        "ours": round(ours, 1),
        "other": round(other, 1),
        "ratio": round(ours / other, 3),
        "goal": GOAL,
        "holds": ours >= GOAL * other,
        "detail": {
            "unit": "acts a second",
            "clients": CLIENTS,
            "acts": found["acts"].summary(),
            "bare": found["bare"].summary() | {"statements_an_act": sum(map(len, writes)) / len(writes)},
        },
    }
    print(json.dumps(result))


def _run(side: Side) -> Measured:
    found = at_once(side, CLIENTS, SECONDS)
    return Measured(max(each.seconds for each in found), [took for each in found for took in each.latencies])


def _post(agency: Any, role: str) -> Any:
    from accounts.actors import Actor
    from accounts.models import StaffPost

    posts = StaffPost.objects.select_related("account", "agency", "desk__agency").order_by("id")
    post = posts.filter(agency=agency, role=role, valid_to=None).first()
    if post is None:
        raise LookupError(f"{agency} has no {role}")
    return Actor(account=post.account, post=post, posts=(post,), channel="web")


def _at_work() -> Any:
    """A dossier taken in at the ward's counter, assigned, with its result drafted."""
    from django.utils import timezone

    from accounts.models import Person
    from agencies.models import Agency, Territory
    from dossiers.filing import intake
    from dossiers.lifecycle import execute_transition
    from procedures.models import Edition

    ward = Territory.objects.get(code=WARD, valid_to=None)
    agency = Agency.objects.get(key="commune_pc", territory=ward, valid_to=None)
    person = Person.objects.exclude(personal_number=None).earliest("id")
    clerk = _post(Agency.objects.get(key="commune_centre", territory=ward, valid_to=None), "counter")
    officer, now = _post(agency, "officer"), timezone.now()
    edition = Edition.objects.get(procedure__code=PROCEDURE, status="published")
    dossier = intake.take_in(
        edition,
        by=clerk,
        filer=person,
        owner=person,
        ticked=[intake.Ticked(paper, paper.originals, paper.copies) for paper in edition.documents.all()],
        territory=ward,
        key=uuid.uuid4().hex,
        at=now,
    )
    execute_transition(dossier, "receive", clerk, at=now)
    execute_transition(dossier, "assign", _post(agency, "unit_head"), at=now, officer=officer.post)
    execute_transition(
        dossier, "attach_result", officer, at=now, name="Quyết định hưởng trợ cấp", text="Hưởng từ tháng này."
    )
    return dossier


def _acts(dossier: Any) -> Callable[[], None]:
    """Up and down the route without end."""
    from django.utils import timezone

    from dossiers.lifecycle import execute_transition

    agency = dossier.settling_agency
    officer, head, leader = (_post(agency, role) for role in ("officer", "unit_head", "leader"))
    why: dict[str, Any] = {"reason": "Xem lại căn cứ"}
    dossier.refresh_from_db()
    while dossier.step.key != "verify":  # where the round before this one left it
        execute_transition(
            dossier, "send_back", {"submit": head, "approve": leader}[dossier.step.key], at=timezone.now(), **why
        )
    route = itertools.cycle(
        [("verify", officer, {}), ("submit", head, {}), ("send_back", leader, why), ("send_back", head, why)]
    )

    def act() -> None:
        action, by, facts = next(route)
        execute_transition(dossier, action, by, at=timezone.now(), revision=dossier.revision, **facts)

    return act


def _writes(dossier: Any) -> list[list[Statement]]:
    """What each act of the round writes."""
    act = _acts(dossier)
    for _n in range(4):
        act()
    found = []
    for _n in range(4):
        with stage.written() as (writes, _every):
            act()
        found.append(writes)
    return found


def _bare(dossier: Any, writes: list[list[Statement]]) -> Callable[[], None]:
    """Writes what the acts write, for a dossier of its own: one transaction an act and nothing else."""
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    acts = itertools.cycle(writes)
    revisions = itertools.count(dossier.events.count() + 1)
    fresh: dict[str, Any] = {
        "dossiers_dossier.id": dossier.pk,
        "dossiers_dossier.uid": dossier.uid,
        "dossiers_dossier.code": dossier.code,
        "dossiers_dossier.filing_key": dossier.filing_key,
        "dossiers_dossierevent.dossier_id": dossier.pk,
        "dossiers_steprun.dossier_id": dossier.pk,
        "dossiers_steprun.id": dossier.steps.get(finished_at=None).pk,
    }

    def write() -> None:
        fresh["dossiers_dossierevent.revision"] = next(revisions)
        fresh["journal_outboxmessage.key"] = f"bare:{uuid.uuid4().hex}"
        with raw.transaction(), raw.cursor() as cursor:
            for statement in next(acts):
                cursor.execute(statement.sql, statement.with_values(fresh))
                if statement.returns and statement.table == "dossiers_steprun":
                    fresh["dossiers_steprun.id"] = fresh["dossiers_dossier.step_id"] = cursor.fetchone()[0]

    return write


if __name__ == "__main__":
    main()
