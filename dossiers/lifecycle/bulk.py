"""One action asked for many dossiers: each is checked by itself through `execute_transition`, with an outcome for each.

Which actions may be asked so is said by the life-cycle table. An item and its action are one transaction, so that a
killed worker leaves neither half done and its successor goes on with what still waits.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from celery import shared_task
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.posts import posts_held
from dossiers.lifecycle import TABLE, NotAllowed, Refused, Transition, execute_transition
from dossiers.models import BulkItem, BulkRun, Dossier
from journal import long_work
from journal.outbox import handler

log = logging.getLogger(__name__)

TOPIC = "dossiers.bulk"
AT_MOST = 500


def request_bulk_run(
    by: Actor,
    action: str,
    selected: Sequence[tuple[Dossier, int]],
    facts: Mapping[str, Any],
    *,
    key: str,
    at: datetime,
) -> BulkRun:
    """Have `action` done on the `selected` dossiers, each with the revision its list was drawn with; `facts` are
    asked once for all.

    Asking again with the same `key` gives the first run. Refusals are said in the language in force. Raises Refused;
    what stands against a single dossier becomes its outcome.
    """
    rule = TABLE.get(action)
    if by.post is None:
        raise NotAllowed("not_allowed", _("Vị trí của bạn không được thực hiện việc này với hồ sơ."))
    if rule is None or not rule.bulk:
        raise Refused("not_bulk", _("Việc này phải làm với từng hồ sơ. Hãy mở hồ sơ rồi thực hiện."))
    chosen = {dossier.pk: revision for dossier, revision in selected}
    if not chosen:
        raise Refused("nothing_selected", _("Hãy chọn ít nhất một hồ sơ."))
    if len(chosen) > AT_MOST:
        raise Refused(
            "too_many",
            _("Mỗi lần chọn tối đa %(most)s hồ sơ, bạn đã chọn %(chosen)s. Hãy chọn bớt rồi làm tiếp phần còn lại.")
            % {"most": AT_MOST, "chosen": len(chosen)},
        )
    with transaction.atomic():
        run, made = BulkRun.objects.get_or_create(
            key=f"{by.post.pk}:{key}"[:80],
            defaults={
                "action": action,
                "facts": _kept(rule, facts),
                "post": by.post,
                "origin": by.address,
                "request_id": by.request_id,
                "asked_at": at,
            },
        )
        if made:
            BulkItem.objects.bulk_create(
                BulkItem(run=run, dossier_id=pk, revision=revision) for pk, revision in chosen.items()
            )
            long_work.begin_work(TOPIC, run=run.pk, language=translation.get_language() or "vi")
    return run


@shared_task(name="dossiers.tasks.carry_out_bulk")
def carry_out_bulk(run: int, language: str) -> None:
    while run_batch(run, language=language, at=timezone.now()):
        pass


@handler(TOPIC)
def enqueue_bulk_run(payload: dict[str, Any]) -> None:
    if BulkRun.objects.filter(pk=payload["run"], finished_at=None).exists():
        asked = {name: payload[name] for name in ("run", "language")}  # one of before carries more
        long_work.enqueue(TOPIC, carry_out_bulk, asked, at=timezone.now())


def run_batch(run: int, *, language: str, at: datetime) -> bool:
    """Do the next item that waits; True while there was one. Many workers at one run share its items."""
    with transaction.atomic(), translation.override(language):
        item = (
            BulkItem.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("run", "dossier")
            .filter(run=run, done=None)
            .order_by("pk")
            .first()
        )
        if item is None:
            waiting = BulkItem.objects.filter(run=run, done=None)  # in the hands of another worker
            if not waiting.exists():
                BulkRun.objects.filter(pk=run, finished_at=None).update(finished_at=at)
            return False
        item.refusal = _refusal_of(item, _asker(item.run, at), at)
        item.done, item.at = not item.refusal, at
        item.save(update_fields=["done", "refusal", "at"])
        return True


def _refusal_of(item: BulkItem, by: Actor | None, at: datetime) -> str:
    """Do the item; empty when it was done, else the sentence that says why not."""
    if by is None:
        return _("Vị trí của người yêu cầu đã kết thúc, nên việc này không được thực hiện.")
    rule = TABLE[item.run.action]
    try:
        with transaction.atomic():
            execute_transition(
                item.dossier, rule.action, by, at=at, revision=item.revision, **_given(rule, item.run.facts)
            )
    except Refused as refusal:
        return str(refusal.sentence)
    except OperationalError:
        raise  # the database was away: the item waits for the next worker
    except Exception:
        log.exception("a bulk item failed", extra={"item": item.pk, "dossier": item.dossier_id})
        return _("Có lỗi khi thực hiện và hồ sơ không bị thay đổi. Hãy mở hồ sơ và thử lại ở đó.")
    return ""


def _asker(run: BulkRun, at: datetime) -> Actor | None:
    """Who asked, while the post still holds."""
    posts = StaffPost.objects.filter(pk=run.post_id, account__is_active=True)
    loaded = posts_held(posts, on=timezone.localdate(at)).select_related("account", "agency", "desk")
    post = loaded.first()
    if post is None:
        return None
    return Actor(account=post.account, post=post, posts=(post,), address=run.origin, request_id=run.request_id)


def _kept(rule: Transition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as plain values."""
    kinds = {fact.name: fact.kind for fact in rule.fields}
    return {name: value.pk if kinds.get(name) == "post" else _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool, list)) else str(value)


def _given(rule: Transition, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs as `execute_transition` takes them."""
    found = dict(kept)
    for fact in rule.fields:
        if fact.kind == "post" and fact.name in found:
            found[fact.name] = StaffPost.objects.filter(pk=found[fact.name]).first()
        elif fact.kind == "date" and fact.name in found:
            found[fact.name] = date.fromisoformat(found[fact.name])
    return found
