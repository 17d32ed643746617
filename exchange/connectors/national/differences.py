"""Where the portal says something else than we do: found each night and on request, mended either by telling it
anew or by doing here what the applicant did there."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.models import Dossier
from exchange.connectors.national import NAME, taking, transport, values
from exchange.models import Arrival, Difference, Synchronisation
from journal import audit_log
from journal.outgoing_calls import CallFailed

MISSING = "MaHoSo"  # the field of a dossier that the portal does not know at all
TOGETHER = 100  # read and written in the same statements; each is asked for alone
Unlike = dict[str, tuple[str, str]]


def compare_dossiers(*, at: datetime, limit: int = 500, budget: TimeBudget | None = None) -> int:
    """Ask the portal about dossiers that it was told of, those longest not compared first; returns how many.

    One that changes meanwhile is left for another time. Stops when the portal does not answer or the budget is spent.
    """
    if not transport.is_configured():
        return 0
    rows = list(
        Synchronisation.objects.filter(system=NAME, told_revision=F("wanted_revision"))
        .filter(told_revision__gt=0)
        .order_by(F("compared_at").asc(nulls_first=True), "id")[:limit]
    )
    budget, compared = budget or TimeBudget(), 0
    for begin in range(0, len(rows), TOGETHER):
        some = rows[begin : begin + TOGETHER]
        dossiers = values.load_dossiers([row.dossier_id for row in some])
        found: list[tuple[Synchronisation, Unlike | None]] = []
        for row in some:
            try:
                if budget.is_spent:
                    break
                found.append((row, _ask(row, dossiers[row.dossier_id])))
            except (CallFailed, transport.ServiceRefused):
                break
        _keep_found(found, at)
        compared += len(found)
        if len(found) < len(some):
            break
    return compared


def compare_dossier(row: Synchronisation, *, at: datetime) -> list[Difference]:
    """The differences of one dossier now; those of before that are gone end. Raises CallFailed, ServiceRefused."""
    return _keep_found([(row, _ask(row, values.load_dossiers([row.dossier_id])[row.dossier_id]))], at)


def _ask(row: Synchronisation, dossier: Dossier) -> Unlike | None:
    """(ours, theirs) by field where the portal says something else; None for a dossier that it must be told of yet."""
    if dossier.revision != row.told_revision:
        return None
    ours = values.compared_values(dossier, row.external_id) | {MISSING: row.external_id or dossier.code or ""}
    theirs = taking.look_up_item(ours[MISSING], reference=f"sync:{row.pk}") or {}
    return {
        name: (ours[name], str(theirs.get(name) or ""))
        for name in (values.present_mapping()["compared"] if theirs else [MISSING])
        if ours[name] != str(theirs.get(name) or "")
    }


@transaction.atomic
def _keep_found(found: list[tuple[Synchronisation, Unlike | None]], at: datetime) -> list[Difference]:
    """Write what was found, a few statements for however many dossiers; returns the differences open now.

    A dossier that was told of since it was read is left as it is: what was found is of before.
    """
    told = {row.pk: row.told_revision for row, unlike in found if unlike is not None}
    held = Synchronisation.objects.select_for_update().filter(pk__in=told, told_revision=F("wanted_revision"))
    keys = [row.pk for row in held.order_by("pk") if row.told_revision == told[row.pk]]
    now = {row.pk: unlike for row, unlike in found if unlike is not None and row.pk in keys}
    before = {
        (each.synchronisation_id, each.field): each
        for each in Difference.objects.filter(synchronisation__in=keys, ended_at=None)
    }
    ended = [each.pk for (key, name), each in before.items() if name not in now[key]]
    if ended:
        Difference.objects.filter(pk__in=ended).update(ended_at=at, ended_how=Difference.Ended.AGREED)
    made = [
        Difference(synchronisation_id=key, field=name, ours=mine[:300], theirs=other[:300], found_at=at)
        for key, unlike in now.items()
        for name, (mine, other) in unlike.items()
        if (key, name) not in before
    ]
    Difference.objects.bulk_create(made)
    Synchronisation.objects.filter(pk__in=keys).update(compared_at=at)
    return [*(each for (key, name), each in before.items() if name in now[key]), *made]


def open_differences() -> QuerySet[Difference]:
    found = Difference.objects.filter(ended_at=None, synchronisation__system=NAME)
    return found.select_related("synchronisation__dossier").order_by("-id")


@transaction.atomic
def tell_again(difference: Difference, *, by: Actor, at: datetime) -> None:
    """Tell the portal the whole dossier once more; the next comparison ends the difference."""
    Synchronisation.objects.filter(pk=difference.synchronisation_id).update(
        told_revision=0, parked_at=None, attempts=0, available_at=at
    )
    _record("difference_told_again", difference, by)


@transaction.atomic
def tell_all_again(*, by: Actor, at: datetime) -> int:
    """Tell the portal every dossier with an open difference once more, as after it has lost a day; returns how many.

    What an applicant did there meanwhile is done here first (`sending`).
    """
    rows = Synchronisation.objects.filter(system=NAME, pk__in=open_differences().values("synchronisation"))
    told = rows.update(told_revision=0, parked_at=None, attempts=0, available_at=at)
    audit_log.record_entry("differences_told_again", "national", by=by, dossiers=told)
    return told


def take_theirs(difference: Difference, *, by: Actor, at: datetime) -> None:
    """Do here what the applicant did at the portal, so that we say what it says; then compare anew.

    Raises Refused where there is nothing that this side could take over, CallFailed, ServiceRefused.
    """
    row = difference.synchronisation
    arrival = Arrival.objects.filter(system=NAME, dossier=row.dossier_id).first()
    item = taking.look_up_item(row.external_id, reference=f"sync:{row.pk}") if row.external_id else None
    if arrival is None or item is None or not taking.take_item(arrival, item, at=at):
        sentence = _(
            "Ở Cổng quốc gia người dân không làm gì mới với hồ sơ này. Điểm khác do cơ quan của tỉnh quyết định: hãy "
            "gửi lại dữ liệu của tỉnh."
        )
        raise Refused("nothing_to_take", sentence)
    _record("difference_taken_over", difference, by)
    compare_dossier(row, at=at)


@transaction.atomic
def note_difference(difference: Difference, *, by: Actor, at: datetime) -> None:
    """Leave it as it is, on record."""
    Difference.objects.filter(pk=difference.pk, ended_at=None).update(
        ended_at=at, ended_how=Difference.Ended.NOTED, ended_by=by.label[:200]
    )
    _record("difference_noted", difference, by)


def _record(verb: str, difference: Difference, by: Actor) -> None:
    audit_log.record_entry(
        verb,
        f"dossier:{difference.synchronisation.dossier.code}",
        by=by,
        field=difference.field,
    )
