"""Form 06: control slip of the settlement, one row for each hand-over."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, one_stop_unit, settling_agency
from dossiers.models import Dossier, StepRun
from papers import parts
from papers.wording import LINE, PART, SIGNATURE, Block, Field, Vocabulary, Wording
from vietnam.working_time import Standing, standing

_FINISHED = {Standing.EARLY: "Trước hạn", Standing.OVERDUE: "Quá hạn"}
_RUNNING = {Standing.OVERDUE: "Đang giải quyết, quá hạn"}


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    runs = list(dossier.steps.select_related("agency__calendar", "holder__account"))
    about = subject.of_dossier(dossier)
    of_its_own = {settling_agency(dossier, by).name, one_stop_unit(dossier, by).name}
    givers = [_filer(dossier), *(_side(run) for run in runs)]
    return {
        **{key: about[key] for key in ("code", "applicant", "procedure")},
        "agency": settling_agency(dossier, by).name,
        "coordinating": ", ".join(sorted({run.agency.name for run in runs} - of_its_own)) or "không có",
        "received_at": subject.moment(dossier.received_at),
        "due_at": subject.moment(dossier.due_at) or "đang tạm dừng tính thời gian",
        "steps": [
            {
                "name": run.name,
                "giver": giver,
                "receiver": _side(run),
                "handed_at": subject.moment(run.started_at),
                "due_at": subject.moment(run.due_at),
                "result": "\n".join(text for text in (_result(run, at), subject.moment(run.finished_at)) if text),
            }
            for giver, run in zip(givers, runs, strict=False)
        ],
        "signer": subject.who_acts(by),
    }


def _filer(dossier: Dossier) -> str:
    return f"{dossier.filer.full_name} (người nộp hồ sơ)"


def _side(run: StepRun) -> str:
    """A person at an agency, or the role that nobody has taken up yet."""
    who = run.holder.account.full_name if run.holder else StaffPost.Role(run.role).label
    return f"{who}, {run.agency.name}"


def _result(run: StepRun, at: datetime) -> str:
    if run.due_at is None:
        return "Đã xong" if run.finished_at else "Đang giải quyết"
    stand = standing(calendar_of(run.agency), run.due_at, at, finished_at=run.finished_at).standing
    if run.finished_at:
        return _FINISHED.get(stand, "Đúng hạn")
    return _RUNNING.get(stand, "Đang giải quyết, trong hạn")


LETTER = Letter(
    Form(
        "control_slip",
        Vocabulary(
            fields={
                **{key: subject.FIELDS[key] for key in ("code", "applicant", "procedure")},
                "agency": Field("Cơ quan giải quyết", "Ủy ban nhân dân phường Kinh Bắc"),
                "coordinating": Field("Cơ quan phối hợp", "Sở Xây dựng"),
                "received_at": Field("Thời gian nhận hồ sơ", subject.MOMENT),
                "due_at": Field("Hẹn trả kết quả", "17 giờ 00 phút, ngày 01 tháng 12 năm 2026"),
                "signer": Field("Người lập phiếu", "Nguyễn Văn An"),
            },
            parts={
                "steps": parts.table(
                    "Bảng giao nhận từng bước",
                    [
                        parts.Column("#", "TT", 10, "center"),
                        parts.Column("name", "Công việc", 34),
                        parts.Column("giver", "Bên giao", 46),
                        parts.Column("receiver", "Bên nhận", 46),
                        parts.Column("handed_at", "Giao nhận lúc", 34),
                        parts.Column("due_at", "Hạn", 34),
                        parts.Column("result", "Kết quả", 34),
                        parts.Column("note", "Ký, ghi chú", 28),
                    ],
                    [
                        {
                            "name": "Tiếp nhận hồ sơ",
                            "giver": "Nguyễn Thị Ánh (người nộp hồ sơ)",
                            "receiver": "Nguyễn Văn An, Trung tâm Phục vụ hành chính công",
                            "handed_at": subject.MOMENT,
                            "due_at": "17 giờ 00 phút, ngày 23 tháng 11 năm 2026",
                            "result": "Đúng hạn",
                        }
                    ],
                    smaller=2,
                )
            },
            required=("code", "steps"),
        ),
        Wording(
            "Phiếu kiểm soát quá trình giải quyết hồ sơ",
            "KSHS",
            (
                Block(LINE, "Mã hồ sơ", "{code}"),
                Block(LINE, "Hồ sơ của", "{applicant}", beside=True),
                Block(LINE, "Nội dung yêu cầu giải quyết", "{procedure}"),
                Block(LINE, "Cơ quan giải quyết hồ sơ", "{agency}"),
                Block(LINE, "Cơ quan phối hợp", "{coordinating}", beside=True),
                Block(LINE, "Thời gian nhận hồ sơ", "{received_at}"),
                Block(LINE, "Thời gian hẹn trả kết quả", "{due_at}", beside=True),
                Block(PART, part="steps"),
                Block(SIGNATURE, "Người lập phiếu", "{signer}"),
            ),
            size=12,
        ),
        size="A4-landscape",
        official="06",
    ),
    issuing_agency=settling_agency,
    gather=gather,
)
