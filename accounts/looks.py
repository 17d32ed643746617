"""Recording who looks at whose data, and showing it to the people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise

from accounts.actors import Actor
from accounts.models import Look, Person, StaffPost

Purpose = Look.Purpose
_BY_ROLE: dict[str, Purpose] = {
    StaffPost.Role.COUNTER: Purpose.RECEPTION,
    StaffPost.Role.SUPERVISOR: Purpose.SUPERVISION,
}


def purpose_of(actor: Actor) -> Purpose:
    """Why somebody in this post opens the data of a case."""
    if actor.connected_system:
        return Purpose.SYSTEM
    return _BY_ROLE.get(actor.role, Purpose.PROCESSING)


@dataclass(frozen=True)
class Seen:
    """Whose data, in which record (an opaque reference), and what the person knows that by."""

    person_id: int | None
    record: str
    about: str | Promise


def record_looks(
    seen: Iterable[Seen], *, by: Actor, at: datetime, purpose: Purpose | None = None, reason: str = ""
) -> None:
    """Record that `by` saw data of people, once a day for each record; one statement however many they are.

    What people see of themselves, and what the portal does by itself, is no look.
    """
    if by.post is None and not by.connected_system:
        return
    with translation.override(settings.LANGUAGE_CODE):  # whoever is shown it later reads it in their own language
        looked = dict.fromkeys((each.person_id, each.record, str(each.about)[:60]) for each in seen)
    own = by.person.pk if by.person is not None and by.post is not None else None
    rows = [
        Look(
            person_id=person,
            by=by.label[:200],
            post=by.post,
            record=record,
            about=about,
            purpose=purpose or purpose_of(by),
            reason=reason[:500],
            day=timezone.localdate(at),
            at=at,
        )
        for person, record, about in looked
        if person not in (None, own)
    ]
    Look.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def looks_at(person: Person) -> QuerySet[Look]:
    """Those at the person's data, and at the records merged into theirs, newest first."""
    found = Look.objects.filter(Q(person=person) | Q(person__merged_into=person))
    return found.select_related("post__agency").order_by("-id")
