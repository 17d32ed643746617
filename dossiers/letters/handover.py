"""The record of a hand-over of dossiers: between two agencies, or between two shifts of one desk.

Whoever keeps the custody of papers calls, within the transaction of the confirmation::

    handover.issue(
        "agency",                      # or "shift"; as HandOver.Kind
        agency=record.from_agency,     # whose head and number it bears
        owner=f"handover:{record.uid}",  # its readers: dossiers.access.references
        giver=Side("Trung tâm …", unit="Quầy 2", person="Nguyễn Văn A", title="Cán bộ một cửa", confirmed_at=…),
        taker=Side("Sở Xây dựng", person="Trần Thị B", title="Văn thư", confirmed_at=None),
        rows=[Row(code, applicant, procedure, papers="3 bản chính, 1 bản sao", sheets=12, missing=False, remark="")],
        by=actor, at=moment, note="", replaces=None,
    ) -> Paper

Rows are plain values, as many as there are. A confirmation is printed where it exists; a record that was issued with
one of them is issued again with both by `replaces=` the first. `row_of(dossier)` makes the row of a dossier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.actors import Actor
from agencies.models import Agency
from dossiers.letters import subject
from dossiers.letters.letter import Form
from dossiers.models import Dossier
from papers import issue as papers
from papers import parts, templates
from papers.issuers import Issuer
from papers.models import Paper
from papers.wording import LINE, PART, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording


@dataclass(frozen=True)
class Side:
    """One side of the hand-over; `confirmed_at` is when it said so here, None while it has not."""

    agency: str
    unit: str = ""
    person: str = ""
    title: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One dossier of the parcel. `papers` says in words what lies in it; `missing`: the taker did not find it."""

    code: str
    applicant: str
    procedure: str
    papers: str = ""
    sheets: int | None = None
    missing: bool = False
    remark: str = ""


def row_of(dossier: Dossier, *, sheets: int | None = None, missing: bool = False, remark: str = "") -> Row:
    """The row of a dossier whose edition and documents are loaded."""
    kept = [row for row in dossier.documents.all() if row.kind != "result"]
    originals, copies = sum(row.originals for row in kept), sum(row.copies for row in kept)
    counted = [f"{n} {what}" for n, what in ((originals, "bản chính"), (copies, "bản sao")) if n]
    said = subject.of_dossier(dossier)
    return Row(said["code"], said["applicant"], said["procedure"], ", ".join(counted), sheets, missing, remark)


def issue_handover_record(
    kind: str,
    *,
    agency: Agency,
    owner: str,
    giver: Side,
    taker: Side,
    rows: Sequence[Row],
    by: Actor,
    at: datetime,
    note: str = "",
    replaces: Paper | None = None,
) -> Paper:
    """Issue the record; returns its paper. Must run in the transaction of the confirmation."""
    form = FORMS_BY_KIND[kind]
    issuer = Issuer.of(agency)
    with translation.override("vi"):
        said = gather(giver=giver, taker=taker, rows=rows, at=at, note=note)
        version, worded = templates.worded(form.key, form.wording)
        return papers.issue_paper(
            form=form.key,
            title=worded.title,
            number=papers.next_number(issuer, form.key, worded.sign, at=at),
            agency=issuer,
            owner=owner,
            facts=said,
            draw=lambda marks: form.draw(worded, said, marks),
            by=by.label,
            at=at,
            replaces=replaces,
            template_version=version,
        )


def gather(*, giver: Side, taker: Side, rows: Sequence[Row], at: datetime, note: str) -> dict[str, Any]:
    found = sum(not row.missing for row in rows)
    return {
        "made_at": subject.moment(at),
        "giver": _who(giver),
        "giver_name": giver.person,
        "giver_confirmed": _confirmed(giver),
        "taker": _who(taker),
        "taker_name": taker.person,
        "taker_confirmed": _confirmed(taker),
        "total": f"{len(rows)} hồ sơ" + (f", nhận đủ {found} hồ sơ" if found < len(rows) else ""),
        "note": note,
        "rows": [
            {
                "code": row.code,
                "applicant": row.applicant,
                "procedure": row.procedure,
                "papers": row.papers,
                "sheets": row.sheets,
                "remark": "; ".join(text for text in ("Không có khi nhận" if row.missing else "", row.remark) if text),
            }
            for row in rows
        ],
    }


def _who(side: Side) -> str:
    person = f"{side.person} ({side.title})" if side.person and side.title else side.person
    return ", ".join(text for text in (person, side.unit, side.agency) if text)


def _confirmed(side: Side) -> str:
    """What is printed in the place of a signature that was given on the portal."""
    return f"đã xác nhận trên hệ thống lúc {subject.moment(side.confirmed_at)}" if side.confirmed_at else ""


_VOCABULARY = Vocabulary(
    fields={
        "made_at": Field("Thời gian lập", "09 giờ 10 phút, ngày 23 tháng 11 năm 2026"),
        "giver": Field("Bên giao", "Nguyễn Văn An (Cán bộ một cửa), Quầy 2, Trung tâm Phục vụ hành chính công phường"),
        "giver_name": Field("Họ tên người giao", "Nguyễn Văn An"),
        "giver_confirmed": Field(
            "Xác nhận của bên giao", "đã xác nhận trên hệ thống lúc 09 giờ 10 phút, ngày 23 tháng 11 năm 2026"
        ),
        "taker": Field("Bên nhận", "Trần Thị Bình (Văn thư), Sở Xây dựng"),
        "taker_name": Field("Họ tên người nhận", "Trần Thị Bình"),
        "taker_confirmed": Field("Xác nhận của bên nhận", ""),
        "total": Field("Tổng số hồ sơ", "1 hồ sơ"),
        "note": Field("Ghi chú chung", "Giao tại quầy"),
    },
    parts={
        "rows": parts.table(
            "Bảng hồ sơ giao nhận",
            [
                parts.Column("#", "TT", 12, "center"),
                parts.Column("code", "Mã hồ sơ", 50),
                parts.Column("applicant", "Tên cá nhân, tổ chức", 46),
                parts.Column("procedure", "Thủ tục hành chính", 58),
                parts.Column("papers", "Giấy tờ kèm theo", 34),
                parts.Column("sheets", "Số tờ", 14, "center"),
                parts.Column("remark", "Ghi chú", 37),
            ],
            [
                {
                    "code": "H05.160-261123-0001",
                    "applicant": "Nguyễn Thị Ánh",
                    "procedure": "Cấp giấy phép xây dựng",
                    "papers": "3 bản chính, 1 bản sao",
                    "sheets": 12,
                    "remark": "",
                }
            ],
        )
    },
    required=("giver", "taker", "rows"),
)


def _wording(title: str, sign: str, opening: str) -> Wording:
    return Wording(
        title,
        sign,
        (
            Block(TEXT, text=opening),
            Block(LINE, "Bên giao", "{giver}"),
            Block(LINE, "Bên nhận", "{taker}"),
            Block(PART, "Danh sách hồ sơ và giấy tờ:", "Không có hồ sơ nào.", part="rows"),
            Block(LINE, "Tổng số", "{total}"),
            Block(LINE, "Ghi chú", "{note}", if_known=True),
            Block(LINE, "Bên giao", "{giver_confirmed}", if_known=True),
            Block(LINE, "Bên nhận", "{taker_confirmed}", if_known=True),
            Block(SIGNATURE, "Bên giao", "{giver_name}"),
            Block(SIGNATURE, "Bên nhận", "{taker_name}"),
        ),
    )


BETWEEN_AGENCIES = Form(
    "handover",
    _VOCABULARY,
    _wording(
        "Phiếu giao nhận hồ sơ",
        "GNHS",
        "Lúc {made_at}, hai bên giao nhận hồ sơ thủ tục hành chính và giấy tờ kèm theo như sau:",
    ),
    size="A4-landscape",
)
BETWEEN_SHIFTS = Form(
    "shift_handover",
    _VOCABULARY,
    _wording("Biên bản bàn giao ca", "BGC", "Lúc {made_at}, hai ca bàn giao hồ sơ đang giữ tại quầy như sau:"),
    size="A4-landscape",
)
FORMS_BY_KIND = {"agency": BETWEEN_AGENCIES, "shift": BETWEEN_SHIFTS}
