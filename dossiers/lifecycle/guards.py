"""What must hold before an act; each guard raises Refused with a sentence that says what to do."""

from django.utils.translation import gettext as _

from dossiers.lifecycle.refusals import NotAllowed, Refused
from dossiers.lifecycle.transitions import Act
from dossiers.models import DossierDocument, ReturnMethod, SupplementRequest
from procedures.models import Channel


def ready_to_send(act: Act) -> None:
    from dossiers.filing import missing

    if gaps := missing(act.dossier):
        raise Refused("incomplete", gaps[0].sentence, field=gaps[0].section)


def filed_online(act: Act) -> None:
    if act.dossier.channel != Channel.ONLINE:
        raise Refused("not_online", _("Hồ sơ này được nộp trực tiếp, hãy tiếp nhận tại quầy."))


def taken_in_at_counter(act: Act) -> None:
    if act.dossier.channel == Channel.ONLINE:
        raise Refused("not_at_counter", _("Bản nháp này do công dân soạn trực tuyến, chưa được gửi."))
    if not act.dossier.owner_name:
        raise Refused("no_owner", _("Hãy chọn người đứng tên hồ sơ."), field="owner")


def has_settling_agency(act: Act) -> None:
    if act.dossier.settling_agency_id is None:
        raise Refused(
            "no_competence",
            _("Chưa xác định được cơ quan giải quyết thủ tục này. Hãy chọn nơi giải quyết, hoặc báo quản lý danh mục."),
            field="settling_agency",
        )


def has_limit(act: Act) -> None:
    """A limit that the catalogue has still to confirm is entered by the receiver, who is recorded with it."""
    from dossiers.intake import fill_limit

    fill_limit(act)


def asks_once(act: Act) -> None:
    """Whoever must ask for a supplement may ask only once (Decree 118/2025) unless sector law names a ground."""
    stage = "counter" if act.dossier.received_at is None else "appraisal"
    asked = SupplementRequest.objects.filter(dossier=act.dossier, stage=stage, legal_ground="").exists()
    if asked and not act.facts.get("legal_ground"):
        raise Refused(
            "asked_before",
            _("Đã yêu cầu bổ sung một lần ở khâu này. Chỉ được yêu cầu thêm khi nêu căn cứ pháp luật chuyên ngành."),
            field="legal_ground",
        )


def no_decision_yet(act: Act) -> None:
    """Stopping is possible only while no decision or result exists (Decree 118/2025 art. 21)."""
    if act.dossier.documents.filter(kind=DossierDocument.Kind.RESULT).exists():
        raise Refused("decided", _("Đã có quyết định hoặc kết quả giải quyết nên không dừng hồ sơ được nữa."))


def has_result(act: Act) -> None:
    if not act.dossier.documents.filter(kind=DossierDocument.Kind.RESULT).exists():
        raise Refused("no_result", _("Hãy đính kèm văn bản kết quả trước khi phát hành."), field="result")


def fee_settled(act: Act) -> None:
    dossier = act.dossier
    if dossier.fee_amount and dossier.fee_settled_at is None:
        raise Refused("fee_open", _("Hồ sơ còn khoản phí, lệ phí chưa nộp. Hãy thu trước khi trả kết quả."))


def not_overdue(act: Act) -> None:
    """The apology and the request for more time leave before the due date."""
    if act.dossier.due_at and act.at > act.dossier.due_at:
        raise Refused("overdue", _("Hồ sơ đã quá hạn nên không gia hạn được nữa. Hãy giải quyết và xin lỗi người dân."))


def a_second_person(act: Act) -> None:
    """Who approves is not who appraised."""
    last = act.dossier.steps.filter(key="verify").order_by("-id").first()
    if last and last.holder_id and act.by.post and last.holder_id == act.by.post.pk:
        raise NotAllowed("four_eyes", _("Người thẩm định không được tự phê duyệt hồ sơ của mình."))


def held_by_nobody(act: Act) -> None:
    if act.dossier.holder_id is not None:
        raise Refused("held", _("Hồ sơ đã có người thụ lý."))


def returned_by_download(act: Act) -> None:
    if act.dossier.return_method != ReturnMethod.DOWNLOAD or not act.dossier.has_digital_result:
        raise Refused("not_by_download", _("Kết quả của hồ sơ này được trả tại quầy hoặc qua bưu chính."))
