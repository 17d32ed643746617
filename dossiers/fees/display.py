"""What pages say of a dossier's fee: the amount with its reasons, what it was counted from, and what is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from dossiers.fees import amounts
from dossiers.models import ENDED_STATES, Dossier, State
from payments import charges
from payments.refunds import left_to_refund
from procedures import display
from procedures.fees.calculation import FeeResult
from vietnam.money import format_money


@dataclass(frozen=True)
class FeeSheet:
    """`amount` in words; `sentences` say how it comes about; `then` who does what next about it, and when."""

    amount: str
    sentences: tuple[str, ...]
    claims: tuple[dict[str, str], ...]
    then: str
    bases: str


def fee_display(dossier: Dossier, *, at: datetime, for_staff: bool = False) -> FeeSheet:
    """The fee as it stands; while a claim is open, both what it would bring and what it would be without."""
    result, claimed = amounts.computed_fee(dossier, at=at), bool(amounts.open_claims(dossier))
    amount, sentences = display.fee_words(result), fee_inputs_text(result)
    if claimed:
        hoped = amounts.computed_fee(dossier, at=at, hoped=True)
        sentences = (
            *(_("Nếu được áp dụng miễn, giảm: %s") % sentence for sentence in fee_inputs_text(hoped)),
            *(_("Nếu không được áp dụng: %s") % sentence for sentence in sentences),
        )
        if hoped.total is not None and result.total is not None:
            words = {"hoped": display.fee_words(hoped), "whole": amount}
            amount = _("%(hoped)s nếu được miễn, giảm; %(whole)s nếu không") % words
    return FeeSheet(
        amount=amount,
        sentences=sentences,
        claims=tuple(_claims(dossier)),
        then=_then(dossier, result, claimed=claimed, for_staff=for_staff),
        bases="; ".join(dict.fromkeys(line.legal_basis for line in result.lines if line.legal_basis)),
    )


def fee_inputs_text(result: FeeResult) -> tuple[str, ...]:
    """The reasons in the reader's language; none where nothing is charged: the amount beside them says so already."""
    if not result.lines and result.free:
        return ()
    return result.explanation_en if display.english() else result.explanation


def fee_notice_lines(dossier: Dossier, recorded: Mapping[str, Any]) -> list[str]:
    """What a message says of the fee after an action that decided something about it; else nothing."""
    if not recorded.get("exemptions") and "fee_fixed" not in recorded:
        return []
    result = amounts.computed_fee(dossier)
    amount = _("Phí, lệ phí: %(amount)s") % {"amount": display.fee_words(result)}
    lines = [*exemptions_text(recorded.get("exemptions") or ()), amount, *fee_inputs_text(result)]
    if more := recorded.get("fee_more"):
        lines.append(_("Còn phải nộp: %s.") % format_money(more))
    if back := recorded.get("fee_back"):
        lines.append(_("Được hoàn %s theo cách đã nộp, sau khi một người khác duyệt.") % format_money(back))
    return lines


def answers_display(dossier: Dossier) -> list[dict[str, Any]]:
    """What the fee was counted from, as rows of a summary."""
    facts = dossier.fee_facts
    needed = amounts.needed_inputs(dossier)
    rows = [
        {"key": needed.counted_label(per), "value": number} for per, number in (facts.get("quantities") or {}).items()
    ]
    if facts.get("value") is not None:
        rows.append({"key": _("Giá trị để tính phí"), "value": format_money(facts["value"])})
    if needed.reliefs or amounts.exemptions_of(dossier):
        claims = [f"{claim['name']} ({claim['word']})" for claim in _claims(dossier)]
        rows.append({"key": _("Miễn, giảm"), "value": "\n".join(claims) or _("Không thuộc diện nào")})
    return rows


def exemptions_text(recorded: Iterable[dict[str, str]]) -> list[str]:
    """The exemptions that an event decided, in the reader's language."""
    return [
        _("Miễn, giảm: %(name)s (%(state)s)") % {"name": display.fact_text(row), "state": _word(row["state"])}
        for row in recorded
    ]


def _claims(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {"name": relief.local_text(), "share": relief.share(), "state": state, "word": _word(state)}
        for relief, state in amounts.reliefs_of(dossier)
    ]


def _word(state: str) -> str:
    return {
        amounts.CLAIMED: _("chờ xác nhận"),
        amounts.CONFIRMED: _("đã xác nhận"),
        amounts.REFUSED: _("không được áp dụng"),
    }[state]


def _then(dossier: Dossier, result: FeeResult, *, claimed: bool, for_staff: bool) -> str:
    """Who settles what is open about the amount, and when; empty when nothing is."""
    if dossier.fee_amount is not None or dossier.state in ENDED_STATES or not (claimed or result.total is None):
        return ""
    if for_staff:
        if claimed:
            return _("Xem giấy tờ chứng minh, rồi xác nhận hoặc từ chối miễn, giảm khi tiếp nhận.")
        return _("Nhập số tiền khi tiếp nhận, hoặc xác định mức thu trước khi trả kết quả; người nộp được báo.")
    place = getattr(dossier.receiving_agency, "local_name", "") or _("Bộ phận một cửa")
    facts = {"place": place, "hours": settings.ONLINE_ANSWER_HOURS}
    waits = dossier.state in (State.DRAFT, State.FILED) and dossier.channel == "online"
    if claimed:
        sentence = _(
            "%(place)s xem giấy tờ chứng minh khi tiếp nhận, trong %(hours)s giờ làm việc từ khi bạn gửi, "
            "rồi báo bạn số tiền. Bạn chưa phải nộp trước lúc đó."
        )
        return sentence % facts
    if waits:
        sentence = _(
            "%(place)s xác định số tiền khi tiếp nhận, trong %(hours)s giờ làm việc từ khi bạn gửi, và báo bạn. "
            "Nếu phải thẩm định mới biết thì cơ quan giải quyết báo trước khi trả kết quả."
        )
        return sentence % facts
    return _("Cơ quan giải quyết hoặc nơi tiếp nhận xác định số tiền và báo người nộp trước khi trả kết quả.")


_ENDING = ("withdraw", "stop", "refuse")  # acts after which nobody works on the dossier any more


def fate_of_fee(action: str, dossier: Dossier) -> list[str]:
    """What happens to the dossier's money when this act ends it, said before it is confirmed."""
    if action not in _ENDING:
        return []
    sentences = []
    for charge in charges.charges_of(dossier.reference):
        told = {"amount": format_money(charge.amount)}
        if charge.settled_at is None:
            sentences.append(_("Khoản %(amount)s chưa nộp sẽ được hủy khi dừng giải quyết; không ai phải nộp.") % told)
        elif left := left_to_refund(charge):
            told["amount"] = format_money(left)
            sentences.append(
                _(
                    "Khoản %(amount)s đã nộp không tự hoàn. Quầy một cửa lập đề nghị hoàn phần việc chưa làm, "
                    "một người khác duyệt, tiền trở về cách đã nộp và biên lai được điều chỉnh."
                )
                % told
            )
    return sentences
