"""Before and after the due date: more time asked for with an apology, an apology alone, a reminder."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import effects, guards, offers
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import ActionField, Clock, Transition
from dossiers.models import OPEN_STATES, State

ROWS = (
    Transition(
        "extend",
        _("Xin lỗi và gia hạn"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.LEADER,),
        done=_("Xin lỗi và đề nghị gia hạn thời gian giải quyết"),
        law=_("Thông tư số 03/2025/TT-VPCP, mẫu 04"),
        clock=Clock.EXTEND,
        fields=(
            ActionField("amount", _("Thêm bao nhiêu (theo đơn vị của thời hạn)"), kind="decimal"),
            ActionField("longer", _("Đúng là gia hạn dài hơn thời hạn giải quyết"), kind="yes", required=False),
            REASON,
        ),
        offered=offers.may_be_extended,
        guards=(guards.clock_runs, guards.in_time_to_extend, guards.extensions_left, guards.longer_knowingly),
        effects=(effects.extend_clock, effects.issue_paper("apology")),
        paper="apology",
        notifies=("applicant", "counter"),
    ),
    Transition(
        "apologise",
        _("Xin lỗi vì trễ hạn"),
        (State.PROCESSING,),
        State.PROCESSING,
        (Relation.LEADER,),
        done=_("Xin lỗi vì trễ hạn và hẹn lại ngày trả kết quả"),
        law=_("Thông tư số 03/2025/TT-VPCP, mẫu 04"),
        fields=(ActionField("expected_on", _("Ngày hẹn trả kết quả mới"), kind="date"), REASON),
        offered=offers.only_an_apology_is_left,
        guards=(guards.clock_runs, guards.too_late_to_extend),
        effects=(effects.apologise, effects.issue_paper("apology")),
        paper="apology",
        notifies=("applicant", "counter"),
    ),
    Transition(
        "remind",
        _("Đôn đốc"),
        (State.FILED, *OPEN_STATES),
        effects.same_state,
        (Relation.UNIT_HEAD, Relation.LEADER, Relation.SUPERVISOR),
        done=_("Đã đôn đốc"),
        fields=(ActionField("reason", _("Lời nhắc"), required=False),),
        notifies=("working",),
        public=False,
        bulk=True,
    ),
)
