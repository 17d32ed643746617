"""Taking a dossier in: sent online or handed over at a counter, accepted, completed or refused."""

from django.utils.translation import gettext_lazy as _

from dossiers import interlinked
from dossiers.lifecycle import effects as do
from dossiers.lifecycle import fee_acts, waits
from dossiers.lifecycle import guards as need
from dossiers.lifecycle.transitions import Clock, Fact, Transition, Who
from dossiers.models import State

LIMIT = Fact("limit_days", _("Thời hạn giải quyết (ngày làm việc)"), kind="decimal", required=False)
REASON = Fact("reason", _("Lý do"))
ITEMS = Fact("items", _("Giấy tờ cần bổ sung"), kind="items", hint=_("Mỗi dòng một giấy tờ hoặc nội dung."))

FEE = Fact(
    "fee",
    _("Mức thu phí, lệ phí (đồng)"),
    kind="money",
    required=False,
    hint=_("Danh mục chưa cho biết số tiền; nhập nếu quyết định công bố ghi rõ, ghi 0 nếu không thu."),
)
FEE_GROUND = Fact("fee_ground", _("Căn cứ của mức thu"), kind="line", required=False)
CLAIMS = Fact(
    "exemptions",
    _("Diện miễn, giảm có giấy tờ chứng minh"),
    kind="claims",
    required=False,
    hint=_("Người nộp đề nghị các diện sau. Đánh dấu diện đúng; diện không đánh dấu không được áp dụng."),
)
WHY_NO_EXEMPTION = Fact("reason", _("Lý do không áp dụng miễn, giảm"), required=False)

ROWS = (
    Transition(
        "send",
        _("Gửi hồ sơ"),
        (State.DRAFT,),
        State.FILED,
        (Who.APPLICANT,),
        done=_("Đã gửi hồ sơ trực tuyến"),
        law="118/2025/NĐ-CP",
        guards=(need.filed_online, need.has_settling_agency, need.ready_to_send),
        effects=(do.give_code, do.filed, do.answer_wanted, waits.for_answer, fee_acts.raise_fee),
        tells=("applicant", "counter"),
    ),
    Transition(
        "receive",
        _("Tiếp nhận"),
        (State.DRAFT,),
        State.RECEIVED,
        (Who.COUNTER,),
        done=_("Đã tiếp nhận tại quầy"),
        law="118/2025/NĐ-CP; 03/2025/TT-VPCP, mẫu 01",
        clock=Clock.START,
        facts=(LIMIT, FEE, FEE_GROUND),
        guards=(need.taken_in_at_counter, need.has_settling_agency, need.has_limit, fee_acts.amount_allowed),
        effects=(
            do.give_code,
            do.filed,
            do.start_clock,
            fee_acts.note_exemptions,
            fee_acts.fix_fee,
            fee_acts.raise_fee,
            do.plan_route,
            do.issue_paper("receipt"),
        ),
        paper="receipt",
        tells=("applicant",),
        then="hand_over",
    ),
    Transition(
        "accept",
        _("Tiếp nhận hồ sơ"),
        (State.FILED,),
        State.RECEIVED,
        (Who.COUNTER,),
        done=_("Đã tiếp nhận hồ sơ"),
        law="118/2025/NĐ-CP; 03/2025/TT-VPCP, mẫu 01",
        clock=Clock.START,
        facts=(LIMIT, CLAIMS, WHY_NO_EXEMPTION, FEE, FEE_GROUND),
        guards=(need.has_limit, fee_acts.claims_decided, fee_acts.amount_allowed),
        effects=(
            do.answered,
            do.start_clock,
            fee_acts.decide_claims,
            fee_acts.fix_fee,
            fee_acts.raise_fee,
            do.plan_route,
            do.issue_paper("receipt"),
        ),
        paper="receipt",
        tells=("applicant",),
        then="hand_over",
    ),
    Transition(
        "open_linked",
        _("Mở hồ sơ liên thông"),
        (State.DRAFT,),
        State.RECEIVED,
        (Who.AUTOMATIC,),
        done=_("Được mở từ hồ sơ liên thông"),
        clock=Clock.START,
        guards=(interlinked.was_opened, need.has_settling_agency, need.has_limit),
        effects=(
            do.give_code,
            do.filed,
            do.start_clock,
            fee_acts.raise_fee,
            do.plan_route,
            do.issue_paper("receipt"),
        ),
        paper="receipt",
        tells=("applicant", "counter"),
        then="hand_over",
    ),
    Transition(
        "hand_over",
        _("Chuyển cơ quan giải quyết"),
        (State.RECEIVED,),
        State.PROCESSING,
        (Who.AUTOMATIC,),
        done=_("Đã chuyển hồ sơ điện tử đến cơ quan giải quyết"),
        law="118/2025/NĐ-CP",
        effects=(do.hand_over,),
        tells=("holder",),
    ),
    Transition(
        "ask_completion",
        _("Yêu cầu bổ sung, hoàn thiện"),
        (State.DRAFT, State.FILED),
        State.SUPPLEMENT,
        (Who.COUNTER,),
        done=_("Đã yêu cầu bổ sung, hoàn thiện hồ sơ"),
        law="118/2025/NĐ-CP art. 11; 03/2025/TT-VPCP, mẫu 02",
        facts=(ITEMS, REASON),
        guards=(need.has_settling_agency, need.asks_once),
        effects=(
            do.give_code,
            do.filed,
            do.answered,
            do.ask_supplement,
            waits.for_supplement,
            do.issue_paper("completion"),
        ),
        paper="completion",
        tells=("applicant",),
    ),
    Transition(
        "refuse",
        _("Từ chối tiếp nhận"),
        (State.DRAFT, State.FILED),
        State.NOT_RECEIVED,
        (Who.COUNTER,),
        done=_("Đã từ chối tiếp nhận hồ sơ"),
        law="118/2025/NĐ-CP; 03/2025/TT-VPCP, mẫu 03",
        facts=(REASON,),
        guards=(need.has_settling_agency,),
        effects=(do.give_code, do.filed, do.answered, do.cancel_fee, do.issue_paper("refusal")),
        paper="refusal",
        tells=("applicant",),
        danger=True,
    ),
    Transition(
        "answer_late",
        _("Quá giờ trả lời hồ sơ trực tuyến"),
        (State.FILED,),
        State.FILED,
        (Who.AUTOMATIC,),
        done=_("Đã quá giờ trả lời hồ sơ trực tuyến, nhắc bộ phận một cửa và lãnh đạo"),
        effects=(waits.no_more,),
        tells=("counter", "receiving_head"),
        public=False,
    ),
)
