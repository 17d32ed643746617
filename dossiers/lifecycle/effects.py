"""What actions do besides changing the state: to the clock, the route, the papers and the money."""

from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import StaffPost
from agencies.calendars import calendar_of
from core.refusals import Refused
from dossiers import letters, search
from dossiers.deadlines import clock
from dossiers.fees import amounts
from dossiers.filing.codes import next_code
from dossiers.filing.papers_brought import record_brought
from dossiers.lifecycle import routing, waits
from dossiers.lifecycle.transitions import Action
from dossiers.models import RETURN_STEP, DossierDocument, PauseReason, State, Substate, SupplementRequest
from procedures.editions import supplement_rules
from vietnam import working_time


def give_code(action: Action) -> None:
    """Once, for ever."""
    dossier = action.dossier
    if dossier.code is None:
        dossier.code = next_code(action.dossier.settler, at=action.at)
        action.recorded["code"] = dossier.code


def filed(action: Action) -> None:
    action.dossier.filed_at = action.dossier.filed_at or action.at
    search.index_dossier(action.dossier)


def answer_wanted(action: Action) -> None:
    """An online filing is answered within working hours (Decree 118/2025/NĐ-CP art. 17, to be confirmed; a setting)."""
    action.dossier.answer_due_at = waits.answer_ends(action.dossier.receiver, action.at)


def note_withdrawal(action: Action) -> None:
    """At a counter: who came to withdraw it, and their written request."""
    if requested_by := str(action.inputs.get("requested_by") or "").strip():
        action.recorded["requested_by"] = requested_by
    if (file := action.inputs.get("file")) is not None:
        DossierDocument.objects.create(
            dossier=action.dossier,
            kind=DossierDocument.Kind.OTHER,
            name="Đơn đề nghị rút hồ sơ",
            file=file,
            position=1000,
            added_at=action.at,
        )


def answered(action: Action) -> None:
    action.dossier.answer_due_at = None


def start_clock(action: Action) -> None:
    clock.start_clock(action.dossier, at=action.at, by=action.by.label)
    action.recorded["due_at"] = action.dossier.due_at.isoformat() if action.dossier.due_at else None


def plan_route(action: Action) -> None:
    action.dossier.route = routing.plan_route(action.dossier)
    routing.begin_step(action.dossier, "receive", at=action.at, holder=action.by.post_id)


def hand_over(action: Action) -> None:
    dossier = action.dossier
    routing.begin_step(dossier, routing.step_after(dossier, "receive"), at=action.at)
    action.recorded["to"] = action.dossier.settler.name


def pause_clock(action: Action) -> None:
    reason = PauseReason.FINANCIAL if "amount" in action.inputs else PauseReason.SUPPLEMENT
    if action.dossier.received_at is not None:
        clock.pause_clock(action.dossier, reason, at=action.at)


def resume_clock(action: Action) -> None:
    if action.inputs.get("charge_reason", "obligation") != "obligation":
        return  # the ordinary fee came while something else is waited for
    if not action.dossier.pauses.filter(ended_at__isnull=True).exists():
        return
    if "charge_reason" not in action.inputs and supplement_rules.rule_for(action.dossier.edition).restart:
        clock.restart_clock(action.dossier, at=action.at, by=action.by.label)
        _start_step_anew(action)
    else:
        clock.resume_clock(action.dossier, at=action.at, by=action.by.label)
        move_step_end(action)


def suspend_clock(action: Action) -> None:
    """Time that a sector law excludes; the agency works on, so the state stays."""
    clock.pause_clock(action.dossier, PauseReason.EXCLUDED, at=action.at)
    action.dossier.substate = Substate.SUSPENDED
    action.recorded["legal_ground"] = action.inputs["legal_ground"]


def continue_clock(action: Action) -> None:
    action.dossier.substate = ""
    clock.resume_clock(action.dossier, at=action.at, by=action.by.label)
    move_step_end(action)


def end_pauses(action: Action) -> None:
    clock.end_pauses(action.dossier, at=action.at)


def move_step_end(action: Action) -> None:
    """The running step gets the time back that the pause took."""
    step, dossier = action.dossier.step, action.dossier
    if step is None:
        return
    used = clock.working_minutes(dossier, step.started_at, action.at)
    left = max(step.minutes - used, 0)
    step.due_at = working_time.step_due(calendar_of(step.agency), action.at, left, ceiling=dossier.due_at)
    step.save(update_fields=["due_at"])


def _start_step_anew(action: Action) -> None:
    step = action.dossier.step
    if step is None:
        return
    step.due_at = working_time.step_due(
        calendar_of(step.agency), action.at, step.minutes, ceiling=action.dossier.due_at
    )
    step.save(update_fields=["due_at"])


def stop_clock(action: Action) -> None:
    clock.stop_clock(action.dossier, at=action.at)


def extend_clock(action: Action) -> None:
    try:
        amount = Decimal(str(action.inputs["amount"]).replace(",", "."))
    except InvalidOperation:
        amount = Decimal(0)
    if not Decimal(0) < amount <= Decimal(365):
        raise Refused("bad_amount", _("Hãy nhập thời gian gia hạn là một số dương."), field="amount")
    old = action.dossier.due_at
    try:
        clock.extend_due_date(action.dossier, amount, action.inputs["reason"], at=action.at, by=action.by.label)
    except working_time.InvalidPeriod:
        raise Refused("bad_amount", _("Đơn vị của thời hạn này chỉ nhận số nguyên."), field="amount") from None
    action.recorded |= {
        "old_due_at": old.isoformat() if old else None,
        "due_at": action.dossier.due_at.isoformat() if action.dossier.due_at else None,
    }


def ask_supplement(action: Action) -> None:
    dossier = action.dossier
    stage = "counter" if dossier.received_at is None else "appraisal"
    items = [item if isinstance(item, dict) else {"name": str(item)} for item in action.inputs["items"]]
    SupplementRequest.objects.create(
        dossier=dossier,
        stage=stage,
        items=items,
        reason=action.inputs["reason"],
        legal_ground=action.recorded.pop("legal_ground", ""),
        asked_at=action.at,
        asked_by=action.by.post,
        old_due_at=dossier.due_at,
    )
    dossier.substate = stage
    action.recorded["items"] = items


def close_supplement(action: Action) -> None:
    action.dossier.supplement_requests.filter(answered_at__isnull=True).update(
        answered_at=action.at, answer=action.inputs.get("answer", ""), new_due_at=action.dossier.due_at
    )
    action.dossier.substate = ""


def record_papers(action: Action) -> None:
    """Papers handed in at a counter, counted and scanned."""
    if papers := action.inputs.get("papers"):
        action.recorded["received"] = record_brought(action.dossier, papers, at=action.at)


def add_to_answer(action: Action) -> None:
    """Words are put below those of before."""
    request = action.dossier.supplement_requests.order_by("-id").first()
    if request is not None and (more := str(action.inputs.get("answer") or "").strip()):
        request.answer = f"{request.answer}\n{more}".strip()
        request.save(update_fields=["answer"])


def give_up_supplement(action: Action) -> None:
    action.dossier.supplement_requests.filter(answered_at__isnull=True).update(answered_at=action.at)
    action.dossier.substate = Substate.LAPSED


def raise_obligation(action: Action) -> None:
    amounts.raise_obligation(action.dossier, action.inputs["amount"], action.inputs["reason"], by=action.by.label)


def note_payment(action: Action) -> None:
    facts = action.inputs
    action.recorded |= {k: facts[k] for k in ("amount", "method", "receipt") if k in facts}
    if facts.get("charge_reason", amounts.FEE) in amounts.FEE_REASONS and not amounts.owes_fee(action.dossier):
        action.dossier.fee_settled_at, action.dossier.fee_method = action.at, facts["method"]


def note_reversal(action: Action) -> None:
    """What was settled is owed again; a dossier that has moved on stays where it is."""
    dossier = action.dossier
    action.recorded["amount"] = action.inputs["amount"]
    if action.inputs["charge_reason"] in amounts.FEE_REASONS:
        dossier.fee_settled_at, dossier.fee_method = None, ""
        if dossier.state == State.DONE and dossier.substate == Substate.TO_COLLECT:
            dossier.substate = Substate.FEE_TO_COLLECT


def cancel_fee(action: Action) -> None:
    amounts.cancel_open(action.dossier, by=action.by.label)


def assign(action: Action) -> None:
    post: StaffPost = action.inputs["officer"]
    if post.agency_id != action.dossier.settling_agency_id or post.valid_to is not None:
        raise Refused("wrong_post", _("Hãy chọn một chuyên viên của cơ quan giải quyết."), field="officer")
    if action.step.carries == "assign":
        routing.begin_step(
            action.dossier,
            routing.step_after(action.dossier, action.step.key),
            at=action.at,
            holder=post.pk,
        )
    else:
        action.step.holder = action.dossier.holder = post
        action.step.save(update_fields=["holder"])
    action.recorded["officer"] = str(post)


def take_dossier(action: Action) -> None:
    if action.step.carries == "assign":
        routing.begin_step(
            action.dossier,
            routing.step_after(action.dossier, action.step.key),
            at=action.at,
            holder=action.by.post_id,
        )
    else:
        action.step.holder = action.dossier.holder = action.by.post
        action.step.save(update_fields=["holder"])


def next_step(action: Action) -> None:
    here = action.step
    if here.holder_id is None and action.by.post:
        here.holder = action.by.post
    following = routing.step_after(action.dossier, here.key)
    routing.begin_step(action.dossier, following, at=action.at, last_held=True)
    action.recorded |= {"from_step": here.key, "step": following}


def previous_step(action: Action) -> None:
    here = action.step.key
    allowed = routing.steps_back(action.dossier, here)
    target = action.inputs.get("to_step") or allowed[0]
    if target not in allowed:
        raise Refused("bad_step", _("Quy trình không cho trả lại bước này. Hãy chọn bước khác."), field="to_step")
    routing.begin_step(action.dossier, target, at=action.at, last_held=True)
    action.recorded |= {"from_step": here, "step": target}


def apologise(action: Action) -> None:
    """The applicant is told a new day; the legal due date stays where it was, and the dossier stays late."""
    expected = action.inputs["expected_on"]
    if not timezone.localdate(action.at) < expected:
        raise Refused("past_day", _("Hãy chọn một ngày sau hôm nay."), field="expected_on")
    action.recorded["expected_on"] = expected.isoformat()


def to_return_desk(action: Action) -> None:
    """Done is not returned: the result waits at the counter, with or without a fee to collect."""
    dossier = action.dossier
    routing.begin_step(dossier, RETURN_STEP, at=action.at)
    open_fee = dossier.fee_amount and dossier.fee_settled_at is None
    dossier.substate = Substate.FEE_TO_COLLECT if open_fee else Substate.TO_COLLECT


def store_result(action: Action) -> None:
    action.dossier.substate = Substate.STORED


def end_route(action: Action) -> None:
    step = action.dossier.step
    broken_off = step is not None and not step.follows_the_result
    routing.finish_step(action.dossier, at=action.at, broken_off=broken_off)
    action.dossier.substate = ""


def returned(action: Action) -> None:
    action.dossier.returned_at = action.at
    action.recorded |= {k: str(action.inputs[k]) for k in ("collected_by", "tracking_number") if action.inputs.get(k)}


def issue_paper(form: str):
    """The effect that issues an official paper of the action (dossiers.letters)."""

    def issue(action: Action) -> None:
        action.papers.append(
            letters.issue_letter(form, action.dossier, by=action.by, at=action.at, facts=action.inputs).code
        )

    issue.__name__ = f"issue_{form}"
    return issue


def issue_papers_receipt(action: Action) -> None:
    """Whoever hands papers in at a counter gets a receipt that lists them."""
    if action.inputs.get("papers") and action.by.post is not None:
        issue_paper("papers_receipt")(action)


def back_from_supplement(action: Action) -> State:
    return State.PROCESSING if action.dossier.received_at else State.FILED


def after_lapse(action: Action) -> State:
    return State.STOPPED if action.dossier.received_at else State.NOT_RECEIVED


def after_payment(action: Action) -> State:
    dossier = action.dossier
    paid = dossier.fee_settled_at is not None
    if dossier.state == State.DONE and dossier.substate == Substate.FEE_TO_COLLECT and paid:
        dossier.substate = Substate.TO_COLLECT
    if dossier.state == State.FINANCIAL and action.inputs.get("charge_reason") == "obligation":
        return State.PROCESSING
    return State(dossier.state)


def same_state(action: Action) -> State:
    return State(action.dossier.state)
