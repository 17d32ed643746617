"""Form 06: control slip of the settlement, one row for each hand-over."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, one_stop_unit, settling_agency
from dossiers.models import Dossier, Opinion, State, StepRun
from papers import parts
from papers.wording import LINE, PART, SIGNATURE, Block, Field, Vocabulary, Wording
from vietnam.working_time import Standing, standing

_FINISHED = {Standing.EARLY: "Trước hạn", Standing.OVERDUE: "Quá hạn"}
_RUNNING = {Standing.OVERDUE: "Đang giải quyết, quá hạn"}


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    runs = list(dossier.steps.select_related("agency__calendar", "holder__account"))
    opinions = list(
        dossier.opinions.select_related(
            "agency__calendar", "asked_by__account", "asked_by__agency", "answered_by__account"
        )
    )
    about = subject.of_dossier(dossier)
    of_its_own = {settling_agency(dossier, by).name, one_stop_unit(dossier, by).name}
    took_part = {each.agency.name for each in (*runs, *opinions)}
    givers = [_filer(dossier), *(_side(run) for run in runs)]
    stopped, last = dossier.state == State.STOPPED, runs[-1] if runs else None
    fetched = set(dossier.events.filter(action__in=("return_result", "collect")).values_list("at", flat=True))
    rows = [
        *(
            (
                run.started_at,
                _of_step(run, giver, at, stopped=stopped, fetched=run is last or run.finished_at in fetched),
            )
            for giver, run in zip(givers, runs, strict=False)
        ),
        *((opinion.asked_at, _of_opinion(opinion, at)) for opinion in opinions),
    ]
    return {
        **{key: about[key] for key in ("code", "applicant", "procedure")},
        "agency": settling_agency(dossier, by).name,
        "coordinating": ", ".join(sorted(took_part - of_its_own)) or "không có",
        "received_at": subject.moment(dossier.received_at),
        "due_at": subject.moment(dossier.due_at) or "đang tạm dừng tính thời gian",
        "steps": [row for _begun, row in sorted(rows, key=lambda row: row[0])],
        "signer": subject.who_acts(by),
    }


def _of_step(run: StepRun, giver: str, at: datetime, *, stopped: bool, fetched: bool) -> dict[str, str]:
    """`fetched`: where the result waited, whether it was; one that was taken back went through the steps again."""
    ended = subject.moment(run.finished_at)
    if run.broken_off:  # nothing was done, so nothing was early or late
        result = f"{'Dừng giải quyết' if stopped else 'Chuyển cơ quan khác'}\n{ended}"
    elif run.follows_the_result:  # when it is fetched is up to the applicant
        word = "Đã trả" if fetched else "Giải quyết lại, chưa trả"
        result = f"{word}\n{ended}" if ended else "Chờ nhận kết quả"
    else:
        result = _result(run, run.finished_at, at)
    return _row(run.name, giver, _side(run), run.started_at, run.due_at, result)


def _of_opinion(opinion: Opinion, at: datetime) -> dict[str, str]:
    """A body that was asked beside the route: it stands where the question was put."""
    asked_by, answered_by = opinion.asked_by, opinion.answered_by
    giver = _person_at(asked_by.account.full_name, asked_by.agency.name) if asked_by else ""
    taker = _person_at(answered_by.account.full_name if answered_by else "", opinion.agency.name)
    result = _result(opinion, opinion.ended_at, at)
    return _row("Lấy ý kiến phối hợp", giver, taker, opinion.asked_at, opinion.due_at, result)


def _row(name: str, giver: str, taker: str, begun: datetime, due: datetime | None, result: str) -> dict[str, str]:
    return {
        "name": name,
        "giver": giver,
        "receiver": taker,
        "handed_at": subject.moment(begun),
        "due_at": subject.moment(due),
        "result": result,
    }


def _filer(dossier: Dossier) -> str:
    return f"{dossier.filer.full_name} (người nộp hồ sơ)"


def _side(run: StepRun) -> str:
    """A person at an agency, or the role that nobody has taken up yet."""
    who = run.holder.account.full_name if run.holder else str(StaffPost.Role(run.role).label)
    return _person_at(who, run.agency.name)


def _person_at(name: str, agency: str) -> str:
    return ", ".join(text for text in (name, agency) if text)


def _result(part: StepRun | Opinion, finished_at: datetime | None, at: datetime) -> str:
    """Early, on time or late, and when it was done."""
    return "\n".join(text for text in (_standing(part, finished_at, at), subject.moment(finished_at)) if text)


def _standing(part: StepRun | Opinion, finished_at: datetime | None, at: datetime) -> str:
    if part.due_at is None:
        return "Đã xong" if finished_at else "Đang giải quyết"
    stand = standing(calendar_of(part.agency), part.due_at, at, finished_at=finished_at).standing
    if finished_at:
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
                        parts.Column("#", "TT", 12, "center"),
                        parts.Column("name", "Công việc", 29),
                        parts.Column("giver", "Bên giao", 39),
                        parts.Column("receiver", "Bên nhận", 39),
                        parts.Column("handed_at", "Thời gian giao, nhận", 31),
                        parts.Column("due_at", "Hạn", 31),
                        parts.Column("result", "Kết quả giải quyết", 31),
                        parts.Column("giver_signs", "Người giao ký", 20, "center"),
                        parts.Column("receiver_signs", "Người nhận ký", 20, "center"),
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
                Block(LINE, "Hẹn trả kết quả", "{due_at}", beside=True),
                Block(PART, part="steps"),
                Block(SIGNATURE, "Người lập phiếu", "{signer}"),
            ),
        ),
        size="A4-landscape",
        official="06",
    ),
    issuing_agency=settling_agency,
    gather=gather,
)
