"""Who takes part in a simulation, and what they file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from accounts.actors import Actor
from accounts.models import Enterprise, Person, StaffPost
from agencies.models import Agency
from procedures.competence import lookup
from procedures.editions import time_limits
from procedures.models import Channel, Edition, Procedure
from procedures.public.presentation import elsewhere

Role = StaffPost.Role


@dataclass
class Tally:
    """What did not go as people meant it: moves that the rules refused, by action and reason, and stories cut short."""

    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: int = 0


@dataclass
class Cast:
    """Who takes part: people, staff by agency and role, and what they file, with its weight."""

    people: list[Person]
    enterprises: list[Enterprise]
    posts: dict[tuple[int, str], list[Actor]]
    counters: list[Actor]
    offers: list[tuple[Edition, Agency, int]]
    told: Tally = field(default_factory=Tally)

    @classmethod
    def of_the_province(cls) -> "Cast":
        """Everybody there is, in one order. Agencies without staff take no part."""
        people = Person.objects.filter(account__isnull=False)
        posts: dict[tuple[int, str], list[Actor]] = {}
        counters = []
        rows = StaffPost.objects.filter(valid_to__isnull=True).select_related("account", "agency", "desk__agency")
        for post in rows.order_by("pk"):
            actor = Actor(account=post.account, post=post, posts=(post,), channel="web")
            posts.setdefault((post.agency_id, post.role), []).append(actor)
            if post.role == Role.COUNTER and post.desk_id:
                counters.append(actor)
        return cls(
            people=list(people.select_related("account", "territory").order_by("pk")),
            enterprises=list(Enterprise.objects.prefetch_related("representation_set__person__account").order_by("pk")),
            posts=posts,
            counters=counters,
            offers=list(_offers({agency_id for agency_id, role in posts if role == Role.LEADER})),
        )


def _offers(staffed: set[int]) -> Iterator[tuple[Edition, Agency, int]]:
    """Editions that a staffed agency settles, with a known limit; everyday ones weigh more."""
    editions = (
        Edition.objects.filter(
            status=Edition.Status.PUBLISHED,
            procedure__kind=Procedure.Kind.RECEIVABLE,
            origin=Edition.Origin.BUNDLED,
        )
        .select_related("procedure", "field")
        .prefetch_related("documents", "terms", "fee_lines")
        .order_by("procedure__code")
    )
    agencies = list(Agency.objects.filter(pk__in=staffed).select_related("territory", "calendar").order_by("pk"))
    communes = [a for a in agencies if a.kind == Agency.Kind.COMMUNE_PC]
    everyday = set(Procedure.objects.filter(life_events__isnull=False).values_list("pk", flat=True))
    agency_at = cache(lookup.agency_at)
    for edition in editions:
        if elsewhere(edition) or time_limits.term_for(edition, channel=Channel.COUNTER, case="") is None:
            continue
        keys = lookup.keys_by_level(edition)
        for place in communes if "commune" in edition.levels else communes[:1]:
            key = keys.get(lookup.level_for(edition, place.territory) or "")
            settling = agency_at(key, place.territory, place.valid_from) if key else None
            if settling is not None and settling.pk in staffed:
                yield edition, settling, 6 if edition.procedure_id in everyday else 1
