"""The sections of a filing, and what is still missing from a draft before it can be sent."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.fees import amounts
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import declaration
from dossiers.filing.draft_papers import required_documents
from dossiers.filing.open_pages import is_done, typed_answers
from dossiers.models import Dossier
from procedures.editions.papers import Need, need_of_paper
from procedures.fees import inputs
from procedures.models import Edition, Questionnaire

SECTIONS = ("applicant", "request", "documents", "result")
FEE = "fee"  # asked behind the request where the fee depends on more than the case

_UNSAVED = _("Có câu trả lời chưa được lưu. Hãy mở lại phần này, xem lại rồi bấm “Lưu và tiếp tục”.")


@dataclass(frozen=True)
class Gap:
    """Something a section still lacks."""

    section: str
    sentence: str | Promise


def draft_sections(dossier: Dossier) -> tuple[str, ...]:
    """The pages of this filing in their order."""
    asked, wanted = declaration.form_in_force(dossier), amounts.asked_inputs(dossier, at=timezone.now())
    return _sections(dossier, asked, wanted)


def _sections(dossier: Dossier, asked: Questionnaire | None, wanted: inputs.Needed) -> tuple[str, ...]:
    at = SECTIONS.index("request")
    paper = [file_for_another.SECTION] if file_for_another.is_asked(dossier) else []
    more = (*([declaration.SECTION] if asked else []), *([FEE] if wanted else []))
    return (*SECTIONS[:at], *paper, SECTIONS[at], *more, *SECTIONS[at + 1 :])


def missing_parts(dossier: Dossier) -> list[Gap]:
    """What must still be done before sending, in the order of the task list."""
    if dossier.discarded_at is not None:
        return [Gap("edition", _("Bản nháp này đã xóa. Hãy lấy lại trước khi gửi."))]
    if dossier.edition.status != Edition.Status.PUBLISHED:
        return [Gap("edition", _("Thủ tục đã thay đổi. Hãy mở hồ sơ đang soạn để chuyển sang bản mới."))]
    asked = declaration.form_in_force(dossier)
    wanted_of_fee = amounts.asked_inputs(dossier, at=timezone.now())
    pages = _sections(dossier, asked, wanted_of_fee)
    gaps = [Gap(section, _UNSAVED) for section in pages if typed_answers(dossier, section)]
    if not is_done(dossier, "applicant") or not dossier.owner_name:
        gaps.append(Gap("applicant", _("Hãy hoàn thành phần “Người nộp và người đứng tên”.")))
    if sentence := file_for_another.gap_sentence(dossier):
        gaps.append(Gap(file_for_another.SECTION, sentence))
    if not is_done(dossier, "request"):
        gaps.append(Gap("request", _("Hãy hoàn thành phần “Nội dung đề nghị”.")))
    if dossier.settling_agency_id is None:
        gaps.append(Gap("request", _("Hãy chọn nơi giải quyết hồ sơ.")))
    if asked is not None:
        gaps += _form_gaps(dossier, asked)
    if wanted_of_fee:
        gaps += _fee_gaps(dossier, wanted_of_fee)
    wanted = declaration.wanted_documents(dossier, asked)
    have = {line.required_document_id for line in dossier.papers if line.file_id is not None or line.later}
    for paper in required_documents(dossier):
        if need_of_paper(paper, wanted=wanted) is Need.DEMANDED and paper.pk not in have:
            gaps.append(Gap("documents", _("Còn thiếu: %(name)s.") % {"name": paper.local_name}))
    if not is_done(dossier, "result"):
        gaps.append(Gap("result", _("Hãy chọn cách nhận kết quả.")))
    return gaps


def _fee_gaps(dossier: Dossier, wanted: inputs.Needed) -> list[Gap]:
    """What the fee depends on and nobody has said, or what does not hold any more."""
    if not is_done(dossier, FEE):
        return [Gap(FEE, _("Hãy trả lời phần “Phí, lệ phí”."))]
    return [
        Gap(FEE, sentence) for _name, sentence in inputs.validate_inputs(wanted, amounts.as_given(dossier)).mistakes
    ]


def _form_gaps(dossier: Dossier, asked: Questionnaire) -> list[Gap]:
    """What the procedure's form still lacks; a dossier brought by another system says so by having no answers."""
    if not is_done(dossier, declaration.SECTION):
        return [Gap(declaration.SECTION, _("Hãy điền tờ khai."))]
    if not (kept := dossier.answers.get(declaration.KEY)):
        return []
    if kept["questionnaire"] != asked.pk:
        return [Gap(declaration.SECTION, _("Tờ khai đã có bản mới. Hãy mở phần tờ khai, xem lại rồi lưu."))]
    return [
        Gap(declaration.SECTION, sentence)
        for _field, sentence in declaration.validated_answers(dossier, asked).mistakes
    ]
