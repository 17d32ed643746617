"""Webhooks delivered a second to a local receiver, against a bare HTTP client that sends the same to it.

The receiver is a process of its own and answers 204. Ours takes the messages from the database, asks what the system
may see, signs, sends, and keeps how each call ended; the bare client sends signed bodies made before, by as many
threads over as many kept connections. By turns; then the same for the few dossiers that have most events, each of whose
messages go one after another. A part of `make bench NAME=api`; `make bench NAME=webhooks` alone.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench import stage
from bench.stage import say

GOAL = 0.6
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MESSAGES = 640  # a turn
FEW = 40  # dossiers, all of whose messages wait
DOSSIERS = 2_000  # where it runs alone; `bench.api` has more


def main() -> None:
    stage.prepare("bench-api")
    stage.fill_with_dossiers(DOSSIERS)
    found = measure()
    print(json.dumps({"name": "webhooks", **{k: found[k] for k in ("ours", "other", "ratio", "goal", "holds")},
                      "detail": found}))  # fmt: skip


def measure() -> dict[str, Any]:
    """Messages a second of both sides; needs a stage with dossiers that have events."""
    receiver = multiprocessing.get_context("fork")
    ports = receiver.Queue()
    process = receiver.Process(target=_receive, args=(ports,), daemon=True)
    process.start()
    address = f"http://127.0.0.1:{ports.get(timeout=30)}/"
    try:
        found, few = (_by_turns(_endpoint(address, of_few=of_few)) for of_few in (False, True))
    finally:
        process.kill()  # whatever handlers it has by its fork
        process.join()
    return found | {"goal": GOAL, "holds": found["ratio"] >= GOAL, "few_dossiers": few}


def _by_turns(endpoint: Any) -> dict[str, Any]:
    from django.utils import timezone

    from exchange.models import WebhookMessage
    from exchange.webhooks import delivery

    took = {"ours": 0.0, "bare": 0.0}
    sent = {"ours": 0, "bare": 0}
    try:
        for number in range(ROUNDS + 1):
            requests = _requests(endpoint)
            bare = _bare(requests)
            WebhookMessage.objects.filter(endpoint=endpoint).update(
                state=WebhookMessage.State.WAITING, delivered_at=None, attempts=0, available_at=timezone.now()
            )
            begun = time.perf_counter()
            arrived = delivery.deliver_waiting(at=timezone.now())
            ours = time.perf_counter() - begun
            if arrived != len(requests):
                raise SystemExit(f"{arrived} of {len(requests)} webhooks arrived")
            if number:  # the first round only warms
                took["ours"] += ours
                took["bare"] += bare
                sent["ours"] += arrived
                sent["bare"] += len(requests)
    finally:
        endpoint.active = False
        endpoint.save()
    rate = {side: round(sent[side] / took[side], 1) for side in took}
    dossiers = WebhookMessage.objects.filter(endpoint=endpoint).values("dossier").distinct().count()
    say(f"webhooks of {dossiers} dossiers: {rate['ours']:.0f} a second, {rate['bare']:.0f} by a bare client")
    return {
        "ours": rate["ours"],
        "other": rate["bare"],
        "ratio": round(rate["ours"] / rate["bare"], 3),
        "messages": sent["ours"] // ROUNDS,
        "dossiers": dossiers,
        "unit": "webhooks a second",
        "load": round(os.getloadavg()[0], 1),
    }


def _receive(ports: Any) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # noqa: N802 (http.server's name)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response_only(204)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ports.put(server.server_port)
    server.serve_forever()


def _endpoint(url: str, *, of_few: bool) -> Any:
    """An endpoint of a system that sees much, with a message of each of so many events waiting."""
    from django.db.models import Count
    from django.utils import timezone

    from accounts.models import StaffPost
    from accounts.permissions import visible
    from dossiers.models import Dossier, DossierEvent
    from exchange.models import ON_BEHALF, ConnectedSystem, WebhookEndpoint, WebhookMessage
    from exchange.systems import actor_of_system, new_token
    from exchange.webhooks.endpoints import new_secret

    busy = Dossier.objects.sent().values("settling_agency").annotate(n=Count("id")).order_by("-n").first()
    assert busy is not None, "the stage has dossiers"
    post = StaffPost.objects.filter(role="officer", valid_to=None, agency=busy["settling_agency"]).first()
    system, _made = ConnectedSystem.objects.update_or_create(
        name="bench receiver",
        defaults={
            "token_sha256": new_token()[1],
            "scopes": ["webhooks", ON_BEHALF],
            "post": post,
            "active": True,
            "expires_at": timezone.now() + timedelta(days=1),
        },
    )
    endpoint = WebhookEndpoint.objects.create(system=system, url=url, secret=new_secret(), actions=["none"])
    seen = visible(actor_of_system(system), Dossier.objects.sent()).filter(settling_agency=busy["settling_agency"])
    if of_few:
        most = seen.annotate(n=Count("events")).order_by("-n", "id").values_list("pk", flat=True)[:FEW]
        seen = seen.filter(pk__in=list(most))
    events = DossierEvent.objects.filter(dossier__in=seen).order_by("-id")[:MESSAGES]
    WebhookMessage.objects.bulk_create(
        WebhookMessage(endpoint=endpoint, event=event, dossier_id=event.dossier_id) for event in events
    )
    return endpoint


def _requests(endpoint: Any) -> list[Any]:
    from django.utils import timezone
    from standardwebhooks import Webhook

    from exchange.models import WebhookMessage
    from exchange.webhooks import delivery

    now = timezone.now()
    mine = WebhookMessage.objects.filter(endpoint=endpoint)
    mine.update(state=WebhookMessage.State.WAITING, delivered_at=None, attempts=0, available_at=now)
    claimed: list[Any] = []
    while more := delivery._claim(now, {}):
        claimed += more
        WebhookMessage.objects.filter(pk__in=[message.pk for message in more]).update(
            state=WebhookMessage.State.DELIVERED, delivered_at=now
        )
    signers = [Webhook(endpoint.secret)]
    return [delivery._request(endpoint, signers, message) for message in claimed]


def _bare(requests: list[Any]) -> float:
    """Seconds that a bare client takes for all, by eight threads over kept connections."""
    import httpx

    from exchange.webhooks.delivery import AT_ONCE

    with httpx.Client(trust_env=False) as client, ThreadPoolExecutor(AT_ONCE) as pool:

        def send(request: Any) -> None:
            client.post(request.url, content=request.content, headers=request.headers).raise_for_status()

        begun = time.perf_counter()
        list(pool.map(send, requests))
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
