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
from digitization import uploads
from dossiers.lifecycle import execute_transition
from dossiers.models import OPEN_STATES, Dossier
from exchange.attempts import claim_row, wait_after
from exchange.connectors.specialised.mapping import Heard, heard_from, pushed_item, read_rules
from exchange.models import SpecialisedDossier, SpecialisedSystem
from journal.outgoing_calls import CallFailed, Outcome, Request, Resting, call_neighbour

ASKED_EVERY = timedelta(minutes=10)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=30)
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


def work_off(*, at: datetime, limit: int = 200) -> int:
    """Give what is new or changed and ask about the rest; returns how many rows were done. Two at once share."""
    for system in SpecialisedSystem.objects.filter(active=True):
        _note_behind(system, at)
    open_rows = SpecialisedDossier.objects.filter(system__in=SpecialisedSystem.objects.filter(active=True))
    done = 0
    for _n in range(limit):
        row = claim_row(open_rows, at)
        if row is None:
            break
        try:
            advance(row, at)
            done += 1
        except Resting:
            wait = _FIRST_WAIT
            SpecialisedDossier.objects.filter(pk=row.pk).update(attempts=row.attempts - 1, available_at=at + wait)
        except (CallFailed, Refused, uploads.UploadRefused) as failure:
            wait = wait_after(row.attempts, first=_FIRST_WAIT, longest=_LONGEST_WAIT)
            SpecialisedDossier.objects.filter(pk=row.pk).update(last_error=str(failure)[:300], available_at=at + wait)
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
