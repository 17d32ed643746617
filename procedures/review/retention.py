"""Periods for which dossiers are kept: written by one person, put in force by another, found for a procedure.

None comes with the product: periods are set by the archive law's lists and the province, and nothing is ever due for
destruction by a period that no two people here have put in force.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.second_person import Author
from core.versions import UNDECIDED, Status, Workflow
from journal import audit_log
from procedures.models import Field, Procedure, RetentionPeriod


class RetentionWorkflow(Workflow[RetentionPeriod]):
    model = RetentionPeriod
    scope = ("field_id", "procedure_id")
    needs_reason = True

    def record(self, verb: str, version: RetentionPeriod, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"retention.{verb}",
            f"retention:{version.pk}",
            by=by,
            version=version.number,
            years=version.years,
            ground=version.ground,
            **facts,
        )


RETENTION = RetentionWorkflow()


def write_period(
    scope: Field | Procedure, *, years: int | None, ground: str, revision: int, by: Author, at: datetime
) -> RetentionPeriod:
    """Save the draft of a field's or procedure's period; `revision` is -1 where the page saw none. `years` None: kept
    for ever. Raises StaleDraft, VersionRefused."""
    draft = draft_of(scope) or RetentionPeriod(**_named(scope))
    draft.years, draft.ground = years, ground
    return RETENTION.write_draft(draft, revision=revision, by=by, at=at)


def draft_of(scope: Field | Procedure) -> RetentionPeriod | None:
    return RETENTION.undecided(**_named(scope))


def period_of(scope: Field | Procedure) -> RetentionPeriod | None:
    """The one that was put in force for exactly this."""
    return RETENTION.in_force(**_named(scope))


def versions_of(scope: Field | Procedure) -> Iterable[RetentionPeriod]:
    return RetentionPeriod.objects.filter(**_named(scope)).exclude(status__in=UNDECIDED).order_by("-number")[:50]


def periods_in_force() -> list[RetentionPeriod]:
    return list(RetentionPeriod.objects.filter(status=Status.IN_FORCE).select_related("field", "procedure__current"))


def _named(scope: Field | Procedure) -> dict[str, Any]:
    if isinstance(scope, Field):
        return {"field": scope, "procedure": None}
    return {"field": None, "procedure": scope}
