"""A mistake is put right by two people, with a reason, forwards: history is never taken back."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import corrections, effects, offers
from dossiers.lifecycle.reopening import REOPENED_STATES, STOPPED_STATES
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import ActionField, Transition
from dossiers.models import Correction, ReturnMethod, State

Kind = Correction.Kind
_MAY_BE_WRONG = (
    State.FILED,
    State.PROCESSING,
    State.SUPPLEMENT,
    State.FINANCIAL,
    State.DONE,
    State.NOT_RECEIVED,
    State.WITHDRAWN,
    State.STOPPED,
)

ROWS = (
    Transition(
        "ask_correction",
        _("Đề nghị đính chính"),
        _MAY_BE_WRONG,
        effects.same_state,
        (Relation.COUNTER, Relation.STEP, Relation.OFFICER, Relation.UNIT_HEAD, Relation.LEADER),
        done=_("Đã đề nghị đính chính sai sót"),
        fields=(
            ActionField("kind", _("Điều sai"), kind="choice", choices=tuple(Kind.choices)),
            ActionField(
                "value",
                _("Sửa thành"),
                kind="line",
                required=False,
                hint=_("Số ngày làm việc, tên, nội dung hoặc số điện thoại đúng."),
                only_for=(Kind.LIMIT, Kind.OWNER, Kind.CONTENT, Kind.PHONE),
            ),
            ActionField("agency", _("Cơ quan giải quyết đúng"), kind="agency", required=False, only_for=(Kind.AGENCY,)),
            ActionField(
                "return_method",
                _("Cách nhận kết quả đúng"),
                kind="choice",
                required=False,
                choices=tuple(ReturnMethod.choices),
                only_for=(Kind.RETURN,),
            ),
            ActionField(
                "return_address",
                _("Địa chỉ, nếu nhận qua bưu chính"),
                kind="line",
                required=False,
                only_for=(Kind.RETURN,),
            ),
            ActionField("document", _("Giấy tờ"), kind="document", required=False, only_for=(Kind.COUNTS,)),
            ActionField("originals", _("Số bản chính đúng"), kind="count", required=False, only_for=(Kind.COUNTS,)),
            ActionField("copies", _("Số bản sao đúng"), kind="count", required=False, only_for=(Kind.COUNTS,)),
            REASON,
        ),
        offered=offers.awaits_no_correction,
        guards=(corrections.none_open, corrections.makes_sense),
        effects=(corrections.request_correction,),
        notifies=("head",),
        public=False,
    ),
    Transition(
        "confirm_correction",
        _("Xác nhận đính chính"),
        _MAY_BE_WRONG,
        corrections.state_after,
        (Relation.UNIT_HEAD, Relation.LEADER, Relation.SUPERVISOR),
        done=_("Đã đính chính sai sót"),
        fields=(ActionField("reason", _("Ý kiến"), required=False),),
        offered=offers.awaits_correction,
        guards=(corrections.one_open, corrections.by_another_person, corrections.still_makes_sense),
        effects=(corrections.confirm_correction,),
        notifies=("applicant", "asker", "holder", "counter"),
        moves=(
            (State.DONE, State.PROCESSING),
            (State.NOT_RECEIVED, State.FILED),
            *((ended, again) for ended in STOPPED_STATES for again in REOPENED_STATES),
        ),
    ),
    Transition(
        "decline_correction",
        _("Không đồng ý đính chính"),
        _MAY_BE_WRONG,
        effects.same_state,
        (Relation.UNIT_HEAD, Relation.LEADER, Relation.SUPERVISOR),
        done=_("Không đồng ý đính chính"),
        fields=(REASON,),
        offered=offers.awaits_correction,
        guards=(corrections.one_open, corrections.by_another_person),
        effects=(corrections.decline_correction,),
        notifies=("asker", "holder", "counter"),
        public=False,
        danger=True,
    ),
)
