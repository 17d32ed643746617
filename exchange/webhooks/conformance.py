"""Whether somebody's endpoint receives webhooks as it should: each point tried over HTTP and judged in words.

What is sent names no dossier that exists and no person. The endpoint should answer within the deliverer's patience,
believe only what is signed, and take a repetition and an unknown event without harm.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from standardwebhooks import Webhook

from exchange.webhooks.delivery import PATIENCE_SECONDS
from exchange.webhooks.endpoints import new_secret
from journal.outgoing_calls import Outcome, Request, send_request

_OLD = timedelta(hours=1)  # libraries of Standard Webhooks allow five minutes


@dataclass(frozen=True)
class Finding:
    """One point: what was tried, whether it went well, and what to do where it did not."""

    tried: str
    good: bool
    advice: str = ""


def check_receiver(url: str, secret: str) -> Iterator[Finding]:
    """All points in turn; ends early when the endpoint cannot be reached or refuses what is well signed."""
    first = _Message(url, secret)
    outcome = first.send()
    yield Finding("a well signed message is taken", _taken(outcome), _why_not_taken(outcome))
    if not _taken(outcome):
        return
    outcome = first.send()
    yield Finding(
        "the same message again is taken",
        _taken(outcome),
        f"It answered {_answer(outcome)}. Every message may come more than once: keep each webhook-id, answer 2xx, do "
        "nothing the second time.",
    )
    outcome = _Message(url, secret, kind="dossier.an_action_of_later").send()
    yield Finding(
        "an unknown event is taken",
        _taken(outcome),
        f"It answered {_answer(outcome)}. New actions appear with new versions: answer 2xx and ignore what you do "
        "not know.",
    )
    outcome = _Message(url, secret).send(also_by=new_secret())
    yield Finding(
        "one good signature among two is enough",
        _taken(outcome),
        f"It answered {_answer(outcome)}. While a secret is changed, webhook-signature holds two, with a blank "
        "between: accept the message when any of them is right.",
    )
    for tried, send, advice in _FORGED:
        outcome = send(_Message(url, secret))
        yield Finding(
            tried,
            outcome.status is not None and 400 <= outcome.status < 500,
            f"It answered {_answer(outcome)}. {advice} Answer 401.",
        )


class _Message:
    """One message to the endpoint, sent well or badly signed."""

    def __init__(self, url: str, secret: str, *, kind: str = "dossier.receive") -> None:
        self.url, self.secret = url, secret
        self.identifier = f"msg_{uuid.uuid4().hex}"
        data = {"code": "H00.000-000101-0000", "action": kind.partition(".")[2], "revision": 1, "test": True}
        content = {"type": kind, "timestamp": timezone.now().isoformat(timespec="seconds"), "data": data}
        self.body = json.dumps(content, separators=(",", ":"))

    def send(
        self,
        *,
        secret: str = "",
        also_by: str = "",
        at: datetime | None = None,
        body: str = "",
        signed: bool = True,
    ) -> Outcome:
        """With another secret, a second signature in front, another moment, a body changed after signing, unsigned."""
        moment = (at or timezone.now()).replace(microsecond=0)
        secrets = [*([also_by] if also_by else []), secret or self.secret]
        headers = {"Content-Type": "application/json"}
        if signed:
            headers |= {
                "webhook-id": self.identifier,
                "webhook-timestamp": str(int(moment.timestamp())),
                "webhook-signature": " ".join(Webhook(s).sign(self.identifier, moment, self.body) for s in secrets),
            }
        return send_request(
            Request(
                "POST",
                self.url,
                operation="connector-check",
                headers=headers,
                content=(body or self.body).encode(),
                patience=PATIENCE_SECONDS,
                public_only=True,
            )
        )


_FORGED: tuple[tuple[str, Callable[[_Message], Outcome], str], ...] = (
    (
        "a message signed with another secret is refused",
        lambda message: message.send(secret=new_secret()),
        "Verify webhook-signature with your secret before you read the message.",
    ),
    (
        "a message changed on its way is refused",
        lambda message: message.send(body=message.body.replace('"revision":1', '"revision":2')),
        "Verify the signature over the bytes as they came, not over JSON written anew.",
    ),
    (
        "a message of an hour ago is refused",
        lambda message: message.send(at=timezone.now() - _OLD),
        "Compare webhook-timestamp with your clock, within five minutes: else a message that somebody kept can be sent "
        "again.",
    ),
    (
        "a message without a signature is refused",
        lambda message: message.send(signed=False),
        "Without the three webhook- headers it is not from the portal.",
    ),
)


def _taken(outcome: Outcome) -> bool:
    return outcome.status is not None and 200 <= outcome.status < 300


def _answer(outcome: Outcome) -> str:
    return f"HTTP {outcome.status}" if outcome.status is not None else f"nothing ({outcome.error})"


def _why_not_taken(outcome: Outcome) -> str:
    status = outcome.status
    if status is None:
        return (
            f"No answer came ({outcome.error}). Is the address right, is its host on the list of allowed connections "
            f"(OUTGOING_ALSO), does it answer within {PATIENCE_SECONDS:.0f} seconds?"
        )
    if 300 <= status < 400:
        return f"It answered HTTP {status}. Redirects are not followed: name the final address."
    if status in (401, 403):
        return (
            f"It answered HTTP {status}. Is the secret the one of this check? Verify over the raw body, as webhook-id, "
            "webhook-timestamp and body with dots between; the secret is base 64 after whsec_."
        )
    if status in (404, 405):
        return f"It answered HTTP {status}. The address must take POST."
    if status == 415:
        return "It answered HTTP 415. The body is application/json."
    if status >= 500:
        return f"It answered HTTP {status}. The endpoint fails: see its log. Take the message first, work on it later."
    return f"It answered HTTP {status}. Answer 2xx to every message that is well signed."
