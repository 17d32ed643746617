"""A decided change carried out on its day, and taken back when it was undone: by workers, a batch in a transaction.

First, in one transaction, the agency itself: its last day, its posts, desks, parts, accounts for payment, what it
answers. Then its open dossiers, then its paper folders. A killed worker's successor goes on where it stood.
"""

from datetime import date, datetime, timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import automatic_actor
from accounts.posts_passed import end_posts, give_posts_back, pass_posts
from agencies.models import Agency, Desk
from core.versions import Status
from dossiers.models import AgencyChange, Feedback, Folder, FolderMove, HandOver
from dossiers.recalculation.job import request_recalculation
from dossiers.reorganisation import dossier_moves, work
from dossiers.reorganisation.workflow import TOPIC, impossible
from journal import audit_log, long_work
from journal.outbox import handler
from payments.accounts import end_accounts
from payments.models import CollectionAccount
from procedures.models import Competence, FactState

Kind = AgencyChange.Kind
BATCH = 500
# What workers write of a change; the rest is decided.
_PROGRESS = ["began_at", "finished_at", "moved", "cursor", "folder_cursor", "carried", "problem", "taken_back_at"]
YEARS_COUNTED = 8  # a due date may lie years ahead


@shared_task(name="dossiers.tasks.carry_out_agency_change")
def carry_out(change: int) -> None:
    while run_batch(change, at=timezone.now()):
        pass


@handler(TOPIC)
def enqueue_change(payload: dict[str, Any]) -> None:
    if _unfinished().filter(pk=payload["change"]).exists():
        long_work.enqueue(TOPIC, carry_out, payload, at=timezone.now())


def begin_due_changes(*, today: date) -> int:
    """Ask for what is decided and whose day has come; the timetable calls it."""
    with transaction.atomic():
        decided = AgencyChange.objects.filter(status=Status.IN_FORCE, began_at=None, first_day__lte=today)
        stuck = AgencyChange.objects.exclude(problem="").filter(status=Status.UNDONE, taken_back_at=None)
        due = sorted(set(decided.values_list("pk", flat=True)) | set(stuck.values_list("pk", flat=True)))
        AgencyChange.objects.filter(pk__in=due).update(problem="")  # what hindered it may be gone
        for pk in due:
            long_work.begin_work(TOPIC, change=pk)
    return len(due)


def _unfinished() -> QuerySet[AgencyChange]:
    to_do = AgencyChange.objects.filter(status=Status.IN_FORCE, finished_at=None, problem="")
    return to_do | AgencyChange.objects.filter(
        status=Status.UNDONE, began_at__isnull=False, taken_back_at=None, problem=""
    )


def run_batch(pk: int, *, at: datetime) -> bool:
    """One transaction of a change; True while more may be left. False when it is done, refused, or another worker is
    at it."""
    with transaction.atomic():
        locked = AgencyChange.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if locked is None:
            return False
        change = AgencyChange.objects.select_related(
            "agency__territory", "agency__calendar", "successor__calendar"
        ).get(pk=pk)
        if change.status == Status.UNDONE and change.began_at is not None and change.taken_back_at is None:
            more = _take_back(change, at)
        elif change.status == Status.IN_FORCE and change.finished_at is None:
            more = _begin(change, at) if change.began_at is None else _move_on(change, at)
        else:
            return False
        change.save(update_fields=_PROGRESS)
        return more


def _begin(change: AgencyChange, at: datetime) -> bool:
    if change.first_day > timezone.localdate(at):
        return False
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=change.agency_id)
    if wrong := impossible(change):
        change.problem = " ".join(wrong)[:500]
        return False
    change.began_at, change.problem = at, ""
    by = automatic_actor(dossier_moves.CHANGED).label
    last_day = change.first_day - timedelta(days=1)
    if change.kind == Kind.SPLIT:
        change.carried = {"competence": _give_fields(change)}
    elif change.kind == Kind.END:
        desks = list(agency.desks.filter(open=True).values_list("pk", flat=True))
        Desk.objects.filter(pk__in=desks).update(open=False)
        accounts = end_accounts(agency.code, last_day=last_day)
        change.carried = {"posts": end_posts(agency, last_day=last_day, by=by), "closed": desks, "accounts": accounts}
    else:
        change.carried = _give_everything(change, agency, last_day, by)
    if change.successor is not None:
        Agency.objects.filter(pk=change.successor_id).update(took_over=True)
    if change.kind != Kind.SPLIT:
        agency.valid_to, agency.successor = last_day, change.successor
        agency.save(update_fields=["valid_to", "successor"])
        change.agency = agency
    audit_log.record_entry(
        "agency_change.carried_out", change.reference, by=by, agency=agency.pk, successor=change.successor_id
    )
    if change.kind == Kind.END:
        change.finished_at = at
        return False
    return True


def _give_everything(change: AgencyChange, agency: Agency, last_day: date, by: str) -> dict[str, Any]:
    successor = change.successor
    assert successor is not None
    number = successor.desks.aggregate(last=Max("number"))["last"] or 0
    desks = []
    for desk in agency.desks.order_by("number"):
        desks.append([desk.pk, desk.number, desk.calendar_id])
        number += 1
        desk.agency, desk.number = successor, number
        # People find it open as before.
        desk.calendar_id = desk.calendar_id or (
            agency.calendar_id if agency.calendar_id != successor.calendar_id else None
        )
        desk.save(update_fields=["agency", "number", "calendar"])
    carried: dict[str, Any] = {
        "desks": desks,
        "parts": list(agency.units.filter(valid_to=None).exclude(pk=successor.pk).values_list("pk", flat=True)),
        "feedback": list(work.feedback_of(agency.pk).values_list("pk", flat=True)),
        "hand_overs": [
            [row.pk, row.from_agency_id == agency.pk, row.to_agency_id == agency.pk]
            for row in work.hand_overs_of(agency.pk)
        ],
        "accounts": end_accounts(agency.code, last_day=last_day),
        "posts": pass_posts(agency, successor, first_day=change.first_day, by=by),
        "parent": successor.parent_id == agency.pk,
    }
    Agency.objects.filter(pk__in=carried["parts"]).update(parent=successor)
    if carried["parent"]:  # a part that outlives what it was a part of
        Agency.objects.filter(pk=successor.pk).update(parent=agency.parent_id)
    Feedback.objects.filter(pk__in=carried["feedback"]).update(agency=successor)
    _turn_hand_overs(carried["hand_overs"], successor)
    return carried


def _turn_hand_overs(rows: list[list[Any]], to: Agency) -> None:
    HandOver.objects.filter(pk__in=[pk for pk, gives, _takes in rows if gives]).update(from_agency=to)
    HandOver.objects.filter(pk__in=[pk for pk, _gives, takes in rows if takes]).update(to_agency=to)


def _give_fields(change: AgencyChange) -> list[dict[str, Any]]:
    """The table of who settles names the successor for the fields given away. Two people have decided on it here."""
    agency, successor = change.agency, change.successor
    assert successor is not None
    given = []
    for row in work.competence_of(agency, change.field_keys).select_for_update(of=("self",)).order_by("pk"):
        scope = {name: getattr(row, name) for name in ("procedure_id", "field_id", "level", "case", "territory_code")}
        one_commune = agency.of_commune and not row.territory_code
        if one_commune:  # the row speaks for every commune; only this one's fields are given away
            scope["territory_code"] = agency.territory.code
        former = Competence.objects.filter(**scope).first()
        kept = {"agency_key": former.agency_key, "state": former.state, "source": former.source} if former else {}
        Competence.objects.update_or_create(
            **scope,
            defaults={"agency_key": successor.key, "state": FactState.CONFIRMED, "source": change.document[:200]},
        )
        given.append({"scope": scope, "before": kept, "now": successor.key})
    return given


def _move_on(change: AgencyChange, at: datetime) -> bool:
    if ids := work.dossiers_after(change, BATCH):
        dossier_moves.move_dossiers(change, ids, at=at)
        change.cursor = ids[-1]
        change.moved = change.dossiers.count()
        return True
    if change.kind == Kind.MERGE and _move_papers(change, at):
        return True
    change.finished_at = at
    _count_anew(change, change.successor, at)
    return False


def _move_papers(change: AgencyChange, at: datetime) -> bool:
    rows = work.folders_of(change.agency_id).filter(pk__gt=change.folder_cursor).order_by("pk")
    batch = list(rows.select_for_update(of=("self",))[:BATCH])
    if not batch:
        return False
    assert change.successor is not None
    dossier_moves.move_papers(change, batch, to=change.successor, note=change.reference, at=at)
    change.folder_cursor = batch[-1].pk
    return True


def _take_back(change: AgencyChange, at: datetime) -> bool:
    """The next transaction of taking back: the agency first, then dossiers, then papers."""
    if change.carried and not change.carried.get("given_back"):
        return _restore_agency(change, at)
    if rows := list(change.dossiers.filter(taken_back=False)[:BATCH]):
        dossier_moves.take_dossiers_back(change, rows, at=at)
        return True
    if change.kind == Kind.MERGE and (folders := _moved_papers(change)):
        dossier_moves.move_papers(change, folders, to=change.agency, note=f"{change.reference} taken back", at=at)
        return True
    change.taken_back_at = at
    _count_anew(change, change.agency, at)
    return False


def _moved_papers(change: AgencyChange) -> list[Folder]:
    """Folders that the change gave away and nobody has moved since."""
    move = FolderMove.objects.filter(folder=OuterRef("pk"), note=change.reference, at=OuterRef("since"))
    here = Folder.objects.filter(Exists(move), agency=change.successor_id)
    return list(here.select_for_update(of=("self",)).order_by("pk")[:BATCH])


def _restore_agency(change: AgencyChange, at: datetime) -> bool:
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=change.agency_id)
    carried = change.carried
    if change.kind != Kind.SPLIT:
        taken = Agency.objects.filter(key=agency.key, territory=agency.territory_id, valid_to=None).exclude(
            pk=agency.pk
        )
        if taken.exists() or Agency.objects.valid().filter(code=agency.code).exclude(pk=agency.pk).exists():
            change.problem = _("Một cơ quan khác đã mang khóa hoặc mã của cơ quan cũ, nên không mở lại được.")
            return False
        agency.valid_to, agency.successor = None, None
        agency.save(update_fields=["valid_to", "successor"])
        change.agency = agency
    by = automatic_actor(dossier_moves.RESTORED).label
    for pk, number, calendar in carried.get("desks", []):
        Desk.objects.filter(pk=pk).update(agency=agency, number=number, calendar=calendar)
    Desk.objects.filter(pk__in=carried.get("closed", [])).update(open=True)
    Agency.objects.filter(pk__in=carried.get("parts", []), parent=change.successor_id).update(parent=agency)
    if carried.get("parent"):
        Agency.objects.filter(pk=change.successor_id).update(parent=agency)
    Feedback.objects.filter(pk__in=carried.get("feedback", []), answered_at=None).update(agency=agency)
    turned = carried.get("hand_overs", [])
    still = HandOver.objects.filter(pk__in=[pk for pk, *_rest in turned], taken_at=None)
    still_open = set(still.values_list("pk", flat=True))
    _turn_hand_overs([row for row in turned if row[0] in still_open], agency)
    CollectionAccount.objects.filter(
        pk__in=carried.get("accounts", []), valid_to=change.first_day - timedelta(days=1)
    ).update(valid_to=None)
    give_posts_back(carried.get("posts", []), agency, today=timezone.localdate(at), by=by)
    for row in reversed(carried.get("competence", [])):
        rows = Competence.objects.filter(**row["scope"], agency_key=row["now"])
        if row["before"]:
            rows.update(**row["before"])
        else:
            rows.delete()
    change.carried = {**carried, "given_back": True}
    audit_log.record_entry("agency_change.taken_back", change.reference, by=by, agency=agency.pk)
    return True


def _count_anew(change: AgencyChange, agency: Agency | None, at: datetime) -> None:
    """Dates of what moved follow the calendar of whoever has it now."""
    other = change.successor
    if agency is None or other is None or change.agency.calendar_id == other.calendar_id:
        return
    today = timezone.localdate(at)
    request_recalculation(
        [agency.calendar_id],
        today,
        date(today.year + YEARS_COUNTED, 12, 31),
        reason=f"{change.agency.name} → {other.name} ({change.document})",
        by=automatic_actor(dossier_moves.CHANGED).label,
        at=at,
    )
