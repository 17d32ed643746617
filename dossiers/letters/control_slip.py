"""Form 06: control slip of the settlement, one row for each hand-over."""

from datetime import datetime
from typing import Any

from reportlab.platypus import Flowable

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of
from dossiers.letters import subject
from dossiers.letters.letter import Letter, one_stop_unit, settling_agency
from dossiers.models import Dossier, StepRun
from papers import blocks
from papers.issue import Marks
from papers.layout import Sheet
from vietnam.working_time import Standing, standing

_SIZE = 12
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
        "coordinating": sorted({run.agency.name for run in runs} - of_its_own),
        "received_at": subject.moment(dossier.received_at),
        "due_at": subject.moment(dossier.due_at),
        "steps": [
            {
                "name": run.name,
                "giver": giver,
                "receiver": _side(run),
                "handed_at": subject.moment(run.started_at),
                "due_at": subject.moment(run.due_at),
                "finished_at": subject.moment(run.finished_at),
                "result": _result(run, at),
            }
            for giver, run in zip(givers, runs, strict=False)
        ],
        "signer": subject.who_acts(by),
    }


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    rows = [
        [
            number,
            step["name"],
            step["giver"],
            step["receiver"],
            step["handed_at"],
            step["due_at"],
            "\n".join(text for text in (step["result"], step["finished_at"]) if text),
            "",
        ]
        for number, step in enumerate(said["steps"], 1)
    ]
    return Sheet(
        LETTER.title,
        [
            _pair(("Mã hồ sơ", said["code"]), ("Hồ sơ của", said["applicant"])),
            blocks.field("Nội dung yêu cầu giải quyết", said["procedure"], size=_SIZE),
            _pair(
                ("Cơ quan giải quyết hồ sơ", said["agency"]),
                ("Cơ quan phối hợp", ", ".join(said["coordinating"]) or "không có"),
            ),
            _pair(
                ("Thời gian nhận hồ sơ", said["received_at"]),
                ("Thời gian hẹn trả kết quả", said["due_at"] or "đang tạm dừng tính thời gian"),
            ),
            blocks.table(
                ["TT", "Công việc", "Bên giao", "Bên nhận", "Giao nhận lúc", "Hạn", "Kết quả", "Ký, ghi chú"],
                rows,
                [10, 34, 46, 46, 34, 34, 34, 28],
                aligns=["center", *["left"] * 7],
                size=10,
            ),
            blocks.signatures(("Người lập phiếu", said["signer"]), size=_SIZE),
        ],
        size="A4-landscape",
    )


def _pair(left: tuple[str, str], right: tuple[str, str]) -> Flowable:
    made = blocks.columns([blocks.field(*left, size=_SIZE), blocks.field(*right, size=_SIZE)], [None, None])
    made.spaceAfter = _SIZE * 0.3
    return made


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
    form="control_slip",
    title="Phiếu kiểm soát quá trình giải quyết hồ sơ",
    sign="KSHS",
    issuing_agency=settling_agency,
    gather=gather,
    draw=draw,
)
