"""Before and after the due date: more time asked for with an apology, an apology alone, a reminder."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import effects as do
from dossiers.lifecycle import guards as need
from dossiers.lifecycle import offers
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import Clock, Fact, Transition
from dossiers.models import OPEN_STATES, State

ROWS = (
    Transition(
        "extend",
        _("Xin lỗi và gia hạn"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.LEADER,),
        done=_("Xin lỗi và đề nghị gia hạn thời gian giải quyết"),
        law="03/2025/TT-VPCP, mẫu 04",
        clock=Clock.EXTEND,
        facts=(
            Fact("amount", _("Thêm bao nhiêu (theo đơn vị của thời hạn)"), kind="decimal"),
            REASON,
        ),
        offered=offers.may_be_extended,
        guards=(need.clock_runs, need.in_time_to_extend, need.extensions_left),
        effects=(do.extend_clock, do.issue_paper("apology")),
        paper="apology",
        tells=("applicant", "counter"),
    ),
    Transition(
        "apologise",
        _("Xin lỗi vì trễ hạn"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.LEADER,),
        done=_("Xin lỗi vì trễ hạn và hẹn lại ngày trả kết quả"),
        law="03/2025/TT-VPCP, mẫu 04",
        facts=(Fact("expected_on", _("Ngày hẹn trả kết quả mới"), kind="date"), REASON),
        offered=offers.runs,
        guards=(need.clock_runs, need.too_late_to_extend),
        effects=(do.apologise, do.issue_paper("apology")),
        paper="apology",
        tells=("applicant", "counter"),
    ),
    Transition(
        "remind",
        _("Đôn đốc"),
        OPEN_STATES,
        do.same_state,
        (Relation.UNIT_HEAD, Relation.LEADER, Relation.SUPERVISOR),
        done=_("Đã đôn đốc"),
        facts=(Fact("reason", _("Lời nhắc"), required=False),),
        tells=("holder",),
        public=False,
        bulk=True,
    ),
)
