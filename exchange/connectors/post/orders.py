"""Orders of the post: asked for at a counter, sent by a worker, followed until the post has brought them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.models import ENDED_STATES, Dossier, State
from exchange.attempts import Waits, attempt_due
from exchange.connectors.post import transport
from exchange.models import OPEN_ORDERS, PostOrder
from journal import audit_log
from journal.outgoing_calls import CallFailed
from vietnam.phone import InvalidPhone, normalise_phone

FOLLOWED_EVERY = timedelta(minutes=20)
_WAITS = Waits(first=timedelta(seconds=15))
Kind, OrderState = PostOrder.Kind, PostOrder.State
_PICKED_UP_IN = (State.FILED, State.SUPPLEMENT)


def kinds_for(dossier: Dossier) -> list[str]:
    """What the post can be asked for in the dossier's state: papers while they are waited for, the result when done,
    once: what it has brought is there."""
    if dossier.state in _PICKED_UP_IN:
        return [Kind.PICKUP]
    return [Kind.DELIVERY] if dossier.state == State.DONE and not is_delivered(dossier) else []


def is_delivered(dossier: Dossier) -> bool:
    """Whether the post has brought the result that the dossier has now; one made anew since can be sent again."""
    brought = dossier.post_orders.filter(kind=Kind.DELIVERY, state=OrderState.DELIVERED)
    return brought.filter(asked_at__gte=dossier.finished_at).exists() if dossier.finished_at else brought.exists()


def ask_order(
    dossier: Dossier, kind: str, *, name: str, phone: str, address: str, by: Actor, at: datetime
) -> PostOrder:
    """Ask the post for something; the order goes out as soon as the post answers. Raises Refused."""
    if not transport.is_configured():
        raise Refused("not_configured", _("Cổng chưa được kết nối với bưu chính công ích."))
    if kind == Kind.DELIVERY and is_delivered(dossier):
        raise Refused("delivered_already", _("Bưu chính đã phát kết quả này. Hãy ghi nhận đã trả kết quả."))
    if kind not in kinds_for(dossier):
        raise Refused("wrong_state", _("Ở trạng thái này của hồ sơ không có gì để bưu chính chuyển."))
    if dossier.state == State.DONE and dossier.fee_amount and dossier.fee_settled_at is None:
        raise Refused("fee_open", _("Hồ sơ chưa nộp phí, lệ phí nên chưa gửi kết quả được."))
    name, address = " ".join(name.split())[:250], " ".join(address.split())[:300]
    for field, value in (("name", name), ("address", address), ("phone", phone.strip())):
        if not value:
            raise Refused("field_empty", _("Hãy nhập đủ tên, điện thoại và địa chỉ."), field=field)
    try:
        number = normalise_phone(phone)
    except InvalidPhone:
        raise Refused("bad_phone", _("Số điện thoại không hợp lệ. Ví dụ: 0912345678."), field="phone") from None
    try:
        with transaction.atomic():
            order = PostOrder.objects.create(
                dossier=dossier,
                kind=kind,
                name=name,
                phone=number,
                address=address,
                asked_by=by.label[:200],
                post=by.post,
                asked_at=at,
                available_at=at,
            )
            audit_log.record_entry("post_ordered", dossier.reference, by=by, kind=kind, order=str(order.uid))
    except IntegrityError:
        raise Refused("ordered_already", _("Đã có một đơn bưu chính đang chạy cho việc này.")) from None
    return order


def work_off(*, at: datetime, limit: int = 200, budget: TimeBudget | None = None) -> int:
    """Send what waits and ask about what is under way; returns how many the post answered. Two at once share."""
    if not transport.is_configured():
        return 0
    return attempt_due(
        PostOrder.objects.filter(state__in=OPEN_ORDERS),
        lambda order: _advance(order, at),
        at=at,
        refusals=(Refused,),
        settle_refusal=lambda order, _refusal: {
            "state": OrderState.REFUSED if order.state == OrderState.WAITING else order.state,
            "available_at": at + FOLLOWED_EVERY,
        },
        budget=budget or TimeBudget(),
        limit=limit,
        waits=_WAITS,
    )


def cancel_order(order: PostOrder, *, by: Actor, at: datetime) -> None:
    """Take an order back, at the post too where it has it. Raises Refused, CallFailed."""
    if order.state not in (OrderState.WAITING, OrderState.ACCEPTED):
        raise Refused("under_way", _("Đơn đã được vận chuyển hoặc đã xong nên không hủy được."))
    if order.number:
        transport.call_post("POST", f"orders/{order.number}/cancel", {}, reference=f"post:{order.pk}")
    PostOrder.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    audit_log.record_entry("post_cancelled", order.dossier.reference, by=by, order=str(order.uid))


def _advance(order: PostOrder, at: datetime) -> None:
    """Raises CallFailed, Refused."""
    reference = f"post:{order.pk}"
    if order.state == OrderState.WAITING:
        if order.dossier.state in ENDED_STATES:
            PostOrder.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
            return
        answer = transport.call_post("POST", "orders", _said(order), reference=reference)
    else:
        answer = transport.call_post("GET", f"orders/{order.number}", reference=reference)
    names = transport.present_mapping()
    known, states = names["answer"], names["states"]
    number = str(answer.get(known["number"]) or order.number)[:60]
    if not number:
        raise CallFailed("the post gave no number", in_doubt=True)
    fee, state = answer.get(known["fee"]), str(answer.get(known["state"]) or "")[:60]
    PostOrder.objects.filter(pk=order.pk).update(
        number=number,
        state=states.get(state, OrderState.ACCEPTED if not order.number else order.state),
        fee=int(fee) if isinstance(fee, int | float) and 0 <= fee < 10**9 else order.fee,
        journey=_journey(answer.get(known["journey"]), names) or order.journey,
        signed_by=str(answer.get(known["signed_by"]) or "")[:200],
        attempts=0,
        last_error=unknown_state(state) if state and state not in states else "",
        available_at=at + FOLLOWED_EVERY,
    )


def unknown_state(said: str) -> str:
    """What to do about a state that the mapping of the post does not know."""
    return _(
        "Bưu chính báo “%(state)s”, cổng chưa biết nghĩa là gì. Hãy hỏi bưu chính theo số hiệu bưu gửi; quản trị viên "
        "thêm trạng thái này vào bảng ánh xạ (POST_MAPPING)."
    ) % {"state": said}


def _said(order: PostOrder) -> dict[str, Any]:
    names = transport.present_mapping()
    said = {
        "reference": str(order.uid),
        "kind": names["kinds"][order.kind],
        "name": order.name,
        "phone": order.phone,
        "address": order.address,
        "code": order.dossier.code or "",
        "office": order.post.agency.name if order.post else "",
    }
    return {theirs: said[ours] for ours, theirs in names["order"].items()}


def _journey(rows: Any, names: dict[str, Any]) -> list[dict[str, str]]:
    if not isinstance(rows, list):
        return []
    found = [{ours: str(row.get(theirs) or "")[:200] for ours, theirs in names["journey"].items()} for row in rows
             if isinstance(row, dict)]  # fmt: skip
    return [{**row, "state": names["states"].get(row["state"], row["state"])} for row in found[:100]]
