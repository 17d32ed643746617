"""Who settles a procedure for a place. The table procedures/catalogue/competence.yaml is loaded as rows.

Receiving knows no boundary inside the province (Decree 118/2025/NĐ-CP): any desk may take a dossier in, so only
the competent agency is asked for here. The most specific row wins: the procedure's own before its field's, then the
case's, then the place's.
"""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Territory
from core.kept_queries import ANY_KEYS, Among, KeptQuery
from procedures.models import Competence, Edition

PROVINCE, COMMUNE = "province", "commune"
# Agencies that every commune has one of; all others serve the whole province.
COMMUNE_AGENCIES = {"commune_pc": _("Ủy ban nhân dân xã, phường"), "commune_police": _("Công an xã, phường")}
COMMUNE_KEYS = frozenset(COMMUNE_AGENCIES)

# Both are asked by every filing.
_AGENCY = KeptQuery(
    lambda key, places, on: (
        Agency.objects.filter(Among("territory", places), key=key)
        .select_related("territory", "calendar")
        .valid(on=on)[:1]
    ),
    key="?",
    places=ANY_KEYS,
    on=date(1, 1, 1),
)
_ROWS = KeptQuery(
    lambda procedure, field, case, territory: Competence.objects.filter(
        Q(procedure_id=procedure) | Q(field_id=field),
        Q(case="") | Q(case=case),
        Q(territory_code="") | Q(territory_code=territory),
    ),
    procedure=-1,
    field=-2,
    case="?c",
    territory="?t",
)


def level_for(edition: Edition, territory: Territory) -> str | None:
    """The level that settles for a place: the commune where the procedure has it and the place is one."""
    levels = [level for level in (PROVINCE, COMMUNE) if level in edition.levels]
    if territory.kind != Territory.Kind.PROVINCE and COMMUNE in levels:
        return COMMUNE
    return PROVINCE if PROVINCE in levels else None


def settling_agency(
    edition: Edition, territory: Territory, on: date, *, level: str | None = None, case: str = ""
) -> Agency | None:
    """The agency that settles `edition` for `territory` on a day; None where the table or the place has none.

    `level` overrules the level taken from the place, for procedures that either level may settle.
    """
    level = level or level_for(edition, territory)
    key = keys_by_level(edition, case, territory).get(level) if level else None
    if key is None:
        return None
    return agency_at(key, territory, on)


def agency_at(key: str, territory: Territory, on: date) -> Agency | None:
    """The agency of a role key for a place on a day: the commune's own, or the province's. Of one that has ended, the
    agency that took its work over."""
    places = [territory.pk] if key in COMMUNE_KEYS else _with_parents(territory)
    if found := _AGENCY.records(key=key, places=places, on=on):
        return found[0]
    named = Agency.objects.filter(territory__in=places, key=key).select_related("territory", "calendar")
    ended = named.filter(valid_to__lt=on, successor__isnull=False).order_by("-valid_to", "-pk").first()
    return ended and ended.doing_the_work(on=on)


def keys_by_level(edition: Edition, case: str = "", territory: Territory | None = None) -> dict[str, str]:
    """The role key that settles at each level of the edition, in a case and for a place where they are given; a level
    that nobody has spoken for is left out.
    """
    found: dict[str, str] = {}
    rows = _ROWS.records(
        procedure=edition.procedure_id,
        field=edition.field_id,
        case=case,
        territory=territory.code if territory else "",
    )
    for row in sorted(rows, key=_specificity):
        if row.level in edition.levels:
            found[row.level] = row.agency_key
    return found


def _specificity(row: Competence) -> tuple[bool, bool, bool]:
    return row.procedure_id is not None, bool(row.case), bool(row.territory_code)


def _with_parents(territory: Territory) -> list[int]:
    return [pk for pk in (territory.pk, territory.parent_id) if pk is not None]
