"""The public list: what is offered, narrowed by field, life event, level, agency and kind, and searched."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from procedures.models import Competence, Procedure
from procedures.search.query import search_procedures

PAGE_SIZE = 20
LAST_PAGE = 200


@dataclass(frozen=True)
class Narrowing:
    """What a reader asked for; an empty text asks for everything."""

    q: str = ""
    field: str = ""
    event: str = ""
    level: str = ""
    agency: str = ""
    kind: str = ""

    @classmethod
    def read(cls, asked: dict[str, str]) -> "Narrowing":
        """From an address's query; unknown keys are ignored and control characters dropped."""
        texts = {key: asked.get(key, "") for key in cls.__dataclass_fields__}
        return cls(**{key: "".join(c for c in text if c.isprintable())[:200].strip() for key, text in texts.items()})

    def query(self, **changes: str) -> str:
        """As the query part of an address, with some parts changed."""
        changed = replace(self, **changes)
        return urlencode({key: value for key, value in vars(changed).items() if value})


def public_procedures() -> QuerySet[Procedure]:
    """What the public may see: published, and not internal."""
    return Procedure.objects.filter(current__isnull=False).exclude(kind=Procedure.Kind.INTERNAL)


def narrowed_list(asked: Narrowing) -> QuerySet[Procedure]:
    """The procedures that fit, best first; ready for a list (rows loaded, facts left out)."""
    found = public_procedures()
    if asked.kind in Procedure.Kind.values:
        found = found.filter(kind=asked.kind)
    if asked.field:
        found = found.filter(current__field__key=asked.field)
    if asked.level:
        found = found.filter(current__levels__contains=[asked.level])
    if asked.event:
        found = found.filter(life_events__key=asked.event)
    if asked.agency:
        found = found.filter(_settled_by(asked.agency))
    return search_procedures(asked.q, found) if asked.q else found.order_by("-popularity", "code")


def _settled_by(agency_key: str) -> Q:
    """Settled by an agency: said of the procedure itself, or of its field where nothing is said of it."""
    own = Competence.objects.filter(procedure=OuterRef("pk"))
    of_field = Competence.objects.filter(field=OuterRef("current__field"), agency_key=agency_key)
    return Q(Exists(own.filter(agency_key=agency_key))) | (Q(Exists(of_field)) & ~Q(Exists(own)))


def for_list(found: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """With everything that a card of the list shows, and without the heavy columns."""
    return (
        found.select_related("current", "current__field")
        .defer("current__facts", "search_text", "search_vector")
        .prefetch_related("current__terms", "current__fee_lines")
    )
