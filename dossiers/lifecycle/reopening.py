"""A dossier that ended by mistake goes on: where it stood, and what is put right to let it.

No law that we know gives the stop of Decree 118/2025/NĐ-CP, article 21, a way back, and none forbids that an agency
puts its own mistake right: the wrong dossier was withdrawn, or the papers had come before the dossier lapsed. Two
people decide, the history stays, the legal clock is the same one. Who asked for the stop and thought better of it files
anew.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.deadlines import clock
from dossiers.lifecycle import effects, fee_actions, routing, waits
from dossiers.lifecycle.transitions import Action
from dossiers.models import Dossier, PauseReason, State
from procedures.models import Channel

STOPPED_STATES = (State.WITHDRAWN, State.STOPPED)
REOPENED_STATES = (State.FILED, State.SUPPLEMENT, State.PROCESSING)


def state_reopened(dossier: Dossier) -> State:
    """Where a dossier that ended goes on."""
    if dossier.state == State.DONE:
        return State.PROCESSING
    if dossier.state == State.NOT_RECEIVED:
        return State.FILED
    before = _state_before(dossier)
    # Money that was asked for is asked for again, which is the officer's to do.
    return before if before in (State.FILED, State.SUPPLEMENT) else State.PROCESSING


def _state_before(dossier: Dossier) -> State | None:
    """The state in which it was withdrawn or lapsed; None for one that came so from another system."""
    last = dossier.events.filter(action__in=("withdraw", "lapse")).order_by("-revision").first()
    return State(last.from_state) if last is not None and last.from_state is not None else None


def check_stopped(dossier: Dossier, at: datetime) -> None:
    before = _state_before(dossier)
    received = dossier.received_at is not None
    if before is None or not received and dossier.channel != Channel.ONLINE:
        raise Refused(
            "file_anew", _("Hồ sơ giấy đã trả lại cho người nộp. Hãy tiếp nhận thành hồ sơ mới tại quầy."), field="kind"
        )
    if dossier.settler.doing_the_work(on=timezone.localdate(at)) is None:
        raise Refused(
            "agency_ended",
            _("Cơ quan giải quyết đã kết thúc hoạt động. Hãy tiếp nhận thành hồ sơ mới cho cơ quan có thẩm quyền."),
            field="kind",
        )


def back_to_inbox(action: Action) -> None:
    """An online filing is answered within a term of its own, from now on."""
    action.dossier.closed_at = None
    effects.answer_wanted(action)
    waits.for_answer(action)
    fee_actions.charge_again(action)


def reopen_stopped(action: Action) -> None:
    """To the step where it stood, with whoever held it. What was paused is paused again, what was suspended runs."""
    dossier, again = action.dossier, state_reopened(action.dossier)
    if again is State.FILED:
        back_to_inbox(action)
        return
    dossier.finished_at, dossier.closed_at, dossier.outcome = None, None, ""
    moved = _settle_where_the_work_is(action)
    if dossier.received_at is not None:
        _run_again(action, moved=moved)
    if again is State.SUPPLEMENT:
        _wait_for_papers(action)
    fee_actions.charge_again(action)


def _settle_where_the_work_is(action: Action) -> bool:
    """An agency that merged since has a successor; whether another one settles it now."""
    dossier, today = action.dossier, timezone.localdate(action.at)
    receiver, settler = dossier.receiver.doing_the_work(on=today), dossier.settler.doing_the_work(on=today)
    if receiver is not None and receiver != dossier.receiver:
        dossier.receiving_agency = receiver
    if settler is None or settler == dossier.settler:
        return False
    dossier.settling_agency = settler
    return True


def _run_again(action: Action, *, moved: bool) -> None:
    dossier = action.dossier
    running = dossier.step is not None and dossier.step.finished_at is None
    if dossier.due_at is None:  # paused or suspended when it was withdrawn
        dossier.substate = ""
        clock.resume_clock(dossier, at=action.at, by=action.by.label)
    key = dossier.steps.order_by("-id").values_list("key", flat=True).first() or "receive"
    if key == "receive":  # it had not been handed over yet
        routing.begin_step(dossier, routing.step_after(dossier, key), at=action.at)
    elif not running or moved:
        routing.begin_step(dossier, key, at=action.at, last_held=not moved)
    else:
        effects.move_step_end(action)


def _wait_for_papers(action: Action) -> None:
    """The one request is open again; the time for the answer is a whole one."""
    dossier = action.dossier
    request = dossier.supplement_requests.order_by("-id").first()
    if request is not None:
        request.answered_at = None
        request.save(update_fields=["answered_at"])
        dossier.substate = request.stage
    if dossier.received_at is not None:
        clock.pause_clock(dossier, PauseReason.SUPPLEMENT, at=action.at)
    waits.for_supplement(action)
