"""What moves: every date of a batch counted anew by the rule that made it, from what is stored. Writes nothing."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.correspondence import feedback, messages
from dossiers.custody import folders as custody
from dossiers.custody import follow_up
from dossiers.deadlines import clock
from dossiers.lifecycle import waits
from dossiers.models import (
    Dossier,
    DossierMessage,
    Feedback,
    Folder,
    MovedDate,
    Opinion,
    Pause,
    State,
    StepRun,
    SupplementRequest,
)
from dossiers.recalculation.span import Span
from vietnam import working_time

log = logging.getLogger(__name__)

Kind = MovedDate.Kind
CANNOT = (working_time.OutsideCalendar, working_time.InvalidPause, working_time.InvalidPeriod)


@dataclass(frozen=True)
class Move:
    """One date that is another under the calendar of now."""

    kind: MovedDate.Kind
    record: int  # id of the row that carries the date
    agency: Agency  # whose time it is
    old: datetime
    new: datetime
    dossier: Dossier | None = None
    feedback: Feedback | None = None
    calendar_version: str = ""  # of a due date


@dataclass
class _Case:
    """A dossier with what its dates are counted from, read for all of a batch at once."""

    dossier: Dossier
    pauses: list[Pause] = field(default_factory=list)
    step: StepRun | None = None
    supplement: SupplementRequest | None = None
    opinions: list[Opinion] = field(default_factory=list)
    questions: list[DossierMessage] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    due_at: datetime | None = None  # as it will be


def of_dossiers(batch: Sequence[Dossier], span: Span) -> list[Move]:
    """The moves of a batch, in a constant number of queries. A date that cannot be counted stays and is logged."""
    found: list[Move] = []
    for case in _read(batch):
        for rule in (_due, _step, _answer, _supplement, _wait, _opinions, _questions, _folders):
            try:
                found.extend(move for move in rule(case, span) if move.new != move.old)
            except CANNOT:
                log.exception("a date could not be counted anew", extra={"dossier": case.dossier.pk})
    return found


def of_feedback(batch: Iterable[Feedback]) -> list[Move]:
    found = []
    for each in batch:
        try:
            new = feedback.due_at(each.agency, each.filed_at)
        except CANNOT:
            log.exception("a date could not be counted anew", extra={"feedback": each.pk})
            continue
        if new != each.due_at:
            found.append(Move(Kind.FEEDBACK, each.pk, each.agency, each.due_at, new, feedback=each))
    return found


def _read(batch: Sequence[Dossier]) -> list[_Case]:
    ids = [dossier.pk for dossier in batch]
    cases = {dossier.pk: _Case(dossier, due_at=dossier.due_at) for dossier in batch}
    for pause in Pause.objects.filter(dossier__in=ids):
        cases[pause.dossier_id].pauses.append(pause)
    for step in StepRun.objects.filter(dossier__in=ids, finished_at=None):
        cases[step.dossier_id].step = step
    for wanted in SupplementRequest.objects.filter(dossier__in=ids, answered_at=None):
        cases[wanted.dossier_id].supplement = wanted
    for opinion in Opinion.objects.filter(dossier__in=ids, ended_at=None):
        cases[opinion.dossier_id].opinions.append(opinion)
    for question in messages.waiting_for_staff().filter(dossier__in=ids):
        cases[question.dossier_id].questions.append(question)
    for folder in Folder.objects.filter(dossier__in=ids, wanted_by__isnull=False):
        cases[folder.dossier_id].folders.append(folder)
    _share_agencies(cases.values())
    return list(cases.values())


def _share_agencies(cases: Iterable[_Case]) -> None:
    """One copy of each agency with its calendar for the whole batch."""
    wanted = defaultdict[int | None, list[tuple[object, str]]](list)
    for case in cases:
        wanted[case.dossier.settling_agency_id].append((case.dossier, "settling_agency"))
        wanted[case.dossier.receiving_agency_id].append((case.dossier, "receiving_agency"))
        for row in (case.step, *case.opinions):
            if row is not None:
                wanted[row.agency_id].append((row, "agency"))
    agencies = Agency.objects.select_related("calendar").in_bulk([pk for pk in wanted if pk])
    for pk, places in wanted.items():
        for record, name in places if pk else ():
            setattr(record, name, agencies[pk])


def _due(case: _Case, span: Span) -> Iterator[Move]:
    dossier = case.dossier
    running = dossier.state in (State.RECEIVED, State.PROCESSING) and not dossier.is_paused
    if not running or dossier.due_at is None or dossier.settling_agency_id not in span.agencies:
        return
    if span.under(dossier.clock_started_at, dossier.due_at):
        found = clock.count_due(dossier, explain=False, pauses=case.pauses)
        if found is not None and found.at is not None:
            case.due_at = found.at
            version = found.calendar_version
            yield Move(Kind.DUE, dossier.pk, dossier.settler, dossier.due_at, found.at, dossier, None, version)


def _step(case: _Case, span: Span) -> Iterator[Move]:
    """The running step's planned end, on its own agency's calendar and never after the dossier's date."""
    step, dossier = case.step, case.dossier
    if step is None or step.due_at is None or dossier.is_paused or not span.under(step.started_at, step.due_at):
        return
    if step.agency_id not in span.agencies and case.due_at == dossier.due_at:
        return
    pauses = [p for p in case.pauses if p.ended_at and p.ended_at > step.started_at]
    end = working_time.step_due(
        calendar_of(step.agency),
        step.started_at,
        step.minutes,
        ceiling=case.due_at,
        pauses=[working_time.Pause(max(p.began_at, step.started_at), p.ended_at) for p in pauses],
    )
    # A step that had no time left when the clock ran on was due at that moment, and still is.
    if end is not None and not any(end <= p.ended_at for p in pauses if p.ended_at):
        yield Move(Kind.STEP, step.pk, step.agency, step.due_at, end, dossier)


def _answer(case: _Case, span: Span) -> Iterator[Move]:
    """The counter's answer to an online filing."""
    dossier = case.dossier
    if dossier.state != State.FILED or dossier.answer_due_at is None or dossier.waiting_since is None:
        return
    if dossier.receiving_agency_id in span.agencies and span.under(dossier.waiting_since, dossier.answer_due_at):
        new = waits.answer_ends(dossier.receiver, dossier.waiting_since)
        yield Move(Kind.ANSWER, dossier.pk, dossier.receiver, dossier.answer_due_at, new, dossier)


def _supplement(case: _Case, span: Span) -> Iterator[Move]:
    """The last day for papers that were asked for."""
    wanted, dossier = case.supplement, case.dossier
    if wanted is None or wanted.answer_by is None or dossier.receiving_agency_id not in span.agencies:
        return
    if span.under(wanted.asked_at, wanted.answer_by):
        new = waits.supplement_ends(dossier.receiver, wanted.asked_at)
        if new is not None:
            yield Move(Kind.SUPPLEMENT, wanted.pk, dossier.receiver, wanted.answer_by, new, dossier)


def _wait(case: _Case, span: Span) -> Iterator[Move]:
    """The end of a waiting of its own length; one that ends with an answer or a last day moves with that."""
    dossier = case.dossier
    ends, since = dossier.wait_ends_at, dossier.waiting_since
    if ends is None or since is None or dossier.receiving_agency_id not in span.agencies:
        return
    if span.under(since, ends) and (new := waits.reminder_ends(dossier.receiver, dossier.waits_for, since)):
        yield Move(Kind.WAIT, dossier.pk, dossier.receiver, ends, new, dossier)


def _opinions(case: _Case, span: Span) -> Iterator[Move]:
    for opinion in case.opinions:
        if not span.under(opinion.asked_at, opinion.due_at):
            continue
        if opinion.agency_id in span.agencies or case.due_at != case.dossier.due_at:
            calendar = calendar_of(opinion.agency)
            new = working_time.step_due(calendar, opinion.asked_at, opinion.minutes, ceiling=case.due_at)
            if new is not None:
                yield Move(Kind.OPINION, opinion.pk, opinion.agency, opinion.due_at, new, case.dossier)


def _questions(case: _Case, span: Span) -> Iterator[Move]:
    """What the applicant asked; a day that staff chose themselves stays."""
    dossier = case.dossier
    agency = dossier.settling_agency or dossier.receiving_agency
    for question in case.questions:
        if agency is None or agency.pk not in span.agencies or question.answer_by is None:
            continue
        if span.under(question.sent_at, question.answer_by):
            new = messages.answer_wanted_by(dossier, question.sent_at)
            if new is not None:
                yield Move(Kind.MESSAGE, question.pk, agency, question.answer_by, new, dossier)


def _folders(case: _Case, span: Span) -> Iterator[Move]:
    """Paper that follows the electronic dossier within a working day of whoever sends it."""
    dossier = case.dossier
    for folder in case.folders:
        if folder.wanted_since is None or folder.wanted_by is None:
            continue
        result = folder.kind == Folder.Kind.RESULT
        back = result or folder.wanted_at_id == dossier.receiving_agency_id
        sender = dossier.settling_agency if back else dossier.receiving_agency
        if sender is None or sender.pk not in span.agencies or not span.under(folder.wanted_since, folder.wanted_by):
            continue
        ceiling = case.due_at if result else None
        new = (
            follow_up.result_follows_by(sender, folder.wanted_since, ceiling)
            if result
            else (custody.follows_by(sender, folder.wanted_since))
        )
        yield Move(Kind.FOLDER, folder.pk, sender, folder.wanted_by, new, dossier)
