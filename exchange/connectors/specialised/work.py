"""Dossiers given to specialised software and heard of again, row by row; a dead system waits and stops nobody."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM_CHANNEL, Actor
from core.refusals import Refused
from core.time_budget import TimeBudget
from digitization import uploads
from dossiers.lifecycle import execute_transition
from dossiers.models import OPEN_STATES, Dossier
from exchange.attempts import Waits, attempt_due, no_settlement
from exchange.models import SpecialisedDossier, SpecialisedSystem
from exchange.specialised_mapping import Heard, heard_from, pushed_item, read_rules
from journal.outgoing_calls import CallFailed, Outcome, Request, call_neighbour

ASKED_EVERY = timedelta(minutes=10)
_WAITS = Waits(first=timedelta(seconds=15))
_NO_MORE = timedelta(days=3650)
_TOLD_AFTER_CLOSING = timedelta(days=30)
# Open dossiers of its procedures that it does not have yet, and those it has that changed since. No action on a dossier
# waits for this. Of closed ones only late changes are told: what its end of keeping erases is no news.
_BEHIND = """
    INSERT INTO exchange_specialiseddossier
        (system_id, dossier_id, pushed_revision, version, status, note, result_version, available_at, attempts,
         last_error)
    SELECT %(system)s, dossier.id, 0, '', '', '', '', %(now)s, 0, ''
    FROM procedures_procedure AS procedure
    JOIN procedures_edition AS edition ON edition.procedure_id = procedure.id
    JOIN dossiers_dossier AS dossier ON dossier.edition_id = edition.id
    WHERE procedure.code = ANY(%(codes)s) AND dossier.state = ANY(%(open)s) AND dossier.received_at IS NOT NULL
      AND dossier.discarded_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM exchange_specialiseddossier AS known
          WHERE known.system_id = %(system)s AND known.dossier_id = dossier.id)
    ON CONFLICT (system_id, dossier_id) DO NOTHING
"""
_CHANGED = """
    UPDATE exchange_specialiseddossier AS known SET available_at = %(now)s
    FROM dossiers_dossier AS dossier
    JOIN procedures_edition AS edition ON edition.id = dossier.edition_id
    JOIN procedures_procedure AS procedure ON procedure.id = edition.procedure_id
    WHERE known.system_id = %(system)s AND dossier.id = known.dossier_id AND procedure.code = ANY(%(codes)s)
      AND known.pushed_revision > 0 AND known.pushed_revision < dossier.revision
      AND known.available_at > %(now)s AND known.last_error = ''
      AND (dossier.closed_at IS NULL OR dossier.closed_at > %(late)s)
"""


def connection_name(system: SpecialisedSystem) -> str:
    return f"specialised:{system.key}"


def work_off(*, at: datetime, limit: int = 200, budget: TimeBudget | None = None) -> int:
    """Give what is new or changed and ask about the rest; returns how many rows were done. Two at once share.

    Systems take turns by chance, each with a share of the time: one that is slow delays none of the others for long.
    """
    budget, done = budget or TimeBudget(), 0
    for system in SpecialisedSystem.objects.filter(active=True).order_by("?"):
        _note_behind(system, at)
        done += attempt_due(
            SpecialisedDossier.objects.filter(system=system),
            lambda row: advance(row, at),
            at=at,
            refusals=(Refused,),
            settle_refusal=no_settlement,
            budget=budget.new_share(),
            limit=limit,
            waits=_WAITS,
        )
    return done


def _note_behind(system: SpecialisedSystem, at: datetime) -> None:
    said = {"system": system.pk, "now": at, "codes": system.procedures, "late": at - _TOLD_AFTER_CLOSING}
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {**said, "open": [int(state) for state in OPEN_STATES]})
        cursor.execute(_CHANGED, said)


def advance(row: SpecialisedDossier, at: datetime) -> None:
    """Give the dossier where it has changed, else ask how it stands and do what is said. Raises CallFailed, Refused."""
    system = row.system
    rules = read_rules(system.mapping)
    dossier = Dossier.objects.select_related(
        "edition__procedure", "owner_person", "owner_enterprise", "settling_agency", "step"
    ).get(pk=row.dossier_id)
    if row.pushed_revision < dossier.revision:
        item = json.dumps(pushed_item(dossier, rules), ensure_ascii=False).encode()
        outcome = _call(system, "PUT", dossier, item, row)
        if outcome.status not in (200, 201, 204):
            raise CallFailed(f"HTTP {outcome.status}")
        _keep(row, dossier, at, pushed_revision=dossier.revision)
        return
    outcome = _call(system, "GET", dossier, None, row)
    if outcome.status != 200:
        raise CallFailed(f"HTTP {outcome.status}")
    heard = heard_from(_object(outcome), rules)
    if heard.version != row.version:
        row.heard_at = at
    if heard.result and row.result_version != heard.version:
        _take_result(row, dossier, heard, at)
        row.result_version = heard.version
        row.pushed_revision = dossier.revision  # what came from there need not go back
    known = {"version": heard.version, "status": heard.status, "note": heard.note, "heard_at": row.heard_at}
    _keep(row, dossier, at, **known, result_version=row.result_version, pushed_revision=row.pushed_revision)


def _keep(row: SpecialisedDossier, dossier: Dossier, at: datetime, **facts: Any) -> None:
    """What has ended is asked about no more, unless it changes here."""
    pause = ASKED_EVERY if dossier.state in OPEN_STATES else _NO_MORE
    rest = {"attempts": 0, "last_error": "", "available_at": at + pause}
    SpecialisedDossier.objects.filter(pk=row.pk).update(**facts, **rest)


def _take_result(row: SpecialisedDossier, dossier: Dossier, heard: Heard, at: datetime) -> None:
    """Attach their result as the draft of ours, in the place of the post that answers for it: the usual approval
    follows. Raises Refused (the dossier is not at such a step), CallFailed, UploadRefused."""
    system = row.system
    said: dict[str, Any] = dict(heard.result)
    by = Actor(post=system.post, posts=(system.post,), system=system.name, channel=SYSTEM_CHANNEL)
    content = _fetch(system, said.pop("file"), row) if said.get("file") else None
    name = said.pop("name", "") or _("Kết quả")
    with transaction.atomic():
        if content is not None:
            file = uploads.store_file(ContentFile(content, name=f"{name}.pdf"), f"{name}.pdf", dossier.reference, by)
            said["file"] = file
        execute_transition(dossier, "attach_result", by, at=at, name=name[:200], **said)


def _fetch(system: SpecialisedSystem, address: str, row: SpecialisedDossier) -> bytes:
    """A file from the system's own host. Raises Refused, CallFailed."""
    url = urljoin(f"{system.url.rstrip('/')}/", address)
    if urlsplit(url).netloc != urlsplit(system.url).netloc:
        raise Refused("foreign_host", _("Tệp kết quả nằm ở máy chủ khác nên không lấy về."))
    asked = Request("GET", url, operation="file", reference=f"specialised:{row.pk}", headers=_headers(system))
    outcome = call_neighbour(connection_name(system), asked)
    if outcome.status != 200:
        raise CallFailed(f"a file does not come: HTTP {outcome.status}")
    return outcome.body


def _call(
    system: SpecialisedSystem, method: str, dossier: Dossier, content: bytes | None, row: SpecialisedDossier
) -> Outcome:
    address = f"{system.url.rstrip('/')}/dossiers/{quote(dossier.code or '', safe='')}"
    request = Request(
        method,
        address,
        operation="give" if method == "PUT" else "ask",
        reference=f"specialised:{row.pk}",
        headers=_headers(system),
        content=content,
    )
    outcome = call_neighbour(connection_name(system), request)
    if outcome.failed:
        raise CallFailed(f"HTTP {outcome.status}")
    return outcome


def _headers(system: SpecialisedSystem) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {system.secret}"}


def _object(outcome: Outcome) -> dict[str, Any]:
    try:
        answer = json.loads(outcome.body)
    except ValueError:
        raise CallFailed("the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise CallFailed("the answer is no object")
    return answer
