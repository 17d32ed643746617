"""Writing the table of who settles what. Dossiers under way keep the agency that they have."""

from dataclasses import dataclass

from django.db import transaction

from agencies.models import Territory
from journal import audit_log
from procedures.competence.lookup import COMMUNE_KEYS
from procedures.models import Competence, FactState, Field, Procedure

CONTROLLER = "controller"  # the source of rows that a person wrote; a load of the carried table leaves them


@dataclass(frozen=True)
class Scope:
    """What a row is about: one procedure or one field, at a level, perhaps in one case and for one place."""

    procedure: Procedure | None
    field: Field | None
    level: str
    case: str = ""
    territory: Territory | None = None


def put_row(scope: Scope, agency_key: str, by: str) -> Competence:
    """Say who settles in a scope, confirmed by a person; a row of the same scope is replaced."""
    with transaction.atomic():
        row, _made = Competence.objects.update_or_create(
            procedure=scope.procedure,
            field=scope.field,
            level=scope.level,
            case=scope.case,
            territory_code=scope.territory.code if scope.territory else "",
            defaults={"agency_key": agency_key, "state": FactState.CONFIRMED, "source": CONTROLLER},
        )
        audit_log.record_entry(
            "competence.changed", f"competence:{row.pk}", actor=by, scope=_words(row), agency=agency_key
        )
    return row


def remove_row(row: Competence, by: str) -> None:
    """Take a row out; what it was more specific than holds again."""
    with transaction.atomic():
        audit_log.record_entry(
            "competence.removed", f"competence:{row.pk}", actor=by, scope=_words(row), agency=row.agency_key
        )
        row.delete()


def serves_level(agency_key: str, level: str) -> bool:
    """Whether an agency of this key can settle at a level: a commune's own one never does so for the province."""
    return level == "commune" or agency_key not in COMMUNE_KEYS


def _words(row: Competence) -> str:
    about = row.procedure.code if row.procedure else row.field.key if row.field else ""
    return "/".join(part for part in (about, row.level, row.case, row.territory_code) if part)
