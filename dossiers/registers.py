"""Monitoring registers (form 07) made in the background: asked for once, written volume by volume, each numbered.

A volume and its number are written in one transaction, so that a worker that dies leaves a series without a gap; the
next one goes on behind the last volume that was finished.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import Refused
from dossiers.letters import register
from dossiers.models import Dossier
from journal import long_work
from journal.outbox import handler
from papers import issue as papers
from papers import templates
from papers.issuers import Issuer
from papers.models import Paper, PaperRun
from vietnam.numbers import format_number

log = logging.getLogger(__name__)

Role = StaffPost.Role
# Not supervisors: a register is a list of people, and they see figures until they open a case.
ROLES = (Role.COUNTER, Role.CLERK, Role.UNIT_HEAD, Role.LEADER)
VOLUME_ROWS = 2_000  # some 200 sheets, as thick as can be bound
MOST_ROWS = 50_000
LONGEST = timedelta(days=366)
MOST_ATTEMPTS = 5
DEAD_AFTER = timedelta(minutes=5)  # without a volume finished; one takes seconds
TOPIC = "dossiers.book"
State = PaperRun.State


def may_order(actor: Actor, agency: Agency) -> bool:
    """Whoever works with the agency's dossiers."""
    if actor.post is None or actor.role not in ROLES:
        return False
    return actor.post.agency_id == agency.pk


def may_read(actor: Actor, owner: str, _paper: Paper) -> bool:
    run = PaperRun.objects.filter(form=register.FORM.key, uid=owner.partition(":")[2]).select_related("agency").first()
    return run is not None and may_order(actor, run.agency)


def order_register(agency: Agency, since: date, until: date, *, by: Actor, at: datetime, key: str) -> PaperRun:
    """Ask for the register of a period (both days included); the same `key` again gives the same run."""
    if until < since:
        raise Refused("bad_period", _("Ngày cuối phải bằng hoặc sau ngày đầu."))
    if until - since > LONGEST:
        raise Refused("period_too_long", _("Mỗi sổ ghi nhiều nhất một năm. Hãy chọn khoảng ngắn hơn."))
    rows = register.received(agency, since, until)[: MOST_ROWS + 1].count()
    if rows > MOST_ROWS:
        raise Refused(
            "too_many_rows",
            _("Khoảng thời gian này có hơn %(most)s hồ sơ. Hãy chọn khoảng ngắn hơn.")
            % {"most": format_number(MOST_ROWS)},
        )
    with transaction.atomic():
        run, made = PaperRun.objects.get_or_create(
            key=key,
            defaults={
                "form": register.FORM.key,
                "agency": agency,
                "asked": {"since": since.isoformat(), "until": until.isoformat()},
                "asked_by": by.label,
                "asked_at": at,
                "rows": rows,
            },
        )
        if made:
            long_work.begin_work(TOPIC, run=run.pk)
    return run


@shared_task(name="dossiers.tasks.make_book")
def make_book(run: int) -> None:
    make_volumes(run)


@handler(TOPIC)
def enqueue_register(payload: dict[str, Any]) -> None:
    if PaperRun.objects.filter(pk=payload["run"], finished_at=None).exists():
        long_work.enqueue(TOPIC, make_book, payload, at=timezone.now())


def make_volumes(pk: int, clock: Callable[[], datetime] = timezone.now) -> None:
    """Write what is left of a register, unless another worker does or it is done."""
    attempt = _claim(pk, clock())
    if attempt is None:
        return
    try:
        while _next_volume(pk, attempt, clock()):
            pass
    except Exception:  # whatever it was: tried again a little later, parked when it never works
        log.exception("register attempt failed", extra={"run": pk, "attempt": attempt})
        PaperRun.objects.filter(pk=pk, state=State.RUNNING, attempts=attempt).update(state=State.WAITING)


def _claim(pk: int, at: datetime) -> int | None:
    """The attempt number that is now ours, or None. Whoever holds an older one can write nothing more."""
    free = PaperRun.objects.filter(
        Q(state=State.WAITING) | Q(state=State.RUNNING, heartbeat_at__lt=at - DEAD_AFTER), pk=pk
    )
    if free.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.PARKED, finished_at=at):
        return None
    if not free.update(state=State.RUNNING, attempts=F("attempts") + 1, heartbeat_at=at):
        return None
    return PaperRun.objects.values_list("attempts", flat=True).get(pk=pk)


def _next_volume(pk: int, attempt: int, at: datetime) -> bool:
    """Issue the next volume with its number; False when the register is done or no longer ours."""
    with transaction.atomic():
        run = PaperRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
        if run.state != State.RUNNING or run.attempts != attempt:
            return False
        since, until = (date.fromisoformat(run.asked[name]) for name in ("since", "until"))
        last = run.volumes().last()
        waiting = _behind(register.in_order(register.received(run.agency, since, until)), last)
        rows = list(waiting[: VOLUME_ROWS + 1])
        more, rows = len(rows) > VOLUME_ROWS, rows[:VOLUME_ROWS]
        if rows or last is None:
            _issue(run, rows, since, until, at)
        run.rows_done += len(rows)
        run.rows = max(run.rows, run.rows_done)
        run.heartbeat_at = at
        if not more:
            run.rows, run.state, run.finished_at = run.rows_done, State.READY, at
        run.save()
        return more


def _behind(dossiers: Any, last: Paper | None) -> Any:
    """Those that come after the last row that was written."""
    if last is None:
        return dossiers
    moment = datetime.fromisoformat(last.facts["last_received_at"])
    return dossiers.filter(Q(received_at__gt=moment) | Q(received_at=moment, id__gt=last.facts["last_id"]))


def _issue(run: PaperRun, rows: list[Dossier], since: date, until: date, at: datetime) -> Paper:
    issuer = Issuer.of(run.agency)
    volumes = max(1, -(-run.rows // VOLUME_ROWS))
    number = run.rows_done // VOLUME_ROWS + 1
    volume = f"Quyển {number}/{max(volumes, number)}" if max(volumes, number) > 1 else ""
    with translation.override("vi"):
        version, worded = templates.worded(register.FORM.key, register.FORM.wording)
        return papers.issue_paper(
            form=register.FORM.key,
            title=worded.title,
            number=papers.next_number(issuer, register.FORM.key, worded.sign, at=at),
            agency=issuer,
            owner=run.owner,
            facts={
                "since": since.isoformat(),
                "until": until.isoformat(),
                "volume": volume,
                "rows": len(rows),
                "first_code": rows[0].code if rows else "",
                "last_code": rows[-1].code if rows else "",
                "last_id": rows[-1].pk if rows else 0,
                "last_received_at": rows[-1].received_at.isoformat() if rows else at.isoformat(),
            },
            draw=lambda marks: register.draw_register(
                worded,
                marks,
                register.rows_of(rows, first=run.rows_done + 1),
                since=since,
                until=until,
                volume=volume,
            ),
            by=run.asked_by,
            at=at,
            template_version=version,
        )
