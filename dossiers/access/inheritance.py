"""The archive that agencies leave: who takes over sees what is closed, as far as it took over.

Open work moves to the one that takes over; what is closed stays with the agency that did it (dossiers.reorganisation).
Nobody would be left to read it, so whoever may see closed dossiers of their own agency sees these too. An agency that
merged leaves all of its own; of a split goes what would have moved were it still open: what the agency settled in the
fields it gave away. A change that was taken back leaves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from agencies.models import Agency
from agencies.succession import with_predecessors
from core.versions import Status
from dossiers.models import CLOSED_STATES, AgencyChange, Dossier, Involvement


@dataclass(frozen=True)
class Given:
    """What an agency settled in some fields before it gave them away."""

    agency: int
    fields: frozenset[str]  # procedures.Field.key
    until: datetime


@dataclass(frozen=True)
class Inheritance:
    """What an agency has taken over, itself included."""

    agencies: frozenset[int]  # the agency and those that merged into it
    given: tuple[Given, ...] = ()

    def holds_closed(self, dossier: Dossier) -> bool:
        """Whether it is one of the closed dossiers that came with a split."""
        if not self.given or dossier.state not in CLOSED_STATES or dossier.edition is None:
            return False
        return any(
            dossier.settling_agency_id == each.agency
            and dossier.edition.field.key in each.fields
            and dossier.created_at < each.until
            for each in self.given
        )

    @property
    def dossiers(self) -> Q:
        """Of dossiers: those that the agencies received or settled, and closed ones that were given."""
        found = Q(receiving_agency__in=self.agencies) | Q(settling_agency__in=self.agencies)
        for each in self.given:
            found |= Q(
                settling_agency=each.agency,
                state__in=CLOSED_STATES,
                edition__field__key__in=each.fields,
                created_at__lt=each.until,
            )
        return found

    def involvements(self, kinds: Iterable[int]) -> Q:
        """Of the table of involvements: those of `kinds` that the agencies have, and settled ones that were given."""
        kinds = tuple(kinds)
        found = Q(agency__in=self.agencies, kind__in=kinds)
        if Involvement.Kind.SETTLES not in kinds:
            return found
        for each in self.given:
            found |= Q(
                agency=each.agency,
                kind=Involvement.Kind.SETTLES,
                state__in=CLOSED_STATES,
                edition__field__key__in=each.fields,
                dossier__created_at__lt=each.until,
            )
        return found


def inheritance_of(agency: Agency) -> Inheritance:
    """No statement where nothing ever came to the agency; two where no fields were given to it, two more for each time
    they were."""
    if not agency.took_over:
        return Inheritance(frozenset({agency.pk}))
    whole = frozenset(body.pk for body in with_predecessors(agency.pk))
    given: dict[Given, None] = {}
    waiting = _given_to(whole)
    while waiting:
        gift = waiting.pop()
        heirs_of = frozenset(body.pk for body in with_predecessors(gift.agency))
        own = [Given(pk, gift.fields, gift.until) for pk in sorted(heirs_of)]
        new = [each for each in own if each not in given]
        given.update(dict.fromkeys(new))
        if new:  # what had been given to it before goes on with the fields
            waiting += [
                Given(each.agency, each.fields & gift.fields, min(each.until, gift.until))
                for each in _given_to(heirs_of)
                if each.fields & gift.fields
            ]
    return Inheritance(whole, tuple(given))


def _given_to(agencies: Iterable[int]) -> list[Given]:
    split = AgencyChange.objects.filter(
        kind=AgencyChange.Kind.SPLIT, status=Status.IN_FORCE, began_at__isnull=False, successor__in=agencies
    )
    rows = split.order_by("pk").values_list("agency", "field_keys", "began_at")
    return [Given(agency, frozenset(keys), began) for agency, keys, began in rows if began is not None]
