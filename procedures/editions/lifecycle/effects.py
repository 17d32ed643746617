"""What the acts in an edition's life write besides the status."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from procedures.editions.lifecycle import deadlines
from procedures.editions.publishing import put_in_force
from procedures.models import Edition

if TYPE_CHECKING:
    from procedures.editions.lifecycle.table import Act


def today_of(at: datetime) -> date:
    return timezone.localdate(at)


def reviewed(act: "Act") -> None:
    act.edition.reviewed_by = act.by.account
    if act.by.account_id is not None and act.by.account_id not in act.edition.editors:
        act.edition.editors = [*act.edition.editors, act.by.account_id]


def approved(act: "Act") -> None:
    act.edition.approved_by = act.by.account


def announced(act: "Act") -> None:
    edition = act.edition
    edition.decision_number = act.said["decision_number"]
    edition.decision_date = act.said["decision_date"]
    edition.effective_from = act.said["effective_from"]
    edition.publish_by, edition.route_by = deadlines.limits(act.said["decision_date"])
    edition.route_ready_at = None


def publicised(act: "Act") -> None:
    """From now on everybody can read it; it is in force from its day on."""
    act.edition.published_at, act.edition.published_by = act.at, act.by.label[:200]
    if begins_today(act) == Edition.Status.PUBLISHED:
        put_in_force(act.edition, act.by.label, act.at)


def begins_today(act: "Act") -> str:
    begins = act.edition.effective_from
    later = begins is not None and begins > today_of(act.at)
    return Edition.Status.UPCOMING if later else Edition.Status.PUBLISHED


def begun(act: "Act") -> None:
    put_in_force(act.edition, act.edition.published_by or act.by.label, act.at)


def stays(act: "Act") -> str:
    return act.edition.status


def route_ready(act: "Act") -> None:
    act.edition.route_ready_at = act.at


def sent_back(act: "Act") -> None:
    edition = act.edition
    edition.reviewed_by = edition.approved_by = None
    edition.decision_number, edition.decision_date, edition.effective_from = "", None, None
    edition.publish_by = edition.route_by = edition.route_ready_at = None


def decided_by(act: "Act") -> None:
    act.recorded["decision_number"] = act.said["decision_number"]
    act.recorded["decision_date"] = act.said["decision_date"].isoformat()


def ended(act: "Act") -> None:
    act.edition.ended_at = act.at


def left_the_catalogue(act: "Act") -> None:
    """Nobody can file on it any more; dossiers under way keep pointing at their edition."""
    procedure = act.edition.procedure
    procedure.current = None
    procedure.save(update_fields=["current"])
