"""What must hold before an action; each guard raises Refused with a sentence that says what to do."""

from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import NotAllowed, Refused
from dossiers.deadlines import extension
from dossiers.filing.completeness import missing_parts
from dossiers.filing.eligibility import require_eligible
from dossiers.filing.papers_brought import lacking_papers_of
from dossiers.lifecycle import offers
from dossiers.lifecycle.lacking import LACKING_GROUNDS
from dossiers.lifecycle.limit import fill_limit
from dossiers.lifecycle.transitions import Action
from dossiers.models import DossierDocument, FilingGround, Folder, Place, ReturnMethod, Substate, SupplementRequest
from procedures import display
from procedures.editions import supplement_rules
from procedures.models import Channel
from vietnam.dates import format_moment


def ready_to_send(action: Action) -> None:
    if gaps := missing_parts(action.dossier):
        raise Refused("incomplete", gaps[0].sentence, field=gaps[0].section)


def proven_enough(action: Action) -> None:
    """Who files is identified as surely as the province asks, and more surely when filing for somebody else."""
    dossier, by = action.dossier, action.by
    if by.account is None:
        return
    wanted = settings.FILING_LEVEL
    if dossier.filing_ground != FilingGround.SELF:
        wanted = max(wanted, settings.FILING_FOR_OTHERS_LEVEL)
    if by.level < wanted:
        raise NotAllowed(
            "not_proven",
            _(
                "Tài khoản của bạn chưa được xác thực đủ mức để gửi hồ sơ này. Hãy xác thực ở trang “Tài khoản "
                "của tôi”."
            ),
            field="applicant",
        )


def eligible(action: Action) -> None:
    require_eligible(action.dossier)


def papers_there(action: Action) -> None:
    """A dossier that lacks a demanded paper is received only on a ground; the history keeps it with what is missing."""
    papers = lacking_papers_of(action.dossier)
    lacking = [paper.name for paper in papers]
    ground = action.inputs.get("lacking_ground") or ""
    if lacking and not ground:
        raise Refused(
            "papers_missing",
            _("Còn thiếu: %(names)s. Hãy nhận giấy tờ, yêu cầu bổ sung, hoặc chọn căn cứ tiếp nhận khi còn thiếu.")
            % {"names": "; ".join(paper.local_name for paper in papers)},
            field="lacking_ground",
        )
    if lacking:
        if ground not in dict(LACKING_GROUNDS):
            raise Refused("unknown_ground", _("Hãy chọn một căn cứ trong danh sách."), field="lacking_ground")
        action.recorded |= {"lacking": lacking, "lacking_ground": ground}


def answers_something(action: Action) -> None:
    """An answer has words, papers or files; an empty one would close the only request that may be made."""
    request = action.dossier.supplement_requests.order_by("-id").first()
    since = (request.answered_at or request.asked_at) if request else action.at
    sent = action.dossier.documents.filter(added_at__gt=since).exists()
    if not (sent or str(action.inputs.get("answer") or "").strip() or action.inputs.get("papers")):
        sentence = _("Chưa có gì để gửi. Hãy đính kèm giấy tờ, hoặc viết lời nhắn cho cơ quan.")
        if action.by.post is not None:
            sentence = _("Chưa ghi giấy tờ nào. Hãy ghi số bản, đính kèm bản quét hoặc ghi lời nhắn của người nộp.")
        raise Refused("empty_answer", sentence, field="answer")


def papers_named(action: Action) -> None:
    if not action.inputs.get("papers"):
        raise Refused("no_papers", _("Hãy ghi số bản hoặc đính kèm bản quét của ít nhất một giấy tờ."), field="papers")


def nobody_has_acted(action: Action) -> None:
    if not offers.answer_may_grow(action.dossier):
        raise Refused(
            "answer_taken", _("Cơ quan đã xem phần bổ sung nên không gửi thêm ở đây được. Hãy nhắn tin cho cơ quan.")
        )


def filed_online(action: Action) -> None:
    if action.dossier.channel != Channel.ONLINE:
        raise Refused("not_online", _("Hồ sơ này được nộp trực tiếp, hãy tiếp nhận tại quầy."))


def filed_here(action: Action) -> None:
    """Where people file at the national portal, a draft begun here before that is not sent; connected systems file."""
    if settings.ONLINE_FILING != "here" and action.by.account is not None:
        sentence = _(
            "Nộp trực tuyến đã chuyển sang Cổng Dịch vụ công quốc gia (%(address)s), nên bản nháp này không gửi được ở "
            "đây nữa. Câu trả lời và tệp của bạn còn nguyên; hãy nộp ở đó hoặc mang giấy tờ đến quầy."
        )
        raise Refused("filed_elsewhere", sentence % {"address": settings.NATIONAL_PORTAL_URL})


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


def asked_by_somebody(action: Action) -> None:
    """Staff withdraw nothing by themselves: who came and asked is recorded."""
    if action.by.post is not None and not str(action.inputs.get("requested_by") or "").strip():
        raise Refused(
            "no_requester", _("Hãy ghi người đến rút hồ sơ, sau khi đối chiếu giấy tờ."), field="requested_by"
        )


def can_be_posted(action: Action) -> None:
    """A paper result is sent from where it lies."""
    dossier, post = action.dossier, action.by.post
    if dossier.return_method != ReturnMethod.POST or post is None:
        return
    folder = dossier.folders.filter(kind=Folder.Kind.RESULT).select_related("agency").first()
    if folder is None or (
        folder.agency_id == post.agency_id and folder.place in (Place.DESK, Place.DEPARTMENT, Place.ARCHIVE)
    ):
        return
    raise Refused(
        "result_elsewhere",
        _("Kết quả bản giấy chưa ở chỗ bạn (đang ở %(place)s, %(agency)s). Hãy nhận bàn giao rồi gửi bưu chính.")
        % {"place": folder.get_place_display().lower(), "agency": folder.agency.local_name},
    )


def longer_knowingly(action: Action) -> None:
    """More time than the whole limit is nearly always a slip of the finger, so it is asked for twice."""
    try:
        amount = Decimal(str(action.inputs["amount"]).replace(",", "."))
    except InvalidOperation:
        return  # the effect says what a number looks like
    limit = action.dossier.limit_amount
    if limit and amount.is_finite() and amount > limit and not action.inputs.get("longer"):
        raise Refused(
            "longer_than_limit",
            _("Thời gian gia hạn dài hơn cả thời hạn giải quyết (%(limit)s). Nếu đúng, hãy đánh dấu xác nhận.")
            % {"limit": display.amount_words(limit, action.dossier.limit_unit)},
            field="amount",
        )


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
    if action.dossier.substate == Substate.SUSPENDED:
        raise Refused(
            "clock_suspended", _("Thời hạn đang tạm dừng theo luật chuyên ngành. Hãy tính tiếp thời hạn trước.")
        )


def clock_suspended(action: Action) -> None:
    if action.dossier.substate != Substate.SUSPENDED:
        raise Refused("clock_runs", _("Thời hạn đang chạy, không có gì để tính tiếp."))


def held_by_nobody(action: Action) -> None:
    if action.dossier.holder_id is not None:
        raise Refused("held", _("Hồ sơ đã có người thụ lý."))


def returned_by_download(action: Action) -> None:
    if action.dossier.return_method != ReturnMethod.DOWNLOAD or not action.dossier.has_digital_result:
        raise Refused("not_by_download", _("Kết quả của hồ sơ này được trả tại quầy hoặc qua bưu chính."))
