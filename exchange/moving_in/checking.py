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
# What follows from a date that is lacking: not said of a row in which some value cannot be read.
_OF_LACKING_DATES = {
    "never_came", "not_received", "not_finished", "no_end", "no_due_date", "no_pause", "order", "unknown_step",
}  # fmt: skip


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
    said: Mapping[str, Any], known: Known, folder: Path | None, *, at: datetime, unreadable: tuple[str, ...] = ()
) -> tuple[Checked | None, Findings]:
    """`said` is a mapped row without its `unreadable` fields. Everything that is wrong with it is said at once.

    Asks the database for nothing but what `known` does not know yet.
    """
    found = Findings()
    for name in unreadable:
        found.wrong("unreadable", name)
    checked = _check_values(said, known, folder, at, found)
    if unreadable:
        found.problems = [each for each in found.problems if each["code"] not in _OF_LACKING_DATES]
    return (None if found.problems else checked), found


def _check_values(
    said: Mapping[str, Any], known: Known, folder: Path | None, at: datetime, found: Findings
) -> Checked | None:
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
    elif state == State.RECEIVED:  # only a moment here: what is received is handed over at once
        state = State.PROCESSING
    people = _people(said, found)
    papers = {paper.key for paper in edition.documents.all()} if edition else None
    values: dict[str, Any] = {
        "channel": parts.one_of(said, "channel", Channel.values, found) or Channel.COUNTER,
        "substate": parts.one_of(said, "substate", Substate.values, found) or _substate(said, state),
        "outcome": _outcome(said, state, found),
        **_dates(said, state, found, at),
        "limit_amount": _number(said, "limit_amount", found),
        "limit_unit": parts.one_of(said, "limit_unit", [unit.value for unit in Unit], found),
        "fee": _fee(said, found),
        "fee_method": parts.one_of(said, "fee_method", ["cash", "online"], found) or "cash",
        "holder_id": _holder(said, known, agency, found) if agency else None,
        "pauses": parts.pauses_of(said, state, found),
        "history": parts.history_of(said, found),
        "files": parts.files_of(said, folder, papers, found),
    }
    _check_clock(values, state, found)
    if edition is None or agency is None or not state:
        return None
    owner, filer, owner_stated, filer_stated = people or (None, None, Stated(""), Stated(""))
    receiving, desk = known.centre(agency)
    record = MovedInDossier(
        old_code=code,
        edition=edition,
        case=said.get("case", ""),
        state=int(state),
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
        fee_paid_at=said.get("fee_paid_at"),
        step=said.get("step", ""),
        step_since=said.get("step_since"),
        supplement=parts.supplement_of(said, state),
        **values,
    )
    if record.closed_at is None and record.received_at is not None:
        _check_open(record, known, found)
    if owner is None or filer is None:
        return None
    return Checked(record, owner, filer, owner_stated, filer_stated)


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
    owner: IdentityDocument | str | None = None
    filer: IdentityDocument | str | None = None
    try:
        owner = str(TaxNumber.parse(number)) if enterprise else IdentityDocument.meant(number)
    except InvalidNumber:
        found.wrong("bad_number", "owner_number")  # the number itself stays out of the report
    try:
        filer = IdentityDocument.meant(filer_number) if filer_number else owner
    except InvalidNumber:
        found.wrong("bad_number", "filer_number")
    if owner is None or not isinstance(filer, IdentityDocument):
        return None
    return owner, filer, stated, Stated(filer_name) if filer_number and filer != owner else stated


def _dates(said: Mapping[str, Any], state: State | None, found: Findings, at: datetime) -> dict[str, datetime | None]:
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


def _check_clock(values: Mapping[str, Any], state: State | None, found: Findings) -> None:
    """A running clock has a due date, a waiting one has stood still since some moment."""
    if values["received_at"] is None:
        return
    unit = values["limit_unit"]
    stands = any(pause.ended_at is None for pause in values["pauses"])
    if state in WAITING_STATES and not stands:
        found.wrong("no_pause", "pauses")
    elif state == State.PROCESSING and not stands and unit and values["due_at"] is None:
        found.wrong("no_due_date", "due_at")
    judged = {each["field"] for each in found.problems}
    if judged & {"limit_amount", "limit_unit"} or unit == Unit.AT_ONCE:
        return
    if (values["limit_amount"] is None) != (unit == ""):
        found.wrong("bad_amount", "limit_amount")


def _check_open(record: MovedInDossier, known: Known, found: Findings) -> None:
    """Its step is on the present route; and what our clock would say of a good row is noted, never written."""
    if {each["field"] for each in found.problems} & {"limit_amount", "limit_unit", "case"}:
        return  # the route and the clock depend on them
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
    if found.problems or record.due_at is None or not record.limit_unit or record.finished_at is not None:
        return
    pauses = [Pause(began_at=pause.began_at, ended_at=pause.ended_at) for pause in record.pauses]
    dossier.pk = -1  # it has pauses, though no row yet
    ours = clock.count_due(dossier, explain=False, pauses=pauses)
    if ours is not None and ours.at != record.due_at:
        moments = (format_moment(timezone.localtime(moment)) for moment in (record.due_at, ours.at))
        found.notes.append(
            dict(zip(("said", "ours"), moments, strict=True)) | {"code": "due_differs", "field": "due_at"}
        )


def _substate(said: Mapping[str, Any], state: State | None) -> str:
    if state == State.SUPPLEMENT:
        return "appraisal" if said.get("received_at") else "counter"
    if state == State.DONE:
        owed = said.get("fee", "0") not in ("", "0") and not said.get("fee_paid_at")
        return Substate.FEE_TO_COLLECT if owed else Substate.TO_COLLECT
    return ""


def _outcome(said: Mapping[str, Any], state: State | None, found: Findings) -> str:
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
