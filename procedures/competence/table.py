"""Writing the table of who settles what. Dossiers under way keep the agency that they have.

What a person changes goes the way of `core.versions`; `write_row` is for what two people have approved elsewhere, as
with an edition.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.models import Territory
from core.second_person import Author
from core.versions import UNDECIDED, Status, VersionRefused, Workflow
from journal import audit_log
from procedures.competence.lookup import COMMUNE_KEYS
from procedures.models import Competence, CompetenceChange, FactState, Field, Procedure

CONTROLLER = "controller"  # the source of rows that a person wrote; a load of the bundled table leaves them


@dataclass(frozen=True)
class Scope:
    """What a row is about: one procedure or one field, at a level, perhaps in one case and for one place."""

    procedure: Procedure | None
    field: Field | None
    level: str
    case: str = ""
    territory: Territory | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "procedure": self.procedure,
            "field": self.field,
            "level": self.level,
            "case": self.case,
            "territory_code": self.territory.code if self.territory else "",
        }


class CompetenceWorkflow(Workflow[CompetenceChange]):
    """The one writer of changes of who settles."""

    model = CompetenceChange
    scope = ("procedure_id", "field_id", "level", "case", "territory_code")
    derived = ("replaced_row",)

    def record(self, verb: str, version: CompetenceChange, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"competence.{verb}",
            f"competence_change:{version.pk}",
            by=by,
            scope=_words(version),
            agency=version.agency_key,
            **facts,
        )

    def prepare(self, version: CompetenceChange) -> None:
        present = row_of(version)
        version.replaced_row = _as_plain(present) if present else {}

    def came_into_force(self, version: CompetenceChange) -> None:
        if version.agency_key:
            _write(version, {"agency_key": version.agency_key, "state": FactState.CONFIRMED, "source": CONTROLLER})
            return
        _write(version, self._bundled_row(version))

    def was_undone(self, version: CompetenceChange) -> None:
        _write(version, version.replaced_row)

    def _bundled_row(self, version: CompetenceChange) -> dict[str, str]:
        """What the product itself says of the scope, as it was when a person first spoke of it; empty for nothing."""
        first = self._of_scope(version).filter(number__isnull=False).order_by("number").first()
        row = first.replaced_row if first else {}
        return {} if row.get("source") == CONTROLLER else row


COMPETENCES = CompetenceWorkflow()


def propose_row(scope: Scope, agency_key: str, *, by: Author, at: datetime) -> CompetenceChange:
    """Put before a second person who settles in a scope. Raises Refused."""
    return _propose(CompetenceChange(**scope.columns, agency_key=agency_key), by, at)


def propose_removal(row: Competence, *, by: Author, at: datetime) -> CompetenceChange:
    """Put before a second person that a row is taken out, so that what is more general holds. Raises Refused."""
    scope = {name: getattr(row, name) for name in CompetenceWorkflow.scope}
    return _propose(CompetenceChange(**scope, agency_key=""), by, at)


def _propose(change: CompetenceChange, by: Author, at: datetime) -> CompetenceChange:
    """Submit a change, over the draft of its scope that was given back, if there is one."""
    try:
        with transaction.atomic():
            given_back = CompetenceChange.objects.filter(**_columns(change), status=Status.DRAFT).first()
            if given_back is None:
                draft = COMPETENCES.begin_draft(change, by=by, at=at)
            else:
                given_back.agency_key = change.agency_key
                draft = COMPETENCES.save_draft(given_back, revision=given_back.revision, by=by, at=at)
            return COMPETENCES.submit_draft(draft.pk, revision=draft.revision, by=by, at=at)
    except IntegrityError as error:
        raise VersionRefused(
            _("Đã có một đề xuất cho đúng phạm vi này đang chờ người thứ hai. Hãy xem đề xuất đó trước.")
        ) from error


def waiting_changes() -> list[CompetenceChange]:
    """What waits for a second person, or for whoever proposed it to change it; oldest first."""
    found = CompetenceChange.objects.filter(status__in=UNDECIDED).select_related("procedure__current", "field")
    return list(found.order_by("id")[:200])


def write_row(scope: Scope, agency_key: str, by: str) -> Competence:
    """Write who settles in a scope, approved by two people elsewhere; a row of the same scope is replaced."""
    with transaction.atomic():
        row, _made = Competence.objects.update_or_create(
            **scope.columns, defaults={"agency_key": agency_key, "state": FactState.CONFIRMED, "source": CONTROLLER}
        )
        audit_log.record_entry(
            "competence.changed", f"competence:{row.pk}", by=by, scope=_words(row), agency=agency_key
        )
    return row


def serves_level(agency_key: str, level: str) -> bool:
    """Whether an agency of this key can settle at a level: a commune's own one never does so for the province."""
    return level == "commune" or agency_key not in COMMUNE_KEYS


def _columns(version: CompetenceChange) -> dict[str, Any]:
    return {name: getattr(version, name) for name in CompetenceWorkflow.scope}


def row_of(version: CompetenceChange) -> Competence | None:
    """The row that holds now in the scope of a change."""
    return Competence.objects.filter(**_columns(version)).first()


def _as_plain(row: Competence) -> dict[str, str]:
    return {"agency_key": row.agency_key, "state": str(row.state), "source": row.source}


def _write(version: CompetenceChange, row: dict[str, str]) -> None:
    """Make `row` the one of the version's scope; an empty one takes it out."""
    if row:
        Competence.objects.update_or_create(**_columns(version), defaults=row)
    else:
        Competence.objects.filter(**_columns(version)).delete()


def _words(row: Competence | CompetenceChange) -> str:
    about = row.procedure.code if row.procedure else row.field.key if row.field else ""
    return "/".join(part for part in (about, row.level, row.case, row.territory_code) if part)
