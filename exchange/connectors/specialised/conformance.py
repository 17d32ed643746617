"""Whether an outside team's endpoint does what the portal needs: each point tried over HTTP and judged in words.

What is given is made up: the code names no dossier and the name no person.
"""

import json
from collections.abc import Iterator
from typing import Any

from core.refusals import Refused
from exchange.specialised_mapping import Rules, heard_from
from exchange.webhooks.conformance import Finding
from journal.outgoing_calls import PATIENCE_SECONDS, Outcome, Request, send_request

CODE, UNKNOWN = "H00.000-260101-0001", "H00.000-260101-9999"
_SAMPLE: dict[str, Any] = {
    "code": CODE, "revision": 1, "procedure": "1.013228", "title": "Thủ tục thử", "case": "", "content": "Hồ sơ thử",
    "owner_name": "Người Thử", "owner_number": "001190000001", "phone": "", "email": "", "address": "", "state": 4,
    "received_at": "2026-01-01T09:00:00+07:00", "due_at": "2026-01-08T17:00:00+07:00", "agency": "H00.000",
}  # fmt: skip


def check_endpoint(url: str, secret: str, rules: Rules) -> Iterator[Finding]:
    """All points in turn; ends early when a good dossier is not taken."""
    place = f"{url.rstrip('/')}/dossiers"
    item = {theirs: _SAMPLE[ours] for theirs, ours in rules.dossier.items()}
    outcome = _send("PUT", f"{place}/{CODE}", secret, item)
    yield Finding("a dossier is taken (PUT)", _good(outcome), _why_not(outcome, "PUT", "Answer 200, 201 or 204."))
    if not _good(outcome):
        return
    outcome = _send("PUT", f"{place}/{CODE}", secret, item)
    yield Finding(
        "the same dossier again is taken",
        _good(outcome),
        f"It answered {_said(outcome)}. After a lost answer it is given again: the code names the dossier; let the "
        "second PUT change nothing.",
    )
    outcome = _send("GET", f"{place}/{CODE}", secret)
    yield Finding(
        "it tells how the dossier stands (GET)",
        outcome.status == 200,
        _why_not(outcome, "GET", "Answer 200 with JSON for a code that was given before."),
    )
    if outcome.status == 200:
        yield _readable(outcome, rules)
    outcome = _send("GET", f"{place}/{UNKNOWN}", secret)
    yield Finding("an unknown code is 404", outcome.status == 404, f"It answered {_said(outcome)}. Answer 404.")
    for wrong, name in (("", "without the token"), (f"{secret}x", "with a wrong token")):
        outcome = _send("GET", f"{place}/{CODE}", wrong)
        yield Finding(
            f"{name} nothing is told",
            outcome.status in (401, 403),
            f"It answered {_said(outcome)}. Compare the Authorization header with the token and answer 401.",
        )
    outcome = _send("PUT", f"{place}/{CODE}", secret, raw=b"{")
    yield Finding(
        "what is no JSON is refused",
        outcome.status in (400, 415, 422),
        f"It answered {_said(outcome)}. Answer 400, and keep the dossier as it was.",
    )


def _why_not(outcome: Outcome, method: str, wanted: str) -> str:
    """What happened, and what the other team should look at."""
    status = outcome.status
    if status is None:
        return (
            f"No answer came ({outcome.error}). Is the address right and the server up, is its certificate one that is "
            f"trusted, is its host on the list of allowed connections (OUTGOING_ALSO), does it answer within "
            f"{PATIENCE_SECONDS:.0f} seconds?"
        )
    if 300 <= status < 400:
        advice = "Redirects are not followed: name the final address."
    elif status in (401, 403):
        advice = "It does not accept the token: compare `Authorization: Bearer …` with what --secret names here."
    elif status in (404, 405) and method == "PUT":
        advice = f"The address itself is right only if {method} <address>/dossiers/<code> leads to the endpoint."
    elif status == 415:
        advice = "The body is application/json."
    elif status >= 500:
        advice = f"The endpoint fails: see its log. {wanted}"
    else:
        advice = wanted
    return f"It answered HTTP {status}. {advice}"


def _readable(outcome: Outcome, rules: Rules) -> Finding:
    tried = "its answer has version and status where the mapping says"
    try:
        answer = json.loads(outcome.body)
        heard_from(answer if isinstance(answer, dict) else {}, rules)
    except ValueError:
        return Finding(tried, False, "The body is no JSON.")
    except Refused as refusal:
        if refusal.code != "no_status":
            return Finding(tried, False, f"{refusal} Agree with the portal's administrators what it means.")
        names = f"{rules.answer['version']} and {rules.answer['status']}"
        return Finding(tried, False, f"The object needs {names}: a text that changes with each change, and the status.")
    return Finding(tried, True)


def _send(method: str, url: str, secret: str, item: dict[str, Any] | None = None, raw: bytes | None = None) -> Outcome:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    content = raw if raw is not None else json.dumps(item, ensure_ascii=False).encode() if item is not None else None
    return send_request(Request(method, url, operation="check", headers=headers, content=content))


def _good(outcome: Outcome) -> bool:
    return outcome.status in (200, 201, 204)


def _said(outcome: Outcome) -> str:
    return f"HTTP {outcome.status}" if outcome.status is not None else outcome.error or "nothing"
