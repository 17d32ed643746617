"""Calling the portal's services: a session, renewed when it is refused; answers judged by their ``error_code``."""

import json
import os
import threading
from typing import Any

from django.conf import settings

from exchange.connectors.national import NAME
from journal.outgoing_calls import CallFailed, Outcome, Request, call_neighbour

_GOOD = {"0", "00"}
_sessions: dict[int, str] = {}  # of this process
_lock = threading.Lock()


class ServiceRefused(Exception):
    """The portal understood and said no: `code` and its own words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}"[:300])
        self.code = code


def is_configured() -> bool:
    return bool(settings.NATIONAL_URL and settings.NATIONAL_USERNAME and settings.NATIONAL_PASSWORD)


def call_service(service: str, *, reference: str = "", **fields: Any) -> dict[str, Any]:
    """One answer of a service. Raises CallFailed when none came, ServiceRefused when it says no.

    Which code tells that a session has ended is not public: so any refusal in a session of before is asked again once
    in a new one.
    """
    session, is_new = _session()
    try:
        return _ask(service, session, reference, fields)
    except ServiceRefused:
        if is_new:
            raise
        with _lock:
            _sessions.pop(os.getpid(), None)
        session, _new = _session()
        return _ask(service, session, reference, fields)


def _session() -> tuple[str, bool]:
    with _lock:
        if known := _sessions.get(os.getpid()):
            return known, False
        credentials = {"username": settings.NATIONAL_USERNAME, "password": settings.NATIONAL_PASSWORD}
        if settings.NATIONAL_DESTINATION:
            credentials["dstcode"] = settings.NATIONAL_DESTINATION
        try:
            answer = _judged(_post("login", "", credentials))
        except ServiceRefused as refusal:  # mended once for all dossiers, so none of them is to blame
            raise CallFailed(f"the portal does not let us in: {refusal}") from refusal
        session = str(answer.get("session") or "")
        if not session:
            raise CallFailed("the portal gave no session")
        _sessions[os.getpid()] = session
        return session, True


def _ask(service: str, session: str, reference: str, fields: dict[str, Any]) -> dict[str, Any]:
    asked = {"session": session, "madonvi": settings.NATIONAL_AGENCY, "service": service, **fields}
    return _judged(_post(service, reference, asked))


def _post(operation: str, reference: str, fields: dict[str, Any]) -> Outcome:
    place = "login" if operation == "login" else "call"
    return call_neighbour(
        NAME,
        Request(
            "POST",
            f"{settings.NATIONAL_URL.rstrip('/')}/{place}",
            operation=operation,
            reference=reference,
            headers={"Content-Type": "application/json"},
            content=json.dumps(fields, ensure_ascii=False).encode(),
        ),
    )


def _judged(outcome: Outcome) -> dict[str, Any]:
    if outcome.failed:
        raise CallFailed(f"HTTP {outcome.status}", in_doubt=True)
    try:
        answer = json.loads(outcome.body)
    except ValueError:
        raise CallFailed("the answer is no JSON", in_doubt=True) from None
    if not isinstance(answer, dict):
        raise CallFailed("the answer is no object", in_doubt=True)
    code = str(answer.get("error_code", ""))
    if code not in _GOOD:
        raise ServiceRefused(code, str(answer.get("message", "")))
    return answer
