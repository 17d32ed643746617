"""What the actions on an edition write besides the status."""

from datetime import date, datetime

from django.utils import timezone

from procedures.editions.lifecycle import deadlines
from procedures.editions.lifecycle.transitions import Action, Status
from procedures.editions.publishing import put_in_force


def today_of(at: datetime) -> date:
    return timezone.localdate(at)


def reviewed(action: Action) -> None:
    action.edition.reviewed_by = action.by.account
    if action.by.account_id is not None and action.by.account_id not in action.edition.editors:
        action.edition.editors = [*action.edition.editors, action.by.account_id]


def approved(action: Action) -> None:
    action.edition.approved_by = action.by.account


def announced(action: Action) -> None:
    edition = action.edition
    edition.decision_number = action.inputs["decision_number"]
    edition.decision_date = action.inputs["decision_date"]
    edition.effective_from = action.inputs["effective_from"]
    edition.publish_by, edition.route_by = deadlines.limits(action.inputs["decision_date"])
    edition.route_ready_at = None


def publicised(action: Action) -> None:
    """From now on everybody can read it; it is in force from its day on."""
    action.edition.published_at, action.edition.published_by = action.at, action.by.label[:200]
    if begins_today(action) == Status.PUBLISHED:
        put_in_force(action.edition, action.by.label, action.at)


def begins_today(action: Action) -> Status:
    begins = action.edition.effective_from
    later = begins is not None and begins > today_of(action.at)
    return Status.UPCOMING if later else Status.PUBLISHED


def begun(action: Action) -> None:
    put_in_force(action.edition, action.edition.published_by or action.by.label, action.at)


def stays(action: Action) -> Status:
    return Status(action.edition.status)


def route_ready(action: Action) -> None:
    action.edition.route_ready_at = action.at


def sent_back(action: Action) -> None:
    edition = action.edition
    edition.reviewed_by = edition.approved_by = None
    edition.decision_number, edition.decision_date, edition.effective_from = "", None, None
    edition.publish_by = edition.route_by = edition.route_ready_at = None


def decided_by(action: Action) -> None:
    action.recorded["decision_number"] = action.inputs["decision_number"]
    action.recorded["decision_date"] = action.inputs["decision_date"].isoformat()


def ended(action: Action) -> None:
    action.edition.ended_at = action.at


def left_the_catalogue(action: Action) -> None:
    """Nobody can file on it any more; dossiers under way keep pointing at their edition."""
    procedure = action.edition.procedure
    procedure.current = None
    procedure.save(update_fields=["current"])
