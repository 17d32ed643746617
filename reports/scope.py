"""Whose dossiers a report is about: one competent agency's, or the whole province's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies import search
from agencies.models import Agency
from core.typed_keys import typed_key
from dossiers.models import Dossier
from reports.cuts import CUTS, CUTS_OF_PEOPLE, Cut, names_of
from reports.population import EVERYTHING, Population, of_level, settled_by

_MOST_VALUES = 50
LEVELS = {"province": _("Cấp tỉnh"), "commune": _("Cấp xã")}
_DESKS_ONLY = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)


@dataclass(frozen=True)
class Scope:
    """`agency` is None for the whole province; `chosen` when a supervisor has picked it."""

    population: Population = EVERYTHING
    agency: Agency | None = None
    chosen: bool = False

    @property
    def dossiers(self) -> QuerySet[Dossier]:
        return self.population.dossiers

    @property
    def of_own_agency(self) -> bool:
        """Whether it is about the agency that its reader heads."""
        return self.agency is not None and not self.chosen

    @property
    def cuts(self) -> dict[str, Cut]:
        """By what its reader may have figures cut: by units and people only at the own agency, as a head."""
        return {**CUTS, **CUTS_OF_PEOPLE} if self.of_own_agency else CUTS

    def cut_asked(self, key: str) -> Cut | None:
        """The cut of that name; None for one that nobody knows. Raises PermissionDenied for one of people at another
        agency."""
        if key in CUTS_OF_PEOPLE and not self.of_own_agency:
            raise PermissionDenied
        return self.cuts.get(key)

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that names the agency."""
        return {"agency": str(self.agency.pk)} if self.agency and self.chosen else {}


def scope_of(actor: Actor, asked: str) -> Scope:
    """What `actor` may look at of the agency `asked` (an id, "" for all of theirs). Another's agency is not found."""
    if asked and not typed_key(asked):
        raise Http404
    if actor.role != StaffPost.Role.SUPERVISOR:
        if asked and int(asked) != actor.post.agency_id:
            raise Http404
        return Scope(settled_by(actor.post.agency_id), actor.post.agency)
    if not asked:
        return Scope()
    agency = Agency.objects.filter(pk=int(asked)).first()
    if agency is None:
        raise Http404
    return Scope(settled_by(agency.pk), agency, chosen=True)


def narrowed(scope: Scope, query: Mapping[str, str]) -> tuple[QuerySet[Dossier], dict[str, str], str]:
    """The dossiers of the values `of` of the cut `by` that an address names, the part of the address that says so, and
    the values in words."""
    cut, values = scope.cut_asked(query.get("by", "")), query.get("of", "")
    population, asked, said = _placed(scope, query)
    if cut is None or "of" not in query:
        return population.dossiers, asked, said
    # The name of a unit may have commas.
    given = [values] if cut.of_people else values.split(",")[:_MOST_VALUES]
    if not cut.by_word and not all(one == "" or (one.isdecimal() and len(one) < 19) for one in given):
        raise Http404
    if "\x00" in values:
        raise Http404
    dossiers, column = population.dossiers, cut.column
    if cut.of_people:
        dossiers, column = dossiers.alias(whose=cut.value), "whose"
    wanted = Q(**{f"{column}__in": [one for one in given if one]})
    if "" in given:
        wanted |= Q(**{f"{column}__isnull": True})
    keys = [(one if cut.by_word else int(one)) if one else None for one in given]
    words = ", ".join([*([said] if said else []), *names_of(cut, keys).values()])
    return dossiers.filter(wanted), {**asked, "by": cut.key, "of": values}, words


def _placed(scope: Scope, query: Mapping[str, str]) -> tuple[Population, dict[str, str], str]:
    """Those that one agency `receiving` took in, or that agencies of one `level` settle."""
    population, asked, said = scope.population, {}, ""
    receiving, level = query.get("receiving", ""), query.get("level", "")
    if receiving.isdecimal() and len(receiving) < 19:
        agency = Agency.objects.filter(pk=int(receiving)).first()
        if agency is None:
            raise Http404
        population = population.narrowed(Q(receiving_agency=agency))
        asked, said = {"receiving": receiving}, agency.local_name
    if level in LEVELS:
        population = of_level(population, level)
        asked, said = {**asked, "level": level}, ", ".join(filter(None, [said, str(LEVELS[level])]))
    return population, asked, said


def agencies_listed(words: str, busy: Iterable[int | None]) -> list[Agency]:
    """Agencies in Vietnamese order: those of the ids `busy`, which have something to count; with `words` any that
    settles and has them in its name. A province has a few hundred."""
    agencies = search.agencies_matching(_settling(), words) if words else Agency.objects.filter(pk__in=list(busy))
    return list(agencies.order_by("sort_key", "pk"))


def _settling() -> QuerySet[Agency]:
    """Agencies of today that settle, and former ones that have settled."""
    settled = Q(Exists(Dossier.objects.filter(settling_agency=OuterRef("pk"))))
    of_today = Q(pk__in=Agency.objects.valid().exclude(kind__in=_DESKS_ONLY).values("pk"))
    return Agency.objects.filter(of_today | settled)
