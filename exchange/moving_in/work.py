"""What an administrator asks of a batch is done by a worker, some rows a message, until nothing is left."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from exchange.models import MovingBatch
from exchange.moving_in import batches
from journal import outbox

TOPIC = "exchange.moving_in"
Work = MovingBatch.Work


@transaction.atomic
def ask_work(batch: MovingBatch, work: str, *, by: Actor) -> None:
    """Let a worker check, put in force or withdraw the batch. Raises Refused while it is at something else."""
    held = MovingBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if held.work and held.work != work:
        raise Refused("busy", _("Đợt này đang được xử lý. Hãy chờ xong rồi làm tiếp."))
    if work == Work.FORCE and held.withdrawn_at is not None:
        raise Refused("withdrawn", _("Đợt này đã rút lại. Hãy nạp lại tệp thành đợt mới."))
    if work == Work.FORCE and held.checked_at is None:
        raise Refused("not_checked", _("Hãy kiểm tra cả tệp và xem kết quả trước khi đưa vào dùng."))
    if held.work != work:
        MovingBatch.objects.filter(pk=batch.pk).update(work=work, by=by.post, cursor=0)
    outbox.record_message(TOPIC, {"batch": batch.pk})


@outbox.handler(TOPIC)
def do_some(payload: dict[str, Any]) -> None:
    """The next rows; a message that comes twice does the rows after those."""
    batch = MovingBatch.objects.select_related("by__account").filter(pk=payload["batch"]).first()
    if batch is None or not batch.work:
        return
    if do_next(batch, batch.work, by=actor_of(batch)):
        outbox.record_message(TOPIC, {"batch": batch.pk})
    else:
        MovingBatch.objects.filter(pk=batch.pk).update(work="")


def do_next(batch: MovingBatch, work: str, *, by: Actor) -> bool:
    """One step of a work; whether anything was left to do."""
    now = timezone.now()
    if work == Work.CHECK:
        return batches.check_some(batch, at=now)
    if work == Work.FORCE:
        return batches.write_some(batch, by=by, at=now)
    return batches.withdraw_some(batch, by=by, at=now)


def actor_of(batch: MovingBatch) -> Actor:
    """In whose name a worker does it: who asked for it, as histories say."""
    if batch.by is None:
        return Actor(system=_("Chuyển dữ liệu"), channel="command")
    return Actor(account=batch.by.account, post=batch.by, channel="web")
