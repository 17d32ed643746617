"""What must hold before an act; each guard raises Refused with a sentence that says what to do."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.deadlines import extension
from dossiers.filing.drafts import missing_parts
from dossiers.filing.eligibility import require_eligible
from dossiers.lifecycle.limit import fill_limit
from dossiers.lifecycle.transitions import Action
from dossiers.models import SUSPENDED, DossierDocument, ReturnMethod, SupplementRequest
from procedures.editions import supplement_rules
from procedures.models import Channel
from vietnam.dates import format_moment


def ready_to_send(action: Action) -> None:
    if gaps := missing_parts(action.dossier):
        raise Refused("incomplete", gaps[0].sentence, field=gaps[0].section)


def eligible(action: Action) -> None:
    require_eligible(action.dossier)


def filed_online(action: Action) -> None:
    if action.dossier.channel != Channel.ONLINE:
        raise Refused("not_online", _("Hồ sơ này được nộp trực tiếp, hãy tiếp nhận tại quầy."))


def taken_in_at_counter(action: Action) -> None:
    if action.dossier.channel == Channel.ONLINE:
        raise Refused("not_at_counter", _("Bản nháp này do công dân soạn trực tuyến, chưa được gửi."))
    if not action.dossier.owner_name:
        raise Refused("no_owner", _("Hãy chọn người đứng tên hồ sơ."), field="owner")


def has_settling_agency(action: Action) -> None:
    if action.dossier.settling_agency_id is None:
        raise Refused(
            "no_competence",
            _("Chưa xác định được cơ quan giải quyết thủ tục này. Hãy chọn nơi giải quyết, hoặc báo quản lý danh mục."),
            field="settling_agency",
        )


def has_limit(action: Action) -> None:
    """A limit that the catalogue has still to confirm is entered by the receiver, who is recorded with it."""
    fill_limit(action)


def asks_once(action: Action) -> None:
    """Whoever must ask for a supplement may ask only once (Decree 118/2025) unless the edition says on which ground
    of sector law one more is allowed at this stage."""
    stage = "counter" if action.dossier.received_at is None else "appraisal"
    used = set(
        SupplementRequest.objects.filter(dossier=action.dossier, stage=stage).values_list("legal_ground", flat=True)
    )
    ground = supplement_rules.rule_for(action.dossier.edition).ground_at(stage) if used else ""
    if ground in used:
        raise Refused(
            "asked_before",
            _(
                "Đã yêu cầu bổ sung ở khâu này. Chỉ được yêu cầu thêm khi thủ tục có ghi căn cứ pháp luật chuyên ngành "
                "cho phép; hãy giải quyết theo giấy tờ đang có hoặc từ chối bằng văn bản."
            ),
        )
    action.recorded["legal_ground"] = ground


def no_decision_yet(action: Action) -> None:
    """Stopping is possible only while no decision or result exists (Decree 118/2025 art. 21)."""
    if action.dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).exists():
        raise Refused("decided", _("Đã có quyết định hoặc kết quả giải quyết nên không dừng hồ sơ được nữa."))


def has_result(action: Action) -> None:
    if not action.dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None).exists():
        raise Refused("no_result", _("Hãy đính kèm văn bản kết quả trước khi phát hành."), field="result")


def fee_settled(action: Action) -> None:
    dossier = action.dossier
    if dossier.fee_amount and dossier.fee_settled_at is None:
        raise Refused("fee_open", _("Hồ sơ còn khoản phí, lệ phí chưa nộp. Hãy thu trước khi trả kết quả."))


def in_time_to_extend(action: Action) -> None:
    """The apology and the request for more time leave at the latest one day before the due date."""
    latest = extension.last_moment(action.dossier)
    if latest and action.at > latest:
        raise Refused(
            "too_late",
            _("Chỉ xin gia hạn được đến %(time)s. Hãy giải quyết ngay và gửi văn bản xin lỗi vì trễ hạn.")
            % {"time": format_moment(timezone.localtime(latest))},
        )


def extensions_left(action: Action) -> None:
    if not extension.extensions_left(action.dossier):
        raise Refused("extended_before", _("Hồ sơ đã được gia hạn hết số lần cho phép, không gia hạn thêm được."))


def too_late_to_extend(action: Action) -> None:
    """While more time can still be asked for, that is the letter to write."""
    latest = extension.last_moment(action.dossier)
    if latest and action.at <= latest and extension.extensions_left(action.dossier):
        raise Refused("still_in_time", _("Hồ sơ còn xin gia hạn được. Hãy dùng “Xin lỗi và gia hạn”."))


def clock_runs(action: Action) -> None:
    if action.dossier.substate == SUSPENDED:
        raise Refused(
            "clock_suspended", _("Thời hạn đang tạm dừng theo luật chuyên ngành. Hãy tính tiếp thời hạn trước.")
        )


def clock_suspended(action: Action) -> None:
    if action.dossier.substate != SUSPENDED:
        raise Refused("clock_runs", _("Thời hạn đang chạy, không có gì để tính tiếp."))


def held_by_nobody(action: Action) -> None:
    if action.dossier.holder_id is not None:
        raise Refused("held", _("Hồ sơ đã có người thụ lý."))


def returned_by_download(action: Action) -> None:
    if action.dossier.return_method != ReturnMethod.DOWNLOAD or not action.dossier.has_digital_result:
        raise Refused("not_by_download", _("Kết quả của hồ sơ này được trả tại quầy hoặc qua bưu chính."))
