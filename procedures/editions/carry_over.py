"""What becomes of a draft dossier when its procedure gets a new edition. Received dossiers stay on theirs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from procedures.editions.document import Facts
from vietnam.text import fold

CASE, QUANTITIES = "case", "quantities"


_SECRET = _("Nay là giấy tờ mật: tệp đã gửi sẽ bị xóa. Hãy nộp bản giấy trong phong bì niêm phong.")


@dataclass(frozen=True)
class Lost:
    """Something that the new edition has no place for: an answer (by its key) or a paper, with what it was called."""

    what: str  # "answer" or "document"
    key: str
    name: str
    reason: str | Promise


@dataclass(frozen=True)
class CarryOver:
    """`kept` are the answers that go on as they are, `documents` maps kept papers' old keys to the new ones.

    `asked_anew` are names of what the applicant must still give: the case, or papers that were not asked for before.
    """

    kept: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()
    asked_anew: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is lost and nothing is asked anew."""
        return not self.lost and not self.asked_anew


def carry_over(
    old: Facts, new: Facts, answers: Mapping[str, Any], documents: Iterable[str], sent: Collection[str] = ()
) -> CarryOver:
    """Carry a draft from the facts of one edition to those of another. Pure.

    `answers` are the dossier's, with its `case` and `quantities` (by what a fee is counted) among them; `documents` are
    the keys of the papers that it has, `sent` of those with a file. A case keeps its key over editions; a paper is
    known by its key, else by its name.
    """
    lost: list[Lost] = []
    asked: list[str] = []
    kept = dict(answers)
    case = _carried_case(old, new, kept, lost, asked)
    _carried_quantities(new, kept, lost)
    here = [paper for paper in new["documents"] if paper.get("case", "") in ("", case)]
    by_key = {paper["key"]: paper for paper in here}
    by_name = {fold(paper["name"]): paper for paper in here}
    names = {paper["key"]: paper["name"] for paper in old["documents"]}
    moved: dict[str, str] = {}
    for key in documents:
        found = by_key.get(key) or by_name.get(fold(names.get(key, "")) or key)
        if found is None:
            lost.append(Lost("document", key, names.get(key, key), _("Bản mới không yêu cầu giấy tờ này.")))
        elif found["key"] in moved.values():
            lost.append(Lost("document", key, names.get(key, key), _("Bản mới chỉ cần một trong hai giấy tờ này.")))
        else:
            moved[key] = found["key"]
            if found.get("secret") and key in sent:
                lost.append(Lost("document", key, names.get(key, key), _SECRET))
    wanted_before = {fold(paper["name"]) for paper in old["documents"]} | set(names)
    for paper in here:
        given = paper["key"] in moved.values()
        asked_before = paper["key"] in wanted_before or fold(paper["name"]) in wanted_before
        if paper["required"] and paper["kind"] == "submit" and not given and not asked_before:
            asked.append(paper["name"])
    return CarryOver(kept, moved, tuple(lost), tuple(asked))


def _carried_case(old: Facts, new: Facts, kept: dict[str, Any], lost: list[Lost], asked: list[str]) -> str:
    """The case in the new edition; a case that is gone is lost, and one must be chosen where there are any."""
    case = kept.get(CASE) or ""
    known = [row["key"] for row in new.get("cases", [])]
    if case and case not in known:
        name = next((row["name"] for row in old.get("cases", []) if row["key"] == case), case)
        lost.append(Lost("answer", CASE, name, _("Bản mới không còn trường hợp này.")))
        case = ""
        kept[CASE] = ""
    if known and not case:
        asked.append(str(_("Trường hợp của bạn")))
    return case


def _carried_quantities(new: Facts, kept: dict[str, Any], lost: list[Lost]) -> None:
    counted = {fee[key] for fee in new["fees"] for key in ("per", "each") if key in fee}
    quantities = kept.get(QUANTITIES)
    if not quantities:
        return
    kept[QUANTITIES] = {per: number for per, number in quantities.items() if per in counted}
    for per in quantities:
        if per not in counted:
            lost.append(Lost("answer", f"{QUANTITIES}/{per}", per, _("Phí của bản mới không tính theo số lượng này.")))
