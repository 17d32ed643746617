"""One row of another system: everything it names is found, or what is wrong with it is said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import Enterprise, Person
from accounts.people_in_bulk import Stated
from agencies.models import Agency
from core.refusals import Refused
from dossiers.deadlines import clock
from dossiers.models import (
    WAITING_STATES,
    Dossier,
    Outcome,
    Pause,
    State,
    Substate,
)
from dossiers.moving_in.records import MovedInDossier
from dossiers.moving_in.writing import step_of
from dossiers.search import SHORTEST_KEY, code_key
from exchange.moving_in import parts
from exchange.moving_in.known import Known
from exchange.moving_in.parts import STATES, Findings
from procedures.models import Channel
from vietnam.dates import format_moment
from vietnam.documents import IdentityDocument
from vietnam.identity import InvalidNumber, TaxNumber
from vietnam.phone import InvalidPhone, normalise_phone
from vietnam.working_time import InvalidPeriod, Unit

# 150000, 150.000, 150,000, and what spreadsheets make of it: 150000.0
_DONG = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:[.,][0-9]{3}){1,3}|[0-9]{1,12}\.00?", re.ASCII)
_NOBODY = Person()


@dataclass
class Checked:
    """`record` is whole but for its people, whom `owner` (a paper or a tax number) and `filer` name."""

    record: MovedInDossier
    owner: IdentityDocument | str
    filer: IdentityDocument
    owner_stated: Stated
    filer_stated: Stated

    def with_people(
        self, people: Mapping[IdentityDocument, Person], enterprises: Mapping[str, Enterprise]
    ) -> MovedInDossier:
        owner = enterprises[self.owner] if isinstance(self.owner, str) else people[self.owner]
        return replace(self.record, filer=people[self.filer], owner=owner)


def check_row(
    said: Mapping[str, Any], known: Known, folder: Path | None, *, at: datetime
) -> tuple[Checked | None, Findings]:
    """`said` is a mapped row. Asks the database for nothing but what `known` does not know yet."""
    found = Findings()
    code = said.get("code", "")
    if len(code) > 80 or len(code_key(code)) < SHORTEST_KEY or not any(char.isdigit() for char in code):
        found.wrong("no_code", "code", code)
    edition = known.edition(said.get("procedure", ""))
    if edition is None:
        found.wrong("unknown_procedure", "procedure", said.get("procedure"))
    elif said.get("case") and said["case"] not in [case["key"] for case in edition.facts.get("cases") or []]:
        found.wrong("unknown_case", "case", said["case"])
    agency = known.agency(said.get("agency", ""))
    if agency is None:
        found.wrong("unknown_agency", "agency", said.get("agency"))
    state = STATES.get(said.get("state", "").lower())
    if not state:  # a draft is none of another system's dossiers
        found.wrong("unknown_state", "state", said.get("state"))
    people = _people(said, found)
    if edition is None or agency is None or not state or people is None:
        return None, found
    owner, filer, owner_stated, filer_stated = people
    if state == State.RECEIVED:  # only a moment here: what is received is handed over at once
        state = State.PROCESSING
    receiving, desk = known.centre(agency)
    record = MovedInDossier(
        old_code=code,
        edition=edition,
        case=said.get("case", ""),
        channel=parts.one_of(said, "channel", Channel.values, found) or Channel.COUNTER,
        state=int(state),
        substate=parts.one_of(said, "substate", Substate.values, found) or _substate(said, state),
        outcome=_outcome(said, state, found),
        content=said.get("content", edition.title)[:500],
        filer=_NOBODY,
        owner=_NOBODY,
        owner_name=owner_stated.name,
        phone=owner_stated.phone,
        email=owner_stated.email,
        address=owner_stated.address,
        settling=agency,
        receiving=receiving,
        desk=desk,
        **_dates(said, state, found, at),
        limit_amount=_number(said, "limit_amount", found),
        limit_unit=parts.one_of(said, "limit_unit", [unit.value for unit in Unit], found),
        fee=_fee(said, found),
        fee_paid_at=said.get("fee_paid_at"),
        fee_method=parts.one_of(said, "fee_method", ["cash", "online"], found) or "cash",
        step=said.get("step", ""),
        step_since=said.get("step_since"),
        holder_id=_holder(said, known, agency, found),
        pauses=parts.pauses_of(said, state, found),
        supplement=parts.supplement_of(said, state),
        history=parts.history_of(said, found),
        files=parts.files_of(said, folder, {paper.key for paper in edition.documents.all()}, found),
    )
    _check_clock(record, found)
    if not found.problems and record.closed_at is None and record.received_at is not None:
        _check_open(record, known, found)
    if found.problems:
        return None, found
    return Checked(record, owner, filer, owner_stated, filer_stated), found


def _people(
    said: Mapping[str, Any], found: Findings
) -> tuple[IdentityDocument | str, IdentityDocument, Stated, Stated] | None:
    name, number = said.get("owner_name", ""), said.get("owner_number", "")
    try:
        phone = normalise_phone(said.get("phone", ""))
    except InvalidPhone:
        phone = ""  # kept in the other system; a dossier is not left behind for it
    stated = Stated(name, phone, said.get("email", "")[:254], said.get("address", "")[:300])
    if not name:
        found.wrong("no_name", "owner_name")
    enterprise = said.get("owner_kind", "") == "enterprise"
    filer_number, filer_name = said.get("filer_number", ""), said.get("filer_name", "")
    if enterprise and not (filer_number and filer_name):
        found.wrong("no_filer", "filer_number")
        return None
    asked = "owner_number"
    try:
        owner: IdentityDocument | str = str(TaxNumber.parse(number)) if enterprise else IdentityDocument.meant(number)
        asked = "filer_number"
        filer = IdentityDocument.meant(filer_number) if filer_number else owner
    except InvalidNumber:
        found.wrong("bad_number", asked)  # the number itself stays out of the report
        return None
    assert isinstance(filer, IdentityDocument), "an enterprise has a filer"
    return owner, filer, stated, Stated(filer_name) if filer_number and filer != owner else stated


def _dates(said: Mapping[str, Any], state: State, found: Findings, at: datetime) -> dict[str, datetime | None]:
    names = ("filed_at", "received_at", "answer_due_at", "original_due_at", "due_at", "finished_at", "returned_at",
             "closed_at")  # fmt: skip
    dates: dict[str, datetime | None] = {name: said.get(name) for name in names}
    if state in (State.DONE, State.RETURNED) and dates["finished_at"] is None:
        found.wrong("not_finished", "finished_at")
    if state == State.RETURNED:
        dates["returned_at"] = dates["returned_at"] or dates["closed_at"] or dates["finished_at"]
        dates["closed_at"] = dates["returned_at"]
    elif state in (State.NOT_RECEIVED, State.STOPPED):
        dates["closed_at"] = dates["closed_at"] or dates["finished_at"]
        if dates["closed_at"] is None:
            found.wrong("no_end", "closed_at")
    else:
        dates["closed_at"] = dates["returned_at"] = None
    if state not in (State.DONE, State.RETURNED):
        dates["finished_at"] = None
    if dates["filed_at"] is None and dates["received_at"] is None:
        found.wrong("never_came", "received_at")
    if state in (State.PROCESSING, State.FINANCIAL, State.DONE, State.RETURNED) and dates["received_at"] is None:
        found.wrong("not_received", "received_at")
    came = [dates[name] for name in ("filed_at", "received_at", "finished_at", "returned_at") if dates[name]]
    if any(later < earlier for earlier, later in zip(came, came[1:], strict=False)):  # type: ignore[operator]
        found.wrong("order", "received_at")
    for name in ("filed_at", "received_at", "finished_at", "returned_at", "closed_at"):
        moment = dates[name]
        if moment is not None and moment > at:
            found.wrong("future", name, timezone.localtime(moment).isoformat())
    return dates


def _check_clock(record: MovedInDossier, found: Findings) -> None:
    """A running clock has a due date, a waiting one has stood still since some moment."""
    if record.received_at is None:
        return
    stands = any(pause.ended_at is None for pause in record.pauses)
    if record.state in WAITING_STATES and not stands:
        found.wrong("no_pause", "pauses")
    elif record.state == State.PROCESSING and not stands and record.limit_unit and record.due_at is None:
        found.wrong("no_due_date", "due_at")
    if (record.limit_amount is None) != (record.limit_unit in ("", Unit.AT_ONCE)) and record.limit_unit != Unit.AT_ONCE:
        found.wrong("bad_amount", "limit_amount")


def _check_open(record: MovedInDossier, known: Known, found: Findings) -> None:
    """Its step is on the present route; and what our clock would say of it is noted, never written."""
    dossier = Dossier(
        edition=record.edition, case=record.case, channel=record.channel, settling_agency=record.settling,
        limit_amount=record.limit_amount, limit_unit=record.limit_unit, clock_started_at=record.received_at,
    )  # fmt: skip
    try:
        route = known.route(dossier)
        step_of(record, route)
    except (Refused, IndexError):
        found.wrong("unknown_step", "step", record.step)
        return
    except InvalidPeriod:
        found.wrong("bad_amount", "limit_amount", record.limit_amount)
        return
    if record.due_at is None or not record.limit_unit or record.finished_at is not None:
        return
    pauses = [Pause(began_at=pause.began_at, ended_at=pause.ended_at) for pause in record.pauses]
    dossier.pk = -1  # it has pauses, though no row yet
    ours = clock.count_due(dossier, explain=False, pauses=pauses)
    if ours is not None and ours.at != record.due_at:
        moments = (format_moment(timezone.localtime(moment)) for moment in (record.due_at, ours.at))
        found.notes.append(
            dict(zip(("said", "ours"), moments, strict=True)) | {"code": "due_differs", "field": "due_at"}
        )


def _substate(said: Mapping[str, Any], state: State) -> str:
    if state == State.SUPPLEMENT:
        return "appraisal" if said.get("received_at") else "counter"
    if state == State.DONE:
        owed = said.get("fee", "0") not in ("", "0") and not said.get("fee_paid_at")
        return Substate.FEE_TO_COLLECT if owed else Substate.TO_COLLECT
    return ""


def _outcome(said: Mapping[str, Any], state: State, found: Findings) -> str:
    if state not in (State.DONE, State.RETURNED):
        return ""
    return parts.one_of(said, "outcome", Outcome.values, found) or Outcome.GRANTED


def _number(said: Mapping[str, Any], name: str, found: Findings) -> Decimal | None:
    if not (text := str(said.get(name, ""))):
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number < 10**6:
        found.wrong("bad_amount", name, text)
        return None
    return number.quantize(Decimal("0.01"))


def _fee(said: Mapping[str, Any], found: Findings) -> int | None:
    text = str(said.get("fee", ""))
    if not text:
        return None
    if not _DONG.fullmatch(text):
        found.wrong("bad_amount", "fee", text)
        return None
    return int(re.sub(r"\.0+$|[.,]", "", text) if "." in text[-3:] else re.sub(r"[.,]", "", text))


def _holder(said: Mapping[str, Any], known: Known, agency: Agency, found: Findings) -> int | None:
    if not (username := said.get("holder", "")):
        return None
    post = known.post(username, agency)
    if post is None:
        found.wrong("unknown_holder", "holder", username)
    return post
