"""How a dossier ends: given back, collected, withdrawn, stopped."""

from django.utils.translation import gettext_lazy as _

from dossiers.access.relations import Relation
from dossiers.lifecycle import effects, guards, waits
from dossiers.lifecycle.retention import erasure
from dossiers.lifecycle.rows.inputs import REASON
from dossiers.lifecycle.transitions import Action, ActionField, Clock, Transition
from dossiers.models import ENDED_STATES, State


def _as_it_ended(action: Action) -> State:
    return State(action.dossier.state)


ROWS = (
    Transition(
        "withdraw",
        _("Rút hồ sơ"),
        (State.FILED, State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL),
        State.WITHDRAWN,
        (Relation.APPLICANT, Relation.COUNTER),
        done=_("Đã yêu cầu rút hồ sơ"),
        law=_("Nghị định số 118/2025/NĐ-CP, Điều 21"),
        fields=(
            REASON,
            ActionField(
                "requested_by",
                _("Người đến rút hồ sơ (họ tên, số định danh đã đối chiếu)"),
                kind="line",
                required=False,
                at_counter=True,
                needed_at_counter=True,
            ),
            ActionField("file", _("Bản quét đơn đề nghị"), kind="file", required=False, at_counter=True),
        ),
        guards=(guards.no_decision_yet, guards.asked_by_somebody),
        effects=(effects.answered, effects.note_withdrawal, effects.cancel_fee),
        # Also when the counter does it for somebody: whoever filed must learn of it.
        notifies=("applicant", "counter", "holder"),
        danger=True,
    ),
    Transition(
        "stop",
        _("Dừng giải quyết theo yêu cầu"),
        (State.WITHDRAWN,),
        State.STOPPED,
        (Relation.COUNTER, Relation.UNIT_HEAD),
        done=_("Đã dừng giải quyết hồ sơ theo yêu cầu"),
        law=_("Nghị định số 118/2025/NĐ-CP, Điều 21; Thông tư số 03/2025/TT-VPCP, Điều 7, mẫu 05"),
        clock=Clock.STOP,
        guards=(guards.no_decision_yet,),
        effects=(effects.end_route, effects.end_pauses, effects.cancel_fee, effects.issue_paper("stop")),
        paper="stop",
        notifies=("applicant",),
    ),
    Transition(
        "return_result",
        _("Trả kết quả"),
        (State.DONE,),
        State.RETURNED,
        (Relation.COUNTER,),
        done=_("Đã trả kết quả"),
        law=_("Nghị định số 118/2025/NĐ-CP, Điều 22"),
        fields=(
            ActionField("collected_by", _("Người nhận (nếu không phải người nộp)"), kind="line", required=False),
            ActionField("tracking_number", _("Mã bưu gửi"), kind="line", required=False),
        ),
        guards=(guards.fee_settled, guards.can_be_posted),
        effects=(effects.end_route, effects.returned),
        notifies=("applicant",),
        bulk=True,
    ),
    Transition(
        "collect",
        _("Nhận bản điện tử"),
        (State.DONE,),
        State.RETURNED,
        (Relation.APPLICANT,),
        done=_("Đã nhận kết quả điện tử"),
        law=_("Nghị định số 118/2025/NĐ-CP, Điều 22"),
        guards=(guards.returned_by_download, guards.fee_settled),
        effects=(effects.end_route, effects.returned),
    ),
    Transition(
        "remind_collect",
        _("Nhắc nhận kết quả"),
        (State.DONE,),
        State.DONE,
        (Relation.AUTOMATIC,),
        done=_("Đã nhắc đến nhận kết quả"),
        effects=(waits.until_store,),
        notifies=("applicant",),
    ),
    Transition(
        "store",
        _("Chuyển kết quả vào nơi lưu"),
        (State.DONE,),
        State.DONE,
        (Relation.AUTOMATIC,),
        done=_("Kết quả chưa có người nhận được chuyển vào nơi lưu, vẫn nhận được tại bộ phận một cửa"),
        effects=(waits.no_more, effects.store_result),
        notifies=("applicant", "counter"),
    ),
    Transition(
        "destroy",
        _("Tiêu hủy hồ sơ"),
        ENDED_STATES,
        _as_it_ended,
        (Relation.AUTOMATIC,),
        done=_("Hồ sơ hết thời hạn bảo quản đã được tiêu hủy; lịch sử và số liệu được giữ"),
        law=_("Luật Lưu trữ số 33/2024/QH15"),
        fields=(ActionField("item", _("Dòng của danh mục tiêu hủy"), kind="count"),),
        effects=(erasure.destroy_case,),
    ),
)
