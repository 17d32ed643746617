"""What acts do besides changing the state: to the clock, the route, the papers and the money."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from accounts.models import StaffPost
from agencies.calendars import calendar_of
from core.refusals import Refused
from dossiers import codes, letters, search
from dossiers.deadlines import clock
from dossiers.fees import amounts
from dossiers.lifecycle import routing, waits
from dossiers.lifecycle.transitions import Act
from dossiers.models import SUSPENDED, DossierDocument, State, SupplementRequest
from procedures.editions import supplement_rules
from vietnam import working_time


def give_code(act: Act) -> None:
    """Once, for ever."""
    dossier = act.dossier
    if dossier.code is None:
        dossier.code = codes.next_code(act.dossier.settler, at=act.at)
        act.recorded["code"] = dossier.code


def filed(act: Act) -> None:
    act.dossier.filed_at = act.dossier.filed_at or act.at
    search.index(act.dossier)


def answer_wanted(act: Act) -> None:
    """An online filing is answered within working hours (Decree 118/2025/NĐ-CP art. 17, to be confirmed; a setting)."""
    act.dossier.answer_due_at = waits.answer_ends(act.dossier.receiver, act.at)


def answered(act: Act) -> None:
    act.dossier.answer_due_at = None


def start_clock(act: Act) -> None:
    clock.start(act.dossier, at=act.at, by=act.by.label)
    act.recorded["due_at"] = act.dossier.due_at.isoformat() if act.dossier.due_at else None


def plan_route(act: Act) -> None:
    act.dossier.route = routing.plan(act.dossier)
    routing.begin(act.dossier, "receive", at=act.at, holder=act.by.post_id)


def hand_over(act: Act) -> None:
    dossier = act.dossier
    routing.begin(dossier, routing.step_after(dossier, "receive"), at=act.at)
    act.recorded["to"] = act.dossier.settler.name


def pause_clock(act: Act) -> None:
    reason = "financial" if "amount" in act.facts else "supplement"
    if act.dossier.received_at is not None:
        clock.pause(act.dossier, reason, at=act.at)


def resume_clock(act: Act) -> None:
    if act.facts.get("charge_reason", "obligation") != "obligation":
        return  # the ordinary fee came while something else is waited for
    if not act.dossier.pauses.filter(ended_at__isnull=True).exists():
        return
    if "charge_reason" not in act.facts and supplement_rules.rule_for(act.dossier.edition).restart:
        clock.restart(act.dossier, at=act.at, by=act.by.label)
        _start_step_anew(act)
    else:
        clock.resume(act.dossier, at=act.at, by=act.by.label)
        _move_step_end(act)


def suspend_clock(act: Act) -> None:
    """Time that a sector law excludes; the agency works on, so the state stays."""
    clock.pause(act.dossier, "excluded", at=act.at)
    act.dossier.substate = SUSPENDED
    act.recorded["legal_ground"] = act.facts["legal_ground"]


def continue_clock(act: Act) -> None:
    act.dossier.substate = ""
    clock.resume(act.dossier, at=act.at, by=act.by.label)
    _move_step_end(act)


def end_pauses(act: Act) -> None:
    act.dossier.pauses.filter(ended_at__isnull=True).update(ended_at=act.at)


def _move_step_end(act: Act) -> None:
    """The running step gets the time back that the pause took."""
    step, dossier = act.dossier.step, act.dossier
    if step is None:
        return
    used = clock.working_minutes(dossier, step.started_at, act.at)
    left = max(step.minutes - used, 0)
    step.due_at = working_time.step_due(calendar_of(step.agency), act.at, left, ceiling=dossier.due_at)
    step.save(update_fields=["due_at"])


def _start_step_anew(act: Act) -> None:
    step = act.dossier.step
    if step is None:
        return
    step.due_at = working_time.step_due(calendar_of(step.agency), act.at, step.minutes, ceiling=act.dossier.due_at)
    step.save(update_fields=["due_at"])


def stop_clock(act: Act) -> None:
    clock.stop(act.dossier, at=act.at)


def extend_clock(act: Act) -> None:
    try:
        amount = Decimal(str(act.facts["amount"]).replace(",", "."))
    except InvalidOperation:
        amount = Decimal(0)
    if not Decimal(0) < amount <= Decimal(365):
        raise Refused("bad_amount", _("Hãy nhập thời gian gia hạn là một số dương."), field="amount")
    old = act.dossier.due_at
    try:
        clock.extend(act.dossier, amount, act.facts["reason"], at=act.at, by=act.by.label)
    except working_time.InvalidPeriod:
        raise Refused("bad_amount", _("Đơn vị của thời hạn này chỉ nhận số nguyên."), field="amount") from None
    act.recorded |= {
        "old_due_at": old.isoformat() if old else None,
        "due_at": act.dossier.due_at.isoformat() if act.dossier.due_at else None,
    }


def ask_supplement(act: Act) -> None:
    dossier = act.dossier
    stage = "counter" if dossier.received_at is None else "appraisal"
    items = [item if isinstance(item, dict) else {"name": str(item)} for item in act.facts["items"]]
    SupplementRequest.objects.create(
        dossier=dossier,
        stage=stage,
        items=items,
        reason=act.facts["reason"],
        legal_ground=act.recorded.pop("legal_ground", ""),
        asked_at=act.at,
        asked_by=act.by.post,
        old_due_at=dossier.due_at,
    )
    dossier.substate = stage
    act.recorded["items"] = items


def close_supplement(act: Act) -> None:
    act.dossier.supplement_requests.filter(answered_at__isnull=True).update(
        answered_at=act.at, answer=act.facts.get("answer", ""), new_due_at=act.dossier.due_at
    )
    act.dossier.substate = ""


def give_up_supplement(act: Act) -> None:
    act.dossier.supplement_requests.filter(answered_at__isnull=True).update(answered_at=act.at)
    act.dossier.substate = "lapsed"


def raise_obligation(act: Act) -> None:
    amounts.raise_obligation(act.dossier, act.facts["amount"], act.facts["reason"], by=act.by.label)


def note_payment(act: Act) -> None:
    facts = act.facts
    act.recorded |= {k: facts[k] for k in ("amount", "method", "receipt") if k in facts}
    if facts.get("charge_reason", "fee") == "fee":
        act.dossier.fee_settled_at, act.dossier.fee_method = act.at, facts["method"]


def cancel_fee(act: Act) -> None:
    amounts.cancel_open(act.dossier, by=act.by.label)


def assign(act: Act) -> None:
    post: StaffPost = act.facts["officer"]
    if post.agency_id != act.dossier.settling_agency_id or post.valid_to is not None:
        raise Refused("wrong_post", _("Hãy chọn một chuyên viên của cơ quan giải quyết."), field="officer")
    if act.step.carries == "assign":
        routing.begin(act.dossier, routing.step_after(act.dossier, act.step.key), at=act.at, holder=post.pk)
    else:
        act.step.holder = act.dossier.holder = post
        act.step.save(update_fields=["holder"])
    act.recorded["officer"] = str(post)


def take(act: Act) -> None:
    if act.step.carries == "assign":
        routing.begin(act.dossier, routing.step_after(act.dossier, act.step.key), at=act.at, holder=act.by.post_id)
    else:
        act.step.holder = act.dossier.holder = act.by.post
        act.step.save(update_fields=["holder"])


def next_step(act: Act) -> None:
    here = act.step
    if here.holder_id is None and act.by.post:
        here.holder = act.by.post
    following = routing.step_after(act.dossier, here.key)
    routing.begin(act.dossier, following, at=act.at, holder=routing.last_holder(act.dossier, following))
    act.recorded |= {"from_step": here.key, "step": following}


def previous_step(act: Act) -> None:
    here = act.step.key
    allowed = routing.steps_back(act.dossier, here)
    target = act.facts.get("to_step") or allowed[0]
    if target not in allowed:
        raise Refused("bad_step", _("Quy trình không cho trả lại bước này. Hãy chọn bước khác."), field="to_step")
    routing.begin(act.dossier, target, at=act.at, holder=routing.last_holder(act.dossier, target))
    act.recorded |= {"from_step": here, "step": target}


def attach_result(act: Act) -> None:
    document = DossierDocument.objects.create(
        dossier=act.dossier,
        kind=DossierDocument.Kind.RESULT,
        name=act.facts["name"],
        number=act.facts.get("number", ""),
        file=act.facts.get("file"),
        originals=1,
        added_at=act.at,
    )
    act.dossier.has_digital_result = act.dossier.has_digital_result or document.file_id is not None
    act.recorded |= {"result": document.name, "number": document.number}


def apologise(act: Act) -> None:
    """The applicant is told a new day; the legal due date stays where it was, and the dossier stays late."""
    expected = act.facts["expected_on"]
    if not act.at.date() < expected:
        raise Refused("past_day", _("Hãy chọn một ngày sau hôm nay."), field="expected_on")
    act.recorded["expected_on"] = expected.isoformat()


def granted(act: Act) -> None:
    act.dossier.outcome = "granted"


def refused(act: Act) -> None:
    act.dossier.outcome = "refused"


def to_return_desk(act: Act) -> None:
    """Done is not returned: the result waits at the counter, with or without a fee to collect."""
    dossier = act.dossier
    routing.begin(dossier, "return", at=act.at)
    open_fee = dossier.fee_amount and dossier.fee_settled_at is None
    dossier.substate = "fee_to_collect" if open_fee else "to_collect"


def store_result(act: Act) -> None:
    act.dossier.substate = "stored"


def end_route(act: Act) -> None:
    routing.finish(act.dossier, at=act.at)
    act.dossier.substate = ""


def returned(act: Act) -> None:
    act.dossier.returned_at = act.at
    act.recorded |= {k: str(act.facts[k]) for k in ("collected_by", "tracking_number") if act.facts.get(k)}


def issue_paper(form: str):
    """The effect that issues an official paper of the act (dossiers.letters)."""

    def issue(act: Act) -> None:
        act.papers.append(letters.issue(form, act.dossier, by=act.by, at=act.at, facts=act.facts).code)

    issue.__name__ = f"issue_{form}"
    return issue


def back_from_supplement(act: Act) -> State:
    return State.PROCESSING if act.dossier.received_at else State.FILED


def after_lapse(act: Act) -> State:
    return State.STOPPED if act.dossier.received_at else State.NOT_RECEIVED


def after_payment(act: Act) -> State:
    dossier = act.dossier
    if dossier.state == State.DONE and dossier.substate == "fee_to_collect":
        dossier.substate = "to_collect"
    if dossier.state == State.FINANCIAL and act.facts.get("charge_reason") == "obligation":
        return State.PROCESSING
    return State(dossier.state)


def same_state(act: Act) -> State:
    return State(act.dossier.state)
